"""A stack of many integrations costs as many times what one costs: counted in steps and bytes, never in seconds."""

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
    """A stack of that many integrations, of three kinds in turn."""
    result = sandbox.run(ROOT, "dev", {**stack_config(count), **more})
    assert result.ok
    return result


def steps(count: int) -> int:
    """How many calls and lines of our code it takes to make the stack."""
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
    """Bytes that the program's own values take in the state: inputs, also as outputs, and names of what is needed."""
    return 2 * len(json.dumps(resource.inputs)) + len(json.dumps(resource.dependencies))


def weights(count: int, **more: Any) -> dict[str, int]:
    """These bytes for one integration on average, by type; without what the stack makes once."""
    result = made(count, **more)
    found: dict[str, int] = {}
    for each in result.resources:
        if each.parent and "ConvisoIntegration::" in each.parent:
            found[each.type] = found.get(each.type, 0) + kept(each)
    return {type_: total // count for type_, total in found.items()}


def test_each_integration_takes_as_many_steps_as_the_one_before() -> None:
    """Without this, a search through all integrations for each of them shows only at a thousand repositories."""
    made(3)  # one of each kind: what is loaded or remembered once is no growth
    few, some, many = (steps(size) for size in SIZES)

    # Twice as many more take twice as many more steps. A single further step for each pair of integrations would be 54.
    assert many - some == pytest.approx(2 * (some - few), abs=10)


@pytest.fixture(name="in_bucket", scope="module")
def _in_bucket() -> dict[str, int]:
    return weights(6, **IN_BUCKET)


def test_the_state_holds_no_more_of_an_integration_than_it_needs(in_bucket: dict[str, int]) -> None:
    """A self-managed backend writes the whole state after each step: what stands in it is paid for at every one."""
    assert sum(in_bucket.values()) <= MOST_BYTES, in_bucket


def test_with_a_bucket_no_integration_holds_its_buildspec(in_bucket: dict[str, int]) -> None:
    """Without this, each repository adds the whole text to the state twice."""
    project = "aws:codebuild/project:Project"

    assert in_bucket[project] < weights(6)[project] / 5


MOST_BYTES = 12 * 1024
"""Of an integration's own values; what a Pulumi engine adds to each resource is its own affair."""
