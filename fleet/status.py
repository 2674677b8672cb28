"""The last review of every repository, from the variables that its build exported."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from components.aws.sources import described
from fleet.builds import Build, last_build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fleet.aws import Aws
    from fleet.stack import Stack

SCANS = ("SAST", "SCA", "IAC")
NOTHING = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""git's empty tree, the base of a first deploy."""

_AT_A_TIME = 8


@dataclass(frozen=True, kw_only=True)
class Scan:
    """The result of one scan."""

    result: str
    """`done`, `failed` or `skipped`; empty if the build has no such scan, or ended before it."""
    findings: int | None


@dataclass(frozen=True, kw_only=True)
class Review:
    """The last build of one integration."""

    integration: str
    repository: str
    status: str
    """CodeBuild's status of the build, or `NONE` if there was no build."""
    started: datetime | None
    deploy: str
    """`created`, `repeated`, `skipped` or `failed`; empty without a deploy."""
    deployed: str
    """The tag or commit that was deployed, and the previous one."""
    scans: dict[str, Scan]
    gate: str
    """`open`, `closed` or `skipped`; empty without a gate."""
    console_url: str

    @property
    def findings(self) -> int | None:
        """The findings of all scans; None if no scan reported a number."""
        numbers = [scan.findings for scan in self.scans.values() if scan.findings is not None]
        return sum(numbers) if numbers else None

    @property
    def is_fine(self) -> bool:
        """Whether the last build completed all its steps, and no gate is closed."""
        return (
            self.status in {"SUCCEEDED", "IN_PROGRESS"}
            and self.gate != "closed"
            and "failed" not in {self.deploy, *(scan.result for scan in self.scans.values())}
        )

    def as_json(self) -> dict[str, Any]:
        """The review as JSON values."""
        started = self.started.isoformat() if self.started else None
        return asdict(self) | {"started": started, "findings": self.findings, "fine": self.is_fine}


def reviews(stack: Stack, aws: Aws) -> Iterator[Review]:
    """One review for each integration, in the order of the stack file; undeployed ones have no build.

    Raises Refused if AWS does not answer.
    """
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        yield from pool.map(lambda name: _review(stack, name, aws), stack.settings.integrations)


def _review(stack: Stack, name: str, aws: Aws) -> Review:
    made = stack.outputs.integrations.get(name)
    build = last_build(made.project_name, aws) if made else None
    told = build.exported if build else {}
    return Review(
        integration=name,
        repository=described(stack.settings.integrations[name].source),
        status=build.status if build else "NONE",
        started=build.started if build else None,
        deploy=told.get("CONVISO_DEPLOY", ""),
        deployed=_deployed(build) if build else "",
        scans={scan: _scan(told.get(f"CONVISO_{scan}", ""), told.get(f"CONVISO_{scan}_FINDINGS")) for scan in SCANS},
        gate=told.get("CONVISO_GATE", ""),
        console_url=(made and made.console_url) or "",
    )


def _scan(result: str, findings: str | None) -> Scan:
    return Scan(result=result, findings=int(findings) if findings and findings.isdecimal() else None)


def _deployed(build: Build) -> str:
    told = build.exported
    current = told.get("CONVISO_CURRENT_TAG") or told.get("CONVISO_CURRENT_COMMIT", "")[:9]
    commit = told.get("CONVISO_PREVIOUS_COMMIT", "")
    previous = told.get("CONVISO_PREVIOUS_TAG") or ("" if commit == NOTHING else commit[:9])
    if not current:
        return ""
    return f"{current} since {previous}" if previous else f"{current}, everything"
