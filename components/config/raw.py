"""The configuration as the engine hands it over, before anything is checked."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .problems import ConfigError, Problem
from .redaction import key_shown

Raw = Mapping[str, Any]

NAMESPACE = "conviso-codebuild"
"""What stands before each key in a stack file: the project's name."""

STACK_KEYS = ("apiKey", "secret", "notifications", "defaults", "integrationFiles", "integrations")
"""The keys of a stack's configuration. `apiKey` is a secret and never reaches this package."""

_DEEPEST = 50  # the deepest field is at 6; the JSON parsers of Python and pydantic end at a few hundred
_TOO_DEEP = f"is nested deeper than {_DEEPEST} levels"


def raw_values(project: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The keys of a stack but `apiKey`, from the texts that the engine hands over under `<project>:<key>`.

    Maps and lists arrive as JSON; what is not JSON is the text itself. A key of a stack in another namespace keeps it,
    without the value: it is there to be refused.

    Raises ConfigError where a value is nested too deeply to be read.
    """
    prefix = f"{project}:"
    keys = [key.removeprefix(prefix) for key in values if key.startswith(prefix)]
    own = {key: _parsed(key, values[prefix + key]) for key in keys if key != "apiKey"}
    return own | dict.fromkeys(key for key in values if _is_misplaced(key, project))


def _is_misplaced(key: str, project: str) -> bool:
    namespace, _, name = key.partition(":")
    return name in STACK_KEYS and namespace not in {project, "aws", "pulumi"}


def _parsed(key: str, text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except RecursionError:
        raise ConfigError([Problem(key_shown(key), _TOO_DEEP)]) from None
    except ValueError:
        return text


def unreadable(value: Any) -> str | None:
    """Why a value cannot be a configuration, whatever its fields are; None for what JSON holds within the limit."""
    level = [value]
    # Level by level: recursion would end the program where the nesting is too deep.
    for _ in range(_DEEPEST):
        keys = [key for each in level if isinstance(each, Mapping) for key in each]
        if not all(isinstance(key, str) for key in keys):
            return "must have text as the keys of its maps"
        if not all(isinstance(each, Mapping | list | str | int | float | None) for each in level):
            return "must hold plain values: text, numbers, true, false, lists and maps"
        if any(isinstance(each, str) and not _is_unicode(each) for each in (*keys, *level)):
            return "must be Unicode text; it holds half of a surrogate pair"
        level = [child for each in level for child in _children(each)]
    return _TOO_DEEP if level else None


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def without_nulls(raw: Raw) -> dict[str, Any]:
    """The map without the keys that hold null, at every level: null stands for an absent value."""
    return {
        key: without_nulls(value) if isinstance(value, Mapping) else value
        for key, value in raw.items()
        if value is not None
    }
