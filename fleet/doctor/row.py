"""What the doctor finds: one row for each check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a check found."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is broken."""
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """AWS did not answer the question."""


FINDINGS = frozenset({State.WRONG, State.UNKNOWN})


@dataclass(frozen=True)
class Row:
    """One check of one build project."""

    integration: str
    check: str
    state: State
    found: str
    remedy: str = ""
    """What mends it, mostly a command."""


@dataclass(frozen=True)
class Check:
    """Makes the rows of one check."""

    integration: str
    name: str

    def ok(self, found: str) -> Row:
        """It holds."""
        return Row(self.integration, self.name, State.OK, found)

    def note(self, found: str, remedy: str = "") -> Row:
        """It holds, and there is something to know."""
        return Row(self.integration, self.name, State.NOTE, found, remedy)

    def wrong(self, found: str, remedy: str) -> Row:
        """It does not hold."""
        return Row(self.integration, self.name, State.WRONG, found, remedy)

    def unknown(self, found: str, remedy: str) -> Row:
        """Nobody knows."""
        return Row(self.integration, self.name, State.UNKNOWN, found, remedy)

    def same(self, *, holds: bool, found: str, otherwise: str, remedy: str) -> Row:
        """One or the other."""
        return self.ok(found) if holds else self.wrong(otherwise, remedy)
