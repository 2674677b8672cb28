"""The bucket for logs that we make: private, encrypted, over TLS only, emptied by age."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.building import BUCKET, LOG_BUCKET_TYPES, build
from tests.config.samples import settings
from tests.harness import Graph, arn, physical_name

NAME = physical_name("shop-logs")


def bucket(**logs: Any) -> Graph:
    """The graph of an integration that logs to a bucket of ours."""
    return build(settings(logs={"destination": "s3", **logs}, tags={"team": "appsec"}))


@pytest.mark.parametrize(
    ("part", "inputs"),
    [
        (
            "BucketPublicAccessBlock",
            {
                "blockPublicAcls": True,
                "blockPublicPolicy": True,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": True,
            },
        ),
        ("BucketOwnershipControls", {"rule": {"objectOwnership": "BucketOwnerEnforced"}}),
        (
            "BucketServerSideEncryptionConfiguration",
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]},
        ),
        ("BucketVersioning", {"versioningConfiguration": {"status": "Enabled"}}),
    ],
)
def test_the_bucket_is_private_encrypted_and_versioned(part: str, inputs: dict[str, Any]) -> None:
    (type_,) = (each for each in LOG_BUCKET_TYPES if each.endswith(f":{part}"))

    assert bucket().one(type_).inputs == {"bucket": NAME, **inputs}


def test_nobody_reaches_the_bucket_without_tls() -> None:
    policy = bucket().one("aws:s3/bucketPolicy:BucketPolicy").inputs

    name = arn("Bucket", "shop-logs")
    assert {**policy, "policy": json.loads(policy["policy"])} == {
        "bucket": NAME,
        "policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [name, f"{name}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        },
    }


@pytest.mark.parametrize(("logs", "days"), [({}, 365), ({"retentionDays": 31}, 31)])
def test_logs_expire_with_their_old_versions_and_unfinished_uploads(logs: dict[str, Any], days: int) -> None:
    expiry = bucket(**logs).one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")

    assert expiry.inputs == {
        "bucket": NAME,
        "rules": [
            {
                "id": "expire",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "expiration": {"days": days},
                "noncurrentVersionExpiration": {"noncurrentDays": 1},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
            }
        ],
    }


def test_the_bucket_has_a_name_of_pulumis_making_and_the_integrations_tags() -> None:
    assert bucket().one(BUCKET).inputs == {"tags": {"team": "appsec"}}
