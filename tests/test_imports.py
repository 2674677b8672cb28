"""Which packages may import which."""

from __future__ import annotations

import re

import pytest

from tests.components.program import ROOT


@pytest.mark.parametrize("folder", ["benchmarks", "components", "docs", "package", "rehearsal", "sandbox"])
def test_nothing_outside_the_tests_imports_them(folder: str) -> None:
    """Without this, changing a test breaks a tool, and nobody notices until somebody runs the tool."""
    files = {path: path.read_text() for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts}

    assert files
    assert [
        str(path) for path, text in files.items() if re.search(r"^\s*(from|import) tests\b", text, re.MULTILINE)
    ] == []
