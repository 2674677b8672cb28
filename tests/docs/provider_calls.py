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
    then: tuple[str, ...] = ()
    """To read, change and remove it."""
    passes: str = ""
    """The service that the resource hands a role to."""


def s3(*actions: str) -> tuple[str, ...]:
    return tuple(f"s3:{action}" for action in actions)


# By the provider's own files, such as
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/codebuild/project.go
LIVES: Mapping[str, Life] = {
    "aws:codebuild/project:Project": Life(
        make=("codebuild:CreateProject",),
        then=("codebuild:BatchGetProjects", "codebuild:UpdateProject", "codebuild:DeleteProject"),
        passes="codebuild",
    ),
    "aws:codebuild/webhook:Webhook": Life(
        of="projectName",
        make=("codebuild:CreateWebhook",),
        then=("codebuild:BatchGetProjects", "codebuild:UpdateWebhook", "codebuild:DeleteWebhook"),
    ),
    "aws:iam/role:Role": Life(
        make=("iam:CreateRole", "iam:TagRole"),
        then=(
            *("iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListRoleTags"),
            *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:UntagRole"),
            *("iam:ListInstanceProfilesForRole", "iam:DeleteRole"),
        ),
    ),
    "aws:iam/rolePolicy:RolePolicy": Life(
        of="role", make=("iam:PutRolePolicy",), then=("iam:GetRolePolicy", "iam:DeleteRolePolicy")
    ),
    "aws:secretsmanager/secret:Secret": Life(
        make=("secretsmanager:CreateSecret", "secretsmanager:TagResource"),
        then=(
            *("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:UpdateSecret"),
            *("secretsmanager:UntagResource", "secretsmanager:DeleteSecret", "secretsmanager:RestoreSecret"),
        ),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Life(
        of="secretId",
        make=("secretsmanager:PutSecretValue",),
        then=("secretsmanager:ListSecretVersionIds", "secretsmanager:UpdateSecretVersionStage"),
    ),
    "aws:kms/key:Key": Life(
        make=("kms:CreateKey", "kms:TagResource"),
        then=(
            *("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
            *("kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:UpdateKeyDescription"),
            *("kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion"),
        ),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Life(
        make=("logs:CreateLogGroup", "logs:TagResource"),
        then=(
            *("logs:ListTagsForResource", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy"),
            *("logs:AssociateKmsKey", "logs:DisassociateKmsKey", "logs:UntagResource", "logs:DeleteLogGroup"),
        ),
    ),
    "aws:cloudwatch/eventRule:EventRule": Life(
        make=("events:PutRule", "events:TagResource"),
        then=(
            *("events:DescribeRule", "events:ListTagsForResource", "events:PutRule"),
            *("events:UntagResource", "events:DeleteRule"),
        ),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Life(
        of="rule",
        make=("events:PutTargets",),
        then=("events:ListTargetsByRule", "events:RemoveTargets"),
        passes="events",
    ),
    # Tags come with the call that makes the bucket: pulumi-aws issue 6317.
    "aws:s3/bucket:Bucket": Life(
        make=s3("CreateBucket", "TagResource"),
        then=s3(
            *("ListBucket", "GetBucketPolicy", "GetBucketAcl", "GetBucketCORS", "GetBucketWebsite"),
            *("GetBucketVersioning", "GetAccelerateConfiguration", "GetBucketRequestPayment", "GetBucketLogging"),
            *("GetLifecycleConfiguration", "GetReplicationConfiguration", "GetEncryptionConfiguration"),
            *("GetBucketObjectLockConfiguration", "GetBucketLocation", "GetBucketTagging", "ListTagsForResource"),
            *("PutBucketTagging", "UntagResource", "DeleteBucket"),
        ),
    ),
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/object.go
    # It tags objects where the stack file gives the provider default tags.
    "aws:s3/bucketObjectv2:BucketObjectv2": Life(
        of="bucket",
        inside="/{key}",
        make=s3("PutObject", "PutObjectTagging"),
        then=s3("GetObject", "GetObjectTagging", "DeleteObject", "DeleteObjectVersion"),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Life(
        of="bucket", make=s3("PutBucketPublicAccessBlock"), then=s3("GetBucketPublicAccessBlock")
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Life(
        of="bucket", make=s3("PutEncryptionConfiguration"), then=s3("GetEncryptionConfiguration")
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Life(
        of="bucket", make=s3("PutBucketVersioning"), then=s3("GetBucketVersioning")
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Life(
        of="bucket", make=s3("PutLifecycleConfiguration"), then=s3("GetLifecycleConfiguration")
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Life(
        of="bucket", make=s3("PutBucketPolicy"), then=s3("GetBucketPolicy", "DeleteBucketPolicy")
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Life(
        of="bucket", make=s3("PutBucketOwnershipControls"), then=s3("GetBucketOwnershipControls")
    ),
}

# IAM spells these calls of S3 differently: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
SPELLED = {
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}

ACTIONS = frozenset(action for life in LIVES.values() for action in (*life.make, *life.then))
"""Everything that the provider calls."""
