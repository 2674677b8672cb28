"""Commands whose reader ends early, as in `python -m sandbox --stack dev | head -1`."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

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
