"""A small Pulumi project, and a fixture that runs programs in the sandbox for such a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sandbox import Result

    Make = Callable[..., Result]

PULUMI_YAML = """\
name: shop
runtime: python
config:
  apiKey: {type: string, default: ""}
  settings: {type: object, default: {}}
  names: {type: array, default: []}
  count: {type: integer, default: 3}
  wanted: {type: boolean, default: false}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder that contains only a `Pulumi.yaml`."""
    (tmp_path / "Pulumi.yaml").write_text(PULUMI_YAML)
    return tmp_path


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that runs a program in the sandbox and returns the result."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "Pulumi.yaml").write_text(PULUMI_YAML)

    def run(program: Callable[[], object], config: Mapping[str, Any] | None = None) -> Result:
        return sandbox.run(folder, "dev", {"aws:region": "us-east-1", **(config or {})}, program=program)

    return run
