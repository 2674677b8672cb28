"""The bucket for build logs, where an integration does not bring its own."""

# pulumi_aws.s3, a tenth of a second to load, loads at its first use: an annotation must not be one.
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import s3

from .aws import policies
from .aws.names import BUCKET_PREFIX_LENGTH, name_prefix

if TYPE_CHECKING:
    from .context import Context


def make_log_bucket(context: Context) -> pulumi.Output[str]:
    """Name of a new bucket: private, encrypted, versioned, reached over TLS only, emptied by age.

    Known once all of that is in force, so that no build writes before.
    """
    name, opts = f"{context.name}-logs", context.options()
    prefix = name_prefix(context.stack, name, BUCKET_PREFIX_LENGTH)
    bucket = s3.Bucket(name, bucket_prefix=prefix, tags=context.tags, opts=opts)
    guards: list[pulumi.Resource] = [
        s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=opts,
        ),
        s3.BucketOwnershipControls(
            name,
            bucket=bucket.id,
            rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=opts,
        ),
        s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.id,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=(
                        s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                            sse_algorithm="aws:kms"
                        )
                    ),
                    bucket_key_enabled=True,
                )
            ],
            opts=opts,
        ),
        s3.BucketVersioning(
            name,
            bucket=bucket.id,
            versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=opts,
        ),
        s3.BucketPolicy(
            name,
            bucket=bucket.id,
            policy=bucket.arn.apply(lambda arn: json.dumps(policies.tls_only_bucket(arn))),
            opts=opts,
        ),
    ]
    expiry = _expiry(name, bucket, context.settings.logs.retention_days, opts)
    in_force = pulumi.Output.all(bucket.id, expiry.id, *(guard.urn for guard in guards))
    return in_force.apply(lambda made: str(made[0]))


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
