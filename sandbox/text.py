"""Text that somebody else wrote, as a message may show it."""

from __future__ import annotations

_LONGEST = 60


def shown(text: str, longest: int = _LONGEST) -> str:
    """The text on one line: what does not print is escaped, and what is long is cut and counted."""
    visible = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:longest])
    return visible if len(text) <= longest else f"{visible}... ({len(text)} characters)"
