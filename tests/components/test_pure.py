"""What lies in a folder of `components/` is plain Python: whoever reads or documents it needs no Pulumi."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.components.program import ROOT

FOLDERS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.glob("components/*/**/*.py")
    if "client" not in path.parts  # runs in a build, beside the vendor's client
)


_IMPORT = """\
import importlib, json, sys
sys.modules.update(pulumi=None, pulumi_aws=None)
errors = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        errors[name] = str(error)
print(json.dumps(errors))
"""


def errors_without_pulumi(*modules: str) -> dict[str, str]:
    """What an import of each of these modules ends with, for those that fail."""
    command = [sys.executable, "-c", _IMPORT, *modules]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    errors: dict[str, str] = json.loads(done.stdout)
    return errors


def test_every_module_in_a_folder_is_imported_where_there_is_no_pulumi() -> None:
    """Without this, the documentation tools and the tests of plain values would need Pulumi."""
    assert len(FOLDERS) > 1
    assert errors_without_pulumi(*FOLDERS) == {}


def test_a_module_that_makes_resources_is_not_imported_without_pulumi() -> None:
    """Without this, the test above could pass because nothing is blocked."""
    assert "import of pulumi halted" in errors_without_pulumi("components.project_args")["components.project_args"]
