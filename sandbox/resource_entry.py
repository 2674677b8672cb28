"""The form of an entry of the resource table: the calls that create a resource, and its outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.limits import Check


@dataclass(frozen=True, kw_only=True)
class Create:
    """The call that creates the resource; it takes every property that no other part of the entry takes."""

    service: str
    operation: str
    members: Mapping[str, str] = field(default_factory=dict)
    """The member of a property that has another name; `a.b` leads into a structure, and `0` into a list."""
    into: str = ""
    """The member that contains all other properties, if they are not at the top."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Members that come from no property; they are omitted if their text is empty."""


@dataclass(frozen=True, kw_only=True)
class Then:
    """A further call, which is made if the property `when` is set."""

    service: str
    operation: str
    when: str
    members: Mapping[str, str]
    """Every property or output that the call takes, and its member."""


@dataclass(frozen=True)
class SentFor:
    """A condition for sending a property to AWS: another property has one of these values."""

    property: str
    values: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A resource type. Placeholders `{...}` in texts come from the inputs, the answer and the account."""

    create: Create
    then: tuple[Then, ...] = ()
    name: str = ""
    """The property with the physical name, which is generated if it is absent."""
    id: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    """The form of each output that AWS assigns, which is used if the call was not answered."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """The place of an output in AWS's answer to the first call."""
    secret_outputs: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    provider_only: Mapping[str, Check | None] = field(default_factory=dict)
    """Properties that the provider keeps or uses later, such as for a deletion, with a check if AWS has a limit."""
    sent_for: Mapping[str, SentFor] = field(default_factory=dict)
    """Properties that the provider silently drops in some cases, in which every preview would show a change."""
    replace_on_changes: frozenset[str] = frozenset()
    """Properties, other than the name, that AWS cannot change: a new value replaces the resource."""

    def is_replaced_on_change_of(self, name: str) -> bool:
        """Return whether a new value of the property replaces the resource."""
        return name in {"region", self.name, f"{self.name}Prefix", *self.replace_on_changes}
