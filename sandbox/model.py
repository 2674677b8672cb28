"""Checks a call's parameters against the service model that AWS publishes (botocore's).

botocore and moto check only member names and basic types, so they accept a timeout of 99999 and an enum value that does
not exist. The model also has enums, ranges and patterns.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sandbox.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import MapShape, Shape, StructureShape  # type: ignore[import-untyped]

# AWS's patterns are written for Java. The first sequence is in all of those with \p. Python's \w matches exactly the
# letters, the numbers and the underscore, and the separators (\p{Z}) are few enough to list.
_SEPARATORS = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TRANSLATIONS = (
    (r"\p{L}\p{Z}\p{N}_", rf"\w{_SEPARATORS}"),
    (r"\w-_", r"\w\-_"),
)
_PYTHON_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "structure": ((dict,), "a map"),
    "map": ((dict,), "a map"),
    "list": ((list,), "a list"),
    "string": ((str,), "text"),
    "character": ((str,), "text"),
    "blob": ((str, bytes), "text"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "a whole number"),
    "long": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
    "timestamp": ((str, int, float, datetime), "a time"),
}


class ModelChecker:
    """Compares parameters with the shape that AWS expects, and lists what it could not check."""

    def __init__(self) -> None:
        self.unchecked: dict[str, None] = {}

    def problems(self, shape: Shape, value: Any, path: str = "") -> Iterator[str]:
        """Yield one sentence for each thing that AWS would refuse."""
        types, words = _PYTHON_TYPES[shape.type_name]
        is_misplaced_bool = isinstance(value, bool) and bool not in types
        if not isinstance(value, types) or is_misplaced_bool:
            yield f"{path or 'parameters'}: must be {words}, got {_kind(value)}"
            return
        yield from self._constraints(shape, value, path)
        yield from self._inside(shape, value, path)

    def _inside(self, shape: Shape, value: Any, path: str) -> Iterator[str]:
        if shape.type_name == "structure":
            yield from self._structure(shape, value, path)
        elif shape.type_name == "map":
            yield from self._map(shape, value, path)
        elif shape.type_name == "list":
            for index, item in enumerate(value):
                yield from self.problems(shape.member, item, f"{path}[{index}]")

    def _structure(self, shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"{_join(path, name)}: is required and missing"
        for name, child in value.items():
            member = shape.members.get(name)
            if member is None:
                yield f"{_join(path, name)}: AWS knows no such member"
            elif child is not None:
                yield from self.problems(member, child, _join(path, name))

    def _map(self, shape: MapShape, value: dict[str, Any], path: str) -> Iterator[str]:
        for key, child in value.items():
            yield from self.problems(shape.key, key, f"{path} key")
            yield from self.problems(shape.value, child, _join(path, key))

    def _constraints(self, shape: Shape, value: Any, path: str) -> Iterator[str]:
        limits = shape.metadata
        # S3's list of regions lacks some that exist; the sandbox checks the region of a stack before it starts.
        enum = None if shape.name == "BucketLocationConstraint" else limits.get("enum")
        if enum and value not in enum:
            yield f"{path}: must be one of {', '.join(enum)}{_given(shape, value)}"
        measure, unit = _measure(value)
        if measure is not None:
            if measure < limits.get("min", measure):
                yield f"{path}: must be at least {limits['min']}{unit}, got {measure}"
            if measure > limits.get("max", measure):
                yield f"{path}: must be at most {limits['max']}{unit}, got {measure}"
        pattern = limits.get("pattern")
        if pattern and isinstance(value, str):
            compiled = compiled_pattern(pattern)
            if compiled is None:
                self.unchecked[f"{path}: the pattern {pattern}"] = None
            elif not compiled.fullmatch(value):
                yield f"{path}: must match {pattern}{_given(shape, value)}"


@cache
def compiled_pattern(pattern: str) -> re.Pattern[str] | None:
    """Return AWS's pattern for Python's `re`, or None if it cannot be translated."""
    for java, python in _TRANSLATIONS:
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern, 0 if _SEPARATORS in pattern else re.ASCII)
    except re.error:
        return None


def _given(shape: Shape, value: Any) -> str:
    return "" if shape.metadata.get("sensitive") else f", got {shown(str(value))}"


def _measure(value: Any) -> tuple[float | None, str]:
    """Return what `min` and `max` limit: a number itself, or the length of anything else."""
    if isinstance(value, bool):
        return None, ""
    if isinstance(value, (int, float)):
        return value, ""
    if isinstance(value, (str, bytes)):
        return len(value), " characters"
    if isinstance(value, (list, dict)):
        return len(value), " entries"
    return None, ""


def _kind(value: Any) -> str:
    return {dict: "a map", list: "a list", str: "text", bool: "true or false"}.get(type(value), "a number")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
