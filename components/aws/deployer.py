"""What people and machines may do to a stack: deploy it, look at it, start its builds. Plain values only.

Names and tags bound it. Every name begins with `conviso-<stack>-`, but so do those of a stack `<stack>-eu`; the tag
`conviso:stack` tells the two apart wherever a service can be asked for it. Which one can, by action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..config import (
    BucketBuildspec,
    GitSource,
    IntegrationSettings,
    MadeSecret,
    SecretValue,
    StackOutput,
    StackSettings,
)
from .location import AwsLocation
from .names import BUCKET_PREFIX_LENGTH, BUILDSPECS, STACK_TAG, log_group_name, name_prefix
from .policies import Document, Statement, deny_overrides, document, nothing_overridden
from .stack_rights import (
    Rights,
    boundaries,
    has_schedules,
    makes_key,
    makes_secret_key,
    makes_topic,
    named,
    projects_named,
    rights,
    role_arns,
    starts_by_rules,
)


def deployer(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for whoever deploys this stack, and no other stack, in this account and region.

    It fits into a role's inline policies, which have 10,240 characters together, but with every choice not into a
    managed policy, which has 6,144: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    integrations = list(settings.integrations.values())
    return document(
        [
            *_tagged(stack, rights(stack, settings, location), _DEPLOYING),
            *_bounded_roles(stack, integrations, location),
            _pass_roles(stack, integrations, location),
            *_buckets(stack, integrations, location),
            *_schedules(stack, integrations, location),
            *_find_log_groups(integrations),
            *_subscriptions(settings),
            *_connections(integrations, location),
            *_make_key(stack, settings, location),
            *_encrypt_secret(stack, settings, location),
        ]
    )


def previewer(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for whoever previews this stack, or compares it with what is in AWS, and changes nothing."""
    integrations = list(settings.integrations.values())
    return document(
        [
            *_tagged(stack, rights(stack, settings, location), _READING),
            *_see_buckets(stack, integrations, location),
            *_see_schedules(stack, integrations, location),
            *_find_log_groups(integrations),
            *_see_subscriptions(settings),
            *_decrypt_secret(stack, settings, location),
        ]
    )


def starter(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for people who start builds of this stack by hand, override nothing, and read the logs."""
    own = _own(stack)
    names = projects_named(stack, settings)
    projects = [location.arn("codebuild", f"project/{name}") for name in names]
    logs = [location.arn("logs", f"log-group:{log_group_name(name)}") for name in names]
    builds = ["BatchGetBuilds", "ListBuildsForProject", "StopBuild"]
    return document(
        [
            _allow("StartBuilds", ["codebuild:StartBuild"], projects, own | nothing_overridden()),
            _allow("SeeAndStopBuilds", [f"codebuild:{action}" for action in builds], projects, own),
            _allow("ReadLogs", ["logs:FilterLogEvents", "logs:GetLogEvents"], logs, own),
        ]
    )


def overrides_denied(stack: str, _settings: StackSettings, _location: AwsLocation) -> Document:
    """A policy for people whom other policies allow to start builds: those of this stack only as they are."""
    return deny_overrides(_own(stack))


def _own(stack: str) -> dict[str, Any]:
    return {"StringEquals": {f"aws:ResourceTag/{STACK_TAG}": stack}}


_READING = {"see": ("see",), "read": ("read",)}
_DEPLOYING = {"see": ("see",), "make": ("make",), "tag": ("tag",), "keep": ("read", "keep")}
"""The statements of a policy by their condition, and the kinds of rights in each."""


def _tagged(stack: str, owned: Sequence[Rights], wanted: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    """A few statements for all services: an action and an ARN of different services never meet."""
    own, requested = {f"aws:ResourceTag/{STACK_TAG}": stack}, {f"aws:RequestTag/{STACK_TAG}": stack}
    conditions: Mapping[str, Any] = {
        "see": {"StringEqualsIfExists": own},
        "make": {"StringEquals": requested},
        "tag": {"StringEqualsIfExists": {**own, **requested}},
        "read": {"StringEquals": own},
        "keep": {"StringEquals": own},
    }
    for name, kinds in wanted.items():
        actions = {action: each.on for each in owned for kind in kinds for action in getattr(each, kind)}
        if actions:
            resources = {arn for on in actions.values() for arn in on}
            yield _allow(f"{name.capitalize()}WhatTheStackOwns", actions, resources, conditions[name])


def _bounded_roles(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    """Nobody gives a role of the stack rights beyond the boundary, whatever else allows it."""
    if arns := boundaries(integrations):
        yield {
            "Sid": "BoundRoles",
            "Effect": "Deny",
            "Action": ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            "Resource": role_arns(stack, integrations, location),
            "Condition": {"ArnNotEquals": {"iam:PermissionsBoundary": arns}},
        }


def _pass_roles(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Statement:
    # No tag bounds this: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    # A role of another stack is of little use here all the same: its trust names that stack's project or rules. Only
    # the trust of a schedule's role can't name the schedule; that role starts its own project, as it is.
    services = {
        "codebuild": True,
        "events": starts_by_rules(integrations),
        "scheduler": has_schedules(integrations),
    }
    given = [f"{service}.amazonaws.com" for service, needed in services.items() if needed]
    to_services = {"StringEquals": {"iam:PassedToService": given}}
    return _allow("PassRoles", ["iam:PassRole"], role_arns(stack, integrations, location), to_services)


def _buckets(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    if not _makes_buckets(integrations):
        return
    # S3 looks at a bucket's tags only where somebody has switched that on for the bucket, so names must do:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    buckets = [location.s3_arn(named(stack))]
    requested = {"StringEqualsIfExists": {f"aws:RequestTag/{STACK_TAG}": stack}}
    yield _allow("MakeBuckets", ["s3:CreateBucket", "s3:TagResource"], buckets, requested)
    kept = ["DeleteBucket", "DeleteBucketPolicy", "UntagResource", *(f"Put{what}" for what in _BUCKET_PARTS)]
    yield _allow("KeepBuckets", [*_SEE_BUCKETS, *(f"s3:{action}" for action in kept)], buckets)
    if _makes_buildspecs(integrations):
        bucket = location.s3_arn(name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH) + "*")
        yield _allow("KeepBuildspecs", [f"s3:{action}" for action in _OBJECT_ACTIONS], [f"{bucket}/*"])
        # An object is removed with all of its versions.
        yield _allow("FindBuildspecs", ["s3:ListBucketVersions"], [bucket])


def _see_buckets(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    if _makes_buckets(integrations):
        yield _allow("SeeBuckets", _SEE_BUCKETS, [location.s3_arn(named(stack))])
    if _makes_buildspecs(integrations):
        bucket = location.s3_arn(name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH) + "*")
        seen = [f"s3:{action}" for action in _OBJECT_ACTIONS if action.startswith("Get")]
        yield _allow("SeeBuildspecs", seen, [f"{bucket}/*"])


def _makes_buckets(integrations: Sequence[IntegrationSettings]) -> bool:
    makes_logs = any(each.logs.to_s3 and each.logs.bucket is None for each in integrations)
    return makes_logs or _makes_buildspecs(integrations)


def _makes_buildspecs(integrations: Sequence[IntegrationSettings]) -> bool:
    return any(isinstance(each.buildspec, BucketBuildspec) for each in integrations)


# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/object.go
_OBJECT_ACTIONS = (
    "DeleteObject",
    "DeleteObjectVersion",
    "GetObject",
    "GetObjectTagging",
    "PutObject",
    "PutObjectTagging",
)
_BUCKET_PARTS = (
    "BucketOwnershipControls",
    "BucketPolicy",
    "BucketPublicAccessBlock",
    "BucketTagging",
    "BucketVersioning",
    "EncryptionConfiguration",
    "LifecycleConfiguration",
)
# The provider reads every part of a bucket, whoever manages it:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go
_BUCKET_PARTS_READ = (
    "AccelerateConfiguration",
    "BucketAcl",
    "BucketCORS",
    "BucketLocation",
    "BucketLogging",
    "BucketObjectLockConfiguration",
    "BucketRequestPayment",
    "BucketWebsite",
    "ReplicationConfiguration",
)
_SEE_BUCKETS = (
    "s3:ListBucket",
    "s3:ListTagsForResource",
    *(f"s3:Get{what}" for what in (*_BUCKET_PARTS, *_BUCKET_PARTS_READ)),
)


def _schedules(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    if has_schedules(integrations):
        # A schedule has no tags: its name must do.
        actions = [f"scheduler:{action}Schedule" for action in ("Create", "Delete", "Get", "Update")]
        yield _allow("KeepSchedules", actions, [_schedule_arns(stack, location)])


def _see_schedules(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    if has_schedules(integrations):
        yield _allow("SeeSchedules", ["scheduler:GetSchedule"], [_schedule_arns(stack, location)])


def _schedule_arns(stack: str, location: AwsLocation) -> str:
    return location.arn("scheduler", f"schedule/default/{named(stack)}")


def _subscriptions(settings: StackSettings) -> Iterator[Statement]:
    if makes_topic(settings):
        # SNS has no narrower resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
        yield _allow("KeepSubscriptions", ["sns:GetSubscriptionAttributes", "sns:Unsubscribe"], ["*"])


def _see_subscriptions(settings: StackSettings) -> Iterator[Statement]:
    if makes_topic(settings):
        yield _allow("SeeSubscriptions", ["sns:GetSubscriptionAttributes"], ["*"])


def _find_log_groups(integrations: Sequence[IntegrationSettings]) -> Iterator[Statement]:
    if any(each.logs.to_cloudwatch for each in integrations):
        # A list has no narrower resource.
        yield _allow("FindLogGroups", ["logs:DescribeLogGroups"], ["*"])


def _connections(integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    logins = [each.source.auth for each in integrations if isinstance(each.source, GitSource) and each.source.auth]
    arns = {arn for each in logins for arn in _connection_arns(each.connection_arn, location)}
    if arns:
        # codeconnections and codestar-connections are different ARNs and different actions.
        services = sorted({arn.split(":")[2] for arn in arns})
        uses = ("GetConnection", "PassConnection", "UseConnection")
        actions = [f"{service}:{use}" for service in services for use in uses]
        yield _allow("UseConnections", actions, [*arns])


def _connection_arns(connection: str | StackOutput | None, location: AwsLocation) -> Iterator[str]:
    if isinstance(connection, str):
        yield connection
    elif connection is not None:
        # Only the other stack knows which one.
        for service in ("codeconnections", "codestar-connections"):
            yield location.arn(service, "connection/*")


def _make_key(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Statement]:
    if not makes_key(settings):
        return
    requested = {f"aws:RequestTag/{STACK_TAG}": stack}
    # A key has no ARN before it is made.
    yield _allow("MakeKey", ["kms:CreateKey"], ["*"], {"StringEquals": requested})
    # Whoever may tag a key as the stack's own may do all the rest to it. KMS wants this right on all keys for one that
    # is being made (https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html), so it is bounded by
    # what a new key does not have yet.
    unclaimed = {f"aws:ResourceTag/{STACK_TAG}": "true", "kms:ResourceAliases": "true"}
    new_keys = {"StringEquals": requested, "Null": unclaimed}
    yield _allow("TagNewKey", ["kms:TagResource"], [location.arn("kms", "key/*")], new_keys)


def _encrypt_secret(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Statement]:
    yield from _use_secret_key("EncryptSecret", ["kms:Decrypt", "kms:GenerateDataKey"], stack, settings, location)


def _decrypt_secret(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Statement]:
    if isinstance(settings.secret, MadeSecret) and settings.secret.value is SecretValue.STATE:
        yield from _use_secret_key("DecryptSecret", ["kms:Decrypt"], stack, settings, location)


def _use_secret_key(
    sid: str, actions: Sequence[str], stack: str, settings: StackSettings, location: AwsLocation
) -> Iterator[Statement]:
    secret, made = settings.secret, makes_secret_key(settings)
    if not isinstance(secret, MadeSecret) or not (made or secret.kms_key_arn):
        return
    condition = {"kms:ViaService": location.endpoint("secretsmanager")}
    if made:
        condition[f"aws:ResourceTag/{STACK_TAG}"] = stack
    # Of a key that this stack makes, or another one names, the ARN is not known yet.
    key = secret.kms_key_arn if isinstance(secret.kms_key_arn, str) else location.arn("kms", "key/*")
    yield _allow(sid, actions, [key], {"StringEquals": condition})


def _allow(
    sid: str, actions: Iterable[str], resources: Iterable[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": dict(condition)} if condition else {})
