"""What a resource is once it is made: its physical name, its id, and the outputs that AWS decides."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.account import EmulatedAccount
    from sandbox.resource_entry import Entry


def texts(account: EmulatedAccount, digest: str) -> dict[str, str]:
    """The values for placeholders in the resource table's texts; the digest, 32 hex digits, tells resources apart."""
    return {**account.texts(), "digest": digest, "uuid": str(uuid.UUID(digest))}


def named(entry: Entry, logical: str, inputs: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """The properties of a new resource: the inputs, what they leave out, and the physical name."""
    properties = {**entry.defaults, **inputs}
    if entry.name and not properties.get(entry.name):
        prefix = properties.pop(f"{entry.name}Prefix", None)
        # The provider finishes a prefix with 26 characters, the engine a logical name with 7.
        properties[entry.name] = prefix + digest[:26] if prefix else f"{logical}-{digest[:7]}"
    return properties


def outputs(
    entry: Entry, properties: Mapping[str, Any], answer: Mapping[str, Any], words: Mapping[str, str]
) -> dict[str, Any]:
    """Everything that the resource gives back; `answer` is AWS's to the call that made it."""
    found = {"region": words["region"], **properties}
    if "tags" in properties:
        found["tagsAll"] = properties["tags"]
    for name, form in entry.outputs.items():
        path = entry.answers.get(name)
        answered = at(answer, path) if path else None
        found[name] = form.format_map(_Lenient({**words, **found})) if answered is None else answered
    return found


def id_of(entry: Entry, found: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """The resource's id, from its outputs."""
    return entry.id.format_map(_Lenient({**words, **found}))


def at(values: Any, path: str) -> Any:
    """The value at `a.b` in nested maps; None where there is none."""
    for step in path.split("."):
        values = values.get(step) if isinstance(values, dict) else None
    return values


class _Lenient(dict[str, Any]):
    """A missing property was reported already; the text around it stays readable."""

    def __missing__(self, key: str) -> str:
        return f"missing-{key}"
