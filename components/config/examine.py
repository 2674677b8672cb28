"""Check one integration's raw fields: what is wrong with each, and what is wrong between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from . import rules
from .explain import Path, errors_of, explained, path_of, validated
from .integration import IntegrationSettings
from .problems import ConfigError, Problem

_ADAPTER: TypeAdapter[IntegrationSettings] = TypeAdapter(IntegrationSettings)


@dataclass(frozen=True)
class FieldProblem:
    """A mistake in one field, with the path of the value that is to blame: for a missing one, the map around it."""

    problem: Problem
    culprit: Path
    missing: bool


@dataclass(frozen=True)
class Examination:
    """The settings where nothing is wrong; otherwise None and what is."""

    settings: IntegrationSettings | None
    fields: tuple[FieldProblem, ...]
    between_fields: tuple[rules.BrokenRule, ...]


def examine(raw: Mapping[str, Any]) -> Examination:
    """Check the fields of an integration, then the rules between those that are valid."""
    valid: dict[str, Any] = {}
    try:
        settings = validated(_ADAPTER, _with_derived_defaults(raw), context=valid)
    except ValidationError as error:
        fields = tuple(_field_problem(each) for each in errors_of(error))
        settings = None
    else:
        fields = ()
    between = tuple(rules.broken(valid))
    return Examination(None if between else settings, fields, between)


def parse_integration(raw: Mapping[str, Any]) -> IntegrationSettings:
    """Settings of one integration, for programs that use the component without this program's configuration.

    Raises ConfigError with every problem there is.
    """
    found = examine(raw)
    if found.settings is None:
        raise ConfigError([*(each.problem for each in found.fields), *(each.problem for each in found.between_fields)])
    return found.settings


def _field_problem(error: Any) -> FieldProblem:
    path, missing = path_of(error), error["type"] == "missing"
    return FieldProblem(explained(error, IntegrationSettings), path[:-1] if missing else path, missing)


def _with_derived_defaults(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the defaults that depend on another section, where the sections are such that one can tell."""
    review, scans, client = (raw.get(name, {}) for name in ("review", "scans", "client"))
    derived = dict(raw)
    if isinstance(scans, Mapping) and "sast" not in scans and _says(review, "strategy", "none"):
        derived["scans"] = {"sast": "repository", **scans}
    if _says(client, "package", "conviso-ast") and _says(scans, "sast", "none"):
        derived["client"] = {"autoClose": False, **client}
    return derived


def _says(section: Any, key: str, value: str) -> bool:
    return isinstance(section, Mapping) and section.get(key) == value
