"""What a configuration means is plain Python: whoever reads or documents it needs no Pulumi."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.components.program import ROOT

PURE = ["buildspec", "config", "place", "policies", "sources", "triggers"]


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_is_imported_where_there_is_no_pulumi(module: str) -> None:
    blocked = "import sys; sys.modules.update(pulumi=None, pulumi_aws=None)"
    command = [sys.executable, "-c", f"{blocked}; import components.{module}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_module_that_needs_pulumi_is_not_imported_without_it() -> None:
    command = [sys.executable, "-c", "import sys; sys.modules['pulumi'] = None; import components.project"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "import of pulumi halted" in done.stderr
