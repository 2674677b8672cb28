"""How much of Python's call stack Pulumi keeps in the state for each resource."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 9
"""Of which Pulumi's SDK takes six: what is left are the call that makes a resource, and the two above it."""


@contextmanager
def short_stack_traces() -> Iterator[None]:
    """Keep the state small: while this is entered, Pulumi records the last calls that led to each resource.

    It would record all of them, down to Python's event loop, which is a third of the state of a large stack. Neither
    the engine nor the SDK has a setting for it; Python has: https://docs.python.org/3/library/sys.html#sys.tracebacklimit
    An error that leaves the block is shown with its whole traceback.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = FRAMES
    try:
        yield
    finally:
        sys.tracebacklimit = before
