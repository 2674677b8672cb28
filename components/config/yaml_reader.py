"""A YAML reader that behaves like that of Pulumi's engine.

PyYAML's own loaders follow YAML 1.1: they read `off` as False and `12:30:00` as 45000, and use the last of two equal
keys. The engine reads the first two as text and refuses the third. This reader was compared with a real engine.
"""

import base64
import binascii
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, DocumentEndEvent, Event, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .redaction import key_shown

# libyaml's parser is ten times as fast, but PyYAML may have been built without it.
_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PLAIN = "!plain"
_TEXT = "tag:yaml.org,2002:str"
_BINARY = "tag:yaml.org,2002:binary"
_KNOWN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "timestamp")}
_MERGE_KEY = "<<"

DEEPEST = 100
"""Levels of lists and maps. Code that processes them further by recursion fails at a few hundred."""
MOST_REPEATED = 100_000
"""Values that aliases may add to those that are written out. Nine lines of nested aliases can stand for gigabytes."""

_LITERALS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)")
_LONGEST_INTEGER = 255
"""Digits. A hexadecimal number of more exceeds floating point, in which JSON passes numbers to a program."""
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(\.[0-9]{1,9})?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)


class YamlError(ValueError):
    """The text is not YAML that the engine accepts. The message gives the line."""


class _Loader(_BaseLoader):  # type: ignore[misc]
    """Marks scalars without quotes, to distinguish the text "1.10" from the number 1.10."""

    yaml_implicit_resolvers = {None: [(_PLAIN, re.compile(""))]}  # noqa: RUF012 - PyYAML's own attribute


def read(text: str, *, refuse_more: bool = False) -> Any:
    """The value of the first document in `text`; None if there is no document.

    Raises YamlError if that document cannot be read or, with `refuse_more`, if another one follows.
    """
    loader = _Loader(text)
    try:
        _check_events(text)
        if not loader.check_node():
            return None
        node = loader.get_node()
        if refuse_more and loader.check_node():
            raise _error(loader.peek_event(), "a second document begins here; write everything in the first one")
        _check_aliases(node, {})
        return _value(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise YamlError(f"{where}{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0]) from None
    finally:
        loader.dispose()


def _check_events(text: str) -> None:
    """Raise YamlError for what must be found before PyYAML makes its nodes.

    PyYAML makes nodes by recursion, which crashes the interpreter at 100,000 levels. And nodes do not show whether a
    scalar was between braces or brackets, where the engine takes an unquoted question mark for the start of a key.
    """
    flow: list[bool] = []
    for event in yaml.parse(text, Loader=_BaseLoader):
        if isinstance(event, DocumentEndEvent):
            return
        if isinstance(event, CollectionStartEvent):
            flow.append(bool(event.flow_style))
        if isinstance(event, CollectionEndEvent):
            flow.pop()
        if len(flow) > DEEPEST:
            raise _error(event, f"nested deeper than {DEEPEST} levels")
        if isinstance(event, ScalarEvent) and not event.style and "?" in event.value and flow and flow[-1]:
            raise _error(
                event, f"between braces or brackets, {key_shown(event.value)} must be quoted, because it contains a ?"
            )


@dataclass(frozen=True)
class _Extent:
    """The size of a node with all aliases expanded."""

    values: int
    depth: int


def _check_aliases(node: Node, known: dict[int, _Extent | None]) -> _Extent:
    """Measure a node without expanding it. `known` has the extents by the nodes' IDs, None while one is measured."""
    if id(node) in known:
        extent = known[id(node)]
        if extent is None:
            raise _error(node, "an anchor contains itself")
        return extent
    known[id(node)] = None
    extents = [_check_aliases(child, known) for child in _children(node)]
    extent = _Extent(
        values=1 + sum(each.values for each in extents),
        depth=1 + max((each.depth for each in extents), default=0),
    )
    if extent.depth > DEEPEST:
        raise _error(node, f"nested deeper than {DEEPEST} levels once its aliases are expanded")
    if extent.values - len(known) > MOST_REPEATED:
        raise _error(node, f"its aliases repeat more than {MOST_REPEATED:,} values")
    known[id(node)] = extent
    return extent


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [each for pair in node.value for each in pair]
    return node.value if isinstance(node, SequenceNode) else []


def _value(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, MappingNode):
        return _mapping(node)
    raise _error(node, "this is neither a value, a list nor a map")


def _mapping(node: MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            raise _error(key_node, "a key must be text")
        if key_node.tag == _PLAIN and key_node.value == _MERGE_KEY:
            for values in _merged_mappings(value_node):
                merged = {**values, **merged}
            continue
        key = config_text(_scalar(key_node))
        if key in lines:
            raise _error(key_node, f'the key "{key_shown(key)}" is already used in line {lines[key]}')
        lines[key] = key_node.start_mark.line + 1
        result[key] = _value(value_node)
    return {**merged, **result}


def _merged_mappings(node: Node) -> Iterator[dict[str, Any]]:
    for source in node.value if isinstance(node, SequenceNode) else [node]:
        value = _value(source)
        if not isinstance(value, dict):
            raise _error(node, "<< can merge maps only")
        yield value


def _scalar(node: ScalarNode) -> Any:
    if node.tag == _TEXT:
        return node.value
    if node.tag == _BINARY:
        try:
            return base64.b64decode("".join(node.value.split()), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise _error(node, "!!binary does not hold base64 of text") from None
    if node.tag != _PLAIN and node.tag not in _KNOWN_TAGS:
        raise _error(node, f"the tag {key_shown(node.tag)} is not supported here")
    value = _plain(node.value)
    if isinstance(value, float) and not math.isfinite(value):
        raise _error(node, f"a number of {len(node.value)} characters is too large")
    return value


def _plain(text: str) -> Any:
    if text in _LITERALS:
        return _LITERALS[text]
    if text[0] not in "+-.0123456789":
        return text
    moment = _timestamp(text)
    if moment is not None:
        return moment
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        return _integer(digits) if len(digits) <= _LONGEST_INTEGER else math.inf
    if _FLOAT.fullmatch(digits):
        return float(digits)
    return text


def _integer(digits: str) -> int:
    sign, body = (-1, digits[1:]) if digits[0] == "-" else (1, digits.lstrip("+"))
    if len(body) > 1 and body[0] == "0" and body[1] in "01234567":
        return sign * int(body, 8)
    return sign * int(body, 0)


def _timestamp(text: str) -> str | None:
    """The text that the engine makes of a date, in Go's format; None if the text is not a date."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if " " in text and zone:
        return None  # the engine accepts a zone only in dates with `T`
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=_zone(zone)
        )
    except ValueError:
        return None
    name = "UTC" if moment.tzinfo is UTC else f"{moment:%z}"
    return f"{moment:%Y-%m-%d %H:%M:%S}{(fraction or '').rstrip('0').rstrip('.')} {moment:%z} {name}"


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def config_text(value: Any) -> str:
    """A scalar as the text that the engine passes to a program: `1.10` becomes "1.1" and `true` becomes "true"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        number = json_number(value)
        return repr(number).replace("e-0", "e-") if isinstance(number, float) else str(number)
    return str(value)


def json_number(value: float) -> int | float:
    """The number as the engine writes it in JSON: 1000.0 becomes 1000, and from 1e21 on the exponent stays."""
    return _shortest_integer(value) if value == int(value) and abs(value) < 1e21 else value


def _shortest_integer(value: float) -> int:
    # repr() has the fewest digits that identify the number. The others become zeros, as in Go.
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = fraction.rstrip("0")
    return int(whole + digits) * int(10 ** (int(exponent or 0) - len(digits)))


def _error(place: Node | Event, message: str) -> YamlError:
    line = place.start_mark.line + 1 if place.start_mark else 1
    return YamlError(f"line {line}: {message}")


def json_ready(value: Any) -> Any:
    """A value as the engine passes it to a program within a map or list, where all numbers are floats."""
    if isinstance(value, dict):
        return {key: json_ready(child) for key, child in value.items()}
    if isinstance(value, list):
        return [json_ready(child) for child in value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53):
        return json_number(float(value))
    return value
