"""Keeps the surrounding shell out of a run: a profile or an endpoint set there would change what it does."""

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
    """Take the variables that AWS's and Pulumi's libraries read out of the environment for a while."""
    kept = {key: os.environ.pop(key) for key in list(os.environ) if key.startswith(_PREFIXES)}
    os.environ.update(_INSTEAD)
    try:
        yield
    finally:
        for key in _INSTEAD:
            os.environ.pop(key, None)
        os.environ.update(kept)
