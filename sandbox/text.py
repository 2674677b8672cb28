"""Makes text of unknown origin safe to show in a message."""

from __future__ import annotations

_LONGEST = 60


def shown(text: str, longest: int = _LONGEST) -> str:
    """Return the text on one line, with unprintable characters escaped and only the beginning of a long text."""
    visible = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:longest])
    return visible if len(text) <= longest else f"{visible}... ({len(text)} characters)"
