"""The entries of `integrations` and of `integrationFiles`, each merged with the stack's defaults and then checked."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from ..aws.names import project_name, pull_requests_project_name
from . import yaml_reader
from .fields import IntegrationName
from .integration import FieldProblem, IntegrationSettings, check
from .merge import merged
from .problems import NOT_A_MAP, FieldPath, Problem, errors_of, is_inside, validated
from .raw import Raw, unreadable
from .redaction import key_shown, on_one_line
from .review import Strategy

_NAME: TypeAdapter[str] = TypeAdapter(IntegrationName)
OF_ONE_INTEGRATION = {
    "projectKey": "belongs to one integration: two that share it would mix up their deploys",
    "projectName": "belongs to one integration: two build projects cannot share a name",
}
"""The fields that may not be defaults, each with the reason."""
NONE_NAMED = Problem("integrations", "must name at least one repository")
NO_FILE = "matches no file"
"""The problem of a glob without matches."""


class Entry(NamedTuple):
    """The unchecked value of an integration, and where it was defined."""

    place: str
    """Path for error messages: `integrations.shop-api`, or `teams/web.yaml: shop-api`."""
    value: Any


def read_files(globs: Any, folder: Path) -> tuple[dict[str, list[Entry]], list[Problem]]:
    """The entries of all files that the globs match, by the integration's name, and the problems of the files.

    Each file is a YAML map from names to integrations, like the stack's `integrations`.
    """
    entries: dict[str, list[Entry]] = {}
    problems: list[Problem] = []
    if not isinstance(globs, list):
        return {}, [
            Problem("integrationFiles", "must be a list of paths, in which * matches any text and ** any folders")
        ]
    for path in dict.fromkeys(_matching(globs, folder, problems)):
        name = on_one_line(path.relative_to(folder).as_posix())
        for key, value in _read(path, name, problems).items():
            entries.setdefault(key, []).append(Entry(f"{name}: {key_shown(key)}", value))
    return entries, problems


def _matching(globs: list[Any], folder: Path, problems: list[Problem]) -> Iterator[Path]:
    for index, glob in enumerate(globs):
        where = f"integrationFiles[{index}]"
        parts = PurePosixPath(glob).parts if isinstance(glob, str) else ()
        if not parts or parts[0] == "/" or ".." in parts:
            problems.append(Problem(where, "must be a path inside the project's folder, such as teams/*.yaml"))
            continue
        try:
            found = sorted(path for path in folder.glob(glob) if path.is_file())
        except ValueError:
            problems.append(Problem(where, "must have ** only as a whole part of the path, such as teams/**/*.yaml"))
            continue
        except OSError:  # such as a name that is too long for the file system
            found = []
        if not found:
            problems.append(Problem(where, NO_FILE))
        yield from found


def _read(path: Path, name: str, problems: list[Problem]) -> Mapping[str, Any]:
    try:
        content = yaml_reader.json_ready(yaml_reader.read(path.read_text(encoding="utf-8-sig"), refuse_more=True))
    except (OSError, UnicodeDecodeError, yaml_reader.YamlError) as error:
        reason = error if isinstance(error, yaml_reader.YamlError) else "it cannot be read as UTF-8 text"
        problems.append(Problem(name, f"is not valid YAML: {reason}"))
        return {}
    if message := unreadable(content):
        problems.append(Problem(name, message))
        return {}
    if not isinstance(content, Mapping):
        problems.append(Problem(name, "must be a map from names to integrations"))
        return {}
    return content


def parse_entries(
    raw: Any, defaults: Any, from_files: Mapping[str, list[Entry]]
) -> tuple[dict[str, IntegrationSettings], list[Problem]]:
    """The settings of all valid entries, by name, and the problems of the others and of the defaults.

    `from_files` are the entries of `integrationFiles`. A name that is defined twice is a problem.
    """
    if not isinstance(defaults, Mapping):
        return {}, [Problem("defaults", NOT_A_MAP)]
    problems = _defaults_problems(defaults)
    if not isinstance(raw, Mapping):
        return {}, [*problems, Problem("integrations", "must be a map from names to integrations")]
    if not raw and not from_files:
        problems.append(NONE_NAMED)
    places = {name: [Entry(f"integrations.{key_shown(name)}", own)] for name, own in raw.items()}
    for name, found_in_files in from_files.items():
        places.setdefault(name, []).extend(found_in_files)
    integrations = {}
    for name, entries in places.items():
        first, *others = entries
        problems += [Problem(each.place, f"is already defined in {first.place}") for each in others]
        settings, found = _parse_one(name, first, defaults)
        problems += found
        if settings is not None:
            integrations[name] = settings
    return integrations, problems


def project_names(stack: str, integrations: Mapping[str, IntegrationSettings]) -> list[tuple[str, str]]:
    """The names of all build projects of a stack, each with the path, below `integrations`, of its field."""
    found = []
    for name, settings in integrations.items():
        project = project_name(stack, name, settings.project_name)
        found.append((project, f"{name}.projectName"))
        if settings.triggers.pull_requests is not None:
            found.append((pull_requests_project_name(project), f"{name}.triggers.pullRequests"))
    return found


def equal_projects(stack: str, integrations: Mapping[str, IntegrationSettings]) -> Iterator[Problem]:
    """A problem for each build project that would have the name of an earlier one."""
    first: dict[str, str] = {}
    for project, path in project_names(stack, integrations):
        if project in first:
            yield Problem(
                f"integrations.{path}",
                f"gives a build project the name {project}, which integrations.{first[project]} already gives to "
                "another; rename one of the two integrations, or set its projectName",
            )
        first.setdefault(project, path)


def mixed_deploys(integrations: Mapping[str, IntegrationSettings]) -> Iterator[Problem]:
    """A warning for each Conviso project to which several integrations send deploys."""
    by_project: dict[str | None, list[str]] = {}
    for name, settings in integrations.items():
        if settings.review.strategy is not Strategy.NONE:
            by_project.setdefault(settings.project_key, []).append(name)
    for names in by_project.values():
        if len(names) > 1:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            yield Problem(
                "integrations",
                f"{', '.join(names[:3])}{more} make deploys with the same projectKey: each takes the last deploy of "
                "the others for its own; give each its own project, or set review.strategy to none for all but one",
            )


def _defaults_problems(defaults: Raw) -> list[Problem]:
    """The problems of the defaults on their own. Fields that are missing are none of them."""
    problems = [
        each.problem.under("defaults")
        for each in check(merged({}, defaults)).fields
        if not each.missing and not _depends_on_the_provider(each, defaults)
    ]
    problems += [Problem(f"defaults.{key}", reason) for key, reason in OF_ONE_INTEGRATION.items() if key in defaults]
    return problems


def _depends_on_the_provider(found: FieldProblem, defaults: Raw) -> bool:
    """Whether the field may turn out valid once an integration chooses the provider."""
    source = defaults.get("source")
    return found.blamed[:1] == ("source",) and isinstance(source, Mapping) and "provider" not in source


def _parse_one(name: str, entry: Entry, defaults: Raw) -> tuple[IntegrationSettings | None, list[Problem]]:
    where, own = entry
    problems = [Problem(where, f"the name {message}") for message in name_mistakes(name)]
    own = {} if own is None else own
    if not isinstance(own, Mapping):
        return None, [*problems, Problem(where, NOT_A_MAP)]
    inherited = {key: value for key, value in defaults.items() if key not in OF_ONE_INTEGRATION}
    found = check(merged(inherited, own))
    for each in found.fields:
        if _is_mistake_of(inherited, each, own):
            problems.append(each.problem.under("defaults"))
        else:
            # A default of the same name went with the alternative that the integration did not choose.
            shown = each.problem if each.missing else _with_a_way_out(each.problem, own, inherited)
            problems.append(shown.under(where))
    for broken in found.between_fields:
        if own.keys().isdisjoint(broken.sections) and is_inherited(_path(broken.problem), own, inherited):
            problems.append(broken.problem.under("defaults"))
        else:
            problems.append(_with_a_way_out(broken.problem, own, inherited).under(where))
    return found.settings, problems


def name_mistakes(name: str) -> list[str]:
    """What is wrong with the name of an integration."""
    try:
        validated(_NAME, name)
    except ValidationError as error:
        return [each["msg"] for each in errors_of(error)]
    return []


def _is_mistake_of(defaults: Raw, found: FieldProblem, own: Raw) -> bool:
    # A default source may be incomplete: naming the repository is left to the integration.
    left_to_the_integration = found.missing and found.blamed[:1] in {(), ("source",)}
    # So is the provider, and then the integration has to remove what that provider does not have.
    ruled_out = found.of_another_provider and _depends_on_the_provider(found, defaults)
    return not (left_to_the_integration or ruled_out) and is_inherited(found.blamed, own, defaults)


def is_inherited(path: FieldPath, own: Raw, defaults: Raw) -> bool:
    """Whether the value at `path` comes from the defaults alone."""
    return is_inside(path, defaults) and not is_inside(path, own)


def _path(problem: Problem) -> FieldPath:
    return tuple(problem.path.split("."))


def _with_a_way_out(problem: Problem, own: Raw, defaults: Raw) -> Problem:
    """Add how to remove a default that does not go with the integration's own settings."""
    if not is_inherited(_path(problem), own, defaults):
        return problem
    key = problem.path.rsplit(".", 1)[-1]
    return Problem(
        problem.path,
        f"{problem.message}; it is inherited from defaults: write `{key}: null` here to remove it",
    )
