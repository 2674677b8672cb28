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
    """Fill in the one default that depends on another section: SAST of everything where nothing is deployed."""
    review, scans = raw.get("review", {}), raw.get("scans", {})
    deploys = not (isinstance(review, Mapping) and review.get("strategy") == "none")
    if deploys or not isinstance(scans, Mapping) or "sast" in scans:
        return dict(raw)
    return {**raw, "scans": {**scans, "sast": "repository"}}
