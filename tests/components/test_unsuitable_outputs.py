"""Outputs of other stacks that do not fit the configuration are reported with their field and stack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.config import ConfigError
from components.integration import ConvisoIntegration
from sandbox.graph import Secret
from tests.components.building import (
    PROJECT,
    STACK_SECRET,
)
from tests.components.other_stacks import output, with_connection, world
from tests.components.program import program
from tests.config import samples
from tests.config.samples import integration, settings, short, stack
from tests.harness import HERE, refused, run

SUMMARY = ["outputs of other stacks do not fit the configuration; the errors above name them"]
NOT_TEXT = "must be text: put a number, true or false in quotes"
NO_CONNECTION = "must be an ARN such as arn:aws:codeconnections:us-east-1:123456789012:connection/..."
SECRET_DOES_NOT_FIT = "does not fit this field; it is secret, so the reason is not shown"
FIELD_AND_OUTPUT = "integrations.shop.source.auth.connectionArn: output found of stack acme/network/prod"


@pytest.mark.parametrize(
    ("exported", "message"),
    [
        ({}, "does not exist; that stack exports nothing"),
        ({"vpcId": "vpc-1", "find": "x"}, "does not exist; did you mean find?; that stack exports find, vpcId"),
        ({"found": True}, f"{NOT_TEXT}; got true"),
        (
            {"found": {"arn": samples.CONNECTION}},
            "must be text: put a number, true or false in quotes",
        ),
        (
            {"found": "the-connection"},
            "must be an ARN such as arn:aws:codeconnections:us-east-1:123456789012:connection/...",
        ),
        (
            {"found": samples.CONNECTION.replace("arn:aws:", "arn:aws-cn:")},
            "must be in partition aws, where the stack is; got aws-cn",
        ),
        ({"found": Secret("hunter2hunter2")}, SECRET_DOES_NOT_FIT),
        ({"found": Secret(samples.CONNECTION.replace("arn:aws:", "arn:aws-cn:"))}, SECRET_DOES_NOT_FIT),
    ],
    ids=short,
)
def test_an_unsuitable_output_is_reported_with_its_field_and_stack(exported: dict[str, Any], message: str) -> None:
    """Without this check, the program ends in a stack trace, or AWS refuses the value halfway."""
    lines, graph = refused(program, with_connection(**exported))

    assert lines == SUMMARY
    assert [each for each in graph.messages if "found of stack" in each] == [f"{FIELD_AND_OUTPUT} {message}"]
    assert graph.types()[PROJECT] == 0


@pytest.mark.parametrize(
    ("vpc", "exported", "field", "message"),
    [
        ({"subnetIds": output()}, "subnet-0aaa1111", "subnetIds", "must be a list"),
        ({"subnetIds": output()}, [], "subnetIds", "must have at least 1; it has 0"),
        (
            {"subnetIds": output()},
            ["subnet-0aaa1111", "sg-0ccc3333"],
            "subnetIds",
            "has an entry [1] that must be a subnet's id such as subnet-0abc1234",
        ),
        (
            {"subnetIds": output()},
            [{"stack": "a/b/c", "output": "d"}],
            "subnetIds",
            "must hold the values themselves, not outputs of further stacks",
        ),
        ({"subnetIds": ["subnet-0bbb2222", output()]}, ["subnet-0aaa1111"], "subnetIds[1]", NOT_TEXT),
    ],
    ids=short,
)
def test_an_unsuitable_output_for_a_vpc_is_reported(
    vpc: dict[str, Any], exported: Any, field: str, message: str
) -> None:
    shop = integration(environment={"vpc": {**samples.VPC, **vpc}})

    _, graph = refused(program, world(stack(integrations={"shop": shop}), found=exported))
    where = f"integrations.shop.environment.vpc.{field}"
    assert f"{where}: output found of stack acme/network/prod {message}" in graph.messages


def test_all_unsuitable_outputs_are_reported_at_once() -> None:
    """Without this, every mistake takes another preview to find."""
    shop = integration(source={"auth": {"connectionArn": output("connection")}}, logs={"kmsKeyArn": output("key")})
    raw = stack(integrations={"shop": shop, "web": shop}, secret={"kmsKeyArn": output("key")})

    _, graph = refused(program, world(raw, other=1))
    assert sorted(each.split(": ")[0] for each in graph.messages if "does not exist" in each) == [
        "integrations.shop.logs.kmsKeyArn",
        "integrations.shop.source.auth.connectionArn",
        "integrations.web.logs.kmsKeyArn",
        "integrations.web.source.auth.connectionArn",
        "secret.kmsKeyArn",
    ]


def test_a_component_needs_other_stacks_to_resolve_an_output() -> None:
    """Without a shared reader, two components each reference the stack under the same URN."""
    shop = settings(source={"auth": {"connectionArn": output()}})

    def made() -> None:
        ConvisoIntegration("shop", shop, stack="dev", location=HERE, secret=STACK_SECRET)

    with pytest.raises(ConfigError, match=r"connectionArn: is output found .*: pass `other_stacks` to the component"):
        run(made)


def test_a_preview_reports_a_missing_output() -> None:
    """Without this, a missing output is found only by `pulumi up`."""
    lines, _ = refused(program, replace(with_connection(), preview=True))

    assert lines == SUMMARY
