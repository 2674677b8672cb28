"""The policy of the build's role, to which each choice adds exactly its own statements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.api_key import SecretReference
from tests.components.building import build, statements
from tests.config import samples
from tests.config.samples import GIT_HOSTS, STRATEGIES, settings, short
from tests.harness import physical_name

if TYPE_CHECKING:
    from tests.components.building import Statement


def allow(actions: list[str] | str, *resources: str, when: dict[str, Any] | None = None) -> Statement:
    """Return a statement that allows the actions."""
    listed = [actions] if isinstance(actions, str) else actions
    condition = {"Condition": when} if when else {}
    return {"Effect": "Allow", "Action": listed, "Resource": list(resources), **condition}


def through(service: str) -> dict[str, Any]:
    """Return the condition that a KMS key is used only through that service."""
    return {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}


CONDITION_OF_SUBNETS = {
    "ArnEquals": {
        "ec2:Subnet": [
            "arn:aws:ec2:us-east-1:*:subnet/subnet-0aaa1111",
            "arn:aws:ec2:us-east-1:*:subnet/subnet-0bbb2222",
        ]
    }
}
API_KEY = allow("secretsmanager:GetSecretValue", samples.SECRET)
LOG_STREAMS = allow(
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    "arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/conviso-dev-shop:*",
)
BASE = [API_KEY, LOG_STREAMS]


def same(found: list[Statement], expected: list[Statement]) -> bool:
    """Return whether both lists contain the same statements, in any order."""
    return sorted(map(json.dumps, found)) == sorted(map(json.dumps, expected))


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("provider", GIT_HOSTS)
def test_without_a_login_a_build_may_only_read_its_api_key_and_write_its_logs(provider: str, strategy: str) -> None:
    assert statements(build(settings(provider, **samples.reviewed(provider, strategy)))) == BASE


@pytest.mark.parametrize(
    ("choice", "added"),
    [
        ({"review": {"strategy": "none"}, "client": {"package": "conviso-ast"}}, []),
        ({"buildspec": {"location": "repository"}}, []),
        ({"environment": {"dockerLayerCache": True, "concurrentBuilds": 1}}, []),
        ({"logs": {"kmsKeyArn": samples.KEY}}, []),
        ({"environment": {"image": "public.ecr.aws/acme/build:1"}}, []),
        (
            {"source": {"auth": {"connectionArn": samples.CONNECTION}}},
            [
                allow(
                    [
                        "codeconnections:GetConnection",
                        "codeconnections:GetConnectionToken",
                        "codeconnections:UseConnection",
                    ],
                    samples.CONNECTION,
                )
            ],
        ),
        (
            {"source": {"auth": {"connectionArn": samples.OLD_CONNECTION}}},
            [
                allow(
                    [
                        "codestar-connections:GetConnection",
                        "codestar-connections:GetConnectionToken",
                        "codestar-connections:UseConnection",
                    ],
                    samples.OLD_CONNECTION,
                )
            ],
        ),
        (
            {"source": {"auth": {"tokenSecretArn": samples.TOKEN}}},
            [allow("secretsmanager:GetSecretValue", samples.TOKEN)],
        ),
        (
            {"source": {"auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": samples.KEY}}},
            [
                allow("secretsmanager:GetSecretValue", samples.TOKEN),
                allow("kms:Decrypt", samples.KEY, when=through("secretsmanager")),
            ],
        ),
        (
            {"secret": {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}},
            [allow("kms:Decrypt", samples.KEY, when=through("secretsmanager"))],
        ),
        (
            {"logs": {"destination": "both"}},
            [
                allow("s3:PutObject", f"arn:aws:s3:::{physical_name('shop-logs')}/conviso-dev-shop/*"),
                allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], f"arn:aws:s3:::{physical_name('shop-logs')}"),
            ],
        ),
        (
            {"logs": {"destination": "both", "bucket": "acme-logs", "prefix": "ci/shop"}},
            [
                allow("s3:PutObject", "arn:aws:s3:::acme-logs/ci/shop/conviso-dev-shop/*"),
                allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], "arn:aws:s3:::acme-logs"),
            ],
        ),
        (
            {"logs": {"destination": "both", "bucket": "acme-logs", "bucketKmsKeyArn": samples.KEY}},
            [
                allow("s3:PutObject", "arn:aws:s3:::acme-logs/conviso-dev-shop/*"),
                allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], "arn:aws:s3:::acme-logs"),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], samples.KEY, when=through("s3")),
            ],
        ),
        (
            {"environment": {"image": f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/build@sha256:{'0f' * 32}"}},
            [
                allow(
                    ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    "arn:aws:ecr:eu-west-1:123456789012:repository/team/build",
                ),
                allow("ecr:GetAuthorizationToken", "*"),
            ],
        ),
        (
            {"environment": {"certificate": samples.CERTIFICATE}},
            [allow(["s3:GetObject", "s3:GetObjectVersion"], samples.CERTIFICATE)],
        ),
        (
            {"environment": {"vpc": samples.VPC}},
            [
                allow(
                    [
                        "ec2:DescribeDhcpOptions",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSecurityGroups",
                        "ec2:DescribeSubnets",
                        "ec2:DescribeVpcs",
                    ],
                    "*",
                ),
                allow(
                    "ec2:CreateNetworkInterface",
                    "arn:aws:ec2:us-east-1:*:security-group/sg-0ccc3333",
                    "arn:aws:ec2:us-east-1:*:subnet/subnet-0aaa1111",
                    "arn:aws:ec2:us-east-1:*:subnet/subnet-0bbb2222",
                    "arn:aws:ec2:us-east-1:123456789012:network-interface/*",
                ),
                allow(
                    "ec2:DeleteNetworkInterface",
                    "arn:aws:ec2:us-east-1:123456789012:network-interface/*",
                    when=CONDITION_OF_SUBNETS,
                ),
                allow(
                    "ec2:CreateNetworkInterfacePermission",
                    "arn:aws:ec2:us-east-1:123456789012:network-interface/*",
                    when={
                        "StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
                        **CONDITION_OF_SUBNETS,
                    },
                ),
            ],
        ),
    ],
    ids=short,
)
def test_a_choice_adds_only_its_own_statements(choice: dict[str, Any], added: list[Statement]) -> None:
    assert same(statements(build(settings(**choice))), BASE + added)


@pytest.mark.parametrize(
    ("provider", "source", "added"),
    [
        (
            "codecommit",
            {},
            [allow("codecommit:GitPull", "arn:aws:codecommit:us-east-1:123456789012:billing")],
        ),
        (
            "s3",
            {},
            [
                allow(["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::acme-exports/erp/legacy.zip"),
                allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], "arn:aws:s3:::acme-exports"),
            ],
        ),
        (
            "s3",
            {"key": "exports/erp/", "kmsKeyArn": samples.KEY},
            [
                allow(["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::acme-exports/exports/erp/*"),
                allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], "arn:aws:s3:::acme-exports"),
                allow(
                    "s3:ListBucket",
                    "arn:aws:s3:::acme-exports",
                    when={"StringLike": {"s3:prefix": ["exports/erp/*"]}},
                ),
                allow("kms:Decrypt", samples.KEY, when=through("s3")),
            ],
        ),
    ],
    ids=short,
)
def test_a_source_that_the_role_reads_adds_only_its_own_statements(
    provider: str, source: dict[str, Any], added: list[Statement]
) -> None:
    assert same(statements(build(settings(provider, source=source))), BASE + added)


def test_a_build_that_logs_only_to_s3_may_write_to_no_log_group() -> None:
    found = statements(build(settings(logs={"destination": "s3"})))

    assert LOG_STREAMS not in found


def test_the_role_may_use_the_stacks_customer_key_to_decrypt_the_api_key() -> None:
    secret = SecretReference(arn=samples.SECRET, key="FLOW_API_KEY", kms_key_arn=samples.OTHER_KEY)

    expected = [*BASE, allow("kms:Decrypt", samples.OTHER_KEY, when=through("secretsmanager"))]
    assert same(statements(build(settings(), secret=secret)), expected)


def test_an_integration_with_its_own_secret_may_not_read_the_stacks_secret() -> None:
    """Without this, a team with its own API key can read everybody else's."""
    own = {"existingArn": samples.TOKEN}

    assert samples.SECRET not in json.dumps(statements(build(settings(secret=own))))


def test_a_login_of_the_same_program_is_the_only_one_granted() -> None:
    """Without this, the role keeps access to a token that its builds no longer use."""
    chosen = settings(source={"auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": samples.KEY}})

    granted = json.dumps(statements(build(chosen, connection_arn=samples.CONNECTION)))
    assert [arn in granted for arn in (samples.CONNECTION, samples.TOKEN, samples.KEY)] == [True, False, False]
