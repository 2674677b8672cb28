"""The last build of each project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fleet.aws import Aws

_BATCH = 100
"""Most names or ids in one call: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html."""


@dataclass(frozen=True, kw_only=True)
class Build:
    """One build, as CodeBuild describes it."""

    id: str
    status: str
    """`SUCCEEDED`, `FAILED`, `FAULT`, `TIMED_OUT`, `STOPPED` or `IN_PROGRESS`."""
    started: datetime
    reason: str
    """Why a phase failed; empty if none did."""
    exported: Mapping[str, str]
    """The variables that the build exports: docs/buildspec.md."""
    commit: str
    """The commit that was built; empty if CodeBuild never resolved it."""
    log: str | None
    """URL of the log in the console."""

    def days(self, now: datetime) -> float:
        """Age in days."""
        return (now - self.started).total_seconds() / 86_400


def known_projects(names: Iterable[str], aws: Aws) -> dict[str, dict[str, Any]]:
    """The projects that exist among these names."""
    found: dict[str, dict[str, Any]] = {}
    for batch in _batches(list(names)):
        answer = aws.ask("codebuild", "batch_get_projects", names=batch)
        found |= {each["name"]: each for each in answer.get("projects", [])}
    return found


def last_build(project: str, aws: Aws) -> Build | None:
    """The project's newest build, or None."""
    return next(iter(recent_builds(project, aws, 1)), None)


def recent_builds(project: str, aws: Aws, number: int = _BATCH) -> list[Build]:
    """The project's newest builds, at most 100; empty if there is no such project."""
    asked = {"projectName": project, "sortOrder": "DESCENDING"}
    answer = aws.find("ResourceNotFoundException", "codebuild", "list_builds_for_project", **asked)
    ids = answer.get("ids") if answer else None
    if not ids:
        return []
    return [_build(each) for each in aws.ask("codebuild", "batch_get_builds", ids=ids[:number]).get("builds", [])]


def age(build: Build, now: datetime) -> str:
    """The build's age in words."""
    days = build.days(now)
    hours = round(days * 24)
    return f"{round(days)} days" if days >= 2 else f"{hours} hours" if hours != 1 else "1 hour"


def _build(raw: Mapping[str, Any]) -> Build:
    contexts = [
        f"{phase['phaseType']}: {context.get('message', '')}"
        for phase in raw.get("phases", [])
        if phase.get("phaseStatus") not in (None, "SUCCEEDED")
        for context in phase.get("contexts", [])
    ]
    return Build(
        id=raw["id"],
        status=raw["buildStatus"],
        started=raw.get("startTime", datetime.now(UTC)),
        reason=contexts[0] if contexts else "",
        exported={
            each["name"]: each["value"] for each in raw.get("exportedEnvironmentVariables", []) if each.get("value")
        },
        commit=raw.get("resolvedSourceVersion", ""),
        log=raw.get("logs", {}).get("deepLink"),
    )


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _BATCH):
        yield list(names[start : start + _BATCH])
