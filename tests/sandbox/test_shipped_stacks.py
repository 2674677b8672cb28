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


def built(stack: str) -> dict[tuple[str, str], str]:
    """The version that a stack builds, by Conviso project and source."""
    found = {}
    for resource in sandbox.run(ROOT, stack).resources:
        if resource.type == "aws:codebuild/project:Project":
            variables = {each["name"]: each["value"] for each in resource.inputs["environment"]["environmentVariables"]}
            source = resource.inputs["source"]["location"]
            found[variables.get("FLOW_PROJECT_CODE", ""), source] = resource.inputs.get("sourceVersion", "")
    return found


def test_the_shipped_stacks_build_different_versions_of_the_same_source() -> None:
    """Without this, each environment would take the other's deploys."""
    dev, prod = built("dev"), built("prod")

    assert [each for each in dev.keys() & prod.keys() if dev[each] == prod[each]] == []
