"""The least policies for `doctor` and `status`, for one stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.names import BUCKET_PREFIX_LENGTH, BUILDSPECS, name_prefix, secret_name, stack_prefix
from components.aws.policies import document
from components.config import BucketBuildspec, ExistingSecret, GitSource, S3Source, StackOutput, project_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.aws.location import AwsLocation
    from components.aws.policies import Document, Statement
    from components.config import StackSettings
    from fleet.other_stacks import Value


def status(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """The policy for `status`."""
    return document([_builds(stack, settings, location)])


def doctor(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """The policy for `doctor`, without `--read-secret`.

    Where an output of another stack names a connection, secret or bucket, all resources of that kind are allowed.
    """
    prefix = stack_prefix(stack)
    # Roles may have any path.
    every_role = f"arn:{location.partition}:iam::{location.account}:role/*{prefix}*"
    connections, buckets = sorted(set(_connections(settings, location))), sorted(set(_buckets(settings, location)))
    buildspecs = list(_buildspec_buckets(stack, settings, location))
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
        _allow("Buildspecs", ["s3:GetObject"], [f"{each}/*" for each in buildspecs]),
        # Without it S3 answers for a missing object as for a forbidden one:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        _allow("MissingBuildspecs", ["s3:ListBucket"], buildspecs),
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
    """All projects with the stack's prefix, and those with names of their own."""
    prefix = stack_prefix(stack)
    others = sorted(name for name, _ in project_names(stack, settings.integrations) if not name.startswith(prefix))
    return [location.arn("codebuild", f"project/{name}") for name in (f"{prefix}*", *others)]


def _secrets(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[str]:
    """The secrets with API keys and access tokens."""
    if isinstance(settings.secret, ExistingSecret):
        yield _secret(settings.secret.existing_arn, location)
    else:
        # Secrets Manager appends a hyphen and six characters to the name.
        yield location.arn("secretsmanager", f"secret:{settings.secret.name or secret_name(stack)}-??????")
    for each in settings.integrations.values():
        pull_requests = each.triggers.pull_requests
        own = (each.secret, pull_requests.secret if pull_requests else None)
        yield from (_secret(secret.existing_arn, location) for secret in own if secret)
        auth = each.source.auth if isinstance(each.source, GitSource) else None
        yield from [_secret(auth.token_secret_arn, location)] if auth and auth.token_secret_arn else []


def _secret(arn: Value, location: AwsLocation) -> str:
    return arn if isinstance(arn, str) else location.arn("secretsmanager", "secret:*")


def _connections(settings: StackSettings, location: AwsLocation) -> Iterator[str]:
    for each in settings.integrations.values():
        auth = each.source.auth if isinstance(each.source, GitSource) else None
        connection = auth.connection_arn if auth else None
        if isinstance(connection, StackOutput):
            for service in ("codeconnections", "codestar-connections"):
                yield location.arn(service, "connection/*")
        elif connection:
            yield connection


def _buckets(settings: StackSettings, location: AwsLocation) -> Iterator[str]:
    for each in settings.integrations.values():
        if isinstance(each.source, S3Source) and each.triggers.object_created:
            yield location.s3_arn(each.source.bucket if isinstance(each.source.bucket, str) else "*")


def _buildspec_buckets(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[str]:
    if any(isinstance(each.buildspec, BucketBuildspec) for each in settings.integrations.values()):
        yield location.s3_arn(name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH) + "*")


def _allow(sid: str, actions: list[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
