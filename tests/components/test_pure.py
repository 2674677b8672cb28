"""The modules in folders of `components/` hold plain values, and do not import Pulumi."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.components.program import ROOT

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.glob("components/*/**/*.py")
    if "client" not in path.parts  # these files run in a build, together with the Conviso client
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
    """Return the import errors of these modules when Pulumi is missing, by module."""
    command = [sys.executable, "-c", _IMPORT, *modules]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    errors: dict[str, str] = json.loads(done.stdout)
    return errors


def test_every_module_in_a_folder_can_be_imported_without_pulumi() -> None:
    """Without this, documentation tools and tests of plain values need Pulumi."""
    assert len(MODULES) > 1
    assert errors_without_pulumi(*MODULES) == {}


def test_a_module_that_makes_resources_is_not_imported_without_pulumi() -> None:
    """Without this, the test above could pass because nothing is blocked."""
    assert "import of pulumi halted" in errors_without_pulumi("components.project_args")["components.project_args"]
