"""What starts builds without a git host: EventBridge rules, schedules, and events of buckets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from components.aws import policies, triggers
from components.config import CodeCommitSource, S3Source
from fleet.doctor.roles import Rendered, as_rendered
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack


def rules(stack: Stack, expected: Expected, aws: Aws) -> Iterator[Row]:
    """Each rule is enabled, matches the configured event, and starts the project by a role that may do only that."""
    patterns, arns = _patterns(stack, expected), expected.outputs.trigger_rule_arns or []
    check = Check(expected.integration, "event rule")
    if len(patterns) != len(arns):
        found = f"{len(arns)} were deployed, but the stack file asks for {len(patterns)}"
        yield check.wrong(found, f"pulumi up --stack {stack.name}")
    starters: dict[str, None] = {}
    for arn in arns:
        name = arn.rsplit("/", 1)[-1]
        found_rule = aws.find("ResourceNotFoundException", "events", "describe_rule", Name=name)
        if found_rule is None:
            yield check.wrong(f"{name} does not exist", stack.restore)
            continue
        yield _rule(stack, check, found_rule, patterns)
        target = _target(expected, name, aws)
        yield Check(expected.integration, "event target").same(
            holds=target is not None,
            found="starts the project",
            otherwise=f"{name} no longer starts this project as the stack configured it",
            remedy=stack.restore,
        )
        starters |= {target["RoleArn"]: None} if target and "RoleArn" in target else {}
    for starter in starters:
        rendered = Rendered(
            trust=policies.start_trust(stack.location, arns),
            policy=policies.start_build(stack.location, expected.project_name),
            boundary=expected.settings.role.permissions_boundary_arn,
        )
        yield from as_rendered(stack, Check(expected.integration, "event role"), starter, rendered, aws)


def _patterns(stack: Stack, expected: Expected) -> list[dict[str, Any]]:
    patterns = list(triggers.reference_patterns(expected.settings, stack.location).values())
    key, bucket_name = triggers.created_object(expected.settings), expected.inputs.source_bucket
    if key and bucket_name:
        patterns.append(triggers.object_created(stack.other_stacks.required(bucket_name), key))
    return patterns


def _rule(stack: Stack, check: Check, rule: dict[str, Any], patterns: list[dict[str, Any]]) -> Row:
    if rule["State"] != "ENABLED":
        return check.wrong(f"{rule['Name']} is {rule['State']}", f"aws events enable-rule --name {rule['Name']}")
    return check.same(
        holds=json.loads(rule.get("EventPattern", "{}")) in patterns,
        found="enabled, pattern as configured",
        otherwise=f"{rule['Name']} matches other events than the configured ones",
        remedy=stack.restore,
    )


def _target(expected: Expected, rule: str, aws: Aws) -> dict[str, Any] | None:
    """The rule's target, if it is the one that the stack creates."""
    for target in aws.ask("events", "list_targets_by_rule", Rule=rule)["Targets"]:
        given: dict[str, Any] = target
        commit = given.get("InputTransformer", {}).get("InputTemplate")
        by_commit = commit == triggers.EVENT_INPUT_TEMPLATE
        if given["Arn"] == expected.outputs.project_arn and (
            by_commit if isinstance(expected.settings.source, CodeCommitSource) else commit is None
        ):
            return given
    return None


def schedule(stack: Stack, expected: Expected, aws: Aws) -> Iterator[Row]:
    """The schedule is enabled, has the configured times, and may start the project."""
    wanted, arn = expected.settings.triggers.schedule, expected.outputs.schedule_arn
    if wanted is None or arn is None:
        return
    check = Check(expected.integration, "schedule")
    group, name = arn.rsplit("/", 2)[-2:]
    found = aws.find("ResourceNotFoundException", "scheduler", "get_schedule", GroupName=group, Name=name)
    if found is None:
        yield check.wrong(f"{name} does not exist", stack.restore)
        return
    zone = found.get("ScheduleExpressionTimezone", "UTC")
    yield check.same(
        holds=found["State"] == "ENABLED"
        and (found["ScheduleExpression"], zone) == (wanted.expression, wanted.timezone)
        and found["Target"]["Arn"] == expected.outputs.project_arn,
        found=f"enabled, {wanted.expression} {wanted.timezone}",
        otherwise=f"{found['State']}, {found['ScheduleExpression']} {zone}, starts {found['Target']['Arn']}",
        remedy=stack.restore,
    )
    queue = found["Target"].get("DeadLetterConfig", {}).get("Arn")
    rendered = Rendered(
        trust=policies.schedule_trust(stack.location),
        policy=policies.start_build(stack.location, expected.project_name, queue),
        boundary=expected.settings.role.permissions_boundary_arn,
    )
    starter = found["Target"]["RoleArn"]
    yield from as_rendered(stack, Check(expected.integration, "schedule role"), starter, rendered, aws)


def bucket(stack: Stack, expected: Expected, aws: Aws) -> Iterator[Row]:
    """The bucket sends its events to EventBridge, which its owner has to enable."""
    source = expected.settings.source
    if not isinstance(source, S3Source) or not expected.settings.triggers.object_created:
        return
    name = stack.other_stacks.required(source.bucket)
    check, operation = Check(expected.integration, "bucket events"), "get_bucket_notification_configuration"
    found = aws.find("NoSuchBucket", "s3", operation, Bucket=name)
    if found is None:
        yield check.wrong(f"{name} does not exist", "correct source.bucket")
        return
    yield check.same(
        holds="EventBridgeConfiguration" in found,
        found=f"{name} sends them to EventBridge",
        otherwise=f"{name} does not send them to EventBridge: a new object starts no build",
        remedy='add "EventBridgeConfiguration": {} to what `aws s3api get-bucket-notification-configuration '
        f"--bucket {name}` prints, and pass it to put-bucket-notification-configuration",
    )
