"""The calls that the AWS provider makes for each type of resource: to create, read, update and delete it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Calls:
    """The calls that the provider makes for a resource, as IAM actions."""

    of: str = ""
    """The input that names the resource that the calls are for; empty if it is the resource itself."""
    inside: str = ""
    """The suffix of that resource's ARN if the calls are for something inside it."""
    create: tuple[str, ...]
    """The call that creates it, and the actions that IAM also requires because the call sets tags."""
    read: tuple[str, ...] = ()
    """The calls that read its state from AWS, as a preview with `--refresh` does."""
    update_and_delete: tuple[str, ...] = ()
    """The calls that update and delete it."""
    passes: str = ""
    """The service that the resource's role is passed to; empty if it has no role."""


def s3(*actions: str) -> tuple[str, ...]:
    return tuple(f"s3:{action}" for action in actions)


# From the provider's sources, such as
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/codebuild/project.go
CALLS: Mapping[str, Calls] = {
    "aws:codebuild/project:Project": Calls(
        create=("codebuild:CreateProject",),
        read=("codebuild:BatchGetProjects",),
        update_and_delete=("codebuild:UpdateProject", "codebuild:DeleteProject"),
        passes="codebuild",
    ),
    "aws:codebuild/webhook:Webhook": Calls(
        of="projectName",
        create=("codebuild:CreateWebhook",),
        read=("codebuild:BatchGetProjects",),
        update_and_delete=("codebuild:UpdateWebhook", "codebuild:DeleteWebhook"),
    ),
    "aws:iam/role:Role": Calls(
        create=("iam:CreateRole", "iam:TagRole"),
        read=("iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListRoleTags"),
        update_and_delete=(
            *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:UntagRole"),
            *("iam:ListInstanceProfilesForRole", "iam:DeleteRole"),
        ),
    ),
    "aws:iam/rolePolicy:RolePolicy": Calls(
        of="role",
        create=("iam:PutRolePolicy",),
        read=("iam:GetRolePolicy",),
        update_and_delete=("iam:DeleteRolePolicy",),
    ),
    "aws:secretsmanager/secret:Secret": Calls(
        create=("secretsmanager:CreateSecret", "secretsmanager:TagResource"),
        read=("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"),
        update_and_delete=(
            *("secretsmanager:UpdateSecret", "secretsmanager:UntagResource"),
            *("secretsmanager:DeleteSecret", "secretsmanager:RestoreSecret"),
        ),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Calls(
        of="secretId",
        create=("secretsmanager:PutSecretValue",),
        read=("secretsmanager:ListSecretVersionIds",),
        update_and_delete=("secretsmanager:UpdateSecretVersionStage",),
    ),
    "aws:kms/key:Key": Calls(
        create=("kms:CreateKey", "kms:TagResource"),
        read=("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
        update_and_delete=(
            *("kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:UpdateKeyDescription"),
            *("kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion"),
        ),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Calls(
        create=("logs:CreateLogGroup", "logs:TagResource"),
        read=("logs:ListTagsForResource",),
        update_and_delete=(
            *("logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:AssociateKmsKey"),
            *("logs:DisassociateKmsKey", "logs:UntagResource", "logs:DeleteLogGroup"),
        ),
    ),
    "aws:cloudwatch/eventRule:EventRule": Calls(
        create=("events:PutRule", "events:TagResource"),
        read=("events:DescribeRule", "events:ListTagsForResource"),
        update_and_delete=("events:PutRule", "events:UntagResource", "events:DeleteRule"),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Calls(
        of="rule",
        create=("events:PutTargets",),
        read=("events:ListTargetsByRule",),
        update_and_delete=("events:RemoveTargets",),
        passes="events",
    ),
    # Schedules do not support tags.
    "aws:scheduler/schedule:Schedule": Calls(
        create=("scheduler:CreateSchedule",),
        read=("scheduler:GetSchedule",),
        update_and_delete=("scheduler:UpdateSchedule", "scheduler:DeleteSchedule"),
        passes="scheduler",
    ),
    "aws:sns/topic:Topic": Calls(
        create=("sns:CreateTopic", "sns:TagResource"),
        read=("sns:GetTopicAttributes", "sns:ListTagsForResource"),
        update_and_delete=("sns:SetTopicAttributes", "sns:UntagResource", "sns:DeleteTopic"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Calls(
        of="arn", create=("sns:SetTopicAttributes",), read=("sns:GetTopicAttributes",)
    ),
    # Any change replaces the subscription.
    "aws:sns/topicSubscription:TopicSubscription": Calls(
        of="topic",
        create=("sns:Subscribe",),
        read=("sns:GetSubscriptionAttributes",),
        update_and_delete=("sns:Unsubscribe",),
    ),
    "aws:sqs/queue:Queue": Calls(
        create=("sqs:CreateQueue", "sqs:TagQueue"),
        read=("sqs:GetQueueAttributes", "sqs:ListQueueTags"),
        update_and_delete=("sqs:SetQueueAttributes", "sqs:UntagQueue", "sqs:DeleteQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Calls(
        of="queueUrl", create=("sqs:SetQueueAttributes",), read=("sqs:GetQueueAttributes",)
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Calls(
        create=("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"),
        read=("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
        update_and_delete=("cloudwatch:PutMetricAlarm", "cloudwatch:UntagResource", "cloudwatch:DeleteAlarms"),
    ),
    # The call that creates the bucket also sets its tags: pulumi-aws issue 6317.
    "aws:s3/bucket:Bucket": Calls(
        create=s3("CreateBucket", "TagResource"),
        read=s3(
            *("ListBucket", "GetBucketPolicy", "GetBucketAcl", "GetBucketCORS", "GetBucketWebsite"),
            *("GetBucketVersioning", "GetAccelerateConfiguration", "GetBucketRequestPayment", "GetBucketLogging"),
            *("GetLifecycleConfiguration", "GetReplicationConfiguration", "GetEncryptionConfiguration"),
            *("GetBucketObjectLockConfiguration", "GetBucketLocation", "GetBucketTagging", "ListTagsForResource"),
        ),
        update_and_delete=s3("PutBucketTagging", "UntagResource", "DeleteBucket"),
    ),
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/object.go
    # The provider tags objects if the stack file configures default tags.
    "aws:s3/bucketObjectv2:BucketObjectv2": Calls(
        of="bucket",
        inside="/{key}",
        create=s3("PutObject", "PutObjectTagging"),
        read=s3("GetObject", "GetObjectTagging"),
        update_and_delete=s3("DeleteObject", "DeleteObjectVersion"),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Calls(
        of="bucket", create=s3("PutBucketPublicAccessBlock"), read=s3("GetBucketPublicAccessBlock")
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Calls(
        of="bucket", create=s3("PutEncryptionConfiguration"), read=s3("GetEncryptionConfiguration")
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Calls(
        of="bucket", create=s3("PutBucketVersioning"), read=s3("GetBucketVersioning")
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Calls(
        of="bucket", create=s3("PutLifecycleConfiguration"), read=s3("GetLifecycleConfiguration")
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Calls(
        of="bucket",
        create=s3("PutBucketPolicy"),
        read=s3("GetBucketPolicy"),
        update_and_delete=s3("DeleteBucketPolicy"),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Calls(
        of="bucket", create=s3("PutBucketOwnershipControls"), read=s3("GetBucketOwnershipControls")
    ),
}

# IAM has other names for these S3 operations: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
IAM_ACTIONS = {
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}

WITHOUT_RESOURCE = {"kms:CreateKey", "sns:GetSubscriptionAttributes", "sns:Unsubscribe"}
"""Actions that IAM checks against `*`, whichever resource the call is for."""

READS = frozenset(action for calls in CALLS.values() for action in calls.read)
"""All actions that read."""
WRITES = frozenset(action for calls in CALLS.values() for action in (*calls.create, *calls.update_and_delete))
"""All actions that create, update or delete."""
ACTIONS = READS | WRITES
"""All actions of the provider."""
