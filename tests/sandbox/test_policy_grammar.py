"""Policies that IAM would refuse are problems, although moto accepts most of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pulumi_aws import (
    iam,
)

from tests.sandbox import programs
from tests.sandbox.programs import messages

if TYPE_CHECKING:
    from tests.sandbox.conftest import Make


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: "),
        ("[]", "must be a JSON object"),
        (programs.policy(action="logs"), "Statement[0] has the malformed action 'logs'"),
        (programs.policy(resource="logs"), "Statement[0] has a resource that is neither * nor an ARN: 'logs'"),
        (programs.policy(resource=[]), "Statement[0] must have exactly one of Resource and NotResource"),
        (programs.policy(NotAction="s3:*"), "Statement[0] must have exactly one of Action and NotAction"),
        (programs.policy(Principal="*"), "Statement[0] must not have Principal here"),
        (programs.policy(Effect="Maybe"), "Statement[0] must have the Effect Allow or Deny"),
        (programs.policy(Sid="two words"), "Statement[0] has a Sid with other characters than A-Z, a-z and 0-9"),
        (programs.policy(Conditions={}), "Statement[0] has the unknown element Conditions"),
        (programs.policy(Condition=[]), "Statement[0] has a Condition that is no map"),
        ('{"Version": "2012", "Statement": []}', "Version must be 2012-10-17 or 2008-10-17"),
        ('{"Statement": ["x"]}', "Statement[0] must be a map"),
        ('{"Statements": []}', "has the unknown element Statements"),
    ],
)
def test_a_role_policy_that_iam_would_refuse_is_refused(make: Make, text: str, message: str) -> None:
    """Without this, the policy passes here, and `pulumi up` stops in the middle."""
    found = messages(make, lambda: iam.RolePolicy("p", role=programs.role().name, policy=text))
    assert found[0].startswith(f"PolicyDocument: {message}")


def test_a_repeated_sid_is_refused(make: Make) -> None:
    """Without this, two statements with the same Sid pass here, and IAM refuses the policy."""
    statement = {"Sid": "Same", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement, statement]})
    found = messages(make, lambda: iam.RolePolicy("p", role=programs.role().name, policy=text))
    assert found == ["PolicyDocument: the Sid Same stands in 2 statements"]


def test_a_trust_policy_needs_a_principal(make: Make) -> None:
    """Without this, a role that nobody can assume passes here."""
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})
    assert messages(make, lambda: programs.role(assume_role_policy=text)) == [
        "AssumeRolePolicyDocument: Statement[0] must have exactly one of Principal and NotPrincipal"
    ]


def test_the_inline_policies_of_a_role_share_one_limit(make: Make) -> None:
    """Without this, policies that fit one by one pass here, and IAM refuses the last one."""
    resources = [f"arn:aws:s3:::bucket-{number:06}/*" for number in range(180)]

    def program() -> None:
        role = programs.role()
        for name in ("first", "second"):
            iam.RolePolicy(name, role=role.name, policy=programs.policy(resource=resources))

    (found,) = messages(make, program)
    assert found.endswith("have more than 10240 characters together")


def test_a_single_policy_may_be_too_long(make: Make) -> None:
    """Without this, the policy of a stack with many resources passes here, and IAM refuses it."""
    resources = [f"arn:aws:s3:::bucket-{number:06}/*" for number in range(400)]
    found = messages(make, lambda: iam.RolePolicy("p", role="r", policy=programs.policy(resource=resources)))
    assert "a role's inline policies have 10240" in found[0]
