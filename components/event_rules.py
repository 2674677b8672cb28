"""EventBridge rules that start a build: for pushes to a CodeCommit repository, for a new object in S3."""

import json

import pulumi
from pulumi_aws import cloudwatch, codebuild

from .aws import policies, triggers
from .aws.names import RULE_PREFIX_LENGTH, name_prefix
from .config import CodeCommitSource
from .context import Context
from .roles import make_role

_COMMIT = cloudwatch.EventTargetInputTransformerArgs(
    input_paths=dict(triggers.EVENT_INPUT_PATHS), input_template=triggers.EVENT_INPUT_TEMPLATE
)


def make_event_rules(
    context: Context,
    project: codebuild.Project,
    source_bucket: pulumi.Input[str] | None,
    failed_starts_queue_arn: pulumi.Input[str] | None,
) -> pulumi.Output[list[str]]:
    """Make the rules that the triggers ask for and the role by which they start builds; return the rules' ARNs.

    There are none for git hosts, which have webhooks.
    """
    location, project_name = context.location, context.project_name
    patterns: dict[str, pulumi.Input[str]] = {
        kind: json.dumps(pattern) for kind, pattern in triggers.reference_patterns(context.settings, location).items()
    }
    if key := triggers.created_object(context.settings):
        bucket = pulumi.Output.from_input(source_bucket)
        patterns["object"] = bucket.apply(lambda known: json.dumps(triggers.object_created(str(known), key)))
    if not patterns:
        return pulumi.Output.from_input([])
    rules = {kind: _make_rule(context, kind, pattern) for kind, pattern in patterns.items()}
    arns = pulumi.Output.all(*(rule.arn for rule in rules.values()))
    role, policy = make_role(
        context,
        "starter",
        f"EventBridge starts {project_name}",
        trust=arns.apply(lambda known: policies.start_trust(location, known)),
        policy=policies.start_build(location, project_name),
    )
    for kind, rule in rules.items():
        cloudwatch.EventTarget(
            f"{context.name}-{kind}",
            rule=rule.name,
            arn=project.arn,
            role_arn=role.arn,
            input_transformer=_COMMIT if isinstance(context.settings.source, CodeCommitSource) else None,
            dead_letter_config=None
            if failed_starts_queue_arn is None
            else cloudwatch.EventTargetDeadLetterConfigArgs(arn=failed_starts_queue_arn),
            opts=context.options(policy),
        )
    return arns


def _make_rule(context: Context, kind: str, pattern: pulumi.Input[str]) -> cloudwatch.EventRule:
    logical_name = f"{context.name}-{kind}"
    return cloudwatch.EventRule(
        logical_name,
        name_prefix=name_prefix(context.stack, logical_name, RULE_PREFIX_LENGTH),
        description=f"{triggers.EVENTS[kind]} starts {context.project_name}",
        event_pattern=pattern,
        tags=context.tags,
        opts=context.options(),
    )
