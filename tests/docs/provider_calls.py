"""What the AWS provider calls for each type of resource, besides what the sandbox calls: reads, changes, removals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Life:
    """What the provider calls from the first deployment of a resource to its removal."""

    of: str = ""
    """The input that names the resource that the calls are about; empty where it is the resource itself."""
    inside: str = ""
    """What follows that resource's ARN where the calls are about something in it."""
    make: tuple[str, ...]
    """All at once when it is made: the call, and what IAM asks for besides because the call carries tags."""
    read: tuple[str, ...] = ()
    """To compare it with what is in AWS: each preview with `--refresh` does."""
    then: tuple[str, ...] = ()
    """To change and remove it."""
    passes: str = ""
    """The service that the resource hands its role to, where it has one."""


def s3(*actions: str) -> tuple[str, ...]:
    return tuple(f"s3:{action}" for action in actions)


# By the provider's own files, such as
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/codebuild/project.go
LIVES: Mapping[str, Life] = {
    "aws:codebuild/project:Project": Life(
        make=("codebuild:CreateProject",),
        read=("codebuild:BatchGetProjects",),
        then=("codebuild:UpdateProject", "codebuild:DeleteProject"),
        passes="codebuild",
    ),
    "aws:codebuild/webhook:Webhook": Life(
        of="projectName",
        make=("codebuild:CreateWebhook",),
        read=("codebuild:BatchGetProjects",),
        then=("codebuild:UpdateWebhook", "codebuild:DeleteWebhook"),
    ),
    "aws:iam/role:Role": Life(
        make=("iam:CreateRole", "iam:TagRole"),
        read=("iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListRoleTags"),
        then=(
            *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:UntagRole"),
            *("iam:ListInstanceProfilesForRole", "iam:DeleteRole"),
        ),
    ),
    "aws:iam/rolePolicy:RolePolicy": Life(
        of="role", make=("iam:PutRolePolicy",), read=("iam:GetRolePolicy",), then=("iam:DeleteRolePolicy",)
    ),
    "aws:secretsmanager/secret:Secret": Life(
        make=("secretsmanager:CreateSecret", "secretsmanager:TagResource"),
        read=("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"),
        then=(
            *("secretsmanager:UpdateSecret", "secretsmanager:UntagResource"),
            *("secretsmanager:DeleteSecret", "secretsmanager:RestoreSecret"),
        ),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Life(
        of="secretId",
        make=("secretsmanager:PutSecretValue",),
        read=("secretsmanager:ListSecretVersionIds",),
        then=("secretsmanager:UpdateSecretVersionStage",),
    ),
    "aws:kms/key:Key": Life(
        make=("kms:CreateKey", "kms:TagResource"),
        read=("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
        then=(
            *("kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:UpdateKeyDescription"),
            *("kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion"),
        ),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Life(
        make=("logs:CreateLogGroup", "logs:TagResource"),
        read=("logs:ListTagsForResource",),
        then=(
            *("logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:AssociateKmsKey"),
            *("logs:DisassociateKmsKey", "logs:UntagResource", "logs:DeleteLogGroup"),
        ),
    ),
    "aws:cloudwatch/eventRule:EventRule": Life(
        make=("events:PutRule", "events:TagResource"),
        read=("events:DescribeRule", "events:ListTagsForResource"),
        then=("events:PutRule", "events:UntagResource", "events:DeleteRule"),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Life(
        of="rule",
        make=("events:PutTargets",),
        read=("events:ListTargetsByRule",),
        then=("events:RemoveTargets",),
        passes="events",
    ),
    # Schedules have no tags.
    "aws:scheduler/schedule:Schedule": Life(
        make=("scheduler:CreateSchedule",),
        read=("scheduler:GetSchedule",),
        then=("scheduler:UpdateSchedule", "scheduler:DeleteSchedule"),
        passes="scheduler",
    ),
    "aws:sns/topic:Topic": Life(
        make=("sns:CreateTopic", "sns:TagResource"),
        read=("sns:GetTopicAttributes", "sns:ListTagsForResource"),
        then=("sns:SetTopicAttributes", "sns:UntagResource", "sns:DeleteTopic"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Life(
        of="arn", make=("sns:SetTopicAttributes",), read=("sns:GetTopicAttributes",)
    ),
    # Whatever changes, another subscription takes its place.
    "aws:sns/topicSubscription:TopicSubscription": Life(
        of="topic", make=("sns:Subscribe",), read=("sns:GetSubscriptionAttributes",), then=("sns:Unsubscribe",)
    ),
    "aws:sqs/queue:Queue": Life(
        make=("sqs:CreateQueue", "sqs:TagQueue"),
        read=("sqs:GetQueueAttributes", "sqs:ListQueueTags"),
        then=("sqs:SetQueueAttributes", "sqs:UntagQueue", "sqs:DeleteQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Life(
        of="queueUrl", make=("sqs:SetQueueAttributes",), read=("sqs:GetQueueAttributes",)
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Life(
        make=("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"),
        read=("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
        then=("cloudwatch:PutMetricAlarm", "cloudwatch:UntagResource", "cloudwatch:DeleteAlarms"),
    ),
    # Tags come with the call that makes the bucket: pulumi-aws issue 6317.
    "aws:s3/bucket:Bucket": Life(
        make=s3("CreateBucket", "TagResource"),
        read=s3(
            *("ListBucket", "GetBucketPolicy", "GetBucketAcl", "GetBucketCORS", "GetBucketWebsite"),
            *("GetBucketVersioning", "GetAccelerateConfiguration", "GetBucketRequestPayment", "GetBucketLogging"),
            *("GetLifecycleConfiguration", "GetReplicationConfiguration", "GetEncryptionConfiguration"),
            *("GetBucketObjectLockConfiguration", "GetBucketLocation", "GetBucketTagging", "ListTagsForResource"),
        ),
        then=s3("PutBucketTagging", "UntagResource", "DeleteBucket"),
    ),
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/object.go
    # It tags objects where the stack file gives the provider default tags.
    "aws:s3/bucketObjectv2:BucketObjectv2": Life(
        of="bucket",
        inside="/{key}",
        make=s3("PutObject", "PutObjectTagging"),
        read=s3("GetObject", "GetObjectTagging"),
        then=s3("DeleteObject", "DeleteObjectVersion"),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Life(
        of="bucket", make=s3("PutBucketPublicAccessBlock"), read=s3("GetBucketPublicAccessBlock")
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Life(
        of="bucket", make=s3("PutEncryptionConfiguration"), read=s3("GetEncryptionConfiguration")
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Life(
        of="bucket", make=s3("PutBucketVersioning"), read=s3("GetBucketVersioning")
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Life(
        of="bucket", make=s3("PutLifecycleConfiguration"), read=s3("GetLifecycleConfiguration")
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Life(
        of="bucket", make=s3("PutBucketPolicy"), read=s3("GetBucketPolicy"), then=s3("DeleteBucketPolicy")
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Life(
        of="bucket", make=s3("PutBucketOwnershipControls"), read=s3("GetBucketOwnershipControls")
    ),
}

# IAM spells these calls of S3 differently: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
SPELLED = {
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}

NO_RESOURCE = {"kms:CreateKey", "sns:GetSubscriptionAttributes", "sns:Unsubscribe"}
"""What IAM asks for all resources, whichever the call is about."""

READS = frozenset(action for life in LIVES.values() for action in life.read)
"""What the provider calls to look at what there is."""
WRITES = frozenset(action for life in LIVES.values() for action in (*life.make, *life.then))
"""What it calls to make, change and remove it."""
ACTIONS = READS | WRITES
"""Everything that the provider calls."""
