"""Every command line of the rendered builds is one that the real client knows."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import document
from components.config import AstClient
from rehearsal import clients
from tests.components.rendered import client_commands, every_choice, files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Lets click parse each line down to its last command, without running it: values that a build fills in are words of
# the test, and paths are not looked for.
_RESOLVE = """\
import json, shlex, sys
import click
from convisoappsec.flowcli.entrypoint import cli
click.Path.convert = click.File.convert = lambda self, value, *_: value
for line in json.load(sys.stdin):
    words = [word.replace("$", "") or "value" for word in shlex.split(line)][1:]
    command, context = cli, None
    while isinstance(command, click.MultiCommand):
        context = command.make_context(command.name, words, parent=context)
        rest = getattr(context, "_protected_args", None) or context.protected_args
        name, command, words = command.resolve_command(context, [*rest, *context.args])
    context = command.make_context(name, words, parent=context)
    assert not context.args, (line, context.args)
print("resolved")
"""


def commands(*, newer: bool) -> list[str]:
    """Every distinct command line of one of the clients."""
    lines: set[str] = set()
    for choice in every_choice():
        if isinstance(choice.client, AstClient) == newer:
            lines |= set(client_commands(choice, files(document(choice))["build.sh"]))
    return sorted(lines)


def resolve(environment: Path, lines: list[Any], folder: Path) -> subprocess.CompletedProcess[str]:
    """Ask the real click tree of a client."""
    python = environment / "bin" / "python"
    command = [str(python), "-I", "-W", "ignore", "-c", _RESOLVE]
    return subprocess.run(command, input=json.dumps(lines), cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("environment", "newer"),
    [(clients.flowcli_env, False), (clients.ast_env, True)],
    ids=["conviso-flowcli", "conviso-ast"],
)
def test_the_client_knows_each_command_line(environment: Callable[[], Path], tmp_path: Path, *, newer: bool) -> None:
    lines = commands(newer=newer)
    assert len(lines) >= 6, "deploys or `ast run`, three scans and the gate"
    done = resolve(environment(), lines, tmp_path)
    assert done.stdout == "resolved\n", done.stderr


def test_the_documents_own_command_would_be_noticed(tmp_path: Path) -> None:
    """The source document has `sort by time`, which no version of the tool knows."""
    done = resolve(clients.flowcli_env(), ["conviso deploy create with tag-tracker sort by time"], tmp_path)
    assert "No such command" in done.stderr
