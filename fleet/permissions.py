"""The least policy of whoever runs `doctor` or `status` for one stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.names import secret_name, stack_prefix
from components.aws.policies import document
from components.config import ExistingSecret, GitSource, S3Source, project_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.aws.location import AwsLocation
    from components.aws.policies import Document, Statement
    from components.config import StackSettings


def status(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """What `status` asks."""
    return document([_builds(stack, settings, location)])


def doctor(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """What `doctor` asks, without `--read-secret`."""
    prefix = stack_prefix(stack)
    # Whatever the path of the roles is.
    every_role = f"arn:{location.partition}:iam::{location.account}:role/*{prefix}*"
    connections, buckets = sorted(set(_connections(settings))), sorted(set(_buckets(settings, location)))
    roles = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"]
    rules = ["events:DescribeRule", "events:ListTargetsByRule"]
    statements = [
        _builds(stack, settings, location),
        _allow("Projects", ["codebuild:BatchGetProjects"], _projects(stack, settings, location)),
        _allow("Roles", roles, [every_role]),
        _allow("Secrets", ["secretsmanager:DescribeSecret"], sorted(set(_secrets(stack, settings, location)))),
        _allow("LogGroups", ["logs:DescribeLogGroups"], ["*"]),
        _allow("Rules", rules, [location.arn("events", f"rule/{prefix}*")]),
        _allow("Schedules", ["scheduler:GetSchedule"], [location.arn("scheduler", f"schedule/default/{prefix}*")]),
        _allow("BucketEvents", ["s3:GetBucketNotification"], buckets),
        _allow("Connections", sorted({f"{arn.split(':')[2]}:GetConnection" for arn in connections}), connections),
        # AWS has no narrower resource for these.
        _allow(
            "WholeAccount",
            [
                "codebuild:ListCuratedEnvironmentImages",
                "codebuild:ListSourceCredentials",
                "servicequotas:ListServiceQuotas",
            ],
            ["*"],
        ),
    ]
    return document([each for each in statements if each["Resource"]])


def _builds(stack: str, settings: StackSettings, location: AwsLocation) -> Statement:
    actions = ["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"]
    return _allow("Builds", actions, _projects(stack, settings, location))


def _projects(stack: str, settings: StackSettings, location: AwsLocation) -> list[str]:
    """All projects whose names begin like the stack's, and those that have other names."""
    prefix = stack_prefix(stack)
    others = sorted(name for name, _ in project_names(stack, settings.integrations) if not name.startswith(prefix))
    return [location.arn("codebuild", f"project/{name}") for name in (f"{prefix}*", *others)]


def _secrets(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[str]:
    """The API keys' secrets, and those of tokens."""
    if isinstance(settings.secret, ExistingSecret):
        yield settings.secret.existing_arn
    else:
        # Six characters that Secrets Manager adds to a name.
        yield location.arn("secretsmanager", f"secret:{settings.secret.name or secret_name(stack)}-??????")
    for each in settings.integrations.values():
        pull_requests = each.triggers.pull_requests
        own = (each.secret, pull_requests.secret if pull_requests else None)
        yield from (secret.existing_arn for secret in own if secret)
        auth = each.source.auth if isinstance(each.source, GitSource) else None
        yield from [auth.token_secret_arn] if auth and auth.token_secret_arn else []


def _connections(settings: StackSettings) -> Iterator[str]:
    for each in settings.integrations.values():
        if isinstance(each.source, GitSource) and each.source.auth and each.source.auth.connection_arn:
            yield each.source.auth.connection_arn


def _buckets(settings: StackSettings, location: AwsLocation) -> Iterator[str]:
    for each in settings.integrations.values():
        if isinstance(each.source, S3Source) and each.triggers.object_created:
            yield location.s3_arn(each.source.bucket)


def _allow(sid: str, actions: list[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
