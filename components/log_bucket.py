"""The bucket for build logs, if the settings do not name one."""

# pulumi_aws.s3 takes 0.1 seconds to load and does so at its first use. Annotations must not be that use.
from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import s3

from .aws.names import BUCKET_PREFIX_LENGTH, name_prefix
from .private_bucket import make_private_bucket

if TYPE_CHECKING:
    import pulumi

    from .context import Context


def make_log_bucket(context: Context) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
    """Make a private bucket whose objects expire.

    Returns its name and the resources that protect it and expire its objects. Builds must not write to it before these
    exist.
    """
    name, opts = f"{context.name}-logs", context.options()
    prefix = name_prefix(context.stack, name, BUCKET_PREFIX_LENGTH)
    bucket, protections = make_private_bucket(name, prefix, context.tags, opts)
    expiry = _expiry(name, bucket, context.settings.logs.retention_days, opts)
    return bucket.id, [*protections, expiry]


def _expiry(name: str, bucket: s3.Bucket, days: int, opts: pulumi.ResourceOptions) -> s3.BucketLifecycleConfiguration:
    return s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.id,
        rules=[
            s3.BucketLifecycleConfigurationRuleArgs(
                id="expire",
                status="Enabled",
                # Without a filter, the provider warns that a future version will refuse the rule.
                filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
                noncurrent_version_expiration=(
                    s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(noncurrent_days=1)
                ),
                abort_incomplete_multipart_upload=(
                    s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(days_after_initiation=1)
                ),
            )
        ],
        opts=opts,
    )
