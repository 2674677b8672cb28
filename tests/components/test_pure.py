"""What lies in a folder of `components/` is plain Python: whoever reads or documents it needs no Pulumi."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.components.program import ROOT

FOLDERS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.glob("components/*/**/*.py")
    if "client" not in path.parts  # runs in a build, beside the vendor's client
)


def imported_without_pulumi(module: str) -> subprocess.CompletedProcess[str]:
    blocked = "import sys; sys.modules.update(pulumi=None, pulumi_aws=None)"
    command = [sys.executable, "-c", f"{blocked}; import {module}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("module", FOLDERS)
def test_a_module_in_a_folder_is_imported_where_there_is_no_pulumi(module: str) -> None:
    """Without this, the documentation tools and the tests of plain values would need Pulumi."""
    done = imported_without_pulumi(module)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_module_that_makes_resources_is_not_imported_without_pulumi() -> None:
    """Without this, the test above could pass because nothing is blocked."""
    assert "import of pulumi halted" in imported_without_pulumi("components.project_args").stderr
