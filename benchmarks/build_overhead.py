"""What our guards and summary add to a build, beside the source document's plain commands.

Both run the real client on the same repository and against the same stand-ins, alternating, with the client
at hand, so that what differs is our own work: guards, the private copy of the source, the choice of commits,
the summary.
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
# Two commits, one finding in each, and a dependency with a finding of its own.
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
    """The same work in the document's commands and in our configuration."""

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
class Stage:
    """What one build meets: the environment, the source, and what started it."""

    environment: Environment
    source: Path
    event: Event


def plain(job: Job, stage: Stage) -> Build:
    """Run the document's commands."""
    stage.environment.tools.append(flowcli_env() / "bin")
    phases = {"install": {"commands": [_DOCKER]}, "pre_build": {"commands": job.commands}}
    codebuild = stage.environment.codebuild({"FLOW_PROJECT_CODE": PROJECT}, {})
    return codebuild.run(yaml.safe_dump({"version": 0.2, "phases": phases}), stage.source, stage.event)


def ours(job: Job, stage: Stage) -> Build:
    """Run what the program renders."""
    chosen = {"source": _SOURCE, "review": {"strategy": job.strategy}, "scans": job.scans}
    settings = parse_integration({"projectKey": PROJECT, **chosen})
    stage.environment.equip(environment(settings.client))
    codebuild = stage.environment.codebuild(variables(settings), {})
    return codebuild.run(render(settings), stage.source, stage.event)


def seconds(job: Job, run: Callable[[Job, Stage], Build]) -> float:
    """Time one build on a stage of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ConvisoApi() as api,
        DockerApi() as docker,
        Origin(Path(folder) / "host") as origin,
    ):
        repository = Repository(Path(folder) / "repository", origin)
        event = push(repository, api, with_tags=job.strategy.startswith("tags"))
        stage = Stage(
            Environment(Path(folder), api, docker, origin), repository.check_out(Path(folder) / "source"), event
        )
        build = run(job, stage)
    if not build.succeeded:
        raise RuntimeError(f"{job.name} failed:\n{build.output}")
    return build.seconds


def push(repository: Repository, api: ConvisoApi, *, with_tags: bool) -> Event:
    """Push two commits, of which the platform knows the first as deployed; with tags, each has one."""
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
    """The comparison as a table."""
    yield "| seconds a build, min / median | plain | ours | added | ratio |"
    yield "|---|---:|---:|---:|---:|"
    for job in JOBS:
        timed = [(seconds(job, plain), seconds(job, ours)) for _ in range(rounds)]
        theirs, our = ([pair[side] for pair in timed] for side in (0, 1))
        least, middle = (min(theirs), min(our)), (statistics.median(theirs), statistics.median(our))
        cells = [f"{least[side]:.2f} / {middle[side]:.2f}" for side in (0, 1)]
        added = f"{least[1] - least[0]:.2f} / {middle[1] - middle[0]:.2f}"
        yield f"| {job.name} | {' | '.join(cells)} | {added} | {middle[1] / middle[0]:.2f} |"
