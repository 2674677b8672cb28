"""What whoever deploys a stack may do: what `pulumi up` needs, and no more. Plain values only: no Pulumi here.

Names and tags bound it. Every name begins with `conviso-<stack>-`, but so do those of a stack `<stack>-eu`; the tag
`conviso:stack` tells the two apart wherever a service can be asked for it. Which one can, by action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..config import BucketBuildspec, GitSource, IntegrationSettings, MadeSecret, StackSettings
from .location import AwsLocation
from .names import BUCKET_PREFIX_LENGTH, BUILDSPECS, STACK_TAG, name_prefix
from .policies import Document, Statement, deny_overrides, document
from .stack_rights import Rights, boundaries, has_rules, makes_key, named, rights, role_arns


def deployer(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for whoever deploys this stack, and no other stack, in this account and region.

    It fits into a role's inline policies, which have 10,240 characters together, but with every choice not into a
    managed policy, which has 6,144: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    integrations = list(settings.integrations.values())
    return document(
        [
            *_tagged(stack, rights(stack, settings, location)),
            *_bounded_roles(stack, integrations, location),
            _pass_roles(stack, integrations, location),
            *_buckets(stack, integrations, location),
            *_find_log_groups(integrations),
            *_connections(integrations),
            *_make_key(stack, settings, location),
            *_encrypt_secret(stack, settings, location),
        ]
    )


def people_who_start(stack: str, location: AwsLocation) -> Document:
    """A policy for people who start builds of this stack by hand, override nothing, and read the logs."""
    own = {"StringEquals": {f"aws:ResourceTag/{STACK_TAG}": stack}}
    builds = ["BatchGetBuilds", "ListBuildsForProject", "StartBuild", "StopBuild"]
    projects = [location.arn("codebuild", f"project/{named(stack)}")]
    logs = [location.arn("logs", f"log-group:/aws/codebuild/{named(stack)}")]
    return document(
        [
            _allow("StartBuilds", [f"codebuild:{action}" for action in builds], projects, own),
            _allow("ReadLogs", ["logs:FilterLogEvents", "logs:GetLogEvents"], logs, own),
            *deny_overrides(),
        ]
    )


def _tagged(stack: str, owned: Sequence[Rights]) -> Iterator[Statement]:
    """Four statements for all services: an action and an ARN of different services never meet."""
    own, requested = {f"aws:ResourceTag/{STACK_TAG}": stack}, {f"aws:RequestTag/{STACK_TAG}": stack}
    conditions: Mapping[str, Any] = {
        "see": {"StringEqualsIfExists": own},
        "make": {"StringEquals": requested},
        "tag": {"StringEqualsIfExists": {**own, **requested}},
        "keep": {"StringEquals": own},
    }
    for what, condition in conditions.items():
        concerned = [each for each in owned if getattr(each, what)]
        actions = [action for each in concerned for action in getattr(each, what)]
        resources = [arn for each in concerned for arn in each.on]
        yield _allow(f"{what.capitalize()}WhatTheStackOwns", actions, resources, condition)


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
    # A role of another stack is of no use here all the same: its trust names that stack's project.
    services = ["codebuild.amazonaws.com", *(["events.amazonaws.com"] if has_rules(integrations) else [])]
    to_services = {"StringEquals": {"iam:PassedToService": services}}
    return _allow("PassRoles", ["iam:PassRole"], role_arns(stack, integrations, location), to_services)


def _buckets(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    has_buildspecs = any(isinstance(each.buildspec, BucketBuildspec) for each in integrations)
    if not (has_buildspecs or any(each.logs.to_s3 and each.logs.bucket is None for each in integrations)):
        return
    # S3 looks at a bucket's tags only where somebody has switched that on for the bucket, so names must do:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    buckets = [location.s3_arn(named(stack))]
    requested = {"StringEqualsIfExists": {f"aws:RequestTag/{STACK_TAG}": stack}}
    yield _allow("MakeBuckets", ["s3:CreateBucket", "s3:TagResource"], buckets, requested)
    kept = ["DeleteBucket", "DeleteBucketPolicy", "ListBucket", "ListTagsForResource", "UntagResource"]
    kept += [f"Get{what}" for what in (*_BUCKET_PARTS, *_BUCKET_PARTS_READ)]
    kept += [f"Put{what}" for what in _BUCKET_PARTS]
    yield _allow("KeepBuckets", [f"s3:{action}" for action in kept], buckets)
    if has_buildspecs:
        bucket = location.s3_arn(name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH) + "*")
        yield _allow("KeepBuildspecs", [f"s3:{action}" for action in _OBJECT_ACTIONS], [f"{bucket}/*"])
        # An object is removed with all of its versions.
        yield _allow("FindBuildspecs", ["s3:ListBucketVersions"], [bucket])


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


def _find_log_groups(integrations: Sequence[IntegrationSettings]) -> Iterator[Statement]:
    if any(each.logs.to_cloudwatch for each in integrations):
        # A list has no narrower resource.
        yield _allow("FindLogGroups", ["logs:DescribeLogGroups"], ["*"])


def _connections(integrations: Sequence[IntegrationSettings]) -> Iterator[Statement]:
    sources = [each.source for each in integrations]
    arns = {each.auth.connection_arn for each in sources if isinstance(each, GitSource) and each.auth} - {None}
    if arns:
        # codeconnections and codestar-connections are different ARNs and different actions.
        services = sorted({str(arn).split(":")[2] for arn in arns})
        uses = ("GetConnection", "PassConnection", "UseConnection")
        actions = [f"{service}:{use}" for service in services for use in uses]
        yield _allow("UseConnections", actions, [str(arn) for arn in arns])


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
    secret = settings.secret
    if not isinstance(secret, MadeSecret) or not (secret.create_key or secret.kms_key_arn):
        return
    condition = {"kms:ViaService": location.endpoint("secretsmanager")}
    if secret.create_key:
        condition[f"aws:ResourceTag/{STACK_TAG}"] = stack
    key = secret.kms_key_arn or location.arn("kms", "key/*")
    yield _allow("EncryptSecret", ["kms:Decrypt", "kms:GenerateDataKey"], [key], {"StringEquals": condition})


def _allow(
    sid: str, actions: Iterable[str], resources: Iterable[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": dict(condition)} if condition else {})
