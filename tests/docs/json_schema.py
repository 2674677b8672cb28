"""Validates the subset of JSON Schema that the generated schema uses; any other keyword is an error."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
_KEYWORDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": lambda value, types: any(_TYPES[each](value) for each in ([types] if isinstance(types, str) else types)),
    "enum": lambda value, choices: value in choices,
    "const": lambda value, only: value == only,
    "pattern": lambda value, pattern: not isinstance(value, str) or re.search(pattern, value) is not None,
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "maxLength": lambda value, most: not isinstance(value, str) or len(value) <= most,
    "minimum": lambda value, least: not isinstance(value, int) or value >= least,
    "maximum": lambda value, most: not isinstance(value, int) or value <= most,
    "minItems": lambda value, least: not isinstance(value, list) or len(value) >= least,
    "maxItems": lambda value, most: not isinstance(value, list) or len(value) <= most,
    "minProperties": lambda value, least: not isinstance(value, dict) or len(value) >= least,
    "maxProperties": lambda value, most: not isinstance(value, dict) or len(value) <= most,
    "required": lambda value, names: not isinstance(value, dict) or set(names) <= value.keys(),
}
_NESTED = {"$ref", "anyOf", "oneOf", "items", "properties", "patternProperties", "additionalProperties"}
_ANNOTATIONS = {"$schema", "title", "description", "default", "definitions", "patternErrorMessage"}


def is_valid(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> bool:
    """Return whether the schema accepts the value."""
    root = schema if root is None else root
    unknown = schema.keys() - _KEYWORDS.keys() - _NESTED - _ANNOTATIONS
    assert not unknown, f"this validator does not support {unknown}"
    if "$ref" in schema:
        return is_valid(value, _resolve(root, schema["$ref"]), root)
    return (
        all(check(value, schema[keyword]) for keyword, check in _KEYWORDS.items() if keyword in schema)
        and ("anyOf" not in schema or any(is_valid(value, each, root) for each in schema["anyOf"]))
        and ("oneOf" not in schema or sum(is_valid(value, each, root) for each in schema["oneOf"]) == 1)
        and all(is_valid(each, part, root) for each, part in _children(value, schema))
    )


def _children(value: Any, schema: Mapping[str, Any]) -> list[tuple[Any, Mapping[str, Any]]]:
    """What is directly inside the value, each with the schema that it has to fit."""
    if isinstance(value, list):
        return [(each, schema["items"]) for each in value] if "items" in schema else []
    if not isinstance(value, dict):
        return []
    pairs = []
    for key, each in value.items():
        named = schema.get("properties", {}).get(key)
        matching = [part for pattern, part in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        fitting = [*([named] if named is not None else []), *matching]
        other = schema.get("additionalProperties", {})
        nothing: Mapping[str, Any] = {"enum": []}
        pairs += [(each, part) for part in fitting or [nothing if other is False else other]]
    return pairs


def _resolve(root: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    part: Any = root
    for name in reference.removeprefix("#/").split("/"):
        part = part[name]
    found: Mapping[str, Any] = part
    return found
