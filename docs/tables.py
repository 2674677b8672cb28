"""Markdown tables of the configuration, from the schema of a complete integration."""

import re
from collections.abc import Iterator

from components.config.merge import CHOICES
from docs.schema import (
    DESCRIPTIONS,
    PROJECT,
    Schema,
    integration_schema,
    notifications_schema,
    stack_output_schema,
    stack_secret_schema,
)

_CHOOSING = {key for choice in CHOICES.values() for key in choice.keys}
_IMPLICIT = [choice.implicit for choice in CHOICES.values() if choice.implicit]
_STACK_OUTPUT, _OR_OUTPUT = stack_output_schema(), " *or output*"
_HEAD = ("| Field | Values | Default | Meaning |", "| --- | --- | --- | --- |")


def stack_table() -> str:
    """The table of a stack's keys."""
    rows = [f"| `{PROJECT}:{key}` | {meaning} |" for key, meaning in DESCRIPTIONS.items()]
    return "\n".join(["| Key | Meaning |", "| --- | --- |", *rows])


def reference() -> str:
    """The reference of all fields, section by section."""
    integration = integration_schema()
    parts = [
        "## Stack keys",
        stack_table(),
        "Fields with *or output* also accept `{stack, output}`: see [What other stacks own](#what-other-stacks-own).",
        "## The stack's secret",
        f"`{PROJECT}:secret` has one of two forms.",
        *_alternatives(stack_secret_schema()),
        "## Notifications",
        f"`{PROJECT}:notifications` needs either `emails` or `topicArn`.",
        _table(notifications_schema()),
        "## An integration",
        _table(integration, deep=False),
    ]
    for name, field in integration["properties"].items():
        if _is_section(field):
            parts += [f"### {name}", f"{_meaning(field)}.", *_section(field)]
    return "\n\n".join(parts)


def _is_section(field: Schema) -> bool:
    return "properties" in field or ("oneOf" in field and _STACK_OUTPUT not in field["oneOf"])


def _section(field: Schema) -> list[str]:
    return _alternatives(field) if "oneOf" in field else [_table(field)]


def _alternatives(field: Schema) -> list[str]:
    parts = []
    for each in field["oneOf"]:
        parts += [each["description"], _table(each)]
    return parts


def _table(section: Schema, *, deep: bool = True) -> str:
    return "\n".join([*_HEAD, *_rows(section, "", deep=deep)])


def _rows(section: Schema, prefix: str, *, deep: bool) -> Iterator[str]:
    # The fields that choose between alternatives come first.
    for name, field in sorted(section["properties"].items(), key=lambda each: each[0] not in _CHOOSING):
        path, default = f"{prefix}{name}", _default(name, field, section)
        if _is_section(field) and not deep:
            default = "see below" if default == "none" else default
            yield f"| [`{path}`](#{name}) | a map | {default} | {_meaning(field)} |"
            continue
        yield f"| `{path}` | {_values(field)} | {default} | {_meaning(field)} |"
        for each in field.get("oneOf", [field]):
            if "properties" in each and each != _STACK_OUTPUT:
                yield from _rows(each, f"{path}.", deep=deep)


def _meaning(field: Schema) -> str:
    return _cell(field.get("description", "").removesuffix("."))


def _default(name: str, field: Schema, section: Schema) -> str:
    picks_another = name in _CHOOSING and "const" in field and (name, field["const"]) not in _IMPLICIT
    if picks_another or name in section.get("required", []):
        return "required"
    if "x-default" in field:
        return str(field["x-default"])
    if "default" not in field:
        return "none"
    value = field["default"]
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _values(field: Schema) -> str:
    alternatives = field.get("oneOf") or field.get("anyOf")
    if alternatives and _STACK_OUTPUT in alternatives:
        (itself,) = [each for each in alternatives if each != _STACK_OUTPUT]
        values = _values(itself)  # those of a list may say it already, of each entry
        return values if values.endswith(_OR_OUTPUT) else values + _OR_OUTPUT
    if alternatives:
        return "; or ".join(_values(each) for each in alternatives)
    choices = field.get("enum") or [field[key] for key in ("const",) if key in field]
    if choices:
        return " ".join(f"`{choice}`" for choice in choices)
    return _cell(_OF_TYPE[field["type"]](field))


def _integer(field: Schema) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    if low is None:
        return "a whole number"
    return f"{low} or more" if high is None else f"{low} to {high}"


def _text(field: Schema) -> str:
    if "patternErrorMessage" in field:
        return re.sub(r"arn:\S+", r"`\g<0>`", str(field["patternErrorMessage"]).removeprefix("must be "))
    most = field.get("maxLength")
    return f"text, up to {most} characters" if most else "text"


def _list(field: Schema) -> str:
    least, most = field.get("minItems", 0), field.get("maxItems")
    count = f", {least or 'up'} to {most}" if most else ""
    return f"a list{count}: {_values(field['items'])}"


def _map(field: Schema) -> str:
    return "a map" if "properties" in field else "a map of names and texts"


_OF_TYPE = {
    "array": _list,
    "boolean": lambda _: "`true` `false`",
    "integer": _integer,
    "object": _map,
    "string": _text,
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
