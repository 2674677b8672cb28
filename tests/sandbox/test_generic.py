"""The sandbox serves any Pulumi program on AWS: what it knows of this one stands in one file."""

import re
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[2] / "sandbox"


@pytest.mark.parametrize("path", sorted(SANDBOX.glob("*.py")), ids=lambda path: path.name)
def test_only_one_file_knows_this_program(path: Path) -> None:
    """Without this, the sandbox grows into the product and neither can be changed alone."""
    known = re.findall(r"conviso|apiKey|\bfrom components\b|\bimport components\b", path.read_text(), re.IGNORECASE)

    assert bool(known) is (path.name == "product.py")
