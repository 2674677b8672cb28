"""The problems of a configuration, in words for the person who wrote it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Tag, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .fields import Section
from .redaction import did_you_mean, got, key_shown

Value = TypeVar("Value")
FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: the path of the field, such as `source.provider`, and a message that says how to correct it."""

    path: str
    message: str

    def under(self, prefix: str) -> "Problem":
        """The same problem with a longer path, for the configuration around it."""
        return Problem(f"{prefix}.{self.path}" if self.path else prefix, self.message)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class ConfigError(ValueError):
    """All problems of a configuration, each on one line of the message."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


NOT_A_MAP = "must be a map of keys and values"

_MESSAGES = {
    "missing": "is required",
    "string_type": "must be text: put a number, true or false in quotes",
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters",
    "too_long": "must have at most {max_length} entries; it has {size}",
    "too_short": "must have at least {min_length}; it has {size}",
    "literal_error": "must be {expected}",
    "list_type": "must be a list",
    "dict_type": NOT_A_MAP,
    "model_type": NOT_A_MAP,
    "model_attributes_type": NOT_A_MAP,
}
"""Messages by pydantic's type of error. Their placeholders are pydantic's context and the `size` of the value."""

_HIDDEN_FIELDS = {"projectKey", "key", "variables"}


def validated(adapter: TypeAdapter[Value], raw: Any) -> Value:
    """The settings that `raw` describes, by the strict rules for JSON: no value is converted to another type.

    Its keys are those of the stack file; programs alone may use the names of attributes, such as `project_key`.

    Raises pydantic's ValidationError.
    """
    return adapter.validate_json(json.dumps(raw), by_name=False)


def errors_of(error: ValidationError) -> list[ErrorDetails]:
    """Pydantic's errors, without links to its documentation."""
    return error.errors(include_url=False)


def dotted(path: FieldPath) -> str:
    """A path in the form of `environment.vpc.subnetIds[0]`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{key_shown(part)}" for part in path)
    return text.removeprefix(".")


def path_of(error: ErrorDetails, root: Any) -> FieldPath:
    """The path of the field that has the error; `root` is the type that was validated."""
    return _located(error, root)[0]


def explained(error: ErrorDetails, root: Any) -> Problem:
    """The problem that an error stands for; `root` is the type that was validated."""
    path, section = _located(error, root)
    return Problem(dotted(path), _message(error, section))


def _located(error: ErrorDetails, root: Any) -> tuple[FieldPath, type[Section] | None]:
    """The path of the field that has the error, and its section. Pydantic's own path also has the tags of unions."""
    path: list[str | int] = []
    annotation, section = root, None
    for part in error["loc"]:
        members = _tagged_members(annotation)
        if part in members:
            annotation = members[str(part)]
            continue
        section = _section(annotation)
        if part == "[key]" and section is None and get_origin(annotation) is not dict:
            continue  # pydantic's mark of a problem with the key of a map instead of its value
        path.append(part)
        annotation = _annotation_of(part, annotation, section)
    if field := error.get("ctx", {}).get("field"):
        path.append(field)
    return tuple(path), section


def _tagged_members(annotation: Any) -> dict[str, Any]:
    """The members of a union with a discriminator, by tag; empty for all other annotations."""
    found: dict[str, Any] = {}
    for member in get_args(annotation):
        tags = [each.tag for each in get_args(member)[1:] if isinstance(each, Tag)]
        found |= dict.fromkeys(tags, get_args(member)[0]) if tags else _tagged_members(member)
    return found


def _section(annotation: Any) -> type[Section] | None:
    """The section that an annotation stands for; None if there is none, or one of several."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Section) else None
    if get_origin(annotation) is list:
        return None
    found = [section for each in get_args(annotation) if (section := _section(each)) is not None]
    return found[0] if len(found) == 1 else None


def sections(annotation: Any) -> Iterator[type[Section]]:
    """All sections that a value of this type may be."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    elif get_origin(annotation) in (Annotated, Union, UnionType):
        for member in get_args(annotation):
            yield from sections(member)


def _annotation_of(part: str | int, annotation: Any, section: type[Section] | None) -> Any:
    """The annotation of a field of `section`, or of an entry of a list or map."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if section is None:
        return get_args(annotation)[-1] if get_args(annotation) else None
    name = section.known_keys().get(str(part))
    return section.model_fields[name].annotation if name else None


def _message(error: ErrorDetails, section: type[Section] | None) -> str:
    given = error["input"]
    if error["type"] == "refused":
        return error["msg"]
    if error["type"] == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), section)
    if error["type"] == "string_type" and isinstance(given, Mapping) and {*given} == {"stack", "output"}:
        return "must be written here: this field cannot be an output of another stack"
    kind = "string_too_long" if error["type"] == "too_long" and isinstance(given, str) else error["type"]
    size = len(given) if isinstance(given, Sized) else 0
    message = _MESSAGES.get(kind, error["msg"]).format(**error.get("ctx", {}), size=size)
    # Text may contain a secret, and so may keys and variables that are numbers. Other numbers and booleans are shown.
    is_hidden = isinstance(given, str) or not _HIDDEN_FIELDS.isdisjoint(error["loc"])
    return message if is_hidden else message + got(given)


def _unknown_key(key: str, section: type[Section] | None) -> str:
    if section is None:
        return "is not known here"
    if key in section.refused:
        return section.refused[key]
    known = sorted(section.known_keys())
    return f"is not known here{did_you_mean(key, known)}; known: {', '.join(known)}"


def is_inside(path: FieldPath, raw: Any) -> bool:
    """Whether `raw` has a value at `path`. Lists are taken to have any entry."""
    for part in path:
        if isinstance(raw, list):
            return True
        if not isinstance(raw, Mapping) or part not in raw:
            return False
        raw = raw[part]
    return True
