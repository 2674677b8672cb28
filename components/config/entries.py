"""The entries of `integrations`, each with the stack's defaults merged in, and whose mistake is whose."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..aws.names import project_name, pull_requests_project_name
from .check import FieldProblem, check
from .fields import IntegrationName
from .given import key_shown
from .integration import IntegrationSettings
from .merge import merged
from .problems import Path, Problem, errors_of, is_inside, validated
from .raw import Raw

_NAME: TypeAdapter[str] = TypeAdapter(IntegrationName)
_NOT_A_MAP = "must be a map of keys and values"
OF_ONE_INTEGRATION = {
    "projectKey": "belongs to one integration: two would mix up their deploys",
    "projectName": "belongs to one integration: no two build projects have one name",
}
"""Fields that the defaults may not hold, and why."""
NONE_NAMED = Problem("integrations", "must name at least one repository")


def parse_entries(raw: Any, defaults: Any) -> tuple[dict[str, IntegrationSettings], list[Problem]]:
    """The settings of every entry that is right, by its name, and the problems of all others and of the defaults."""
    if not isinstance(defaults, Mapping):
        return {}, [Problem("defaults", _NOT_A_MAP)]
    problems = _defaults_problems(defaults)
    if raw in (None, "", {}):
        return {}, [*problems, NONE_NAMED]
    if not isinstance(raw, Mapping):
        return {}, [*problems, Problem("integrations", "must be a map from names to integrations")]
    integrations = {}
    for name, own in raw.items():
        settings, found = _parse_one(name, own, defaults)
        problems += found
        if settings is not None:
            integrations[name] = settings
    return integrations, problems


def project_names(stack: str, integrations: Mapping[str, IntegrationSettings]) -> list[tuple[str, str]]:
    """Every build project of a stack: its name, and the path of the field that makes it, below `integrations`."""
    found = []
    for name, settings in integrations.items():
        project = project_name(stack, name, settings.project_name)
        found.append((project, f"{name}.projectName"))
        if settings.triggers.pull_requests is not None:
            found.append((pull_requests_project_name(project), f"{name}.triggers.pullRequests"))
    return found


def equal_projects(stack: str, integrations: Mapping[str, IntegrationSettings]) -> Iterator[Problem]:
    """Each field by which a second build project would have the name of another."""
    first: dict[str, str] = {}
    for project, path in project_names(stack, integrations):
        if project in first:
            yield Problem(
                f"integrations.{path}",
                f"gives a build project the name {project}, which integrations.{first[project]} gives another; "
                "rename one of the two integrations, or set its projectName",
            )
        first.setdefault(project, path)


def _defaults_problems(defaults: Raw) -> list[Problem]:
    """What is wrong with the defaults by themselves; they need not be complete."""
    problems = [
        each.problem.under("defaults")
        for each in check(merged({}, defaults)).fields
        if not each.missing and not _depends_on_the_provider(each, defaults)
    ]
    problems += [Problem(f"defaults.{key}", reason) for key, reason in OF_ONE_INTEGRATION.items() if key in defaults]
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
    inherited = {key: value for key, value in defaults.items() if key not in OF_ONE_INTEGRATION}
    found = check(merged(inherited, own))
    for each in found.fields:
        if _is_mistake_of(inherited, each, own):
            problems.append(each.problem.under("defaults"))
        else:
            problems.append(each.problem.under(where))
    for broken in found.between_fields:
        if own.keys().isdisjoint(broken.sections) and is_inherited(_path(broken.problem), own, inherited):
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
    return not left_to_the_integration and is_inherited(found.blamed, own, defaults)


def is_inherited(path: Path, own: Raw, defaults: Raw) -> bool:
    """Whether the value at `path` comes from the defaults alone."""
    return is_inside(path, defaults) and not is_inside(path, own)


def _path(problem: Problem) -> Path:
    return tuple(problem.path.split("."))


def _with_a_way_out(problem: Problem, own: Raw, defaults: Raw) -> Problem:
    """Say how to remove a default that this integration's own choice makes impossible."""
    if not is_inherited(_path(problem), own, defaults):
        return problem
    key = problem.path.rsplit(".", 1)[-1]
    return Problem(
        problem.path,
        f"{problem.message}; it is inherited from defaults: write `{key}: null` here to remove it",
    )
