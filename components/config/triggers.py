"""`triggers`: what starts a build without a person."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from .fields import PathPattern, Section, TagPattern, derived_default
from .pull_requests import PullRequests
from .schedule import Schedule


class PathFilter(Section):
    """Only the pushes that touch one of these paths."""

    # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
    refused: ClassVar = {
        "excludePaths": "would lose reviews: AWS excludes the whole push, so one that touches such a path and others "
        "starts nothing; name the paths that count as filePaths",
    }

    file_paths: list[PathPattern] = Field(
        min_length=1, max_length=20, description="Only pushes that touch one of these"
    )


def _push(value: Any) -> str:
    return "paths" if isinstance(value, dict | PathFilter) else "switch"


def _tags(value: Any) -> str:
    return "glob" if isinstance(value, str) else "switch"


class Triggers(Section):
    """What starts a build without a person."""

    push: Annotated[
        Annotated[bool, Tag("switch")] | Annotated[PathFilter, Tag("paths")],
        Discriminator(_push),
    ] = Field(
        default=False,
        description="Pushes to the branch, all or by path",
        json_schema_extra=derived_default(
            "`true` where `version` is a branch and the strategy `git-tree` or `none`, else `false`"
        ),
    )
    tags: Annotated[
        Annotated[bool, Tag("switch")] | Annotated[TagPattern, Tag("glob")],
        Discriminator(_tags),
    ] = Field(
        default=False,
        description="Pushed tags, all or those like `v*`",
        json_schema_extra=derived_default("`true` for the tag strategies but not for s3 and the GitLabs, else `false`"),
    )
    releases: bool = Field(default=False, description="Published releases and pre-releases; GitHub and GitLab only")
    pull_requests: PullRequests | None = Field(default=None, description="Pull requests to the branch")
    schedule: Schedule | None = Field(default=None, description="Times, whatever the source")
    object_created: bool = Field(default=False, description="A new object under `source.key`; s3 with a `.zip` only")

    @property
    def start_builds(self) -> bool:
        """Whether anything starts a build without a person."""
        return any(getattr(self, name) for name in type(self).model_fields)
