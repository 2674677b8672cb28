"""What each resource type is to AWS: the calls that make it, and what it gives back.

A property goes to the member of the same name, whatever its case; an entry says only what differs. A new resource type
is one entry here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.limits import between
from sandbox.resource_entry import Create, Entry, SentFor, Then

if TYPE_CHECKING:
    from collections.abc import Mapping


def _about_bucket(operation: str, into: str, **members: str) -> Entry:
    """An entry of a type that puts one configuration on a bucket."""
    return Entry(
        create=Create(service="s3", operation=operation, members={"bucket": "Bucket", **members}, into=into),
        id="{bucket}",
        replace_on_changes=frozenset({"bucket"}),
    )


_GITLABS = frozenset({"GITLAB", "GITLAB_SELF_MANAGED"})
_OTHER_GIT_HOSTS = frozenset({"BITBUCKET", "GITHUB", "GITHUB_ENTERPRISE"})

_LOG_GROUP_ARN = "arn:{partition}:logs:{region}:{account}:log-group:{name}"
_RULE_ARN = "arn:{partition}:events:{region}:{account}:rule/{name}"

TABLE: Mapping[str, Entry] = {
    "aws:codebuild/project:Project": Entry(
        create=Create(
            service="codebuild",
            operation="CreateProject",
            members={"buildTimeout": "timeoutInMinutes", "queuedTimeout": "queuedTimeoutInMinutes"},
        ),
        name="name",
        id="{arn}",
        outputs={"arn": "arn:{partition}:codebuild:{region}:{account}:project/{name}"},
        # expandProjectSource in
        # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/codebuild/project.go
        sent_for={
            "source.gitSubmodulesConfig": SentFor("source.type", _OTHER_GIT_HOSTS | {"CODECOMMIT"}),
            "source.reportBuildStatus": SentFor("source.type", _OTHER_GIT_HOSTS | _GITLABS),
            "source.buildStatusConfig": SentFor("source.type", _OTHER_GIT_HOSTS),
        },
    ),
    "aws:codebuild/webhook:Webhook": Entry(
        create=Create(service="codebuild", operation="CreateWebhook"),
        id="{projectName}",
        outputs={
            "url": "https://hooks.example/{projectName}",
            "payloadUrl": "https://codebuild.{region}.{domain}/webhooks?t={digest}",
            "secret": "{digest}",
        },
        secret_outputs=frozenset({"secret"}),
        replace_on_changes=frozenset({"projectName"}),
    ),
    "aws:codeconnections/connection:Connection": Entry(
        create=Create(service="codeconnections", operation="CreateConnection", members={"name": "ConnectionName"}),
        name="name",
        id="{arn}",
        outputs={
            "arn": "arn:{partition}:codeconnections:{region}:{account}:connection/{uuid}",
            "connectionStatus": "PENDING",
        },
        answers={"arn": "ConnectionArn"},
        replace_on_changes=frozenset({"providerType", "hostArn"}),
    ),
    "aws:secretsmanager/secret:Secret": Entry(
        create=Create(service="secretsmanager", operation="CreateSecret"),
        name="name",
        id="{arn}",
        outputs={"arn": "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{digest:.6}"},
        answers={"arn": "ARN"},
        # The same limit as DeleteSecret's, where the window is used.
        provider_only={"recoveryWindowInDays": between(7, 30, 0)},
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Entry(
        create=Create(
            service="secretsmanager",
            operation="PutSecretValue",
            members={"secretStringWo": "SecretString"},
            # The version's id; left out, boto3 makes up another one in each run.
            fixed={"ClientRequestToken": "{uuid}"},
        ),
        id="{secretId}|{versionId}",
        outputs={"arn": "{secretId}", "versionId": "{uuid}"},
        answers={"arn": "ARN", "versionId": "VersionId"},
        provider_only={"secretStringWoVersion": None},
        replace_on_changes=frozenset({"secretId", "secretString", "secretStringWoVersion"}),
    ),
    "aws:iam/role:Role": Entry(
        create=Create(
            service="iam",
            operation="CreateRole",
            members={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
        ),
        name="name",
        id="{name}",
        outputs={"arn": "arn:{partition}:iam::{account}:role{path}{name}", "uniqueId": "AROA{digest:.17}"},
        answers={"uniqueId": "Role.RoleId"},
        defaults={"path": "/"},
        provider_only={"forceDetachPolicies": None},
        replace_on_changes=frozenset({"path"}),
    ),
    "aws:iam/rolePolicy:RolePolicy": Entry(
        create=Create(
            service="iam",
            operation="PutRolePolicy",
            members={"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"},
        ),
        name="name",
        id="{role}:{name}",
        replace_on_changes=frozenset({"role"}),
    ),
    "aws:kms/key:Key": Entry(
        create=Create(service="kms", operation="CreateKey"),
        then=(
            Then(
                service="kms",
                operation="EnableKeyRotation",
                when="enableKeyRotation",
                members={"keyId": "KeyId", "rotationPeriodInDays": "RotationPeriodInDays"},
            ),
        ),
        id="{keyId}",
        outputs={"keyId": "{uuid}", "arn": "arn:{partition}:kms:{region}:{account}:key/{keyId}"},
        answers={"keyId": "KeyMetadata.KeyId"},
        # https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
        provider_only={"deletionWindowInDays": between(7, 30), "isEnabled": None},
    ),
    "aws:cloudwatch/logGroup:LogGroup": Entry(
        create=Create(service="logs", operation="CreateLogGroup", members={"name": "logGroupName"}),
        then=(
            Then(
                service="logs",
                operation="PutRetentionPolicy",
                when="retentionInDays",
                members={"name": "logGroupName", "retentionInDays": "retentionInDays"},
            ),
        ),
        name="name",
        id="{name}",
        outputs={"arn": _LOG_GROUP_ARN},
        provider_only={"skipDestroy": None},
    ),
    "aws:cloudwatch/eventRule:EventRule": Entry(
        create=Create(service="events", operation="PutRule"),
        name="name",
        id="{name}",
        outputs={"arn": _RULE_ARN},
        defaults={"eventBusName": "default"},
        provider_only={"forceDestroy": None},
        replace_on_changes=frozenset({"eventBusName"}),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Entry(
        create=Create(
            service="events",
            operation="PutTargets",
            members={
                "rule": "Rule",
                "eventBusName": "EventBusName",
                "targetId": "Targets.0.Id",
                "inputTransformer.inputPaths": "InputPathsMap",
            },
            into="Targets.0",
        ),
        name="targetId",
        id="{rule}-{targetId}",
        defaults={"eventBusName": "default"},
        provider_only={"forceDestroy": None},
        replace_on_changes=frozenset({"rule", "eventBusName"}),
    ),
    "aws:scheduler/schedule:Schedule": Entry(
        create=Create(
            service="scheduler",
            operation="CreateSchedule",
        ),
        name="name",
        id="default/{name}",
        outputs={"arn": "arn:{partition}:scheduler:{region}:{account}:schedule/default/{name}"},
        answers={"arn": "ScheduleArn"},
    ),
    "aws:sns/topic:Topic": Entry(
        create=Create(service="sns", operation="CreateTopic", members={"kmsMasterKeyId": "Attributes.KmsMasterKeyId"}),
        name="name",
        id="{arn}",
        outputs={"arn": "arn:{partition}:sns:{region}:{account}:{name}"},
        answers={"arn": "TopicArn"},
    ),
    "aws:sns/topicPolicy:TopicPolicy": Entry(
        create=Create(
            service="sns",
            operation="SetTopicAttributes",
            members={"arn": "TopicArn", "policy": "AttributeValue"},
            fixed={"AttributeName": "Policy"},
        ),
        id="{arn}",
        replace_on_changes=frozenset({"arn"}),
    ),
    "aws:sns/topicSubscription:TopicSubscription": Entry(
        create=Create(service="sns", operation="Subscribe", members={"topic": "TopicArn"}),
        id="{arn}",
        outputs={"arn": "{topic}:{uuid}"},
        replace_on_changes=frozenset({"topic", "protocol", "endpoint"}),
    ),
    "aws:sqs/queue:Queue": Entry(
        create=Create(
            service="sqs",
            operation="CreateQueue",
            members={
                "name": "QueueName",
                "messageRetentionSeconds": "Attributes.MessageRetentionPeriod",
                "sqsManagedSseEnabled": "Attributes.SqsManagedSseEnabled",
            },
        ),
        name="name",
        id="{url}",
        outputs={
            "arn": "arn:{partition}:sqs:{region}:{account}:{name}",
            "url": "https://sqs.{region}.{domain}/{account}/{name}",
        },
        answers={"url": "QueueUrl"},
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Entry(
        create=Create(
            service="sqs",
            operation="SetQueueAttributes",
            members={"queueUrl": "QueueUrl", "policy": "Attributes.Policy"},
        ),
        id="{queueUrl}",
        replace_on_changes=frozenset({"queueUrl"}),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Entry(
        create=Create(service="cloudwatch", operation="PutMetricAlarm", members={"name": "AlarmName"}),
        name="name",
        id="{name}",
        outputs={"arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"},
    ),
    "aws:cloudwatch/dashboard:Dashboard": Entry(
        create=Create(service="cloudwatch", operation="PutDashboard"),
        name="dashboardName",
        id="{dashboardName}",
        outputs={"dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"},
    ),
    "aws:s3/bucket:Bucket": Entry(
        create=Create(
            service="s3",
            operation="CreateBucket",
            fixed={"CreateBucketConfiguration.LocationConstraint": "{location_constraint}"},
        ),
        then=(
            Then(
                service="s3",
                operation="PutBucketTagging",
                when="tags",
                members={"bucket": "Bucket", "tags": "Tagging.TagSet"},
            ),
        ),
        name="bucket",
        id="{bucket}",
        outputs={
            "arn": "arn:{partition}:s3:::{bucket}",
            "bucketDomainName": "{bucket}.s3.{domain}",
            "bucketRegionalDomainName": "{bucket}.s3.{region}.{domain}",
        },
        provider_only={"forceDestroy": None},
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": Entry(
        create=Create(service="s3", operation="PutObject", members={"content": "Body"}),
        id="{bucket}/{key}",
        outputs={"arn": "arn:{partition}:s3:::{bucket}/{key}", "versionId": "{uuid}"},
        answers={"versionId": "VersionId"},
        provider_only={"forceDestroy": None},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _about_bucket(
        "PutPublicAccessBlock", "PublicAccessBlockConfiguration"
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _about_bucket(
        "PutBucketEncryption", "ServerSideEncryptionConfiguration"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _about_bucket("PutBucketVersioning", ""),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _about_bucket(
        "PutBucketLifecycleConfiguration", "LifecycleConfiguration"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _about_bucket("PutBucketPolicy", ""),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _about_bucket(
        "PutBucketOwnershipControls", "OwnershipControls", rule="OwnershipControls.Rules"
    ),
}
