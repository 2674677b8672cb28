"""The modules that a rehearsal imports."""

from __future__ import annotations

import subprocess
import sys

from tests.rehearsal.conftest import ROOT

PLAIN = {"config", "buildspec", "aws"}


def test_a_rehearsal_imports_neither_tests_nor_resources() -> None:
    """Without this test, a rehearsal can come to depend on code that no user of it has or needs."""
    code = "import sys, rehearsal.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = [name.split(".") for name in done.stdout.split()]
    assert {parts[1] for parts in modules if parts[0] == "components" and len(parts) > 1} <= PLAIN
    assert not [parts for parts in modules if parts[0] == "tests"]
