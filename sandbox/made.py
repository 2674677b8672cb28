"""What a resource has once it is created: its physical name, its id, and the outputs that AWS assigns."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.account import EmulatedAccount
    from sandbox.resource_entry import Entry


def texts(account: EmulatedAccount, digest: str) -> dict[str, str]:
    """Return the values for placeholders in the resource table; the digest, of 32 hex digits, differs by resource."""
    return {**account.texts(), "digest": digest, "uuid": str(uuid.UUID(digest))}


def named(entry: Entry, logical: str, inputs: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """Return the properties of a new resource: its inputs, the defaults that they omit, and its physical name."""
    properties = {**entry.defaults, **inputs}
    if entry.name and not properties.get(entry.name):
        prefix = properties.pop(f"{entry.name}Prefix", None)
        # The provider adds 26 characters to a prefix, and the engine adds 7 to a logical name.
        properties[entry.name] = prefix + digest[:26] if prefix else f"{logical}-{digest[:7]}"
    return properties


def outputs(
    entry: Entry, properties: Mapping[str, Any], answer: Mapping[str, Any], words: Mapping[str, str]
) -> dict[str, Any]:
    """Return all outputs of the resource; `answer` is AWS's answer to the call that created it."""
    found = {"region": words["region"], **properties}
    if "tags" in properties:
        found["tagsAll"] = properties["tags"]
    for name, form in entry.outputs.items():
        path = entry.answers.get(name)
        answered = at(answer, path) if path else None
        found[name] = form.format_map(_Lenient({**words, **found})) if answered is None else answered
    return found


def id_of(entry: Entry, found: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return the resource's id, from its outputs."""
    return entry.id.format_map(_Lenient({**words, **found}))


def at(values: Any, path: str) -> Any:
    """Return the value at `a.b` in nested maps, or None."""
    for step in path.split("."):
        values = values.get(step) if isinstance(values, dict) else None
    return values


class _Lenient(dict[str, Any]):
    """Keeps the text around a missing property readable, which was reported before."""

    def __missing__(self, key: str) -> str:
        return f"missing-{key}"
