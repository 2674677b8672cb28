"""`doctor` from the command line, and what keeps a command from running."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
)

from fleet.__main__ import COULD_NOT_RUN, FINDINGS, FINE, main
from fleet.aws import Aws, action
from fleet.commands import stack_commands as command
from fleet.output import followed, table
from tests.fleet.world import REGION, Denied, Throttled, World

if TYPE_CHECKING:
    from fleet.stack import Stack

ARGUMENTS = ("doctor", "--stack", "prod", "--outputs", "outputs.json")


@pytest.fixture
def world(deployed: tuple[World, Stack], monkeypatch: pytest.MonkeyPatch) -> World:
    """The account that the command asks."""
    monkeypatch.setattr(command, "Aws", lambda _: deployed[0])
    return deployed[0]


def test_a_healthy_stack_is_one_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a nightly job would print a page that nobody reads."""
    del world

    assert main(ARGUMENTS) == FINE
    said = capsys.readouterr().out
    assert re.fullmatch(r"(\d+) checks: \1 ok, 0 note, 0 wrong, 0 unknown\n", said)


def test_each_finding_is_a_row_with_a_whole_command(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a command would be cut off in the middle, and could not be copied."""
    del world.projects["conviso-prod-shop-api"]["webhook"]

    assert main(ARGUMENTS) == FINDINGS
    heading, row, *_ = capsys.readouterr().out.splitlines()
    assert heading.split("  ")[0] == "integration"
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == [
        *("shop-api", "webhook", "wrong", "is gone: no push starts a build", "pulumi up --refresh --stack prod")
    ]


def test_machines_get_every_row(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a program could not tell a check that passed from one that was never made."""
    del world

    assert main([*ARGUMENTS, "--json"]) == FINE
    rows = json.loads(capsys.readouterr().out)
    assert {row["integration"] for row in rows} == {"(stack)", "shop-api", "billing", "legacy-erp"}
    assert rows[0].keys() == {"integration", "check", "state", "found", "remedy"}


def test_an_integration_that_was_not_deployed_is_a_finding(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a repository that was added but never deployed would not be reviewed, and nobody would know."""
    del world
    outputs = json.loads(Path("outputs.json").read_text())
    del outputs["integrations"]["billing"]
    (tmp_path / "outputs.json").write_text(json.dumps(outputs))

    assert main(["doctor", "--stack", "prod", "--outputs", str(tmp_path / "outputs.json")]) == FINDINGS
    assert "was not deployed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        ("nonsense", "not JSON"),
        ("[]", "no output `integrations`"),
        ('{"integrations": {"shop": {}}}', "integrations.shop.projectName: is required"),
        ('{"integrations": {"shop": {}}}', "schemaVersion: is required\n"),
        ('{"schemaVersion": 1, "integrations": "[secret]"}', "integrations: must be a map"),
        ('{"schemaVersion": 1, "integrations": {"shop": null}}', "integrations.shop: must be a map"),
        ('{"schemaVersion": 2, "integrations": {"shop": {}}}', "use the version of conviso-codebuild that deployed"),
        ('{"integrations": {"shop": {}}}', "`pulumi up --stack prod` brings them up to date"),
    ],
)
def test_outputs_that_the_command_cannot_read_are_refused_by_field(
    world: World, tmp_path: Path, outputs: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, the wrong file, or an older stack, would end the command with a stack trace."""
    del world
    (tmp_path / "outputs.json").write_text(outputs)

    assert main(["doctor", "--stack", "prod", "--outputs", str(tmp_path / "outputs.json")]) == COULD_NOT_RUN
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--stack", "nowhere", "--outputs", "outputs.json"], "there is no stack file Pulumi.nowhere.yaml"),
        (["--stack", "prod", "--outputs", "nowhere.json"], "nowhere.json cannot be read"),
        (["--stack", "prod"], "The Pulumi CLI is not installed"),
    ],
)
def test_a_command_that_cannot_run_says_why(
    world: World,
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without this, a pipeline would take a check that never ran for one with findings."""
    del world
    monkeypatch.setenv("PATH", os.devnull)

    assert main(["doctor", *arguments]) == COULD_NOT_RUN
    assert says in capsys.readouterr().err


def test_the_outputs_come_from_the_pulumi_cli(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, the command would need a file of outputs even where the CLI is installed."""
    del world
    cli = tmp_path / "pulumi"
    wanted = "stack output --json --stack prod --non-interactive"
    cli.write_text(f'#!/bin/sh\n[ "$*" = "{wanted}" ] && exec cat outputs.json\necho no such stack >&2\nexit 255\n')
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")

    assert main(["doctor", "--stack", "prod"]) == FINE
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path)
    assert main(["doctor", "--stack", "prod"]) == COULD_NOT_RUN
    assert "no stack file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NoCredentialsError(), "aws sts get-caller-identity"),
        (ClientError({"Error": {"Code": "ExpiredToken", "Message": "The token has expired"}}, "x"), "does not accept"),
        (ClientError({"Error": {"Code": "RequestExpired", "Message": "It has expired"}}, "x"), "does not accept"),
        (EndpointConnectionError(endpoint_url="https://sts.example/"), "aws sts get-caller-identity"),
    ],
)
def test_a_shell_without_a_login_ends_the_command_with_a_hint(
    world: World, error: Exception, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, every row would be `unknown`, and none would say why."""
    del world
    asked = Aws(REGION)
    monkeypatch.setattr(asked, "call", Mock(side_effect=error))
    monkeypatch.setattr(command, "Aws", lambda _: asked)

    assert main(ARGUMENTS) == COULD_NOT_RUN
    assert says in capsys.readouterr().err


def test_a_login_to_another_account_ends_the_command(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, everything would seem to be missing, and the remedies would create it in the wrong account."""
    world.say("sts", "get_caller_identity", {"Account": "210987654321"})

    assert main(ARGUMENTS) == COULD_NOT_RUN
    assert "account 210987654321; stack prod is in account 123456789012" in capsys.readouterr().err
    assert {service for service, *_ in world.asked} == {"sts"}


def test_a_refused_call_that_the_whole_command_needs_ends_it_with_the_policy(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, AWS's refusal would end the command with a stack trace."""
    world.say("codebuild", "batch_get_projects", Denied())

    assert main(ARGUMENTS) == COULD_NOT_RUN
    assert "codebuild:BatchGetProjects: not authorized\ndocs/permissions.md" in capsys.readouterr().err


def test_a_throttled_call_is_not_reported_as_a_missing_permission(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, you would attach a policy that you have, and the command would fail again."""
    world.say("codebuild", "batch_get_projects", Throttled())

    assert main(ARGUMENTS) == COULD_NOT_RUN
    assert capsys.readouterr().err == "codebuild:BatchGetProjects: Rate exceeded\nTry again\n"


def test_a_service_that_cannot_be_reached_is_a_row(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a region that lacks one of the services would keep the doctor from checking anything."""
    call = world.call

    def without_quotas(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if service == "service-quotas":
            raise EndpointConnectionError(endpoint_url="https://quotas.example/")
        return call(service, operation, parameters)

    monkeypatch.setattr(world, "call", without_quotas)
    assert main([*ARGUMENTS, "--json"]) == FINDINGS
    (row,) = (row for row in json.loads(capsys.readouterr().out) if row["state"] != "ok")
    assert (row["check"], row["state"], row["remedy"]) == ("quota", "unknown", "try again")


def test_actions_have_the_names_that_iam_uses() -> None:
    """Without this, a row would tell you to allow an action that does not exist."""
    assert action("codebuild", "batch_get_projects") == "codebuild:BatchGetProjects"
    assert action("service-quotas", "list_service_quotas") == "servicequotas:ListServiceQuotas"
    assert action("s3", "get_bucket_notification_configuration") == "s3:GetBucketNotification"


def test_brackets_in_a_message_of_aws_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, rich would take `[red]` for a color and drop it."""
    table(["found"], [["[red]exit status [1]"]], {})

    assert "[red]exit status [1]" in capsys.readouterr().out


def test_a_message_of_aws_neither_breaks_a_row_nor_controls_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a build could overwrite other rows in the terminal of the person who looks at them."""
    table(["found", "what to do"], [["exit\n status\x1b[2J 1", "look"]], {})

    assert capsys.readouterr().out.splitlines()[1:] == ["exit status [2J 1  look"]


def test_a_short_command_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a bar would flash up and disappear each time that AWS answers at once."""
    assert list(followed([1, 2], 2, "Asking")) == [1, 2]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_lacks_a_character_shows_the_rest(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Without this, one character of one message would end the command with a stack trace."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stderr", stream)

    assert main(["adopt", "nowhere….json", "--stack", "old"]) == COULD_NOT_RUN
    stream.flush()
    assert stream.buffer.getvalue().startswith(b"nowhere?.json cannot be read")


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_closed_stream_leaves_only_the_exit_code(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Without this, a job that closes its output would see a stack trace in place of a result."""
    del world
    monkeypatch.setattr(sys, name, None)

    assert main(ARGUMENTS) == FINE
    assert main([*ARGUMENTS[:-1], "nowhere.json"]) == COULD_NOT_RUN


def test_no_line_of_a_table_ends_in_spaces_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a terminal would wrap the spaces of the heading into empty lines."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    table(["found", "what to do"], [["gone", "a long command"], ["wrong", ""]], {"wrong": "bold red"})

    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in capsys.readouterr().out.splitlines()]
    assert lines == ["found  what to do", "gone   a long command", "wrong"]
