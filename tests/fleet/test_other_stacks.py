"""Values of another stack are read from its outputs; if that fails, only the rows that need them are unknown."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.config import GitSource, StackOutput
from fleet.doctor import FINDINGS, Extra, Row, State, examine
from fleet.other_stacks import Inputs, NotKnown, OtherStacks
from tests.config import samples

if TYPE_CHECKING:
    from pathlib import Path

    from components.config import IntegrationSettings
    from fleet.stack import Stack
    from tests.fleet.world import World

STACK = "acme/shared/prod"


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The other stack's outputs: a file that a stand-in for the CLI prints; it records each call beside the file."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")
    file, cli = tmp_path / "exports.json", tmp_path / "pulumi"
    wanted = f"stack output --json --stack {STACK} --non-interactive"
    cli.write_text(f'#!/bin/sh\n[ "$*" = "{wanted}" ] || exit 255\necho >>{tmp_path}/calls\nexec cat {file}\n')
    cli.chmod(0o755)
    file.write_text(json.dumps({"connectionArn": samples.CONNECTION}))
    return file


def output(name: str) -> StackOutput:
    return StackOutput(stack=STACK, output=name)


def findings(deployed: tuple[World, Stack]) -> list[Row]:
    """The findings if another stack owns the shop's connection."""
    shop = deployed[1].settings.integrations["shop-api"]
    assert isinstance(shop.source, GitSource)
    assert shop.source.auth
    auth = shop.source.auth.model_copy(update={"connection_arn": output("connectionArn")})
    shop = shop.model_copy(update={"source": shop.source.model_copy(update={"auth": auth})})
    return _findings(deployed, {"shop-api": shop})


def _findings(deployed: tuple[World, Stack], changed: dict[str, IntegrationSettings]) -> list[Row]:
    world, stack = deployed
    settings = replace(stack.settings, integrations={**stack.settings.integrations, **changed})
    stack = replace(stack, settings=settings)
    return [row for group in examine(stack, world, Extra()) for row in group if row.state in FINDINGS]


def test_the_outputs_of_another_stack_are_read_once(deployed: tuple[World, Stack], exports: Path) -> None:
    """Without this, each row of hundreds of integrations would wait for a call of the CLI."""
    assert findings(deployed) == []
    assert (exports.parent / "calls").read_text() == "\n"


def test_a_value_that_differs_from_the_deployed_one_is_a_finding(deployed: tuple[World, Stack], exports: Path) -> None:
    """Without this, a connection that another team replaced would look deployed."""
    exports.write_text(json.dumps({"connectionArn": f"{samples.CONNECTION[:-1]}f"}))

    assert {(row.check, row.state) for row in findings(deployed)} == {
        ("role", State.WRONG),
        ("role-pr", State.WRONG),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"connection": "x"}', "does not exist; did you mean connection?; that stack exports connection"),
        ('{"connectionArn": "[secret]"}', "is secret"),
        ('{"connectionArn": 1}', "must be"),
        ("nonsense", "not JSON"),
    ],
)
def test_only_the_rows_that_need_an_unknown_value_are_unknown(
    deployed: tuple[World, Stack], exports: Path, text: str, says: str
) -> None:
    """Without this, one output of another team would keep the doctor from checking anything."""
    exports.write_text(text)

    found = findings(deployed)
    assert {(row.integration, row.check, row.state) for row in found} == {
        ("shop-api", check, State.UNKNOWN) for check in ("connection", "role", "role-pr")
    }
    assert all(f"output connectionArn of stack {STACK}" in row.found and says in row.found for row in found)


@pytest.mark.parametrize(
    ("bucket", "unknown"),
    [(samples.SOURCES["s3"]["bucket"], set()), (None, {"event rule", "bucket events", "role"})],
)
def test_a_bucket_of_another_stack_is_checked_by_its_name(
    deployed: tuple[World, Stack], exports: Path, bucket: str | None, unknown: set[str]
) -> None:
    """Without this, S3 would be asked about a bucket that has no name."""
    exports.write_text(json.dumps({"bucket": bucket} if bucket else {}))
    erp = deployed[1].settings.integrations["legacy-erp"]
    erp = erp.model_copy(update={"source": erp.source.model_copy(update={"bucket": output("bucket")})})

    assert {row.check for row in _findings(deployed, {"legacy-erp": erp})} == unknown


def test_a_log_groups_key_of_another_stack_is_compared(deployed: tuple[World, Stack], exports: Path) -> None:
    """Without this, logs without the key of the security team would look as configured."""
    exports.write_text(json.dumps({"key": samples.KEY}))
    billing = deployed[1].settings.integrations["billing"]
    billing = billing.model_copy(update={"logs": billing.logs.model_copy(update={"kms_key_arn": output("key")})})

    (row,) = _findings(deployed, {"billing": billing})
    assert (row.check, row.state) == ("log group", State.WRONG)
    assert f"key {samples.KEY}" in row.found


def test_without_a_cli_the_rows_say_so(deployed: tuple[World, Stack], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, you would search another stack for an output that nobody could read."""
    monkeypatch.setenv("PATH", os.devnull)

    found = findings(deployed)
    assert {row.check for row in found} == {"connection", "role", "role-pr"}
    assert all("the Pulumi CLI is not installed" in row.found for row in found)


@pytest.mark.parametrize("subnets", [output("subnetIds"), ["subnet-1", output("subnetId")]])
def test_lists_and_their_entries_are_read(exports: Path, subnets: Any) -> None:
    """Without this, the policy of a role in a VPC could not be compared."""
    exports.write_text(json.dumps({"subnetIds": ["subnet-1", "subnet-2"], "subnetId": "subnet-2", "vpcId": "vpc-1"}))
    inputs = Inputs(secret_arn=samples.SECRET, secret_key="KEY", vpc_id=output("vpcId"), subnet_ids=subnets)

    found = OtherStacks(exports.parent).known(inputs)
    assert (found.secret_arn, found.vpc_id, found.subnet_ids) == (samples.SECRET, "vpc-1", ["subnet-1", "subnet-2"])


def test_a_text_in_place_of_a_list_is_unknown(exports: Path) -> None:
    """Without this, a policy would be compared with one that names single letters."""
    exports.write_text(json.dumps({"subnetIds": "subnet-1"}))

    with pytest.raises(NotKnown, match="subnetIds"):
        OtherStacks(exports.parent).texts(output("subnetIds"))
