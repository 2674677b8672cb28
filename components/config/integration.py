"""One entry of `integrations`: a repository, its Conviso project, and how it is reviewed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from . import rules
from .access import ExistingSecret, Role
from .fields import ProjectKey, ProjectName, Section, Tags, Text, derived_default
from .problems import NOT_A_MAP, ConfigError, FieldPath, Problem, errors_of, explained, path_of, validated
from .project import Buildspec, Environment, InlineBuildspec, Logs, RepositoryBuildspec
from .raw import Raw, unreadable, without_nulls
from .review import AstClient, Client, FlowcliClient, Platform, Review, SastRange, Scans, Strategy
from .source import GITLABS, CodeCommitSource, GitSource, S3Source, Source
from .triggers import Triggers


class PartialIntegration(Section):
    """The sections of an integration, all optional, and the defaults that one section derives from another."""

    project_key: ProjectKey | None = Field(
        default=None, description="Key of the Conviso project; required with conviso-flowcli"
    )
    project_name: ProjectName | None = Field(
        default=None,
        description="Name of the build project",
        json_schema_extra=derived_default("`conviso-<stack>-<name>`"),
    )
    description: Annotated[Text, Field(max_length=255)] | None = Field(
        default=None,
        description="Description of the build project",
        json_schema_extra=derived_default("made from name and source"),
    )
    source: Source | None = Field(default=None, description="Which repository a build reads, and how it logs in")
    review: Review = Field(default=Review(), description="Where the deploys that analysts review begin and end")
    scans: Scans = Field(default=Scans(), description="What is scanned, and what fails the build")
    client: Client = Field(default=FlowcliClient(), description="Which Conviso client runs in the build")
    platform: Platform = Field(default=Platform(), description="Which installation, company and asset get the results")
    buildspec: Buildspec = Field(default=InlineBuildspec(), description="Where CodeBuild reads the buildspec")
    triggers: Triggers = Field(default=Triggers(), description="What starts a build")
    environment: Environment = Field(default=Environment(), description="The machine that builds run on")
    logs: Logs = Field(default=Logs(), description="Where build logs go")
    secret: ExistingSecret | None = Field(
        default=None,
        description="Existing secret with another API key",
        json_schema_extra=derived_default("the stack's"),
    )
    role: Role = Field(default=Role(), description="IAM path and permissions boundary of the integration's roles")
    tags: Tags = Field(default={}, description="Tags of every resource that supports tags")

    # These compute the defaults that depend on earlier sections. `info.data` does not contain sections with errors.

    @field_validator("scans")
    @classmethod
    def _derive_sast(cls, scans: Scans, info: ValidationInfo) -> Scans:
        review = info.data.get("review")
        if "sast" in scans.model_fields_set or review is None:
            return scans
        derived = SastRange.REPOSITORY if review.strategy is Strategy.NONE else SastRange.DEPLOY_RANGE
        return scans.model_copy(update={"sast": derived})

    @field_validator("client")
    @classmethod
    def _derive_auto_close(cls, client: Client, info: ValidationInfo) -> Client:
        scans = info.data.get("scans")
        if not isinstance(client, AstClient) or "auto_close" in client.model_fields_set or scans is None:
            return client
        return client.model_copy(update={"auto_close": scans.sast is not SastRange.NONE})

    @field_validator("triggers")
    @classmethod
    def _derive_events(cls, triggers: Triggers, info: ValidationInfo) -> Triggers:
        source, review = info.data.get("source"), info.data.get("review")
        if source is None or review is None:
            return triggers
        if isinstance(source, S3Source):
            return triggers
        reads_tags = review.strategy.reads_tags
        # GitLab sends an event for tags that AWS does not document, so a rule requires an explicit choice there.
        derived = {
            "push": source.branch is not None and not reads_tags,
            "tags": reads_tags and source.provider not in GITLABS,
        }
        if triggers.pull_requests is not None and isinstance(source, GitSource):
            pull_requests = triggers.pull_requests.with_approvers_of(source.provider)
            triggers = triggers.model_copy(update={"pull_requests": pull_requests})
        # Triggers that stay off are not set, so that the rule can distinguish a choice from a default.
        added = {name for name, is_on in derived.items() if is_on} - triggers.model_fields_set
        return triggers.model_copy(update=dict.fromkeys(added, True))


class IntegrationSettings(PartialIntegration):
    """A repository, its Conviso project, and how it is reviewed. All defaults are filled in.

    Raises pydantic's ValidationError if a field is wrong, or if fields contradict each other.
    """

    source: Source = Field(description="Which repository a build reads, and how it logs in")

    @model_validator(mode="after")
    def _obey_rules(self) -> Self:
        if broken := rules.broken({name: getattr(self, name) for name in type(self).model_fields}):
            message = "; ".join(str(each.problem) for each in broken)
            raise PydanticCustomError("rules", "{message}", {"message": message, "broken": broken})
        return self


_INTEGRATION: TypeAdapter[IntegrationSettings] = TypeAdapter(IntegrationSettings)
_PARTIAL: TypeAdapter[PartialIntegration] = TypeAdapter(PartialIntegration)


@dataclass(frozen=True)
class FieldProblem:
    """A problem of one field, and the path of the value to blame. For a missing field, that is the map around it."""

    problem: Problem
    blamed: FieldPath
    missing: bool
    of_another_provider: bool
    """Whether the field is unknown here, but known for the sources of other providers."""


@dataclass(frozen=True)
class Checked:
    """The settings of a valid integration, or None and the problems."""

    settings: IntegrationSettings | None = None
    fields: tuple[FieldProblem, ...] = ()
    between_fields: tuple[rules.BrokenRule, ...] = ()


def parse_integration(raw: Raw) -> IntegrationSettings:
    """The settings of one integration, for programs of your own that use `ConvisoIntegration`.

    `raw` has the form of an entry of `integrations` in a stack file. Raises ConfigError with all problems.
    """
    if message := unreadable(raw):
        raise ConfigError([Problem("integration", message)])
    if not isinstance(raw, Mapping):
        raise ConfigError([Problem("integration", NOT_A_MAP)])
    checked = check(without_nulls(raw, PartialIntegration))
    if checked.settings is None:
        raise ConfigError(
            [*(each.problem for each in checked.fields), *(each.problem for each in checked.between_fields)]
        )
    return checked.settings


def check(raw: Raw) -> Checked:
    """Check the fields of an integration, and the rules between its valid fields."""
    try:
        return Checked(settings=validated(_INTEGRATION, raw))
    except ValidationError as error:
        errors = errors_of(error)
    if errors[0]["type"] == "rules":
        return Checked(between_fields=tuple(errors[0]["ctx"]["broken"]))
    return Checked(None, tuple(_field_problem(each) for each in errors), tuple(_rules_between_valid(raw, errors)))


def _field_problem(error: ErrorDetails) -> FieldProblem:
    path, missing = path_of(error, IntegrationSettings), error["type"] == "missing"
    unknown = path[1] if error["type"] == "extra_forbidden" and path[:1] == ("source",) else None
    return FieldProblem(
        explained(error, IntegrationSettings),
        path[:-1] if missing else path,
        missing,
        of_another_provider=any(unknown in each.known_keys() for each in (GitSource, CodeCommitSource, S3Source)),
    )


def _rules_between_valid(raw: Raw, errors: list[ErrorDetails]) -> list[rules.BrokenRule]:
    """The rules that are broken between sections without errors of their own."""
    wrong = {error["loc"][0] for error in errors}
    right = validated(_PARTIAL, {key: value for key, value in raw.items() if key not in wrong})
    names = [name for key, name in PartialIntegration.known_keys().items() if key not in wrong]
    return rules.broken({name: getattr(right, name) for name in names})


def warnings(settings: IntegrationSettings) -> Iterator[Problem]:
    """What the settings may say, although it does not do what one may expect."""
    yield from _about_buildspec(settings)
    yield from _about_triggers(settings)


def _about_buildspec(settings: IntegrationSettings) -> Iterator[Problem]:
    triggers = settings.triggers
    if isinstance(settings.buildspec, RepositoryBuildspec) and (triggers.tags or triggers.releases):
        yield Problem(
            "buildspec.location",
            "is repository, and tags or releases start builds: whoever may push a tag, on any commit, decides what "
            "runs beside the API key, and branch protection does not help; use inline, or protect tags on the host",
        )


def _about_triggers(settings: IntegrationSettings) -> Iterator[Problem]:
    triggers, source, scans = settings.triggers, settings.source, settings.scans
    if not triggers.start_builds:
        yield Problem("triggers", "is empty: builds of this integration start only by hand, or from a program of yours")
    if triggers.schedule and scans.sast is SastRange.DEPLOY_RANGE and not (scans.sca or scans.iac):
        yield Problem(
            "triggers.schedule",
            "starts builds that scan nothing on a day without pushes: the only scan is deploy-range; "
            "use scans.sast repository, or add scans.sca",
        )
    if triggers.object_created and isinstance(source, S3Source):
        yield Problem(
            "triggers.objectCreated",
            f"starts builds only once the owner of {source.bucket} has switched EventBridge on: add "
            '"EventBridgeConfiguration": {} to what `aws s3api get-bucket-notification-configuration` prints, '
            "and pass it to put-bucket-notification-configuration",
        )
