"""The report of a rehearsal: what the build would have sent to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.clone import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.config import IntegrationSettings
    from rehearsal.clone import Clone
    from rehearsal.codebuild import Build
    from rehearsal.conviso_platform import Deploy, Finding, Platform
    from rehearsal.docker_engine import Container, DockerEngine

SCANNERS = {"SAST": "sastbox_v2", "SCA": "osv_scanner", "IaC": "iac_scanner_checkov"}
"""The image of each kind of scan."""

REAL_AND_SIMULATED = (
    "Real: the buildspec's text, bash, git and your history, the Conviso client and all that it asks and sends.",
    "Simulated: CodeBuild and its image, the git host, the platform (it takes everything that it is sent), Docker,",
    "and the scanners: they find nothing but lines that say `# flaw: HIGH what is wrong`.",
    "Nothing left this machine, and your clone was only read.",
)
_SHOWN_FINDINGS = 10


def lines(
    settings: IntegrationSettings, clone: Clone, platform: Platform, docker: DockerEngine, build: Build
) -> Iterator[str]:
    """Yield the lines of the report: the deploy, the scans, the gate and the result of the build."""
    yield "What would have reached the Conviso platform"
    yield f"  project  {settings.project_key or platform.project}"
    made = [described(clone, deploy) for deploy in platform.deploys]
    yield from (f"  deploy   {line}" for line in made or ["none"])
    for kind, scanner in SCANNERS.items():
        scans = [_scanned(clone, scan) for scan in docker.ran(scanner)]
        yield from (f"  {kind:8} {line}" for line in scans or ["none"])
    yield f"  sent     {_count(platform.findings, 'finding')}"
    yield from (f"           {each.severity} {each.title}, {each.file}" for each in platform.findings[:_SHOWN_FINDINGS])
    if len(platform.findings) > _SHOWN_FINDINGS:
        yield f"           and {len(platform.findings) - _SHOWN_FINDINGS} more"
    yield f"  gate     {build.exported.get('CONVISO_GATE') or 'none'}"
    yield f"The build {'SUCCEEDED' if build.succeeded else 'FAILED'} in {build.seconds:.1f} s."
    yield ""
    yield from REAL_AND_SIMULATED


def described(clone: Clone, deploy: Deploy) -> str:
    """Describe a deploy: its version, the one before it, and the number of commits and files between them."""
    commits = clone.commits(deploy.previous_commit, deploy.current_commit)
    files = clone.files(deploy.previous_commit, deploy.current_commit)
    since = _version(deploy.previous_tag, deploy.previous_commit)
    current = _version(deploy.current_tag, deploy.current_commit)
    return f"{current} since {since}: {_count(commits, 'commit')}, {_count(files, 'file')}"


def _scanned(clone: Clone, scan: Container) -> str:
    found = f"{scan.found} finding{'' if scan.found == 1 else 's'}"
    if not scan.sast_range:
        return f"{_count(scan.sources, 'file')}: {found}"
    since, until = scan.sast_range
    return f"{_count(clone.files(since, until), 'file')}, {_version('', since)} to {_version('', until)}: {found}"


def _version(tag: str, commit: str) -> str:
    if commit == NOTHING:
        return "the beginning"
    return f"{tag} ({commit[:12]})" if tag else commit[:12]


def _count(things: set[str] | list[str] | list[Finding], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
