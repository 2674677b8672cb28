"""One entry of `integrations`: a repository, its Conviso project, and how it is reviewed."""

from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from . import rules
from .access import ExistingSecret, Role
from .fields import ProjectKey, ProjectName, Section, Tags, Text, derived_default
from .project import Buildspec, Environment, InlineBuildspec, Logs
from .review import AstClient, Client, FlowcliClient, Platform, Review, SastRange, Scans, Strategy
from .source import GITLABS, GitSource, S3Source, Source
from .triggers import Triggers


class PartialIntegration(Section):
    """The sections of an integration, of which any may be absent, with the defaults that depend on other sections."""

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
    platform: Platform = Field(
        default=Platform(), description="Which installation, company and asset the results belong to"
    )
    buildspec: Buildspec = Field(default=InlineBuildspec(), description="Where CodeBuild reads the buildspec")
    triggers: Triggers = Field(default=Triggers(), description="What starts a build")
    environment: Environment = Field(default=Environment(), description="The machine that builds run on")
    logs: Logs = Field(default=Logs(), description="Where build logs go")
    secret: ExistingSecret | None = Field(
        default=None,
        description="Existing secret with another API key",
        json_schema_extra=derived_default("the stack's"),
    )
    role: Role = Field(default=Role(), description="IAM path and permissions boundary of the roles")
    tags: Tags = Field(default={}, description="Tags of every resource that supports tags")

    # Each of these computes the defaults that depend on an earlier section. `info.data` lacks a section that is wrong.

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
        # GitLab sends tags as an event of its own, which AWS does not document: a rule asks for a choice there.
        derived = {
            "push": source.branch is not None and not reads_tags,
            "tags": reads_tags and source.provider not in GITLABS,
        }
        if triggers.pull_requests is not None and isinstance(source, GitSource):
            pull_requests = triggers.pull_requests.with_approvers_of(source.provider)
            triggers = triggers.model_copy(update={"pull_requests": pull_requests})
        # What stays off is not set, so that the rule can tell a choice from a default.
        added = {name for name, is_on in derived.items() if is_on} - triggers.model_fields_set
        return triggers.model_copy(update=dict.fromkeys(added, True))


class IntegrationSettings(PartialIntegration):
    """A repository, its Conviso project, and how it is reviewed: complete, whatever was left out.

    Raises pydantic's ValidationError where a field is wrong or a rule between fields is broken.
    """

    source: Source = Field(description="Which repository a build reads, and how it logs in")

    @model_validator(mode="after")
    def _obey_rules(self) -> Self:
        if broken := rules.broken({name: getattr(self, name) for name in type(self).model_fields}):
            message = "; ".join(str(each.problem) for each in broken)
            raise PydanticCustomError("rules", "{message}", {"message": message, "broken": broken})
        return self
