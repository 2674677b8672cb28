"""One entry of `integrations`: a repository, its Conviso project, and how it is reviewed."""

from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from . import rules
from .environment import Environment
from .fields import ProjectKey, Tags, Text
from .identity import ExistingSecret, Role
from .logs import Logs
from .review import Buildspec, Client, FlowcliClient, Platform, Review, Scans
from .section import Section, refusal
from .source import Source
from .triggers import Triggers


class IntegrationSettings(Section):
    """A repository, its Conviso project, and how it is reviewed."""

    project_key: ProjectKey | None = Field(
        default=None, description="Key of the Conviso project; required with conviso-flowcli"
    )
    description: Annotated[Text, Field(max_length=255)] | None = Field(
        default=None, description="Of the build project [made from name and source]"
    )
    source: Source = Field(description="Which repository a build reads, and how it logs in")
    review: Review = Field(default=Review(), description="How deploys for code review are cut")
    scans: Scans = Field(default=Scans(), description="What is scanned, and what breaks the build")
    client: Client = Field(default=FlowcliClient(), description="The Conviso command line")
    platform: Platform = Field(default=Platform(), description="Another installation, company or asset")
    buildspec: Buildspec = Field(default=Buildspec(), description="Where CodeBuild reads the buildspec")
    triggers: Triggers = Field(default=Triggers(), description="What starts a build")
    environment: Environment = Field(default=Environment(), description="The machine that builds run on")
    logs: Logs = Field(default=Logs(), description="Where build logs go")
    secret: ExistingSecret | None = Field(default=None, description="Another key than the stack's")
    role: Role = Field(default=Role(), description="Where the build's role lives and what bounds it")
    tags: Tags = Field(default={}, description="On every taggable resource")

    @field_validator("*")
    @classmethod
    def _collect(cls, value: Any, info: ValidationInfo) -> Any:
        """Hand each valid section to whoever checks the rules although another section is wrong."""
        if info.context is not None and info.field_name is not None:
            info.context[info.field_name] = value
        return value

    @model_validator(mode="after")
    def _obey_the_rules(self, info: ValidationInfo) -> "IntegrationSettings":
        if info.context is None:
            sections = {name: getattr(self, name) for name in type(self).model_fields}
            if broken := rules.broken(sections):
                raise refusal("; ".join(str(each.problem) for each in broken))
        return self
