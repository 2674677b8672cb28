"""The output of `aws codebuild batch-get-projects`, and what `adopt` relies on in it."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from components.config.fields import matches, refusal
from components.config.problems import Problem, errors_of, explained, validated
from components.config.raw import unreadable
from components.config.redaction import key_shown
from fleet import text_files
from fleet.adopt.old_source import PROVIDERS
from fleet.errors import FleetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


class _Form(BaseModel):
    """A structure that AWS prints. A field without default is in all of AWS's output."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="ignore", frozen=True, hide_input_in_errors=True, strict=True
    )


class _Auth(_Form):
    type: str
    resource: str = ""


class _Submodules(_Form):
    fetch_submodules: bool


class _Source(_Form):
    type: str
    location: str = ""
    buildspec: str = ""
    auth: _Auth | None = None
    git_clone_depth: int = 0
    git_submodules_config: _Submodules | None = None
    insecure_ssl: bool = False
    report_build_status: bool = False

    @model_validator(mode="after")
    def _names_its_repository(self) -> Self:
        if self.type in PROVIDERS and not self.location:
            raise refusal("is required", "location")
        return self


class _Variable(_Form):
    name: str
    value: str
    type: str = "PLAINTEXT"


class _Environment(_Form):
    type: str
    image: str
    compute_type: str
    certificate: str = ""
    environment_variables: list[_Variable] = []
    privileged_mode: bool = False


class _Filter(_Form):
    type: str
    pattern: str
    exclude_matched_pattern: bool = False


class _Webhook(_Form):
    branch_filter: str = ""
    build_type: str = "BUILD"
    filter_groups: list[list[_Filter]] = []


class _Artifacts(_Form):
    type: str
    location: str = ""


class _Cache(_Form):
    type: str
    location: str = ""
    modes: list[str] = []


class _CloudWatchLogs(_Form):
    status: str
    group_name: str = ""


class _S3Logs(_Form):
    status: str
    location: str = ""


class _Logs(_Form):
    cloud_watch_logs: _CloudWatchLogs | None = None
    s3_logs: _S3Logs | None = None


class _Network(_Form):
    vpc_id: str = ""
    subnets: list[str] = []
    security_group_ids: list[str] = []


class _Badge(_Form):
    badge_enabled: bool


class _Tag(_Form):
    key: str
    value: str = ""


class _Project(_Form):
    name: str
    arn: Annotated[
        str,
        matches(r"arn:[a-z-]+:codebuild:[a-z0-9-]+:[0-9]{12}:project/[A-Za-z0-9_-]+", "the ARN of a build project"),
    ]
    source: _Source
    environment: _Environment
    service_role: str
    artifacts: _Artifacts | None = None
    auto_retry_limit: int | None = None
    badge: _Badge | None = None
    cache: _Cache | None = None
    concurrent_build_limit: int | None = None
    description: str = ""
    file_system_locations: list[dict[str, Any]] = []
    logs_config: _Logs | None = None
    project_visibility: str = ""
    queued_timeout_in_minutes: int | None = None
    secondary_artifacts: list[dict[str, Any]] = []
    secondary_sources: list[dict[str, Any]] = []
    source_version: str = ""
    tags: list[_Tag] = []
    timeout_in_minutes: int | None = None
    vpc_config: _Network | None = None
    webhook: _Webhook | None = None

    @model_validator(mode="after")
    def _has_its_own_arn(self) -> Self:
        if self.arn.partition(":project/")[2] != self.name:
            raise refusal("must end in the project's name", "arn")
        return self


_PROJECT: TypeAdapter[_Project] = TypeAdapter(_Project)


@dataclass(frozen=True)
class Printed:
    """The output of `batch-get-projects`."""

    projects: list[Mapping[str, Any]]
    not_found: list[str]
    """Names for which CodeBuild has no project."""


def read(file: Path) -> Printed:
    """The projects in the file, each once. Several outputs may follow each other, since AWS prints 100 at most.

    Raises FleetError with all problems if there are no projects, or if they lack what AWS always prints.
    """
    try:
        pages = text_files.documents(text_files.read(file))
    except ValueError:
        pages = []
    if not pages or not all(map(_is_page, pages)):
        raise FleetError(f"{file} is not what `{_command(file)}` writes")
    projects = [each for page in pages for each in page["projects"]]
    if problems := list(_problems(projects)):
        said = "\n".join(map(str, problems))
        raise FleetError(
            f"{file} lacks what AWS prints, or somebody changed it:\n{said}\n"
            f"Let AWS print it again: {_command(file, projects)}"
        )
    not_found = [str(each) for page in pages for each in page.get("projectsNotFound") or []]
    if not projects:
        raise FleetError(f"{file} holds no project; not found: {', '.join(not_found)}")
    return Printed(list({each["name"]: _without_nulls(each) for each in projects}.values()), not_found)


def _is_page(document: Any) -> bool:
    if not isinstance(document, dict) or not isinstance(document.get("projects"), list):
        return False
    return isinstance(document.get("projectsNotFound") or [], list)


def _command(file: Path, projects: Sequence[Any] = ()) -> str:
    """The command that prints these projects."""
    names = [each["name"] for each in projects if isinstance(each, dict) and isinstance(each.get("name"), str)]
    wanted = " ".join(quote(key_shown(each)) for each in dict.fromkeys(names)) or "NAME..."
    return f"aws codebuild batch-get-projects --output json --names {wanted} >{quote(file.name)}"


def _problems(projects: Sequence[Any]) -> Iterator[Problem]:
    """What is wrong with each project, under its name."""
    seen: dict[str, Any] = {}
    for index, raw in enumerate(projects):
        name = raw.get("name") if isinstance(raw, dict) else None
        where = key_shown(name) if isinstance(name, str) and name else f"projects[{index}]"
        if message := unreadable(raw):
            yield Problem(where, message)
            continue
        if isinstance(name, str) and seen.setdefault(name, raw) != raw:
            yield Problem(where, "is there twice, and one differs from the other")
        try:
            validated(_PROJECT, _without_nulls(raw))
        except ValidationError as error:
            for each in errors_of(error):
                yield explained(each, _Project).under(where)


def _without_nulls(value: Any) -> Any:
    """The value without the fields that are null. AWS leaves out what is not set, but other tools print it as null."""
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value
