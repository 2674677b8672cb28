"""The configuration as the engine provides it, before it is checked."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Union

from .fields import Section
from .problems import ConfigError, Problem, sections
from .redaction import key_shown

Raw = Mapping[str, Any]

NAMESPACE = "conviso-codebuild"
"""The namespace of the keys in a stack file, which is the project's name."""

STACK_KEYS = ("apiKey", "secret", "notifications", "defaults", "integrationFiles", "integrations")
"""The keys of a stack's configuration. The value of `apiKey` is a secret, which this package never sees."""

_DEEPEST = 50  # the deepest field is at 6; the JSON parsers of Python and pydantic end at a few hundred
_TOO_DEEP = f"is nested deeper than {_DEEPEST} levels"


def raw_values(project: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The values of a stack's keys except `apiKey`, from the texts that the engine provides as `<project>:<key>`.

    Maps and lists are JSON; a text that is not JSON is the value itself. A known key in another namespace is returned
    with that namespace and without its value, to be refused.

    Raises ConfigError if a value is nested too deeply to be read.
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
    """Why a value cannot be a configuration, whatever its fields; None for Unicode JSON within the limit of depth."""
    level = [value]
    # It goes level by level, because recursion would fail on the nesting that it is meant to detect.
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


def without_nulls(raw: Raw, annotation: Any) -> dict[str, Any]:
    """The map, of that type, without the keys whose value is null, which stands for an absent value, at all levels.

    A null stays if no alternative of the type has its key, so that the key is refused like any other mistake.
    """
    alternatives = list(sections(annotation))
    return {
        key: without_nulls(value, _type_at(key, alternatives)) if isinstance(value, Mapping) else value
        for key, value in raw.items()
        if value is not None or (alternatives and not any(_has(each, key) for each in alternatives))
    }


def _has(section: type[Section], key: str) -> bool:
    return key in section.known_keys() or key in section.refused


def _type_at(key: str, alternatives: list[type[Section]]) -> Any:
    found = [each.model_fields[name].annotation for each in alternatives if (name := each.known_keys().get(key))]
    return Union[tuple(found)] if found else None  # noqa: UP007 - the members are known only when it runs
