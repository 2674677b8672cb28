"""The cost of a stack grows in proportion to its integrations, measured in steps and bytes instead of seconds."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

import sandbox
from benchmarks.sandbox import stack_config
from docs.generate import ROOT

if TYPE_CHECKING:
    from types import FrameType

    from _typeshed import TraceFunction

    from sandbox.graph import Resource, Result

OURS = (str(ROOT / "components"), str(ROOT / "sandbox"))
SIZES = (3, 6, 12)
IN_BUCKET = {"conviso-codebuild:defaults": {"buildspec": {"location": "bucket"}}}


def made(count: int, **more: Any) -> Result:
    """Return a stack of that many integrations, of three kinds in turn."""
    result = sandbox.run(ROOT, "dev", {**stack_config(count), **more})
    assert result.ok
    return result


def steps(count: int) -> int:
    """Return how many calls and lines of this repository's code run to create the stack."""
    found = 0

    def on_call(frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        nonlocal found
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        found += 1
        return on_line

    def on_line(_frame: FrameType, _event: str, _argument: object) -> TraceFunction:
        nonlocal found
        found += 1
        return on_line

    sys.settrace(on_call)
    try:
        made(count)
    finally:
        sys.settrace(None)
    return found


def kept(resource: Resource) -> int:
    """Return how many bytes of the state are the program's own: inputs, which outputs repeat, and dependencies."""
    return 2 * len(json.dumps(resource.inputs)) + len(json.dumps(resource.dependencies))


def weights(count: int, **more: Any) -> dict[str, int]:
    """Return these bytes for one integration on average, by type, without what the stack creates once."""
    result = made(count, **more)
    found: dict[str, int] = {}
    for each in result.resources:
        if each.parent and "ConvisoIntegration::" in each.parent:
            found[each.type] = found.get(each.type, 0) + kept(each)
    return {type_: total // count for type_, total in found.items()}


def test_each_integration_takes_as_many_steps_as_the_one_before() -> None:
    """Without this, a search through all integrations for each one is noticed only at a thousand repositories."""
    made(3)  # one of each kind, because what is loaded or cached once is not growth
    few, some, many = (steps(size) for size in SIZES)

    # Adding twice as many takes twice the additional steps. One more step for each pair of integrations would add 54.
    assert many - some == pytest.approx(2 * (some - few), abs=10)


@pytest.fixture(name="in_bucket", scope="module")
def _in_bucket() -> dict[str, int]:
    return weights(6, **IN_BUCKET)


def test_the_state_contains_little_of_each_integration(in_bucket: dict[str, int]) -> None:
    """Without this, the state grows unnoticed, and a self-managed backend writes all of it after each step."""
    assert sum(in_bucket.values()) <= MOST_BYTES, in_bucket


def test_with_a_bucket_no_integration_contains_its_buildspec(in_bucket: dict[str, int]) -> None:
    """Without this, each repository adds the whole text to the state twice."""
    project = "aws:codebuild/project:Project"

    assert in_bucket[project] < weights(6)[project] / 5


MOST_BYTES = 12 * 1024
"""The limit for an integration's own values, without what a Pulumi engine adds to each resource."""
