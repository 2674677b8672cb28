"""Policy documents for roles, keys and buckets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..config import CodeCommitSource, IntegrationSettings, S3Source
from . import sources
from .build_inputs import KnownInputs
from .location import AwsLocation

# https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
_SEEN_IN_A_VPC = ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")

OVERRIDES = (
    "artifacts",
    "autoRetryLimit",
    "cache",
    "encryptionKey",
    "environment.certificate",
    "environment.computeType",
    "environment.environmentVariables",
    "environment.fleet.fleetArn",
    "environment.image",
    "environment.imagePullCredentialsType",
    "environment.privilegedMode",
    "environment.registryCredential",
    "environment.type",
    "logsConfig",
    "secondaryArtifacts",
    "secondarySources",
    "serviceRole",
    "source.auth.resource",
    "source.auth.type",
    "source.buildStatusConfig.context",
    "source.buildStatusConfig.targetUrl",
    "source.buildspec",
    "source.insecureSsl",
    "source.location",
)
"""What a request to start a build may override, as far as IAM has a condition for it; without the source's version.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
"""

Statement = dict[str, Any]
Document = dict[str, Any]


def document(statements: Sequence[Statement]) -> Document:
    """The policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(
    sid: str, actions: Iterable[str], resources: Iterable[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    """The statement that allows these actions on these resources."""
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": dict(condition)} if condition else {})


def build_trust(location: AwsLocation, project_name: str) -> Document:
    """Trust policy: CodeBuild may assume the role, for this project only."""
    return _service_trust("codebuild", location, [location.arn("codebuild", f"project/{project_name}")])


def start_trust(location: AwsLocation, rule_arns: Sequence[str]) -> Document:
    """Trust policy: EventBridge may assume the role, for these rules only."""
    return _service_trust("events", location, sorted(rule_arns))


def schedule_trust(location: AwsLocation) -> Document:
    """Trust policy: EventBridge Scheduler may assume the role, for the schedules of this account and region."""
    # AWS accepts only the ARN of a schedule group here, not of a schedule:
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    return _service_trust("scheduler", location, [location.arn("scheduler", "schedule-group/default")])


def start_build(location: AwsLocation, project_name: str, failed_starts_queue_arn: str | None = None) -> Document:
    """Policy that allows to start builds of this project, overriding nothing but the version of the source.

    EventBridge Scheduler also uses the role to send starts that failed to the queue.
    """
    project = location.arn("codebuild", f"project/{project_name}")
    # The role has no other policy, so whatever this one does not allow is denied.
    statements = [allow("StartThisProject", ["codebuild:StartBuild"], [project], nothing_overridden())]
    if failed_starts_queue_arn:
        statements.append(allow("KeepFailedStarts", ["sqs:SendMessage"], [failed_starts_queue_arn]))
    return document(statements)


def nothing_overridden() -> dict[str, Any]:
    """Condition that a start overrides nothing but the version of the source. All keys of a condition must match."""
    return {"Null": {f"codebuild:{override}": "true" for override in OVERRIDES}}


def deny_overrides(own: dict[str, Any]) -> Document:
    """Policy that denies starts that override anything but the version of the source, whatever other policies allow.

    Each override has its own statement, because all keys of a condition must match. Batch builds are denied as a
    whole: the projects define none, so a start would have to bring its own. `own` is the condition that selects the
    stack's projects.
    """

    def deny(name: str, action: str, condition: dict[str, Any]) -> Statement:
        return {"Sid": name, "Effect": "Deny", "Action": [action], "Resource": ["*"], "Condition": own | condition}

    starts = [
        deny(_words(override), "codebuild:StartBuild", {"Null": {f"codebuild:{override}": "false"}})
        for override in OVERRIDES
    ]
    return document([deny("Batches", "codebuild:StartBuildBatch", {}), *starts])


def _words(override: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in override.split("."))


def build(settings: IntegrationSettings, inputs: KnownInputs, location: AwsLocation) -> Document:
    """Policy of a build's role, which allows no more than the integration's settings need."""
    return document(
        [
            *_api_key(inputs, location),
            *_buildspec(inputs, location),
            *_source(settings, inputs, location),
            *_logs(inputs, location),
            *_image(settings.environment.image, location),
            *_certificate(settings.environment.certificate),
            *_network(inputs, location),
        ]
    )


def customer_key(location: AwsLocation, *more: Statement) -> Document:
    """Policy of a key whose use is governed by the account's IAM policies and by the statements in `more`."""
    root = {"AWS": f"arn:{location.partition}:iam::{location.account}:root"}
    account = {"Sid": "AccountDecides", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return document([account, *more])


def tls_only_bucket(bucket_arn: str) -> Document:
    """Policy of a bucket that denies all access without TLS."""
    return document([tls_only("s3:*", [bucket_arn, f"{bucket_arn}/*"])])


def tls_only(action: str, resources: list[str]) -> Statement:
    """The statement that denies the action to everybody who does not use TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _service_trust(service: str, location: AwsLocation, source_arns: list[str]) -> Document:
    return document(
        [
            {
                "Sid": "ThisResourceOnly",
                "Effect": "Allow",
                "Principal": {"Service": f"{service}.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": location.account},
                    "ArnEquals": {"aws:SourceArn": source_arns},
                },
            }
        ]
    )


def _decrypt(sid: str, key_arn: str | None, service: str, location: AwsLocation) -> Iterator[Statement]:
    yield from _use_key(sid, ["kms:Decrypt"], key_arn, service, location)


def _use_key(
    sid: str, actions: list[str], key_arn: str | None, service: str, location: AwsLocation
) -> Iterator[Statement]:
    if key_arn:
        yield allow(sid, actions, [key_arn], {"StringEquals": {"kms:ViaService": location.endpoint(service)}})


def _api_key(inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    yield allow("ReadApiKey", ["secretsmanager:GetSecretValue"], [inputs.secret_arn])
    yield from _decrypt("DecryptApiKey", inputs.secret_kms_key_arn, "secretsmanager", location)


def _buildspec(inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    if inputs.buildspec_arn:
        # Once a bucket is deleted, any account can take its name. The build must not run what it finds there.
        ours = {"StringEquals": {"aws:ResourceAccount": location.account}}
        yield allow("ReadBuildspec", ["s3:GetObject", "s3:GetObjectVersion"], [inputs.buildspec_arn], ours)


def _source(settings: IntegrationSettings, inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    source = settings.source
    if isinstance(source, CodeCommitSource):
        yield allow("PullSource", ["codecommit:GitPull"], [location.arn("codecommit", source.repository)])
    elif isinstance(source, S3Source):
        yield from _s3_source(source.key, inputs, location)
    else:
        yield from _login(inputs, location)


def _s3_source(key: str, inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    if inputs.source_bucket is None:
        return
    bucket, folder = location.s3_arn(inputs.source_bucket), key.endswith("/")
    objects = f"{key}*" if folder else key
    yield allow("ReadSource", ["s3:GetObject", "s3:GetObjectVersion"], [f"{bucket}/{objects}"])
    yield allow("LocateSource", ["s3:GetBucketAcl", "s3:GetBucketLocation"], [bucket])
    if folder:
        yield allow("ListSource", ["s3:ListBucket"], [bucket], {"StringLike": {"s3:prefix": [objects]}})
    yield from _decrypt("DecryptSource", inputs.source_kms_key_arn, "s3", location)


def _login(inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    if inputs.connection_arn:
        # The service is part of the ARN, either codeconnections or codestar-connections, and only that spelling works.
        service = inputs.connection_arn.split(":")[2]
        actions = [f"{service}:{action}" for action in ("UseConnection", "GetConnection", "GetConnectionToken")]
        yield allow("UseConnection", actions, [inputs.connection_arn])
    if inputs.token_secret_arn:
        yield allow("ReadSourceToken", ["secretsmanager:GetSecretValue"], [inputs.token_secret_arn])
        yield from _decrypt("DecryptSourceToken", inputs.token_kms_key_arn, "secretsmanager", location)


def _logs(inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    if inputs.log_group is not None:
        # The role may make streams, which are named after builds, but not the group, which the program makes.
        streams = location.arn("logs", f"log-group:{inputs.log_group}:*")
        yield allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams])
    if inputs.log_bucket is not None:
        bucket = location.s3_arn(inputs.log_bucket)
        yield allow("StoreLogs", ["s3:PutObject"], [f"{bucket}/{inputs.log_prefix}/*"])
        yield allow("LocateLogs", ["s3:GetBucketAcl", "s3:GetBucketLocation"], [bucket])
        # S3 also decrypts, for uploads of several parts and for buckets with a bucket key:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
        actions = ["kms:Decrypt", "kms:GenerateDataKey"]
        yield from _use_key("EncryptLogs", actions, inputs.log_bucket_kms_key_arn, "s3", location)


def _image(image: str, location: AwsLocation) -> Iterator[Statement]:
    repository = sources.private_ecr_repository(image, location)
    if repository:
        pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        yield allow("PullImage", pull, [repository])
        # The token is valid for the whole registry. AWS knows no narrower resource for this action.
        yield allow("LoginToRegistry", ["ecr:GetAuthorizationToken"], ["*"])


def _certificate(object_arn: str | None) -> Iterator[Statement]:
    if object_arn:
        yield allow("ReadCertificate", ["s3:GetObject", "s3:GetObjectVersion"], [object_arn])


def _network(inputs: KnownInputs, location: AwsLocation) -> Iterator[Statement]:
    if inputs.vpc_id is None:
        return
    interfaces = location.arn("ec2", "network-interface/*")
    # The subnets and groups of a shared VPC belong to another account. Their IDs are unique across accounts.
    any_account = replace(location, account="*")
    subnets = [any_account.arn("ec2", f"subnet/{subnet}") for subnet in inputs.subnet_ids or ()]
    groups = [any_account.arn("ec2", f"security-group/{group}") for group in inputs.security_group_ids or ()]
    in_subnets = {"ArnEquals": {"ec2:Subnet": sorted(subnets)}}
    to_codebuild = {"StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"}}
    # The describing actions have no narrower resource, and an interface has no ARN before it is made. Deletion can be
    # bound to the subnets, but not to the service, nor to a tag, because CodeBuild sets none:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    yield allow("SeeNetwork", [f"ec2:Describe{what}" for what in _SEEN_IN_A_VPC], ["*"])
    yield allow("MakeInterfaces", ["ec2:CreateNetworkInterface"], [interfaces, *subnets, *groups])
    yield allow("RemoveInterfaces", ["ec2:DeleteNetworkInterface"], [interfaces], in_subnets)
    yield allow("AttachInterfaces", ["ec2:CreateNetworkInterfacePermission"], [interfaces], to_codebuild | in_subnets)
