"""What Pulumi records of the place in the program where a resource was made."""

from __future__ import annotations

import sys
import traceback
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.mocks import MockMonitor

from components.stack_traces import short_stack_traces
from tests.components.test_mocks import Recorder, run
from tests.sandbox.programs import role

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import pulumi


class Frames(MockMonitor):
    """Keeps the frames that the SDK sends for each resource: the file and the line."""

    def __init__(self) -> None:
        super().__init__(Recorder())
        self.sent: list[list[str]] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the call
        self.sent.append([frame.pc.uri for frame in request.stackTrace.frames])
        return super().RegisterResource(request)  # type: ignore[no-untyped-call] # Pulumi gives it no types


def frames(block: AbstractContextManager[None]) -> list[str]:
    """What is recorded for a role that is made in this block."""
    monitor = Frames()

    def program() -> pulumi.Output[str]:
        with block:
            return role().urn

    run(program, monitor.mocks, monitor=monitor)
    return monitor.sent[-1]


def test_the_place_of_a_resource_is_recorded_and_not_the_way_to_the_program() -> None:
    """Without this, the frames of Python's event loop and of the language host are a third of a large stack's state."""
    whole, short = frames(nullcontext()), frames(short_stack_traces())

    assert short == whole[:3]
    assert short[0].endswith("/tests/sandbox/programs.py")
    assert short[1].endswith("/tests/components/test_stack_traces.py")


def test_an_error_is_shown_with_its_whole_traceback() -> None:
    """Without this, a defect would be reported without the line that it is in."""

    def fail(depth: int) -> None:
        if not depth:
            raise RuntimeError("deep down")
        fail(depth - 1)

    with pytest.raises(RuntimeError) as caught, short_stack_traces():
        fail(30)

    assert "deep down" in traceback.format_exception(caught.value)[-2]
    assert len(traceback.extract_tb(caught.value.__traceback__)) > 30
    assert sys.tracebacklimit is None
