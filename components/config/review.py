"""`review`, `scans`, `client` and `platform`: what a build does, and with which tool."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from .fields import HttpsUrl, RepositoryPath, Section, Text, choice, derived_default, matches


class Strategy(StrEnum):
    """How the range of a deploy for code review is chosen. With `none` no deploy is made, but scans still run."""

    TAGS_BY_TIME = "tags-by-time"
    TAGS_BY_VERSION = "tags-by-version"
    GIT_TREE = "git-tree"
    NONE = "none"

    @property
    def reads_tags(self) -> bool:
        """Whether deploys range from tag to tag."""
        return self in {Strategy.TAGS_BY_TIME, Strategy.TAGS_BY_VERSION}


class SastRange(StrEnum):
    """What SAST scans. `last-commit` is what the commit changed, which may be less than what the push changed."""

    DEPLOY_RANGE = "deploy-range"
    REPOSITORY = "repository"
    LAST_COMMIT = "last-commit"
    NONE = "none"


class Severity(StrEnum):
    """Severity of a finding, as the Conviso client spells it, from the least to the most severe."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


class ClientPackage(StrEnum):
    """The Conviso client that a build runs. Only conviso-flowcli supports deploys."""

    FLOWCLI = "conviso-flowcli"
    AST = "conviso-ast"


class Review(Section):
    """The deploys that analysts review."""

    strategy: Annotated[Strategy, choice(Strategy)] = Field(
        default=Strategy.GIT_TREE, description="How the changes of a deploy are chosen"
    )
    tag_prefix: (
        Annotated[Text, Field(max_length=64), matches(r"[A-Za-z0-9._/+@-]+", "letters, digits and . _ / + @ -")] | None
    ) = Field(default=None, description="Only tags with this prefix count; versions are compared without it")


class FailOn(Section):
    """The build fails at `count` SAST findings of `severity` or higher."""

    severity: Annotated[Severity, choice(Severity)] = Field(description="Lowest severity that counts")
    count: int = Field(ge=1, le=1_000_000, description="Number of findings that fails the build")


class Scans(Section):
    """What is scanned, and what fails the build."""

    sast: Annotated[SastRange, choice(SastRange)] = Field(
        default=SastRange.DEPLOY_RANGE,
        description="What SAST scans",
        json_schema_extra=derived_default("`deploy-range`; `repository` where the strategy is `none`"),
    )
    sca: bool = Field(default=True, description="Scan dependencies")
    iac: bool = Field(default=False, description="Scan infrastructure code")
    fail_on: FailOn | None = Field(default=None, description="Fail the build at a number of SAST findings")
    rules_file: RepositoryPath | None = Field(
        default=None, description="Rules of the vendor's security gate, run last; a path in the repository"
    )


class FlowcliClient(Section):
    """conviso-flowcli, the client that makes deploys."""

    refused: ClassVar = {"autoClose": "exists only with package conviso-ast"}

    package: Annotated[Literal[ClientPackage.FLOWCLI], choice(ClientPackage)] = Field(
        default=ClientPackage.FLOWCLI, description="The client that makes deploys"
    )
    version: Literal["2.1.17"] = Field(
        default="2.1.17", description="Version of the client, locked with its dependencies"
    )


class AstClient(Section):
    """conviso-ast, the vendor's newer client, which has no deploys."""

    package: Literal[ClientPackage.AST] = Field(default=ClientPackage.AST, description="The vendor's newer client")
    version: Literal["3.1.14"] = Field(
        default="3.1.14", description="Version of the client, locked with its dependencies"
    )
    auto_close: bool = Field(
        default=True,
        description="Close findings that a scan no longer reports",
        json_schema_extra=derived_default("`true`; `false` where `scans.sast` is `none`"),
    )


def _package(value: Any) -> str:
    package = value.get("package") if isinstance(value, dict) else getattr(value, "package", None)
    return str(ClientPackage.AST if package == ClientPackage.AST else ClientPackage.FLOWCLI)


Client = Annotated[
    Annotated[FlowcliClient, Tag("conviso-flowcli")] | Annotated[AstClient, Tag("conviso-ast")],
    Discriminator(_package),
]


def _number_as_text(value: object) -> object:
    # The engine passes numbers as floating point, which changes those from 2^53 on.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value < 2**53 else value


class Platform(Section):
    """Which Conviso Platform, company and asset the results belong to."""

    api_url: HttpsUrl | None = Field(
        default=None,
        description="Address of another installation's API",
        json_schema_extra=derived_default("the client's own"),
    )
    company_id: (
        Annotated[
            str,
            matches(r"[0-9]{1,18}", "the company's number"),
            BeforeValidator(_number_as_text, json_schema_input_type=str | int),
        ]
        | None
    ) = Field(default=None, description="Number of the company, for a key that can access several")
    asset_name: Annotated[Text, Field(max_length=255)] | None = Field(
        default=None,
        description="Name of the asset on the platform",
        json_schema_extra=derived_default("the client's choice from the repository"),
    )
