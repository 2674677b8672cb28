"""`triggers`: what starts a build. An absent trigger gets its default from the source and the strategy."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from .fields import PathPattern, TagPattern
from .section import Section, refusal


class PathFilter(Section):
    """Only the pushes that fit both lists."""

    file_paths: list[PathPattern] = Field(default=[], max_length=20, description="Only pushes that touch one of these")
    exclude_paths: list[PathPattern] = Field(default=[], max_length=20, description="Not pushes that touch these")

    @model_validator(mode="after")
    def _filters_something(self) -> "PathFilter":
        if not self.file_paths and not self.exclude_paths:
            raise refusal("must name filePaths or excludePaths; write true for every push")
        return self


def _push(value: Any) -> str:
    return "<PathFilter>" if isinstance(value, dict | PathFilter) else "<switch>"


def _tags(value: Any) -> str:
    return "<pattern>" if isinstance(value, str) else "<switch>"


class Triggers(Section):
    """What starts a build without a person."""

    push: (
        Annotated[
            Annotated[bool, Tag("<switch>")] | Annotated[PathFilter, Tag("<PathFilter>")],
            Discriminator(_push),
        ]
        | None
    ) = Field(
        default=None,
        description="Pushes to the branch, all or by path "
        "[true where version is a branch and the strategy git-tree or none]",
    )
    tags: (
        Annotated[
            Annotated[bool, Tag("<switch>")] | Annotated[TagPattern, Tag("<pattern>")],
            Discriminator(_tags),
        ]
        | None
    ) = Field(
        default=None,
        description="Pushed tags, all or those like `v*` [true for the tag strategies, but s3]",
    )
