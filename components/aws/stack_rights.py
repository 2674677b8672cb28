"""The rights to deploy a stack that conditions on tags bound: for each kind of resource, its names and the actions.

The actions are those that the provider calls, in files such as
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/codebuild/project.go
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..config import (
    CodeCommitSource,
    IntegrationSettings,
    MadeSecret,
    S3Source,
    SecretValue,
    StackSettings,
    project_names,
)
from .location import AwsLocation
from .names import log_group_name, secret_name, stack_prefix


@dataclass(frozen=True, kw_only=True)
class Rights:
    """Actions on one kind of resource, by the condition on tags that bounds them."""

    on: Sequence[str]
    """Patterns of the resources' ARNs."""
    see: Sequence[str] = ()
    """Allowed unless the resource has another stack's tag: one that is gone must be reported missing, not forbidden."""
    make: Sequence[str] = ()
    """Allowed if the request has the stack's tag."""
    tag: Sequence[str] = ()
    """Allowed unless the request or the resource has another stack's tag: resources are tagged while they are made."""
    read: Sequence[str] = ()
    """Allowed if the resource has the stack's tag; these actions change nothing."""
    keep: Sequence[str] = ()
    """Allowed if the resource has the stack's tag; these actions change or delete it."""


def rights(stack: str, settings: StackSettings, location: AwsLocation) -> list[Rights]:
    """The rights on all resources of the stack that are bounded by its tag."""
    integrations = list(settings.integrations.values())
    return [
        _projects(stack, settings, location),
        _roles(stack, integrations, location),
        *_secret(stack, settings, location),
        *_log_groups(stack, settings, location),
        *_rules(stack, settings, location),
        *_topic(stack, settings, location),
        *_failed_starts(stack, settings, location),
        *_key(settings, location),
    ]


def named(stack: str) -> str:
    """Pattern of the stack's physical names."""
    return f"{stack_prefix(stack)}*"


def projects_named(stack: str, settings: StackSettings) -> list[str]:
    """Patterns of the names of the stack's build projects: one for the prefix, and each chosen name without it."""
    names = (name for name, _ in project_names(stack, settings.integrations))
    return [named(stack), *sorted(name for name in names if not name.startswith(stack_prefix(stack)))]


def role_arns(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> list[str]:
    """Patterns of the ARNs of the stack's roles, one for each path."""
    paths = sorted({each.role.path for each in integrations})
    return [f"arn:{location.partition}:iam::{location.account}:role{path}{named(stack)}" for path in paths]


def starts_by_rules(integrations: Sequence[IntegrationSettings]) -> bool:
    """Whether EventBridge rules start builds."""
    return any(
        isinstance(each.source, CodeCommitSource)
        or (isinstance(each.source, S3Source) and each.triggers.object_created)
        for each in integrations
    )


def has_schedules(integrations: Sequence[IntegrationSettings]) -> bool:
    """Whether EventBridge Scheduler starts builds."""
    return any(each.triggers.schedule for each in integrations)


def makes_topic(settings: StackSettings) -> bool:
    """Whether the stack makes a topic, with its subscriptions and its key."""
    return settings.notifications is not None and settings.notifications.topic_arn is None


def makes_secret_key(settings: StackSettings) -> bool:
    """Whether the stack makes a customer key for its secret."""
    return isinstance(settings.secret, MadeSecret) and settings.secret.create_key


def makes_key(settings: StackSettings) -> bool:
    """Whether the stack makes a customer key."""
    return makes_secret_key(settings) or makes_topic(settings)


def boundaries(integrations: Iterable[IntegrationSettings]) -> list[str]:
    """The permissions boundaries of the stack's roles; empty if any role has none, since none can then be enforced."""
    found = {each.role.permissions_boundary_arn for each in integrations}
    return sorted(each for each in found if each) if None not in found else []


def _projects(stack: str, settings: StackSettings, location: AwsLocation) -> Rights:
    return Rights(
        on=[location.arn("codebuild", f"project/{name}") for name in projects_named(stack, settings)],
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


def _roles(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Rights:
    return Rights(
        on=role_arns(stack, integrations, location),
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


def _secret(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Rights]:
    secret = settings.secret
    if not isinstance(secret, MadeSecret):
        return
    # AWS ends a secret's ARN in six characters of its own choice. `*` would match longer names as well.
    name = secret.name or secret_name(stack)
    written = ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]
    yield Rights(
        on=[location.arn("secretsmanager", f"secret:{name}-??????")],
        see=[
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetResourcePolicy",
            "secretsmanager:ListSecretVersionIds",
        ],
        make=["secretsmanager:CreateSecret"],
        tag=["secretsmanager:TagResource"],
        # The provider reads the value back only if it is kept in the state.
        read=["secretsmanager:GetSecretValue"] if secret.value is SecretValue.STATE else [],
        keep=[
            "secretsmanager:DeleteSecret",
            "secretsmanager:RestoreSecret",
            "secretsmanager:UntagResource",
            "secretsmanager:UpdateSecret",
            *(written if secret.value is not SecretValue.EXTERNAL else []),
        ],
    )


def _log_groups(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Rights]:
    if any(each.logs.to_cloudwatch for each in settings.integrations.values()):
        yield Rights(
            on=[location.arn("logs", f"log-group:{log_group_name(each)}") for each in projects_named(stack, settings)],
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


def _rules(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Rights]:
    if settings.notifications or starts_by_rules(list(settings.integrations.values())):
        yield Rights(
            on=[location.arn("events", f"rule/{named(stack)}")],
            see=["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
            # PutRule both makes and changes a rule, and a change has no tags in its request.
            tag=["events:PutRule", "events:TagResource"],
            keep=["events:DeleteRule", "events:PutTargets", "events:RemoveTargets", "events:UntagResource"],
        )


def _topic(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Rights]:
    if makes_topic(settings):
        yield Rights(
            on=[location.arn("sns", named(stack))],
            see=["sns:GetTopicAttributes", "sns:ListTagsForResource"],
            make=["sns:CreateTopic"],
            tag=["sns:TagResource"],
            keep=["sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:UntagResource"],
        )


def _failed_starts(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Rights]:
    """The queue of the starts that failed, and its alarm."""
    if settings.notifications:
        yield Rights(
            on=[location.arn("sqs", named(stack))],
            see=["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
            make=["sqs:CreateQueue"],
            tag=["sqs:TagQueue"],
            keep=["sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:UntagQueue"],
        )
        yield Rights(
            on=[location.arn("cloudwatch", f"alarm:{named(stack)}")],
            see=["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
            # PutMetricAlarm both makes and changes an alarm.
            tag=["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
            keep=["cloudwatch:DeleteAlarms", "cloudwatch:UntagResource"],
        )


def _key(settings: StackSettings, location: AwsLocation) -> Iterator[Rights]:
    if makes_key(settings):
        # A key has no name. Only its tag says whose it is.
        yield Rights(
            on=[location.arn("kms", "key/*")],
            read=["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
            keep=[
                "kms:DisableKeyRotation",
                "kms:EnableKeyRotation",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
            ],
        )
