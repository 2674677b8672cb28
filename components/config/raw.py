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
TOO_DEEP = f"is nested deeper than {_DEEPEST} levels"


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
        raise ConfigError([Problem(key_shown(key), TOO_DEEP)]) from None
    except ValueError:
        return text


def is_too_deep(value: Any) -> bool:
    """Whether maps and lists are nested beyond the limit; level by level, since recursion is what may not be tried."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for each in level for child in _children(each)]
    return bool(level)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
