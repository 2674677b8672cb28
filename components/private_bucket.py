"""A bucket that only its owner's account can reach."""

# pulumi_aws.s3 takes 0.1 seconds to load and does so at its first use. Annotations must not be that use.
from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi_aws import s3

from .aws import policies

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


def make_private_bucket(
    name: str, prefix: str, tags: Mapping[str, str], opts: pulumi.ResourceOptions
) -> tuple[s3.Bucket, list[pulumi.Resource]]:
    """Make a bucket, and the resources that keep it private, encrypted, versioned and reachable over TLS only.

    Args:
        name: Logical name of the bucket and of each of those resources.
        prefix: Prefix of the bucket's name, which the provider completes.
        tags: Tags of the bucket.
        opts: Options of every resource.

    """
    bucket = s3.Bucket(name, bucket_prefix=prefix, tags=tags, opts=opts)
    protections: list[pulumi.Resource] = [
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
    return bucket, protections
