"""One credential of each known kind, and configurations that set every field, for tests to paste them into."""

from __future__ import annotations

from tests.config import samples
from tests.config.samples import integration, stack

# Each is joined from two halves, so that secret scanners find nothing in this repository.
CREDENTIALS = {
    "an AWS access key": "AKIA" + "IOSFODNN7EXAMPLE",
    "an AWS secret access key": "wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY",
    "a GitHub token": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "a GitLab token": "glpat-" + "Zx8Kq2Lm4Np6Rt0Vw3Yb",
    "an Atlassian token": "ATBB" + "3kF9xQ7mZ2pL5vR8tW1c",
    "a Slack token": "xoxb-" + "123456789012-abcdefABCDEF",
    "a Slack webhook": "https://hooks.slack.com" + "/services/T000/B000/XXXX",
    "a token of a package index": "npm_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "a Docker token": "dckr_pat_" + "a1B2c3D4e5F6g7H8i9J0",
    "a Pulumi token": "pul-" + "0123456789abcdef0123456789abcdef01234567",
    "a Google API key": "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "a Stripe key": "sk_live_" + "a1B2c3D4e5F6g7H8",
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "a private key": "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEpAIBAAKCAQEA",
    "a URL with a password": "postgres://bob:" + "hunter2@db.acme.example/shop",
}
NO_KNOWN_FORM = ("dGhpcyBpcyBub3QgYSBrZXk7aXQgaXMgYSB0ZXN0", "8ac1b9f0d2e3c4b5a697887766554433221100ff")
"""Keys such as those of Conviso Platform, which no prefix or other mark tells apart from ordinary text."""

EVERYTHING = integration(
    description="Shop",
    source={"submodules": True, "auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": samples.KEY}},
    review={"strategy": "tags-by-time", "tagPrefix": "v"},
    scans={
        "sast": "deploy-range",
        "sca": True,
        "iac": True,
        "failOn": {"severity": "LOW", "count": 1},
        "rulesFile": "r.yml",
    },
    client={"package": "conviso-flowcli", "version": "2.1.17"},
    platform={"apiUrl": "https://conviso.acme.example", "companyId": "12", "assetName": "shop"},
    buildspec={"location": "repository", "path": "ci.yml"},
    triggers={"push": {"filePaths": ["src/**"]}, "tags": "v*"},
    environment={
        "computeType": "BUILD_GENERAL1_SMALL",
        "image": "aws/codebuild/standard:7.0",
        "timeoutMinutes": 60,
        "queuedTimeoutMinutes": 60,
        "concurrentBuilds": 1,
        "autoRetries": 1,
        "vpc": samples.VPC,
        "certificate": samples.CERTIFICATE,
        "dockerLayerCache": True,
        "variables": {"MODE": "fast"},
    },
    logs={"destination": "both", "retentionDays": 30, "kmsKeyArn": samples.KEY, "bucket": "acme-logs", "prefix": "a"},
    secret={"existingArn": samples.SECRET, "key": "K", "kmsKeyArn": samples.KEY},
    role={"path": "/a/", "permissionsBoundaryArn": samples.BOUNDARY},
    tags={"team": "shop"},
)
"""An integration that sets every field."""

RAW = {
    "git": stack(integrations={"shop": EVERYTHING}, secret={"name": "n", "key": "K", "value": "state"}),
    "s3": stack(
        integrations={"shop": integration("s3", source={"version": "v", "kmsKeyArn": samples.KEY})},
        secret={"existingArn": samples.SECRET, "key": "K", "kmsKeyArn": samples.KEY},
        defaults={"tags": {"team": "shop"}},
    ),
    "codecommit": stack(integrations={"shop": integration("codecommit")}, secret={"kmsKeyArn": samples.KEY}),
}
