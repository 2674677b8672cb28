"""One integration, checked as far as it is right: its fields, and the rules between those that are valid."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from . import rules
from .integration import IntegrationSettings, PartialIntegration
from .problems import ConfigError, Path, Problem, errors_of, explained, path_of, validated
from .raw import TOO_DEEP, Raw, is_too_deep

_INTEGRATION: TypeAdapter[IntegrationSettings] = TypeAdapter(IntegrationSettings)
_PARTIAL: TypeAdapter[PartialIntegration] = TypeAdapter(PartialIntegration)


@dataclass(frozen=True)
class FieldProblem:
    """A mistake in one field, with the path of the value to blame: for a missing field, the map around it."""

    problem: Problem
    blamed: Path
    missing: bool


@dataclass(frozen=True)
class Checked:
    """The settings where nothing is wrong; otherwise None and what is."""

    settings: IntegrationSettings | None = None
    fields: tuple[FieldProblem, ...] = ()
    between_fields: tuple[rules.BrokenRule, ...] = ()


def parse_integration(raw: Raw) -> IntegrationSettings:
    """Settings of one integration, for programs that use the component without this program's configuration.

    Raises ConfigError with every problem there is.
    """
    if is_too_deep(raw):
        raise ConfigError([Problem("integration", TOO_DEEP)])
    checked = check(raw)
    if checked.settings is None:
        raise ConfigError(
            [*(each.problem for each in checked.fields), *(each.problem for each in checked.between_fields)]
        )
    return checked.settings


def check(raw: Raw) -> Checked:
    """Check the fields of an integration, and the rules between those that are valid."""
    try:
        return Checked(settings=validated(_INTEGRATION, raw))
    except ValidationError as error:
        errors = errors_of(error)
    if errors[0]["type"] == "rules":
        return Checked(between_fields=tuple(errors[0]["ctx"]["broken"]))
    return Checked(None, tuple(_field_problem(each) for each in errors), tuple(_rules_between_valid(raw, errors)))


def _field_problem(error: ErrorDetails) -> FieldProblem:
    path, missing = path_of(error, IntegrationSettings), error["type"] == "missing"
    return FieldProblem(explained(error, IntegrationSettings), path[:-1] if missing else path, missing)


def _rules_between_valid(raw: Raw, errors: list[ErrorDetails]) -> list[rules.BrokenRule]:
    """The broken rules between the sections that have no error of their own."""
    wrong = {error["loc"][0] for error in errors}
    right = validated(_PARTIAL, {key: value for key, value in raw.items() if key not in wrong})
    names = [name for key, name in PartialIntegration.known_keys().items() if key not in wrong]
    return rules.broken({name: getattr(right, name) for name in names})
