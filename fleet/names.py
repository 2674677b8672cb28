"""Names of integrations, derived from the names of repositories and projects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 40
"""Characters: components/config/fields.py says why."""


def integration_names(names: Iterable[str], taken: Iterable[str] = ()) -> Iterator[str]:
    """For each name, the nearest one that the configuration accepts; all are unique, and none is in `taken`."""
    used = set(taken)
    for name in names:
        first = plain(name)
        chosen, number = first, 1
        while chosen in used:
            number += 1
            end = f"-{number}"
            chosen = first[: _LONGEST - len(end)].rstrip("-") + end
        used.add(chosen)
        yield chosen


def plain(name: str) -> str:
    """The name in a-z, 0-9 and -, starting with a letter, 2 to 40 characters long."""
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not re.match(r"[a-z]", text):
        text = f"repo-{text}".rstrip("-")
    text = text[:_LONGEST].rstrip("-")
    return text if len(text) > 1 else f"{text}-repo"
