"""What starts a build: webhook filters and EventBridge patterns. Plain values only: no Pulumi here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..config import CodeCommitSource, GitSource, IntegrationSettings, PathFilter, Provider, S3Source
from .location import AwsLocation

ALL = "*"

EVENTS: Mapping[str, str] = {"branch": "Pushed branch", "tag": "Pushed tag", "object": "New object"}
"""What EventBridge waits for: references of CodeCommit, an object in S3."""
# GitLab has no pre-releases: https://docs.aws.amazon.com/codebuild/latest/userguide/gitlab-webhook.html
_RELEASE_EVENTS: Mapping[Provider, str] = {
    Provider.GITHUB: "RELEASED, PRERELEASED",
    Provider.GITLAB: "RELEASED",
    Provider.GITLAB_SELF_MANAGED: "RELEASED",
}


@dataclass(frozen=True)
class Filter:
    """One condition of a webhook's filter group; a group starts a build when all of its filters hold."""

    type: str
    pattern: str


def pushed_branch(settings: IntegrationSettings) -> str | None:
    """The branch whose pushes start a build, or None."""
    source = settings.source
    return source.branch if settings.triggers.push and not isinstance(source, S3Source) else None


def pushed_tags(settings: IntegrationSettings) -> str | None:
    """The glob of tags whose pushes start a build, or None."""
    tags = settings.triggers.tags
    return tags if isinstance(tags, str) else ALL if tags else None


def webhook_filter_groups(settings: IntegrationSettings) -> list[list[Filter]]:
    """The groups of a git host's webhook, any of which starts a build; empty where it needs no webhook."""
    if not isinstance(settings.source, GitSource):
        return []
    groups = []
    if branch := pushed_branch(settings):
        groups.append([*_push(f"refs/heads/{escaped(branch)}"), *_paths(settings.triggers.push)])
    if tags := pushed_tags(settings):
        groups.append(_push(f"refs/tags/{_tag_pattern(tags)}"))
    if settings.triggers.releases:
        groups.append([Filter("EVENT", _RELEASE_EVENTS[settings.source.provider])])
    return groups


def created_object(settings: IntegrationSettings) -> str | None:
    """Key of the object whose new versions start a build, or None."""
    return settings.source.key if isinstance(settings.source, S3Source) and settings.triggers.object_created else None


def reference_patterns(settings: IntegrationSettings, location: AwsLocation) -> dict[str, dict[str, Any]]:
    """EventBridge patterns of pushed branches and tags, by the keys of `EVENTS`; empty but for CodeCommit."""
    source, patterns = settings.source, {}
    if isinstance(source, CodeCommitSource):
        repository_arn = location.arn("codecommit", source.repository)
        if branch := pushed_branch(settings):
            patterns["branch"] = _reference_event(repository_arn, "branch", [branch])
        if tags := pushed_tags(settings):
            patterns["tag"] = _reference_event(repository_arn, "tag", _event_matches(tags))
    return patterns


def object_created(bucket: str, key: str) -> dict[str, Any]:
    """EventBridge pattern of a new object, or a new version of it, under exactly this key."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket]}, "object": {"key": [key]}},
    }


# EventBridge fills in the placeholder. A plain target would build the project's default version, and a reference's
# name does not belong into this JSON: whoever may push chooses it.
EVENT_INPUT_PATHS: Mapping[str, str] = {"commitId": "$.detail.commitId"}
EVENT_INPUT_TEMPLATE = '{"sourceVersion": "<commitId>"}'


def _push(reference: str) -> list[Filter]:
    return [Filter("EVENT", "PUSH"), Filter("HEAD_REF", f"^{reference}$")]


def _paths(push: object) -> list[Filter]:
    if not isinstance(push, PathFilter):
        return []
    return [Filter("FILE_PATH", _any_of(push.file_paths))]


def _any_of(paths: Iterable[str]) -> str:
    """One pattern for several globs, since filters of a group must all hold; each alternative is anchored by itself."""
    return "|".join(f"^{_path_pattern(path)}$" for path in paths)


def _path_pattern(glob: str) -> str:
    """`**` crosses folders, `*` does not; `**/` where a folder's name begins is any number of folders, none too."""
    meanings = {"**/": "(.*/)?", "*": "[^/]*"}
    return _pattern(re.split(r"((?:^|(?<=/))\*\*/|\*+)", glob), meanings)


def _tag_pattern(glob: str) -> str:
    return _pattern(re.split(r"(\*+)", glob), {})


def _pattern(parts: list[str], meanings: Mapping[str, str]) -> str:
    return "".join(meanings.get(part, ".*") if part.startswith("*") else escaped(part) for part in parts)


def escaped(text: str) -> str:
    """The text as a pattern that matches nothing else."""
    return re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", text)


def _event_matches(tags: str) -> list[Any]:
    if tags == ALL:
        return []
    # EventBridge refuses two wildcards in a row.
    return [{"wildcard": re.sub(r"\*+", "*", tags)}] if "*" in tags else [tags]


def _reference_event(repository_arn: str, kind: str, names: list[Any]) -> dict[str, Any]:
    detail: dict[str, Any] = {"event": ["referenceCreated", "referenceUpdated"], "referenceType": [kind]}
    if names:
        detail["referenceName"] = names
    return {
        "source": ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        "resources": [repository_arn],
        "detail": detail,
    }
