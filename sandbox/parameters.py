"""Converts the properties of a resource to the parameters of an AWS call, by the names in AWS's own model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import ListShape, Shape, StructureShape  # type: ignore[import-untyped]

    from sandbox.resource_entry import Create, Then

_PAIR_KEYS = {"key", "name", "tagkey"}


def for_create(
    call: Create, shape: StructureShape, properties: Mapping[str, Any], texts: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Return the parameters, and the properties for which the call has no member."""
    parameters: dict[str, Any] = {}
    unknown_properties: list[str] = []
    for name, value in properties.items():
        if value in ({}, []):
            continue  # as the provider does, because AWS refuses some empty lists and maps
        path = call.members.get(name) or _member_path(shape, call.into, name)
        if path is None:
            unknown_properties.append(name)
        else:
            converted = _converted(_shape_at(shape, path), value, name, call.members)
            _set(parameters, path.split("."), _attribute(converted) if _is_in_map(shape, path) else converted)
    for path, form in call.fixed.items():
        if value := form.format_map(texts):
            _set(parameters, path.split("."), value)
    return parameters, unknown_properties


def for_then(call: Then, shape: StructureShape, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a further call from the properties and outputs that it names."""
    parameters: dict[str, Any] = {}
    for name, path in call.members.items():
        if name in properties:
            value = _converted(_shape_at(shape, path), properties[name], name, call.members)
            _set(parameters, path.split("."), value)
    return parameters


def _member_path(shape: StructureShape, into: str, name: str) -> str | None:
    owner = _shape_at(shape, into) if into else shape
    member = _member(owner, name)
    return member and (f"{into}.{member}" if into else member)


def _member(shape: Shape, name: str) -> str | None:
    members = getattr(shape, "members", {})
    return next((member for member in members if member.lower() == name.lower()), None)


def _shape_at(shape: Shape, path: str) -> Shape:
    for step in path.split("."):
        if step.isdigit():
            shape = shape.member
        elif shape.type_name == "map":
            shape = shape.value
        else:
            shape = shape.members[step]
    return shape


def _is_in_map(shape: StructureShape, path: str) -> bool:
    owner, _, _ = path.rpartition(".")
    return bool(owner) and _shape_at(shape, owner).type_name == "map"


def _attribute(value: Any) -> str:
    """Return a value in the form of an attribute of SNS and SQS, such as `true` or `3600`."""
    return value if isinstance(value, str) else json.dumps(value)


def _set(target: Any, steps: list[str], value: Any) -> None:
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        key = int(step) if step.isdigit() else step
        if not following:
            target[key] = value
            return
        fresh: Any = [{}] if following == "0" else {}
        target = target[key] if isinstance(key, int) else target.setdefault(key, fresh)


def _converted(shape: Shape, value: Any, path: str, members: Mapping[str, str]) -> Any:
    """Convert a value to the form of its shape; the check finds a value that does not fit, and so stays unchanged."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return _structure(shape, value, path, members)
    if shape.type_name == "list":
        return _list(shape, value, path, members)
    return value


def _structure(shape: Shape, value: dict[str, Any], path: str, members: Mapping[str, str]) -> dict[str, Any]:
    result = {}
    for name, child in value.items():
        inner_path = f"{path}.{name}"
        member = members.get(inner_path) or _member(shape, name) or name
        inner = shape.members.get(member)
        result[member] = child if inner is None else _converted(inner, child, inner_path, members)
    return result


def _list(shape: ListShape, value: Any, path: str, members: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        pair = _pair_members(shape.member)
        if pair:  # tags and dimensions, which are a map for Pulumi and a list of pairs for most of AWS
            key, text = pair
            return [{key: name, text: child} for name, child in value.items()]
        only = next(iter(value.values())) if len(value) == 1 else None
        # The provider wraps a list in a list, {filters: [...]}, and takes one block where AWS takes a list of blocks.
        is_wrapped = isinstance(only, list) and _member(shape.member, next(iter(value))) is None
        value = only if is_wrapped else [value]
    if not isinstance(value, list):
        return value
    return [_converted(shape.member, item, path, members) for item in value]


def _pair_members(shape: Shape) -> tuple[str, str] | None:
    names = tuple(getattr(shape, "members", ()))
    if len(names) == 2 and names[0].lower() in _PAIR_KEYS:
        return names[0], names[1]
    return None
