"""A whole stack: the secret, the defaults, and every integration, checked together."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ..aws.names import MAX_STACK_LENGTH, PULL_REQUESTS_SUFFIX
from . import rules
from .access import StackSecret
from .fields import IntegrationName
from .given import did_you_mean, key_shown
from .integration import IntegrationSettings, PartialIntegration
from .merge import merged
from .notifications import NotificationSettings
from .problems import ConfigError, Path, Problem, errors_of, explained, is_inside, path_of, validated

Raw = Mapping[str, Any]

NAMESPACE = "conviso-codebuild"
"""What stands before each key in a stack file: the project's name."""

STACK_KEYS = ("apiKey", "secret", "notifications", "defaults", "integrations")
"""The keys of a stack's configuration. `apiKey` is a secret and never reaches this package."""

_INTEGRATION: TypeAdapter[IntegrationSettings] = TypeAdapter(IntegrationSettings)
_PARTIAL: TypeAdapter[PartialIntegration] = TypeAdapter(PartialIntegration)
_SECRET: TypeAdapter[StackSecret] = TypeAdapter(StackSecret)
_NOTIFICATIONS: TypeAdapter[NotificationSettings] = TypeAdapter(NotificationSettings)
_NAME: TypeAdapter[str] = TypeAdapter(IntegrationName)
_NOT_A_MAP = "must be a map of keys and values"
_NONE_NAMED = Problem("integrations", "must name at least one repository")

_DEEPEST = 50  # the deepest field is at 6; the JSON parsers of Python and pydantic end at a few hundred
_TOO_DEEP = f"is nested deeper than {_DEEPEST} levels"


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
    notifications: NotificationSettings | None
    """Who hears of builds that end; None where nobody does."""
    integrations: Mapping[str, IntegrationSettings]
    """One entry per repository."""
    tags: Mapping[str, str]
    """Of what all integrations share: the tags in `defaults`."""


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


def parse_stack(raw: Raw, stack: str) -> StackSettings:
    """Settings from the keys of a stack's configuration; an empty value counts as absent.

    Raises ConfigError with every problem there is.
    """
    if too_deep := [Problem(key_shown(key), _TOO_DEEP) for key, value in raw.items() if _is_too_deep(value)]:
        raise ConfigError(too_deep)
    defaults = raw.get("defaults") or {}
    problems = [*_stack_name_problems(stack), *_unknown_keys(raw)]
    secret, found = _parse_secret(raw.get("secret") or {}, defaults)
    problems += found
    notifications, found = _parse_notifications(raw.get("notifications"))
    problems += found
    integrations, found = _parse_integrations(raw.get("integrations"), defaults)
    if "integrations" in _misplaced(raw):
        found = [each for each in found if each != _NONE_NAMED]
    problems += [*found, *_bucket_name_problems(stack, integrations)]
    if problems or secret is None:
        raise ConfigError(dict.fromkeys(problems))
    return StackSettings(
        secret=secret, notifications=notifications, integrations=integrations, tags=defaults.get("tags") or {}
    )


def parse_integration(raw: Raw) -> IntegrationSettings:
    """Settings of one integration, for programs that use the component without this program's configuration.

    Raises ConfigError with every problem there is.
    """
    if _is_too_deep(raw):
        raise ConfigError([Problem("integration", _TOO_DEEP)])
    checked = _check(raw)
    if checked.settings is None:
        raise ConfigError(
            [*(each.problem for each in checked.fields), *(each.problem for each in checked.between_fields)]
        )
    return checked.settings


def _is_too_deep(value: Any) -> bool:
    """Whether maps and lists are nested beyond the limit; level by level, since recursion is what may not be tried."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for each in level for child in _children(each)]
    return bool(level)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


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
    # The stack's name is part of the build project's, in which CodeBuild allows no `.`.
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", stack):
        yield Problem("stack", "must be named with letters, digits, - and _ only")

    if len(stack) > MAX_STACK_LENGTH:
        most = f"must have a name of at most {MAX_STACK_LENGTH} characters"
        yield Problem("stack", f"{most}: those of resources begin with conviso-<stack>-; this one has {len(stack)}")


def _bucket_name_problems(stack: str, integrations: Mapping[str, IntegrationSettings]) -> Iterator[Problem]:
    if re.fullmatch(r"[a-z0-9-]*", stack):
        return
    for name, settings in integrations.items():
        if settings.logs.to_s3 and settings.logs.bucket is None:
            yield Problem(
                f"integrations.{name}.logs.destination",
                "makes a bucket, whose name begins with conviso-<stack>- and may hold a-z, 0-9 and - only; "
                "rename the stack, or bring your own logs.bucket",
            )


def _unknown_keys(raw: Raw) -> Iterator[Problem]:
    misplaced, known = _misplaced(raw), ", ".join(STACK_KEYS)
    for name, key in misplaced.items():
        yield Problem(key_shown(key), f"has the wrong namespace; write {NAMESPACE}:{name}")
    for key in sorted(raw.keys() - {*STACK_KEYS, *misplaced.values()}):
        yield Problem(key_shown(key), f"is not known here{did_you_mean(key, STACK_KEYS)}; known: {known}")


def _misplaced(raw: Raw) -> dict[str, str]:
    """Keys of a stack that stand in another namespace, by their name without it."""
    return {key.partition(":")[2]: key for key in raw if key.partition(":")[2] in STACK_KEYS}


def _parse_secret(raw: Any, defaults: Any) -> tuple[StackSecret | None, list[Problem]]:
    """The secret, with the tags of the defaults where it is made here; their own mistakes are told elsewhere."""
    is_made = isinstance(raw, Mapping) and "existingArn" not in raw
    inherited = {"tags": defaults["tags"]} if is_made and isinstance(defaults, Mapping) and "tags" in defaults else {}
    try:
        secret = validated(_SECRET, merged(inherited, raw) if is_made else raw)
    except ValidationError as error:
        found = [(path_of(each, StackSecret), explained(each, StackSecret)) for each in errors_of(error)]
        return None, [problem.under("secret") for path, problem in found if not _is_inherited(path, raw, inherited)]
    return secret, []


def _parse_notifications(raw: Any) -> tuple[NotificationSettings | None, list[Problem]]:
    if not raw:
        return None, []
    try:
        return validated(_NOTIFICATIONS, raw), []
    except ValidationError as error:
        return None, [explained(each, NotificationSettings).under("notifications") for each in errors_of(error)]


def _parse_integrations(raw: Any, defaults: Any) -> tuple[dict[str, IntegrationSettings], list[Problem]]:
    if not isinstance(defaults, Mapping):
        return {}, [Problem("defaults", _NOT_A_MAP)]
    problems = _defaults_problems(defaults)
    if raw in (None, "", {}):
        return {}, [*problems, _NONE_NAMED]
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
    where = f"integrations.{key_shown(name)}"
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
