"""The bucket for build logs, where an integration does not bring its own."""

# pulumi_aws.s3, a tenth of a second to load, loads at its first use: an annotation must not be one.
from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import s3

from .aws.names import BUCKET_PREFIX_LENGTH, name_prefix
from .private_bucket import make_private_bucket

if TYPE_CHECKING:
    import pulumi

    from .context import Context


def make_log_bucket(context: Context) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
    """Name of a new bucket, and what makes it private and empties it by age: no build may write before."""
    name, opts = f"{context.name}-logs", context.options()
    prefix = name_prefix(context.stack, name, BUCKET_PREFIX_LENGTH)
    bucket, guards = make_private_bucket(name, prefix, context.tags, opts)
    expiry = _expiry(name, bucket, context.settings.logs.retention_days, opts)
    return bucket.id, [*guards, expiry]


def _expiry(name: str, bucket: s3.Bucket, days: int, opts: pulumi.ResourceOptions) -> s3.BucketLifecycleConfiguration:
    return s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.id,
        rules=[
            s3.BucketLifecycleConfigurationRuleArgs(
                id="expire",
                status="Enabled",
                # Without a filter the provider warns, and announces an error.
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
