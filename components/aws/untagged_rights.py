"""The rights to deploy or preview a stack that conditions on tags cannot bound. Names bound them where possible."""

from collections.abc import Iterator, Sequence

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
from .names import BUCKET_PREFIX_LENGTH, BUILDSPECS, STACK_TAG, name_prefix
from .policies import Statement, allow
from .stack_rights import has_schedules, makes_key, makes_secret_key, makes_topic, named

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
# The provider reads all of these, whether the program sets them or not:
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


def to_deploy(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Statement]:
    """The statements for whoever deploys the stack."""
    integrations = list(settings.integrations.values())
    yield from _keep_buckets(stack, integrations, location)
    yield from _keep_schedules(stack, integrations, location)
    yield from _find_log_groups(integrations)
    yield from _keep_subscriptions(settings)
    yield from _use_connections(integrations, location)
    yield from _make_key(stack, settings, location)
    yield from _encrypt_secret(stack, settings, location)


def to_preview(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Statement]:
    """The statements for whoever previews the stack; none of their actions changes anything."""
    integrations = list(settings.integrations.values())
    yield from _see_buckets(stack, integrations, location)
    yield from _see_schedules(stack, integrations, location)
    yield from _find_log_groups(integrations)
    yield from _see_subscriptions(settings)
    yield from _decrypt_secret(stack, settings, location)


def _keep_buckets(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    if not _makes_buckets(integrations):
        return
    # S3 evaluates a bucket's tags only if that has been enabled for the bucket, so the name has to do:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    buckets = [location.s3_arn(named(stack))]
    requested = {"StringEqualsIfExists": {f"aws:RequestTag/{STACK_TAG}": stack}}
    yield allow("MakeBuckets", ["s3:CreateBucket", "s3:TagResource"], buckets, requested)
    kept = ["DeleteBucket", "DeleteBucketPolicy", "UntagResource", *(f"Put{what}" for what in _BUCKET_PARTS)]
    yield allow("KeepBuckets", [*_SEE_BUCKETS, *(f"s3:{action}" for action in kept)], buckets)
    if _makes_buildspecs(integrations):
        bucket = location.s3_arn(name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH) + "*")
        yield allow("KeepBuildspecs", [f"s3:{action}" for action in _OBJECT_ACTIONS], [f"{bucket}/*"])
        # The provider deletes an object with all of its versions.
        yield allow("FindBuildspecs", ["s3:ListBucketVersions"], [bucket])


def _see_buckets(stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    if _makes_buckets(integrations):
        yield allow("SeeBuckets", _SEE_BUCKETS, [location.s3_arn(named(stack))])
    if _makes_buildspecs(integrations):
        bucket = location.s3_arn(name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH) + "*")
        seen = [f"s3:{action}" for action in _OBJECT_ACTIONS if action.startswith("Get")]
        yield allow("SeeBuildspecs", seen, [f"{bucket}/*"])


def _makes_buckets(integrations: Sequence[IntegrationSettings]) -> bool:
    makes_logs = any(each.logs.to_s3 and each.logs.bucket is None for each in integrations)
    return makes_logs or _makes_buildspecs(integrations)


def _makes_buildspecs(integrations: Sequence[IntegrationSettings]) -> bool:
    return any(isinstance(each.buildspec, BucketBuildspec) for each in integrations)


def _keep_schedules(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    if has_schedules(integrations):
        # A schedule has no tags, so the name has to do.
        actions = [f"scheduler:{action}Schedule" for action in ("Create", "Delete", "Get", "Update")]
        yield allow("KeepSchedules", actions, [_schedule_arns(stack, location)])


def _see_schedules(
    stack: str, integrations: Sequence[IntegrationSettings], location: AwsLocation
) -> Iterator[Statement]:
    if has_schedules(integrations):
        yield allow("SeeSchedules", ["scheduler:GetSchedule"], [_schedule_arns(stack, location)])


def _schedule_arns(stack: str, location: AwsLocation) -> str:
    return location.arn("scheduler", f"schedule/default/{named(stack)}")


def _keep_subscriptions(settings: StackSettings) -> Iterator[Statement]:
    if makes_topic(settings):
        # SNS knows no narrower resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
        yield allow("KeepSubscriptions", ["sns:GetSubscriptionAttributes", "sns:Unsubscribe"], ["*"])


def _see_subscriptions(settings: StackSettings) -> Iterator[Statement]:
    if makes_topic(settings):
        yield allow("SeeSubscriptions", ["sns:GetSubscriptionAttributes"], ["*"])


def _find_log_groups(integrations: Sequence[IntegrationSettings]) -> Iterator[Statement]:
    if any(each.logs.to_cloudwatch for each in integrations):
        # A listing action has no narrower resource.
        yield allow("FindLogGroups", ["logs:DescribeLogGroups"], ["*"])


def _use_connections(integrations: Sequence[IntegrationSettings], location: AwsLocation) -> Iterator[Statement]:
    logins = [each.source.auth for each in integrations if isinstance(each.source, GitSource) and each.source.auth]
    arns = {arn for each in logins for arn in _connection_arns(each.connection_arn, location)}
    if arns:
        # codeconnections and codestar-connections are different ARNs and different actions.
        services = sorted({arn.split(":")[2] for arn in arns})
        uses = ("GetConnection", "PassConnection", "UseConnection")
        actions = [f"{service}:{use}" for service in services for use in uses]
        yield allow("UseConnections", actions, [*arns])


def _connection_arns(connection: str | StackOutput | None, location: AwsLocation) -> Iterator[str]:
    if isinstance(connection, str):
        yield connection
    elif connection is not None:
        # Which connection it is, only the other stack knows.
        for service in ("codeconnections", "codestar-connections"):
            yield location.arn(service, "connection/*")


def _make_key(stack: str, settings: StackSettings, location: AwsLocation) -> Iterator[Statement]:
    if not makes_key(settings):
        return
    requested = {f"aws:RequestTag/{STACK_TAG}": stack}
    # A key has no ARN until it is made.
    yield allow("MakeKey", ["kms:CreateKey"], ["*"], {"StringEquals": requested})
    # Whoever may tag a key as the stack's own may then do everything else to it. To tag a key while it is made, KMS
    # requires this right on all keys (https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html), so
    # the conditions demand what only a new key fulfills: no stack's tag and no alias.
    unclaimed = {f"aws:ResourceTag/{STACK_TAG}": "true", "kms:ResourceAliases": "true"}
    new_keys = {"StringEquals": requested, "Null": unclaimed}
    yield allow("TagNewKey", ["kms:TagResource"], [location.arn("kms", "key/*")], new_keys)


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
    # The ARN is not known yet if this stack makes the key or another stack exports it.
    key = secret.kms_key_arn if isinstance(secret.kms_key_arn, str) else location.arn("kms", "key/*")
    yield allow(sid, actions, [key], {"StringEquals": condition})
