"""The real client accepts every command line of the rendered buildspecs."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec.compose import Choices, script
from components.config import AstClient
from rehearsal import clients
from tests.components.rendered import client_commands, every_choice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Makes click parse each line down to its last command without running it. Variables become plain words, and paths need
# not exist.
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


def commands(*, ast: bool) -> list[str]:
    """Return every distinct command line of one of the clients."""
    lines: set[str] = set()
    for choice in every_choice():
        if isinstance(choice.client, AstClient) == ast:
            lines |= set(client_commands(choice, script(Choices.of(choice))))
    return sorted(lines)


def resolve(environment: Path, lines: list[Any], folder: Path) -> subprocess.CompletedProcess[str]:
    """Resolve the command lines with the client's own click commands."""
    python = environment / "bin" / "python"
    command = [str(python), "-I", "-W", "ignore", "-c", _RESOLVE]
    return subprocess.run(command, input=json.dumps(lines), cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("environment", "ast"),
    [(clients.flowcli_env, False), (clients.ast_env, True)],
    ids=["conviso-flowcli", "conviso-ast"],
)
def test_the_client_accepts_every_command_line(environment: Callable[[], Path], tmp_path: Path, *, ast: bool) -> None:
    """Without this, a new version of the client that renames an option breaks builds only after a deployment."""
    lines = commands(ast=ast)
    assert len(lines) >= 6, "deploys or `ast run`, three scans and the gate"
    done = resolve(environment(), lines, tmp_path)
    assert done.stdout == "resolved\n", done.stderr


def test_a_command_that_the_client_lacks_is_noticed(tmp_path: Path) -> None:
    """Without this, the check could accept anything; the vendor's guide has `sort by time`, which no version knows."""
    done = resolve(clients.flowcli_env(), ["conviso deploy create with tag-tracker sort by time"], tmp_path)
    assert "No such command" in done.stderr
