"""A whole stack: the secret, the defaults, and every integration, checked together."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from . import rules
from .access import StackSecret
from .fields import IntegrationName, did_you_mean
from .integration import IntegrationSettings, PartialIntegration
from .merge import merged
from .problems import ConfigError, Path, Problem, errors_of, explained, is_inside, path_of, validated
from .pull_requests import PULL_REQUESTS_SUFFIX

Raw = Mapping[str, Any]

STACK_KEYS = ("apiKey", "secret", "defaults", "integrations")
"""The keys of a stack's configuration. `apiKey` is a secret and never reaches this package."""

_INTEGRATION: TypeAdapter[IntegrationSettings] = TypeAdapter(IntegrationSettings)
_PARTIAL: TypeAdapter[PartialIntegration] = TypeAdapter(PartialIntegration)
_SECRET: TypeAdapter[StackSecret] = TypeAdapter(StackSecret)
_NAME: TypeAdapter[str] = TypeAdapter(IntegrationName)
_NOT_A_MAP = "must be a map of keys and values"


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


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """Everything that a stack's configuration says, checked."""

    secret: StackSecret
    """Where the platform's API key is kept."""
    integrations: Mapping[str, IntegrationSettings]
    """One entry per repository."""


def raw_values(project: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The keys of a stack but `apiKey`, from the texts that the engine hands over under `<project>:<key>`.

    Maps and lists arrive as JSON; what is not JSON is the text itself.
    """
    prefix = f"{project}:"
    keys = [key.removeprefix(prefix) for key in values if key.startswith(prefix)]
    return {key: _parsed(values[prefix + key]) for key in keys if key != "apiKey"}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def parse_stack(raw: Raw, stack: str) -> StackSettings:
    """Settings from the keys of a stack's configuration; an empty value counts as absent.

    Raises ConfigError with every problem there is.
    """
    problems = [*_stack_name_problems(stack), *_unknown_keys(raw)]
    secret, found = _parse_secret(raw.get("secret") or {})
    problems += found
    integrations, found = _parse_integrations(raw.get("integrations"), raw.get("defaults") or {})
    problems += found
    if problems or secret is None:
        raise ConfigError(dict.fromkeys(problems))
    return StackSettings(secret=secret, integrations=integrations)


def parse_integration(raw: Raw) -> IntegrationSettings:
    """Settings of one integration, for programs that use the component without this program's configuration.

    Raises ConfigError with every problem there is.
    """
    checked = _check(raw)
    if checked.settings is None:
        raise ConfigError(
            [*(each.problem for each in checked.fields), *(each.problem for each in checked.between_fields)]
        )
    return checked.settings


def _check(raw: Raw) -> Checked:
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


def _stack_name_problems(stack: str) -> Iterator[Problem]:
    # The stack's name is part of the build project's, in which CodeBuild allows no `.` and 150 characters: `conviso-`,
    # the stack, `-`, the 40 of an integration and `-pr`.
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,98}", stack):
        yield Problem("stack", f'must be named with letters, digits, - and _ only; this one is "{stack}"')


def _unknown_keys(raw: Raw) -> Iterator[Problem]:
    for key in sorted(raw.keys() - set(STACK_KEYS)):
        yield Problem(key, f"is not known here{did_you_mean(key, STACK_KEYS)}; known: {', '.join(STACK_KEYS)}")


def _parse_secret(raw: Any) -> tuple[StackSecret | None, list[Problem]]:
    try:
        secret = validated(_SECRET, raw)
    except ValidationError as error:
        return None, [explained(each, StackSecret).under("secret") for each in errors_of(error)]
    return secret, []


def _parse_integrations(raw: Any, defaults: Any) -> tuple[dict[str, IntegrationSettings], list[Problem]]:
    if not isinstance(defaults, Mapping):
        return {}, [Problem("defaults", _NOT_A_MAP)]
    problems = _defaults_problems(defaults)
    if raw in (None, "", {}):
        return {}, [*problems, Problem("integrations", "must name at least one repository")]
    if not isinstance(raw, Mapping):
        return {}, [*problems, Problem("integrations", "must be a map from names to integrations")]
    integrations = {}
    for name, own in raw.items():
        settings, found = _parse_one(name, own, defaults)
        problems += found
        if settings is not None:
            integrations[name] = settings
    return integrations, [*problems, *_equal_projects(integrations)]


def _equal_projects(integrations: Mapping[str, IntegrationSettings]) -> Iterator[Problem]:
    """Where the project for one integration's pull requests would have the name of another integration's project."""
    for name, settings in integrations.items():
        other = f"{name}{PULL_REQUESTS_SUFFIX}"
        if settings.triggers.pull_requests is not None and other in integrations:
            yield Problem(
                f"integrations.{name}.triggers.pullRequests",
                f"makes a build project whose name ends in {other}, as that of integrations.{other} does; "
                "rename one of the two integrations",
            )


def _defaults_problems(defaults: Raw) -> list[Problem]:
    """What is wrong with the defaults by themselves; they need not be complete."""
    problems = [
        each.problem.under("defaults")
        for each in _check(merged({}, defaults)).fields
        if not each.missing and not _depends_on_the_provider(each, defaults)
    ]
    if "projectKey" in defaults:
        problems.append(Problem("defaults.projectKey", "belongs to one integration: two would mix up their deploys"))
    return problems


def _depends_on_the_provider(found: FieldProblem, defaults: Raw) -> bool:
    """Whether only the integration's own choice of a provider will tell if the field exists."""
    source = defaults.get("source")
    return found.blamed[:1] == ("source",) and isinstance(source, Mapping) and "provider" not in source


def _parse_one(name: str, own: Any, defaults: Raw) -> tuple[IntegrationSettings | None, list[Problem]]:
    where = f"integrations.{name}"
    problems = [Problem(where, f"the name {message}") for message in _name_problems(name)]
    own = {} if own is None else own
    if not isinstance(own, Mapping):
        return None, [*problems, Problem(where, _NOT_A_MAP)]
    inherited = {key: value for key, value in defaults.items() if key != "projectKey"}
    found = _check(merged(inherited, own))
    for each in found.fields:
        if _is_mistake_of(inherited, each, own):
            problems.append(each.problem.under("defaults"))
        else:
            problems.append(each.problem.under(where))
    for broken in found.between_fields:
        if own.keys().isdisjoint(broken.sections) and _is_inherited(_path(broken.problem), own, inherited):
            problems.append(broken.problem.under("defaults"))
        else:
            problems.append(_with_a_way_out(broken.problem, own, inherited).under(where))
    return found.settings, problems


def _name_problems(name: str) -> list[str]:
    try:
        validated(_NAME, name)
    except ValidationError as error:
        return [each["msg"] for each in errors_of(error)]
    return []


def _is_mistake_of(defaults: Raw, found: FieldProblem, own: Raw) -> bool:
    # A default source need not be whole: the integration is expected to say which repository it is about.
    left_to_the_integration = found.missing and found.blamed[:1] in {(), ("source",)}
    return not left_to_the_integration and _is_inherited(found.blamed, own, defaults)


def _is_inherited(path: Path, own: Raw, defaults: Raw) -> bool:
    return is_inside(path, defaults) and not is_inside(path, own)


def _path(problem: Problem) -> Path:
    return tuple(problem.path.split("."))


def _with_a_way_out(problem: Problem, own: Raw, defaults: Raw) -> Problem:
    """Say how to remove a default that this integration's own choice makes impossible."""
    if not _is_inherited(_path(problem), own, defaults):
        return problem
    key = problem.path.rsplit(".", 1)[-1]
    return Problem(
        problem.path,
        f"{problem.message}; it is inherited from defaults: write `{key}: null` here to remove it",
    )
