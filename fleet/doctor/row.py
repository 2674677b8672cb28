"""The doctor's results: one row for each check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The result of a check."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is broken."""
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """AWS, another stack or a git host did not answer."""


FINDINGS = frozenset({State.WRONG, State.UNKNOWN})


@dataclass(frozen=True)
class Row:
    """One check of one build project."""

    integration: str
    check: str
    state: State
    found: str
    remedy: str = ""
    """What to do, usually a command."""


@dataclass(frozen=True)
class Check:
    """Makes the rows of one check."""

    integration: str
    name: str

    def ok(self, found: str) -> Row:
        """The check passed."""
        return Row(self.integration, self.name, State.OK, found)

    def note(self, found: str, remedy: str = "") -> Row:
        """The check passed, and there is something to know."""
        return Row(self.integration, self.name, State.NOTE, found, remedy)

    def wrong(self, found: str, remedy: str) -> Row:
        """The check failed."""
        return Row(self.integration, self.name, State.WRONG, found, remedy)

    def unknown(self, found: str, remedy: str) -> Row:
        """The check could not be made."""
        return Row(self.integration, self.name, State.UNKNOWN, found, remedy)

    def same(self, *, holds: bool, found: str, otherwise: str, remedy: str) -> Row:
        """Passed with `found` if `holds`, failed with `otherwise` if not."""
        return self.ok(found) if holds else self.wrong(otherwise, remedy)
