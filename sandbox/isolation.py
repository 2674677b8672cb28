"""Isolates a run from the shell, in which a profile or an endpoint would change what the run does."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIXES = ("AWS_", "MOTO_", "PULUMI_CONFIG")
_INSTEAD = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@contextmanager
def isolated_environment() -> Iterator[None]:
    """Remove the variables that AWS's and Pulumi's libraries read, until the end of the block."""
    kept = {key: os.environ.pop(key) for key in list(os.environ) if key.startswith(_PREFIXES)}
    os.environ.update(_INSTEAD)
    try:
        yield
    finally:
        for key in _INSTEAD:
            os.environ.pop(key, None)
        os.environ.update(kept)
