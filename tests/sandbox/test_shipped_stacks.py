"""The stack files at the top of the repository are examples that AWS accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandbox

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_shipped_stack_makes_what_aws_accepts(stack: str) -> None:
    result = sandbox.run(ROOT, stack)

    assert result.problems == []
    projects = {each.name for each in result.resources if each.type == "aws:codebuild/project:Project"}
    assert projects == {f"{name}-project" for name in result.outputs["integrations"]}


def test_the_shipped_stacks_build_different_references_of_the_same_project() -> None:
    """Else each environment would take the other's deploys."""
    versions = []
    for stack in ("dev", "prod"):
        (project,) = [each for each in sandbox.run(ROOT, stack).resources if each.name == "shop-api-project"]
        versions.append(project.inputs["sourceVersion"])

    assert versions[0] != versions[1]
