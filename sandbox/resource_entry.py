"""The form of an entry of the resource table: the calls that make a resource, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.limits import Check


@dataclass(frozen=True, kw_only=True)
class Create:
    """The call that makes the resource; it takes every property that no other part of the entry takes."""

    service: str
    operation: str
    members: Mapping[str, str] = field(default_factory=dict)
    """Where a property goes whose name is not the member's; `a.b` leads into a structure, `0` into a list."""
    into: str = ""
    """Where all other properties go, if not beside each other at the top."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Members that no property gives; left out where their text is empty."""


@dataclass(frozen=True, kw_only=True)
class Then:
    """A further call, made when the property `when` is given."""

    service: str
    operation: str
    when: str
    members: Mapping[str, str]
    """Every property or output that the call takes, and the member it goes to."""


@dataclass(frozen=True)
class SentFor:
    """When the provider sends a property to AWS: only for some values of another one."""

    property: str
    values: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource type. Texts with `{...}` are filled from the inputs, the answer and the account."""

    create: Create
    then: tuple[Then, ...] = ()
    name: str = ""
    """The property that holds the physical name, which is made up when it is absent."""
    id: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    """The form of each output that AWS decides: used as it is where AWS has no answer."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Where an output stands in AWS's answer to the first call."""
    secret_outputs: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    provider_only: Mapping[str, Check | None] = field(default_factory=dict)
    """Properties that the provider keeps or uses later, such as at deletion; with a check where AWS has a limit."""
    sent_for: Mapping[str, SentFor] = field(default_factory=dict)
    """Properties that the provider drops in silence at times: every preview would then show them as a change."""
    replace_on_changes: frozenset[str] = frozenset()
    """Properties beside the name that AWS cannot change: a new value makes a new resource."""

    def is_replaced_on_change_of(self, name: str) -> bool:
        """Whether a new value of the property makes a new resource."""
        return name in {"region", self.name, f"{self.name}Prefix", *self.replace_on_changes}
