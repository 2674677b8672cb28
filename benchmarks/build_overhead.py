"""Measures what the guards and the summary add to a build, compared with the plain commands of the vendor's guide.

Both builds alternate, and run the real, already installed client on the same repository with the same stand-ins. They
differ only in the program's own work: the guards, the private copy of the source, the choice of commits, the summary.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from components.buildspec import render, variables
from components.config import parse_integration
from rehearsal.clients import environment, flowcli_env
from rehearsal.codebuild import Event
from rehearsal.conviso_api import ConvisoApi
from rehearsal.conviso_platform import PROJECT, Deploy
from rehearsal.docker_api import DockerApi
from rehearsal.environment import Environment
from rehearsal.origin import Origin
from rehearsal.repositories import Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rehearsal.codebuild import Build

_SOURCE = {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"}
# Two commits with one finding each, and a dependency with another finding.
_DEPLOYED = {"app.py": "query()  # flaw: HIGH sql injection\n", "requirements.txt": "flask==0.1  # flaw: HIGH CVE-1\n"}
_PUSHED = {"login.py": "md5()  # flaw: LOW weak hash\n"}
_DOCKER = 'timeout 15 sh -c "until docker info; do echo .; sleep 1; done"'
_DEPLOY = 'conviso deploy create -f env_vars with values > "$HOME/deploy" && . "$HOME/deploy"'
_SAST = (
    'conviso sast run --start-commit "$FLOW_DEPLOY_PREVIOUS_VERSION_COMMIT" '
    '--end-commit "$FLOW_DEPLOY_CURRENT_VERSION_COMMIT"'
)


@dataclass(frozen=True)
class Job:
    """The same work as the guide's commands and as the program's configuration."""

    name: str
    strategy: str
    commands: list[str]
    scans: dict[str, Any]


JOBS = [
    Job("deploy, SAST and SCA", "git-tree", [_DEPLOY, _SAST, "conviso sca run"], {}),
    Job(
        "deploy by version tags",
        "tags-by-version",
        ["conviso deploy create with tag-tracker sort-by versioning-style"],
        {"sast": "none", "sca": False},
    ),
    Job("SAST of the repository", "none", ["conviso sast run"], {"sast": "repository", "sca": False}),
]


@dataclass(frozen=True)
class Inputs:
    """The inputs of one build: its environment, its source, and the event that started it."""

    environment: Environment
    source: Path
    event: Event


def plain(job: Job, inputs: Inputs) -> Build:
    """Run the plain commands of the vendor's guide."""
    inputs.environment.tools.append(flowcli_env() / "bin")
    phases = {"install": {"commands": [_DOCKER]}, "pre_build": {"commands": job.commands}}
    codebuild = inputs.environment.codebuild({"FLOW_PROJECT_CODE": PROJECT}, {})
    return codebuild.run(yaml.safe_dump({"version": 0.2, "phases": phases}), inputs.source, inputs.event)


def rendered(job: Job, inputs: Inputs) -> Build:
    """Run the buildspec that the program renders."""
    chosen = {"source": _SOURCE, "review": {"strategy": job.strategy}, "scans": job.scans}
    settings = parse_integration({"projectKey": PROJECT, **chosen})
    inputs.environment.equip(environment(settings.client))
    codebuild = inputs.environment.codebuild(variables(settings), {})
    return codebuild.run(render(settings), inputs.source, inputs.event)


def seconds(job: Job, run: Callable[[Job, Inputs], Build]) -> float:
    """Return the seconds that one build takes in a fresh environment."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ConvisoApi() as api,
        DockerApi() as docker,
        Origin(Path(folder) / "host") as origin,
    ):
        repository = Repository(Path(folder) / "repository", origin)
        event = push(repository, api, with_tags=job.strategy.startswith("tags"))
        inputs = Inputs(
            Environment(Path(folder), api, docker, origin), repository.check_out(Path(folder) / "source"), event
        )
        build = run(job, inputs)
    if not build.succeeded:
        raise RuntimeError(f"{job.name} failed:\n{build.output}")
    return build.seconds


def push(repository: Repository, api: ConvisoApi, *, with_tags: bool) -> Event:
    """Push two commits, the first of which the platform knows as deployed; with tags, tag both."""
    deployed = repository.commit_files(_DEPLOYED)
    if with_tags:
        repository.tag("v1.0.0")
    head = repository.commit_files(_PUSHED)
    api.last_deploy = Deploy(PROJECT, deployed, "", "v1.0.0" if with_tags else "")
    if with_tags:
        repository.tag("v1.0.1")
        return Event("v1.0.1", head, "GitHub-Hookshot/1", "tag/v1.0.1", "PUSH", "refs/tags/v1.0.1")
    return Event(head, head, "GitHub-Hookshot/1", "branch/main", "PUSH", "refs/heads/main")


def rows(rounds: int) -> Iterator[str]:
    """Yield the comparison as a table."""
    yield "| seconds per build, min / median | plain | program | added | ratio |"
    yield "|---|---:|---:|---:|---:|"
    for job in JOBS:
        timed = [(seconds(job, plain), seconds(job, rendered)) for _ in range(rounds)]
        sides = [[pair[side] for pair in timed] for side in (0, 1)]
        least, middle = [min(each) for each in sides], [statistics.median(each) for each in sides]
        cells = [f"{least[side]:.2f} / {middle[side]:.2f}" for side in (0, 1)]
        added = f"{least[1] - least[0]:.2f} / {middle[1] - middle[0]:.2f}"
        yield f"| {job.name} | {' | '.join(cells)} | {added} | {middle[1] / middle[0]:.2f} |"
