"""Outputs of other stacks: those that are passed to a run, and placeholders for all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pulumi
import pytest

import sandbox
from components.config import NotificationSettings, StackSecret
from components.config.integration import PartialIntegration
from components.config.stack_outputs import output_field_paths
from sandbox.graph import MASK, Secret
from sandbox.product import PLACEHOLDERS
from tests.components.program import ROOT
from tests.config.samples import integration

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Make

NETWORK = "acme/network/prod"


def output(name: str, stack: str = NETWORK) -> dict[str, str]:
    return {"stack": stack, "output": name}


def config(region: str = "us-east-1", **keys: Any) -> dict[str, Any]:
    return {"aws:region": region, **{f"conviso-codebuild:{key}": value for key, value in keys.items()}}


def reads(name: str) -> None:
    pulumi.export("read", pulumi.StackReference(NETWORK).get_output(name))


def test_a_program_reads_the_outputs_that_are_passed(project: Path) -> None:
    """Without this, no test can run a program that reads another stack."""
    given = {NETWORK: {"vpcId": "vpc-0abc1234"}}
    result = sandbox.run(project, "dev", {}, program=lambda: reads("vpcId"), stack_outputs=given)

    assert result.outputs == {"read": "vpc-0abc1234"}


def test_a_secret_output_is_not_shown(project: Path) -> None:
    """Without this, the report shows what another stack keeps secret."""
    given = {NETWORK: {"token": Secret("hunter2hunter2"), "open": "x"}}
    result = sandbox.run(project, "dev", {}, program=lambda: reads("token"), stack_outputs=given)

    assert result.outputs == {"read": MASK}


def test_another_programs_reference_to_an_unknown_stack_is_a_problem(make: Make) -> None:
    """Without this, the program continues without a value, as if the stack existed."""
    result = make(lambda: reads("vpcId"))

    assert [str(each) for each in result.problems] == [
        f"the sandbox does not know what {NETWORK} exports; pass it to sandbox.run(stack_outputs=...)"
    ]


def test_an_error_that_the_program_logs_is_a_problem(make: Make) -> None:
    """Without this, a stack that a real engine refuses passes here."""
    result = make(lambda: pulumi.log.error("shop: does not exist"))

    assert [str(each) for each in result.problems] == ["shop: does not exist"]


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1"])
def test_each_output_has_a_placeholder_that_its_field_accepts(region: str) -> None:
    """Without this, nobody can try a stack that reads an output of another stack."""
    shop = integration(
        source={"auth": {"tokenSecretArn": output("token"), "kmsKeyArn": output("key")}},
        environment={
            "vpc": {"id": output("vpc"), "subnetIds": output("subnets"), "securityGroupIds": [output("group")]}
        },
        logs={"destination": "both", "bucket": output("bucket"), "kmsKeyArn": output("key")},
        secret={"existingArn": output("secret", "acme/keys/prod")},
    )
    result = sandbox.run(ROOT, "dev", config(region, integrations={"shop": shop}))

    assert result.problems == []
    assert f"{NETWORK}: placeholders for its outputs token, key, vpc, subnets, group, bucket" in result.notes
    assert "acme/keys/prod: placeholders for its outputs secret" in result.notes


def test_there_is_a_placeholder_for_every_field_that_another_stack_may_own() -> None:
    """Without this, a new field that accepts outputs cannot be tried."""
    types = (PartialIntegration, NotificationSettings, *get_args(get_args(StackSecret)[0]))
    fields = {path[-1] for each in types for path in output_field_paths(each)}

    assert fields == PLACEHOLDERS.keys()


def test_outputs_that_are_passed_are_checked() -> None:
    """Without this, an output that breaks the rule of its field passes here."""
    shop = integration(source={"auth": {"connectionArn": output("connection")}})
    result = sandbox.run(
        ROOT, "dev", config(integrations={"shop": shop}), stack_outputs={NETWORK: {"connection": "github"}}
    )

    assert (
        "integrations.shop.source.auth.connectionArn: output connection of stack acme/network/prod must be an ARN"
        in str(result.problems[0])
    )
