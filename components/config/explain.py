"""From pydantic's errors to problems that say the field, the rule, what was given and what to do."""

import json
from collections.abc import Mapping, Sized
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .problems import Problem, did_you_mean, shown
from .section import Section, is_plain

Value = TypeVar("Value")
Path = tuple[str | int, ...]


_MESSAGES = {
    "missing": "is required",
    "string_type": "must be text; a number, true or false is written in quotes to be text",
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters",
    "too_long": "must have at most {max_length} entries, has {size}",
    "too_short": "must have at least {min_length}, has {size}",
    "literal_error": "must be {expected}",
    "list_type": "must be a list",
    "dict_type": "must be a map of keys and values",
    "model_type": "must be a map of keys and values",
    "model_attributes_type": "must be a map of keys and values",
}
"""By pydantic's name of the error; the braces name what pydantic tells of it, and the size of what was given."""


_NEVER_SHOWN = {"projectKey", "key", "variables"}


def validated(adapter: TypeAdapter[Value], raw: Any, context: dict[str, Any] | None = None) -> Value:
    """The settings that `raw` describes, by the strict rules of JSON: text is text and numbers are numbers.

    Raises pydantic's ValidationError.
    """
    return adapter.validate_json(json.dumps(raw), context=context)


def path_of(error: ErrorDetails) -> Path:
    """The path of the field, without the names of union members and the mark of a map's key."""
    # An unknown key is what the user wrote, even where it looks like a mark.
    end = len(error["loc"]) - (error["type"] == "extra_forbidden")
    return tuple(part for at, part in enumerate(error["loc"]) if at >= end or not _is_mark(part))


def dotted(path: Path) -> str:
    """A path as people write it: `environment.vpc.subnetIds[0]`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def explained(error: ErrorDetails, root: Any) -> Problem:
    """The problem behind an error of validating the type `root`."""
    return Problem(dotted(path_of(error)), _message(error, root))


def errors_of(error: ValidationError) -> list[ErrorDetails]:
    """Pydantic's errors, without links to its documentation."""
    return error.errors(include_url=False)


def _is_mark(part: str | int) -> bool:
    return isinstance(part, str) and (part.startswith("<") or part == "[key]")


def _message(error: ErrorDetails, root: Any) -> str:
    given = error["input"]
    if error["type"] == "refused":
        return error["msg"]
    if error["type"] == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), _section_at(root, error["loc"][:-1]))
    # Text may hold anything, and a key or a variable may be a number; other numbers and booleans may be shown.
    may_be_shown = is_plain(given) and not isinstance(given, str) and _NEVER_SHOWN.isdisjoint(error["loc"])
    got = f"; got {shown(given)}" if may_be_shown else ""
    kind = "string_too_long" if error["type"] == "too_long" and isinstance(given, str) else error["type"]
    size = len(given) if isinstance(given, Sized) else 0
    return _MESSAGES.get(kind, error["msg"]).format(**error.get("ctx", {}), size=size) + got


def _unknown_key(key: str, section: type[Section] | None) -> str:
    if section is None:
        return "is not known here"
    if key in section.refused:
        return section.refused[key]
    known = sorted(section.known_keys())
    return f"is not known here{did_you_mean(key, known)}; known: {', '.join(known)}"


def _section_at(root: Any, loc: Path) -> type[Section] | None:
    """The section that `loc` leads to: through fields by their key, through unions by the member's name."""
    sections = _sections_in(root)
    for part in loc:
        if isinstance(part, str) and part.startswith("<"):
            sections = [section for section in sections if f"<{section.__name__}>" == part]
        elif len(sections) == 1 and part in (keys := sections[0].known_keys()):
            sections = _sections_in(sections[0].model_fields[keys[str(part)]].annotation)
    return sections[0] if len(sections) == 1 else None


def _sections_in(annotation: Any) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    members = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return [section for member in members for section in _sections_in(member)]


def is_inside(path: Path, raw: Any) -> bool:
    """Whether `raw` itself has something at `path`."""
    for part in path:
        if isinstance(raw, list):
            return True
        if not isinstance(raw, Mapping) or part not in raw:
            return False
        raw = raw[part]
    return True
