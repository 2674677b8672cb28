"""The result of a run of the sandbox: resources, problems and outputs, with every secret masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK = "[secret]"


class SandboxError(ValueError):
    """The run could not start, and created nothing. The message is for the person who started it."""


@dataclass(frozen=True)
class Secret:
    """A value that the program or the configuration marked as secret."""

    value: Any


def reveal(value: Any) -> Any:
    """Return the value with the content of every Secret in it; only AWS may receive it."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, dict):
        return {key: reveal(child) for key, child in value.items()}
    if isinstance(value, list):
        return [reveal(child) for child in value]
    return value


def masked(value: Any) -> Any:
    """Return the value with a mask in place of every Secret in it, for everything that people see."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, dict):
        return {key: masked(child) for key, child in value.items()}
    if isinstance(value, list):
        return [masked(child) for child in value]
    return value


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource or component that the program registered."""

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    """False for a component, which has children but is nothing in AWS itself."""
    dependencies: tuple[str, ...]
    """URNs of everything that must exist before, because of a value that is used or of `depends_on`."""
    inputs: Mapping[str, Any]
    id: str | None = None
    physical_name: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    replacement_trigger: Any = None
    delete_before_replace: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Something that AWS or a real engine would refuse."""

    urn: str
    type: str
    name: str
    message: str

    def __str__(self) -> str:
        """Return the name of the resource, and what is wrong with it."""
        return f"{self.name} ({self.type}): {self.message}" if self.type else self.message


@dataclass(kw_only=True)
class Result:
    """The graph of one run."""

    project: str
    stack: str
    region: str
    account: str
    resources: list[Resource] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    checked_not_emulated: list[str] = field(default_factory=list)
    """Calls that were checked against AWS's own model, but that the in-memory AWS cannot carry out."""
    unchecked: list[str] = field(default_factory=list)
    """Rules of AWS's model that could not be checked, and properties that no call takes."""
    notes: list[str] = field(default_factory=list)
    """What the run assumed, and what the program logged."""
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds, by what they were spent on."""

    @property
    def ok(self) -> bool:
        """True if AWS would accept everything."""
        return not self.problems
