"""The filters of an old webhook, as `triggers`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BRANCH = re.compile(r"\^?(?:refs/heads/)?((?:[A-Za-z0-9_/-]|\\?\.)+)\$?")
_TAG = re.compile(r"\^?refs/tags/(.*?)\$?")
_GLOB = re.compile(r"(?:[A-Za-z0-9_/*-]|\\?\.)*")
_HINTS = {"PULL_REQUEST": " (see triggers.pullRequests)", "RELEASED": " (see triggers.releases)"}


@dataclass
class OldWebhook:
    """The branch and the triggers, and what is lost, one line each."""

    branch: str | None = None
    triggers: dict[str, Any] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def read(webhook: Mapping[str, Any] | None) -> OldWebhook:
    """Read the webhook of a project, which may have none."""
    found = OldWebhook()
    if webhook is None:
        return found
    groups = webhook.get("filterGroups") or []
    if branches := webhook.get("branchFilter"):
        _push(found, branches)
    for group in groups:
        _group(found, group)
    if not groups and not webhook.get("branchFilter"):
        found.lost.append("webhook: builds of every event of every branch; only source.version starts builds now")
    if webhook.get("scopeConfiguration"):
        found.lost.append("webhook: events of all repositories of its organization or group")
    if webhook.get("buildType", "BUILD") != "BUILD":
        found.lost.append(f"webhook: builds of type {webhook['buildType']}")
    found.triggers = {"push": False, "tags": False} | found.triggers
    return found


def _group(found: OldWebhook, group: Sequence[Mapping[str, Any]]) -> None:
    filters = {each["type"]: each for each in group}
    events = [event.strip() for event in filters.get("EVENT", {}).get("pattern", "").split(",")]
    for event in events:
        if event == "PUSH":
            _pushes(found, filters.get("HEAD_REF", {}))
        else:
            hint = next((hint for part, hint in _HINTS.items() if part in event), "")
            found.lost.append(f"webhook: {event or 'filters without EVENT'}{hint}")
    others = sorted(
        f"{each['type']} {'not ' if each.get('excludeMatchedPattern') else ''}{each['pattern']}"
        for each in group
        if each["type"] not in {"EVENT", "HEAD_REF"}
    )
    found.lost += [f"webhook: filter {each}" for each in others]


def _pushes(found: OldWebhook, reference: Mapping[str, Any]) -> None:
    if reference.get("excludeMatchedPattern"):
        _other_pushes(found, f"every reference but {reference['pattern']}")
    else:
        _push(found, reference.get("pattern"))


def _push(found: OldWebhook, pattern: str | None) -> None:
    if pattern and (tag := _TAG.fullmatch(pattern)):
        _tags(found, re.sub(r"\.\*|\.\+", "*", tag[1]))
    elif pattern and (branch := _BRANCH.fullmatch(pattern)) and found.branch in {None, _plain(branch[1])}:
        found.branch, found.triggers["push"] = _plain(branch[1]), True
    else:
        _other_pushes(found, pattern or "every branch")


def _tags(found: OldWebhook, pattern: str) -> None:
    """Pushes of tags that match the pattern, in which `*` already stands for any text."""
    glob = _plain(pattern) if _GLOB.fullmatch(pattern) else None
    if glob is None or found.triggers.get("tags", glob) != glob:
        found.lost.append(f"webhook: pushes of tags {pattern} only; every tag starts builds now (see triggers.tags)")
        glob = None
    found.triggers["tags"] = True if glob in {None, "*", ""} else glob


def _other_pushes(found: OldWebhook, which: str) -> None:
    found.triggers["push"] = True
    found.lost.append(f"webhook: pushes to {which}; only those to source.version start builds now")


def _plain(branch: str) -> str:
    return branch.replace("\\.", ".")
