"""The sandbox serves any Pulumi program for AWS, and only one of its files knows this one."""

import re
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[2] / "sandbox"


@pytest.mark.parametrize("path", sorted(SANDBOX.glob("*.py")), ids=lambda path: path.name)
def test_only_one_file_knows_this_program(path: Path) -> None:
    """Without this, the sandbox and the product grow together, and neither can change alone."""
    known = re.findall(r"conviso|apiKey|\bfrom components\b|\bimport components\b", path.read_text(), re.IGNORECASE)

    assert bool(known) is (path.name == "product.py")
