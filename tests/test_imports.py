"""Which folders may import which, and which modules mypy follows."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.components.program import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("folder", ["benchmarks", "components", "docs", "package", "rehearsal", "sandbox"])
def test_nothing_outside_the_tests_imports_them(folder: str) -> None:
    """Without this, a change of a test breaks a tool, and nobody notices until somebody runs the tool."""
    files = {path: path.read_text() for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts}

    assert files
    assert [
        str(path) for path, text in files.items() if re.search(r"^\s*(from|import) tests\b", text, re.MULTILINE)
    ] == []


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a file imports by their full names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_mypy_follows_every_module_of_pulumi_aws_and_moto_that_is_used() -> None:
    """Without this, all arguments and results of a newly used service are `Any`, and nobody notices."""
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    skipped, followed = ([*each["module"]] for each in mypy["overrides"])
    paths = [path for name in mypy["files"] for path in [ROOT / name, *(ROOT / name).rglob("*.py")] if path.is_file()]
    names = {name for path in paths for name in imported(ast.parse(path.read_text()))}
    used = {name for name in names if f"{name.partition('.')[0]}.*" in skipped and is_module(name)}

    assert "pulumi_aws.iam" in used
    assert {name for name in used if not any(re.fullmatch(covers(each), name) for each in followed)} == set()


def is_module(name: str) -> bool:
    """Return whether the name is that of a module, and not of something in a module."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def covers(pattern: str) -> str:
    """Return the regular expression for a pattern of mypy's, in which `.*` also stands for the module itself."""
    return re.escape(pattern).replace(r"\.\*", r"(\..*)?")
