"""The commands in the documents have only options that the tools and AWS know."""

import importlib
import re
import sys
from collections.abc import Iterator

import botocore.session  # type: ignore[import-untyped]
import pytest
from botocore import xform_name

from tests.docs.test_markdown import DOCUMENTS

MAINS = {
    "docs.permissions": "docs.permissions",
    "fleet": "fleet.__main__",
    "rehearsal": "rehearsal.__main__",
    "sandbox": "sandbox.__main__",
}
"""The module with the `main` of each tool that a page may name."""
OF_THE_AWS_CLI = {"--output", "--query", "--region"}
"""Options of every command of the AWS CLI."""
WITHOUT_AN_OPERATION = {("logs", "tail")}
"""Commands that the AWS CLI itself adds."""


def commands(beginning: str) -> Iterator[str]:
    """Yield each command in the documents that begins with this text, up to the end of its line or code."""
    for document in DOCUMENTS:
        yield from re.findall(
            rf"(?:^ *|(?<=`)|(?<=\| )){beginning} ([a-z][^\n`|>;]+)", document.read_text(), flags=re.MULTILINE
        )


def options(command: str) -> set[str]:
    return set(re.findall(r"(?<!\S)--[a-z-]+", command.partition(" #")[0]))


def help_of(tool: str, *arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", [tool, *arguments, "--help"])
    with pytest.raises(SystemExit):
        importlib.import_module(MAINS[tool]).main()
    return capsys.readouterr().out


def test_every_tool_has_the_options_that_a_page_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a reader copies a command that ends with a usage message."""
    shown: dict[tuple[str, ...], set[str]] = {}
    for command in commands(r"(?:\.venv/bin/)?python -m"):
        tool, *words = command.split()
        if tool in MAINS:
            call = (tool, *words[:1]) if tool == "fleet" else (tool,)
            shown[call] = shown.get(call, set()) | options(command)
    assert {tool for tool, *_ in shown} == {*MAINS}
    for (tool, *arguments), named in shown.items():
        known = options(help_of(tool, *arguments, monkeypatch=monkeypatch, capsys=capsys).replace("[", " "))
        assert named - known == set(), f"{tool} {arguments}"


def test_every_command_of_the_aws_cli_exists_with_these_options() -> None:
    """Without this, whoever is on call copies a command that AWS does not have."""
    session = botocore.session.get_session()
    found = [(*command.split()[:2], command) for command in commands("aws")]
    checked = [each for each in found if each[:2] not in WITHOUT_AN_OPERATION]
    assert len(checked) > 10
    for service, name, command in checked:
        model = session.get_service_model(service)
        operations = {xform_name(each, "-"): each for each in model.operation_names}
        assert name in operations, command
        members = model.operation_model(operations[name]).input_shape.members
        known = {f"--{xform_name(member, '-')}" for member in members}
        assert options(command) - known - OF_THE_AWS_CLI == set(), command
