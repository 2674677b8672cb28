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

from rehearsal.clients import flowcli_env
from rehearsal.conviso_api import ConvisoApi
from rehearsal.docker_api import DockerApi
from rehearsal.origin import Origin
from rehearsal.repositories import Repository
from tests.build.scenario import configured, tell
from tests.build.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rehearsal.codebuild import Build, Event

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


def plain(job: Job, world: World, event: Event) -> Build:
    """Run the document's commands."""
    world.tools.append(flowcli_env() / "bin")
    phases = {"install": {"commands": [_DOCKER]}, "pre_build": {"commands": job.commands}}
    return world.build(yaml.safe_dump({"version": 0.2, "phases": phases}), event=event)


def ours(job: Job, world: World, event: Event) -> Build:
    """Run what the program renders."""
    return world.review(configured(review={"strategy": job.strategy}, scans=job.scans), event=event)


def seconds(job: Job, run: Callable[[Job, World, Event], Build]) -> float:
    """Time one build in a world of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ConvisoApi() as api,
        DockerApi() as docker,
        Origin(Path(folder) / "host") as origin,
    ):
        world = World(Path(folder), api, docker, origin, Repository(Path(folder) / "repository", origin))
        build = run(job, world, tell(world, job.strategy, deployed=1).event)
    if not build.succeeded:
        raise RuntimeError(f"{job.name} failed:\n{build.output}")
    return build.seconds


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
