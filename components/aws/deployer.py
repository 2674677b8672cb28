"""What whoever deploys a stack may do: what `pulumi up` needs, and no more. Plain values only: no Pulumi here.

Names and tags bound it. Every name begins with `conviso-<stack>-`, but so do those of a stack `<stack>-eu`; the tag
`conviso:stack` tells the two apart wherever a service can be asked for it. Which one can, by action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..config import (
    CodeCommitSource,
    GitSource,
    IntegrationSettings,
    MadeSecret,
    SecretValue,
    StackOutput,
    StackSettings,
)
from .location import AwsLocation
from .names import STACK_TAG, secret_name
from .policies import Document, Statement, document


@dataclass(frozen=True, kw_only=True)
class _Rights:
    """Actions on the resources of one kind, by what tells whether a resource is the stack's own."""

    on: Sequence[str]
    """ARNs, by name."""
    see: Sequence[str] = ()
    """On what has the stack's tag or none: a resource that is gone must be found missing, not forbidden."""
    make: Sequence[str] = ()
    """With the stack's tag in the request."""
    tag: Sequence[str] = ()
    """Tags are given while a resource is made, too: any but another stack's, to any resource but another stack's."""
    keep: Sequence[str] = ()
    """On what has the stack's tag."""


def deployer(stack: str, settings: StackSettings, location: AwsLocation) -> Document:
    """A policy for whoever deploys this stack, and no other stack, in this account and region.

    It fits into a role's inline policies, which have 10,240 characters together, but with every choice not into a
    managed policy, which has 6,144: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    integrations = list(settings.integrations.values())
    rights = [
        _projects(stack, location),
        _roles(stack, integrations, location),
        *_secret(stack, settings, location),
        *_log_groups(stack, integrations, location),
        *_rules(stack, integrations, location),
        *_key(settings, location),
    ]
    return document(
        [
            *_tagged(stack, rights),
            *_bounded_roles(stack, integrations, location),
            _pass_roles(stack, integrations, location),
            *_log_buckets(stack, integrations, location),
            *_find_log_groups(integrations),
            *_connections(integrations, location),
            *_make_key(stack, settings, location),
            *_encrypt_secret(stack, settings, location),
        ]
    )


def boundaries(integrations: Iterable[IntegrationSettings]) -> list[str]:
    """The permissions boundaries of the stack's roles; empty where a role has none, so that none can be enforced."""
    found = {each.role.permissions_boundary_arn for each in integrations}
    return sorted(each for each in found if each) if None not in found else []


def _tagged(stack: str, rights: Sequence[_Rights]) -> Iterator[Statement]:
    """Four statements for all services: an action and an ARN of different services never meet."""
    own, requested = {f"aws:ResourceTag/{STACK_TAG}": stack}, {f"aws:RequestTag/{STACK_TAG}": stack}
    conditions: Mapping[str, Any] = {
        "see": {"StringEqualsIfExists": own},
        "make": {"StringEquals": requested},
        "tag": {"StringEqualsIfExists": {**own, **requested}},
        "keep": {"StringEquals": own},
    }
    for what, condition in conditions.items():
        concerned = [each for each in rights if getattr(each, what)]
        actions = [action for each in concerned for action in getattr(each, what)]
        resources = [arn for each in concerned for arn in each.on]
        yield _allow(f"{what.capitalize()}WhatTheStackOwns", actions, resources, condition)


def _projects(stack: str, location: AwsLocation) -> _Rights:
    return _Rights(
        on=[location.arn("codebuild", f"project/{_named(stack)}")],
        see=["codebuild:BatchGetProjects"],
        make=["codebuild:CreateProject"],
        keep=[
            "codebuild:CreateWebhook",
            "codebuild:DeleteProject",
            "codebuild:DeleteWebhook",
            "codebuild:UpdateProject",
            "codebuild:UpdateWebhook",
        ],
    )


def _roles(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> _Rights:
    return _Rights(
        on=_role_arns(stack, integrations, location),
        see=[
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListInstanceProfilesForRole",
            "iam:ListRolePolicies",
            "iam:ListRoleTags",
        ],
        make=["iam:CreateRole"],
        tag=["iam:TagRole"],
        keep=[
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:PutRolePolicy",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
            *(["iam:PutRolePermissionsBoundary"] if boundaries(integrations) else []),
        ],
    )


def _secret(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[_Rights]:
    secret = settings.secret
    if not isinstance(secret, MadeSecret):
        return
    # A secret's ARN ends in six characters that AWS chooses once it is made. `*` would match longer names as well.
    name = secret.name or secret_name(stack)
    written = ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]
    # Only a key that is kept in the state is read back.
    read = ["secretsmanager:GetSecretValue"] if secret.value is SecretValue.STATE else []
    yield _Rights(
        on=[location.arn("secretsmanager", f"secret:{name}-??????")],
        see=[
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetResourcePolicy",
            "secretsmanager:ListSecretVersionIds",
        ],
        make=["secretsmanager:CreateSecret"],
        tag=["secretsmanager:TagResource"],
        keep=[
            "secretsmanager:DeleteSecret",
            "secretsmanager:RestoreSecret",
            "secretsmanager:UntagResource",
            "secretsmanager:UpdateSecret",
            *(written if secret.value is not SecretValue.EXTERNAL else []),
            *read,
        ],
    )


def _log_groups(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[_Rights]:
    if any(each.logs.to_cloudwatch for each in integrations):
        yield _Rights(
            on=[location.arn("logs", f"log-group:/aws/codebuild/{_named(stack)}")],
            see=["logs:ListTagsForResource"],
            make=["logs:CreateLogGroup"],
            tag=["logs:TagResource"],
            keep=[
                "logs:AssociateKmsKey",
                "logs:DeleteLogGroup",
                "logs:DeleteRetentionPolicy",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                "logs:UntagResource",
            ],
        )


def _rules(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[_Rights]:
    if _has_rules(integrations):
        yield _Rights(
            on=[location.arn("events", f"rule/{_named(stack)}")],
            see=["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
            # PutRule makes a rule and changes it; a change carries no tags.
            tag=["events:PutRule", "events:TagResource"],
            keep=["events:DeleteRule", "events:PutTargets", "events:RemoveTargets", "events:UntagResource"],
        )


def _key(settings: StackSettings, location: AwsLocation) -> Iterator[_Rights]:
    if _makes_key(settings):
        # A key has no name: nothing but its tag tells whose it is.
        yield _Rights(
            on=[location.arn("kms", "key/*")],
            keep=[
                "kms:DescribeKey",
                "kms:DisableKeyRotation",
                "kms:EnableKeyRotation",
                "kms:GetKeyPolicy",
                "kms:GetKeyRotationStatus",
                "kms:ListResourceTags",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
            ],
        )


def _bounded_roles(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    """Nobody gives a role of the stack rights beyond the boundary, whatever else allows it."""
    if arns := boundaries(integrations):
        yield {
            "Sid": "BoundRoles",
            "Effect": "Deny",
            "Action": ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            "Resource": _role_arns(stack, integrations, location),
            "Condition": {"ArnNotEquals": {"iam:PermissionsBoundary": arns}},
        }


def _pass_roles(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Statement:
    # No tag bounds this: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    # A role of another stack is of no use here all the same: its trust names that stack's project.
    services = ["codebuild.amazonaws.com", *(["events.amazonaws.com"] if _has_rules(integrations) else [])]
    to_services = {"StringEquals": {"iam:PassedToService": services}}
    return _allow("PassRoles", ["iam:PassRole"], _role_arns(stack, integrations, location), to_services)


def _log_buckets(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    if not any(each.logs.to_s3 and each.logs.bucket is None for each in integrations):
        return
    # S3 looks at a bucket's tags only where somebody has switched that on for the bucket, so names must do:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    buckets = [location.s3_arn(_named(stack))]
    requested = {"StringEqualsIfExists": {f"aws:RequestTag/{STACK_TAG}": stack}}
    yield _allow("MakeLogBuckets", ["s3:CreateBucket", "s3:TagResource"], buckets, requested)
    kept = ["DeleteBucket", "DeleteBucketPolicy", "ListBucket", "ListTagsForResource", "UntagResource"]
    kept += [f"Get{what}" for what in (*_BUCKET_PARTS, *_BUCKET_PARTS_READ)]
    kept += [f"Put{what}" for what in _BUCKET_PARTS]
    yield _allow("KeepLogBuckets", [f"s3:{action}" for action in kept], buckets)


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
    if not _makes_key(settings):
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
    # Of a key that this stack makes, or another one names, the ARN is not known yet.
    key = secret.kms_key_arn if isinstance(secret.kms_key_arn, str) else location.arn("kms", "key/*")
    yield _allow("EncryptSecret", ["kms:Decrypt", "kms:GenerateDataKey"], [key], {"StringEquals": condition})


def _named(stack: str) -> str:
    return f"conviso-{stack}-*"


def _role_arns(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> list[str]:
    paths = sorted({each.role.path for each in integrations})
    return [f"arn:{location.partition}:iam::{location.account}:role{path}{_named(stack)}" for path in paths]


def _has_rules(integrations: Sequence[IntegrationSettings]) -> bool:
    return any(isinstance(each.source, CodeCommitSource) for each in integrations)


def _makes_key(settings: StackSettings) -> bool:
    return isinstance(settings.secret, MadeSecret) and settings.secret.create_key


def _allow(
    sid: str, actions: Iterable[str], resources: Iterable[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": dict(condition)} if condition else {})
