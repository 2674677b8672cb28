"""How much of Python's call stack Pulumi keeps in the state for each resource."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 9
"""Pulumi's SDK takes six of them: what is left are the call that makes a resource, and the two above it."""


@contextmanager
def short_stack_traces() -> Iterator[None]:
    """Keep the state small: inside of this block, Pulumi records only the innermost calls that led to each resource.

    Left alone, it records every call, down to Python's event loop: a third of the state of a large stack. Neither the
    engine nor the SDK has a setting for that, and Python does:
    https://docs.python.org/3/library/sys.html#sys.tracebacklimit

    An exception that leaves the block still shows its whole traceback.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = FRAMES
    try:
        yield
    finally:
        sys.tracebacklimit = before
