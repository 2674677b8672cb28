"""What an old webhook waited for, as `triggers`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BRANCH = re.compile(r"\^?(?:refs/heads/)?([A-Za-z0-9_/-]+)\$?")
_TAG = re.compile(r"\^?refs/tags/(.*?)\$?")


@dataclass
class OldWebhook:
    """The branch and the triggers, and what is lost, each in a line for people."""

    branch: str | None = None
    triggers: dict[str, Any] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def read(webhook: Mapping[str, Any] | None) -> OldWebhook:
    """The webhook of a project, or None where it has none."""
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
    found.triggers = {"push": False, "tags": False} | found.triggers
    return found


def _group(found: OldWebhook, group: Sequence[Mapping[str, Any]]) -> None:
    filters = {each["type"]: each for each in group}
    events = [event.strip() for event in filters.get("EVENT", {}).get("pattern", "").split(",")]
    reference = filters.get("HEAD_REF", {}).get("pattern")
    others = sorted(filters.keys() - {"EVENT", "HEAD_REF"})
    for event in events:
        if event == "PUSH":
            _push(found, reference)
        else:
            found.lost.append(f"webhook: {event}" + (" (see triggers.pullRequests)" if "PULL_REQUEST" in event else ""))
    if filters.get("HEAD_REF", {}).get("excludeMatchedPattern"):
        found.lost.append(f"webhook: every reference but {reference}")
    found.lost += [f"webhook: filter {each} {filters[each]['pattern']}" for each in others]


def _push(found: OldWebhook, reference: str | None) -> None:
    if reference and (tag := _TAG.fullmatch(reference)):
        glob = re.sub(r"\.\*|\.\+", "*", tag[1]).replace("\\.", ".")
        found.triggers["tags"] = True if glob in {"*", ""} else glob
    elif reference and (branch := _BRANCH.fullmatch(reference)) and found.branch in {None, branch[1]}:
        found.branch, found.triggers["push"] = branch[1], True
    else:
        found.triggers["push"] = True
        found.lost.append(
            f"webhook: pushes to {reference or 'every branch'}; only those to source.version start builds now"
        )
