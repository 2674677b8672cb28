"""The events that start a build, with the variables that CodeBuild sets for a push, a tag or the schedule."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from components.config import CodeCommitSource, Provider, S3Source
from rehearsal.codebuild import Event
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from components.config import IntegrationSettings
    from rehearsal.clone import Ref

_HOOKS = {
    Provider.GITHUB: "GitHub-Hookshot",
    Provider.GITHUB_ENTERPRISE: "GitHub-Hookshot",
    Provider.BITBUCKET: "Bitbucket-Hookshot",
    Provider.GITLAB: "GitLab-Hookshot",
    Provider.GITLAB_SELF_MANAGED: "GitLab-Hookshot",
}


class Kind(StrEnum):
    """What starts the build."""

    PUSH = "push"
    TAG = "tag"
    SCHEDULE = "schedule"


def event(settings: IntegrationSettings, ref: Ref, kind: Kind | None) -> Event:
    """Return the event that builds a ref; its kind is TAG for a tag and PUSH for anything else, unless given.

    Raises RehearsalError if the kind does not fit the ref.
    """
    kind = kind or (Kind.TAG if ref.is_tag else Kind.PUSH)
    if (kind is Kind.TAG) != ref.is_tag and kind is not Kind.SCHEDULE:
        wanted = "a tag" if kind is Kind.TAG else "a branch or commit"
        raise RehearsalError(f"--event {kind}: {ref.short} is not {wanted}; name one with --ref")
    source = settings.source
    if isinstance(source, S3Source):
        # An S3 object has a version but no commit, and no event of git starts its build.
        return Event(source.version or "")
    if kind is Kind.SCHEDULE or isinstance(source, CodeCommitSource):
        return Event(ref.commit if kind is not Kind.SCHEDULE else ref.name or ref.commit, ref.commit)
    name = ref.name or f"refs/heads/{source.branch or 'main'}"
    trigger = f"tag/{ref.short}" if ref.is_tag else f"branch/{name.removeprefix('refs/heads/')}"
    version = ref.short if ref.is_tag else ref.commit
    return Event(version, ref.commit, f"{_HOOKS[source.provider]}/1", trigger, "PUSH", name)
