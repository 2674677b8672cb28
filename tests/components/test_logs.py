"""Where logs go: a log group, an existing bucket, or a created bucket, which is private and deletes old logs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.building import BUCKET, LOG_BUCKET_TYPES, LOG_GROUP, PROJECT, build
from tests.config import samples
from tests.config.samples import settings, short
from tests.harness import Graph, arn, physical_name

NAME = physical_name("shop-logs")


@pytest.mark.parametrize(
    ("logs", "cloudwatch", "s3"),
    [
        ({"destination": "cloudwatch"}, True, None),
        ({"destination": "s3"}, False, f"{physical_name('shop-logs')}/conviso-dev-shop"),
        ({"destination": "s3", "bucket": "acme-logs"}, False, "acme-logs/conviso-dev-shop"),
        ({"destination": "both"}, True, f"{physical_name('shop-logs')}/conviso-dev-shop"),
        (
            {"destination": "both", "bucket": "acme-logs", "prefix": "ci/shop"},
            True,
            "acme-logs/ci/shop/conviso-dev-shop",
        ),
    ],
    ids=short,
)
def test_logs_go_only_to_the_chosen_destination(logs: dict[str, Any], *, cloudwatch: bool, s3: str | None) -> None:
    group = {"groupName": "/aws/codebuild/conviso-dev-shop"} if cloudwatch else {}
    objects = {"location": s3} if s3 else {}

    assert build(settings(logs=logs)).one(PROJECT).inputs["logsConfig"] == {
        "cloudwatchLogs": {"status": "ENABLED" if cloudwatch else "DISABLED", **group},
        "s3Logs": {"status": "ENABLED" if s3 else "DISABLED", "encryptionDisabled": False, **objects},
    }


def test_logs_in_an_existing_bucket_are_encrypted_with_its_kms_key() -> None:
    """Without this, CodeBuild asks S3 for the AWS managed key, which the bucket's policy may refuse."""
    chosen = settings(logs={"destination": "s3", "bucket": "acme-logs", "bucketKmsKeyArn": samples.KEY})

    assert build(chosen).one(PROJECT).inputs["encryptionKey"] == samples.KEY


def test_a_log_bucket_of_the_same_program_replaces_the_created_one() -> None:
    made = build(settings(logs={"destination": "s3"}), log_bucket="made-here").one(PROJECT)

    assert made.inputs["logsConfig"]["s3Logs"]["location"] == "made-here/conviso-dev-shop"


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ({}, {"retentionInDays": 365}),
        ({"retentionDays": 30}, {"retentionInDays": 30}),
        ({"destination": "both", "kmsKeyArn": samples.KEY}, {"retentionInDays": 365, "kmsKeyId": samples.KEY}),
    ],
    ids=short,
)
def test_the_log_group_has_the_chosen_retention_and_kms_key(logs: dict[str, Any], expected: dict[str, Any]) -> None:
    group = build(settings(logs=logs)).one(LOG_GROUP).inputs

    assert group == {"name": "/aws/codebuild/conviso-dev-shop", "tags": {"conviso:stack": "dev"}, **expected}


def bucket(**logs: Any) -> Graph:
    """Return the graph of an integration that creates its own log bucket."""
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


def test_the_bucket_policy_denies_access_without_tls() -> None:
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
def test_logs_expire_together_with_old_versions_and_incomplete_uploads(logs: dict[str, Any], days: int) -> None:
    """Without the second and third rule, versioning keeps deleted logs forever."""
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


def test_the_bucket_has_a_name_prefix_and_the_integrations_tags() -> None:
    assert bucket().one(BUCKET).inputs == {
        "bucketPrefix": "conviso-dev-shop-logs-",
        "tags": {"team": "appsec", "conviso:stack": "dev"},
    }
