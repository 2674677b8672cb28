"""What the room is built on."""

from __future__ import annotations

import subprocess
import sys

from tests.rehearsal.conftest import ROOT

PLAIN = {"config", "buildspec", "aws"}


def test_a_rehearsal_needs_neither_the_tests_nor_what_makes_resources() -> None:
    """Without this test, a rehearsal could come to depend on what it should only show."""
    code = "import sys, rehearsal.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = [name.split(".") for name in done.stdout.split()]
    assert {parts[1] for parts in modules if parts[0] == "components" and len(parts) > 1} <= PLAIN
    assert not [parts for parts in modules if parts[0] == "tests"]
