"""What starts builds, in AWS's terms: webhook filters and EventBridge patterns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..config import CodeCommitSource, GitSource, IntegrationSettings, PathFilter, Provider, S3Source
from .location import AwsLocation

ALL = "*"

EVENTS: Mapping[str, str] = {"branch": "Pushed branch", "tag": "Pushed tag", "object": "New object"}
"""The kinds of events for which there is an EventBridge rule: references of CodeCommit, an object in S3."""
# GitLab has no pre-releases: https://docs.aws.amazon.com/codebuild/latest/userguide/gitlab-webhook.html
_RELEASE_EVENTS: Mapping[Provider, str] = {
    Provider.GITHUB: "RELEASED, PRERELEASED",
    Provider.GITLAB: "RELEASED",
    Provider.GITLAB_SELF_MANAGED: "RELEASED",
}


@dataclass(frozen=True)
class Filter:
    """One filter of a webhook's filter group. A group starts a build if all of its filters match."""

    type: str
    pattern: str


def pushed_branch(settings: IntegrationSettings) -> str | None:
    """The branch to which pushes start a build; None if they start none."""
    source = settings.source
    return source.branch if settings.triggers.push and not isinstance(source, S3Source) else None


def pushed_tags(settings: IntegrationSettings) -> str | None:
    """The pattern of the tags that start a build when they are pushed; None if tags start none."""
    tags = settings.triggers.tags
    return tags if isinstance(tags, str) else ALL if tags else None


def webhook_filter_groups(settings: IntegrationSettings) -> list[list[Filter]]:
    """The filter groups of a git host's webhook, each of which starts builds; empty if no webhook is needed."""
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
    """Key of the S3 object whose new versions start a build; None if they start none."""
    return settings.source.key if isinstance(settings.source, S3Source) and settings.triggers.object_created else None


def reference_patterns(settings: IntegrationSettings, location: AwsLocation) -> dict[str, dict[str, Any]]:
    """EventBridge patterns for pushed branches and tags, by the keys of `EVENTS`; empty except for CodeCommit."""
    source, patterns = settings.source, {}
    if isinstance(source, CodeCommitSource):
        repository_arn = location.arn("codecommit", source.repository)
        if branch := pushed_branch(settings):
            patterns["branch"] = _reference_event(repository_arn, "branch", [branch])
        if tags := pushed_tags(settings):
            patterns["tag"] = _reference_event(repository_arn, "tag", _event_matches(tags))
    return patterns


def object_created(bucket: str, key: str) -> dict[str, Any]:
    """EventBridge pattern for a new object, or a new version of an object, with exactly this key."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket]}, "object": {"key": [key]}},
    }


# EventBridge fills in the placeholder. Without the template, the project's default version would be built. The name of
# a reference must not be put into this JSON, because whoever pushes chooses it.
EVENT_INPUT_PATHS: Mapping[str, str] = {"commitId": "$.detail.commitId"}
EVENT_INPUT_TEMPLATE = '{"sourceVersion": "<commitId>"}'


def _push(reference: str) -> list[Filter]:
    return [Filter("EVENT", "PUSH"), Filter("HEAD_REF", f"^{reference}$")]


def _paths(push: object) -> list[Filter]:
    if not isinstance(push, PathFilter):
        return []
    return [Filter("FILE_PATH", _any_of(push.file_paths))]


def _any_of(paths: Iterable[str]) -> str:
    """One pattern for several globs, since all filters of a group must match. Each alternative has its own anchors."""
    return "|".join(f"^{_path_pattern(path)}$" for path in paths)


def _path_pattern(glob: str) -> str:
    """`**` crosses folders, `*` does not; `**/` at the start of a name matches any number of folders, or none."""
    meanings = {"**/": "(.*/)?", "*": "[^/]*"}
    return _pattern(re.split(r"((?:^|(?<=/))\*\*/|\*+)", glob), meanings)


def _tag_pattern(glob: str) -> str:
    return _pattern(re.split(r"(\*+)", glob), {})


def _pattern(parts: list[str], meanings: Mapping[str, str]) -> str:
    return "".join(meanings.get(part, ".*") if part.startswith("*") else escaped(part) for part in parts)


def escaped(text: str) -> str:
    """The regular expression that matches exactly this text."""
    return re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", text)


def _event_matches(tags: str) -> list[Any]:
    if tags == ALL:
        return []
    # EventBridge refuses consecutive wildcards.
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
