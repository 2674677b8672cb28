"""AWS accepts the stack files at the top of the repository, including those that their owner added."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandbox

ROOT = Path(__file__).resolve().parents[2]
STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


@pytest.mark.parametrize("stack", STACKS)
def test_aws_accepts_what_a_stack_file_creates(stack: str) -> None:
    """Without this, the first command of the README fails, or a team merges a stack file that cannot be deployed."""
    result = sandbox.run(ROOT, stack)

    assert result.problems == []
    projects = {each.name for each in result.resources if each.type == "aws:codebuild/project:Project"}
    assert projects >= {f"{name}-project" for name in result.outputs["integrations"]}
