"""The stack files at the top of the repository, whatever their owner made of them, are ones that AWS accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandbox

ROOT = Path(__file__).resolve().parents[2]
STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_file_makes_what_aws_accepts(stack: str) -> None:
    result = sandbox.run(ROOT, stack)

    assert result.problems == []
    projects = {each.name for each in result.resources if each.type == "aws:codebuild/project:Project"}
    assert projects >= {f"{name}-project" for name in result.outputs["integrations"]}
