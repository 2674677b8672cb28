"""What the conditions of a role's policy do: evaluated by reading, because the emulated AWS asks none of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from components.aws import policies
from components.aws.policies import OVERRIDES
from tests.components.building import build, statements
from tests.config import samples
from tests.config.samples import settings
from tests.harness import HERE
from tests.iam import allows

PROJECT = HERE.arn("codebuild", "project/conviso-dev-shop")
SUBNET = HERE.arn("ec2", "subnet/subnet-0aaa1111")
INTERFACE = HERE.arn("ec2", "network-interface/eni-1")


def endpoint(service: str) -> dict[str, str]:
    return {"kms:ViaService": HERE.endpoint(service)}


@cache
def policy(provider: str) -> policies.Document:
    """Of a build with a customer key for its secret, another for its source, and a network."""
    source = {"key": "erp/", "kmsKeyArn": samples.OTHER_KEY} if provider == "s3" else None
    secret = {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY}
    chosen = settings(provider, source=source, secret=secret, environment={"vpc": samples.VPC})
    return policies.document(statements(build(chosen)))


@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        ("kms:Decrypt", samples.KEY, endpoint("secretsmanager"), True),
        ("kms:Decrypt", samples.KEY, endpoint("s3"), False),
        ("kms:Decrypt", samples.KEY, {}, False),
        ("kms:Decrypt", samples.OTHER_KEY, endpoint("s3"), True),
        ("kms:Decrypt", samples.OTHER_KEY, endpoint("secretsmanager"), False),
        ("kms:Encrypt", samples.KEY, endpoint("secretsmanager"), False),
        ("s3:ListBucket", "arn:aws:s3:::acme-exports", {"s3:prefix": "erp/src/"}, True),
        ("s3:ListBucket", "arn:aws:s3:::acme-exports", {"s3:prefix": "payroll/"}, False),
        ("s3:ListBucket", "arn:aws:s3:::acme-exports", {}, False),
        ("ec2:CreateNetworkInterface", SUBNET, {}, True),
        ("ec2:CreateNetworkInterface", HERE.arn("ec2", "subnet/subnet-0fff9999"), {}, False),
        ("ec2:DeleteNetworkInterface", INTERFACE, {"ec2:Subnet": SUBNET}, True),
        ("ec2:DeleteNetworkInterface", INTERFACE, {"ec2:Subnet": HERE.arn("ec2", "subnet/subnet-0fff9999")}, False),
        ("ec2:DeleteNetworkInterface", INTERFACE, {}, False),
        (
            "ec2:CreateNetworkInterfacePermission",
            INTERFACE,
            {"ec2:Subnet": SUBNET, "ec2:AuthorizedService": "codebuild.amazonaws.com"},
            True,
        ),
        (
            "ec2:CreateNetworkInterfacePermission",
            INTERFACE,
            {"ec2:Subnet": SUBNET, "ec2:AuthorizedService": "lambda.amazonaws.com"},
            False,
        ),
    ],
    ids=lambda value: str(value)[-50:],
)
def test_a_build_uses_keys_folders_and_networks_as_its_choices_say(
    action: str, resource: str, context: dict[str, str], *, allowed: bool
) -> None:
    assert allows(policy("s3"), action, resource, **context) is allowed


def test_a_starter_starts_its_project_with_any_version() -> None:
    assert allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", PROJECT)
    other = HERE.arn("codebuild", "project/conviso-dev-shop-2")
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", other)


@pytest.mark.parametrize("override", OVERRIDES)
def test_a_starter_overrides_nothing_else(override: str) -> None:
    """Without the condition, whoever may start a build may give it another buildspec, and so has the role's powers."""
    asked = {f"codebuild:{override}": "x"}
    assert not allows(policies.start_build(HERE, "conviso-dev-shop"), "codebuild:StartBuild", PROJECT, **asked)


@pytest.mark.parametrize("override", OVERRIDES)
def test_a_person_overrides_nothing_by_any_other_policy(override: str) -> None:
    """Without the denials, a second policy that allows to start builds would allow their overrides, too."""
    other = {"Effect": "Allow", "Action": "codebuild:*", "Resource": "*"}
    denials = policies.deny_overrides({"StringEquals": {"aws:ResourceTag/conviso:stack": "dev"}})
    both = policies.document([other, *denials["Statement"]])
    asked, own = {f"codebuild:{override}": "x"}, {"aws:ResourceTag/conviso:stack": "dev"}
    assert not allows(both, "codebuild:StartBuild", PROJECT, **asked, **own)
    assert not allows(both, "codebuild:StartBuildBatch", PROJECT, **own)
    assert allows(both, "codebuild:StartBuild", PROJECT, **own)
    assert allows(both, "codebuild:StartBuild", HERE.arn("codebuild", "project/theirs"), **asked)


def trusts(document: policies.Document, **context: str) -> bool:
    return allows(document, "sts:AssumeRole", **context)


def test_a_role_is_assumed_for_its_own_project_of_its_own_account_only() -> None:
    """Without the conditions, a project of anybody could be given the role: the confused deputy."""
    trust = policies.build_trust(HERE, "conviso-dev-shop")
    own: dict[str, Any] = {"aws:SourceAccount": HERE.account, "aws:SourceArn": PROJECT}
    assert trusts(trust, **own)
    assert not trusts(trust, **own | {"aws:SourceAccount": "999999999999"})
    assert not trusts(trust, **own | {"aws:SourceArn": HERE.arn("codebuild", "project/conviso-dev-shop-2")})
    assert not trusts(trust)
