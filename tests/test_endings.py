"""Commands that somebody stops: with Ctrl-C, or as the reader in `python -m sandbox --stack dev | head -1`."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.command_line import exit_code
from tests.components.program import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LIST = ROOT / "tests" / "fleet" / "lists" / "github.json"


@pytest.mark.parametrize(
    "arguments",
    [["sandbox", "--stack", "dev"], ["fleet", "discover", str(LIST), "--file", "{folder}/shops.yaml"]],
    ids=lambda arguments: arguments[0],
)
def test_a_closed_pipe_ends_a_command_without_a_stack_trace(tmp_path: Path, arguments: list[str]) -> None:
    """Without this, `| head` adds a stack trace to what it shows."""
    words = [word.replace("{folder}", str(tmp_path)) for word in arguments]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, "")


def test_ctrl_c_ends_a_command_without_a_stack_trace() -> None:
    """Without this, whoever stops a rehearsal sees a stack trace instead of a prompt."""

    def interrupted() -> int:
        raise KeyboardInterrupt

    assert exit_code(interrupted) == 130
