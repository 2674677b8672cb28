"""Runs a rehearsal: the build of an integration on a private copy of a clone, with simulated services."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from components import buildspec
from components.config import CodeCommitSource, GitSource, S3Source
from rehearsal import clone, events
from rehearsal.conviso_api import ConvisoApi
from rehearsal.conviso_platform import Deploy
from rehearsal.docker_api import DockerApi
from rehearsal.environment import Environment
from rehearsal.errors import RehearsalError
from rehearsal.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from components.config import IntegrationSettings
    from rehearsal.clone import Clone
    from rehearsal.codebuild import Build
    from rehearsal.events import Kind

LONGEST_BUILD_SECONDS = 3600
# A proxy that refuses all connections, so that a build reaches the simulated services and nothing else.
NOWHERE = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1"),
}


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a build starts with."""

    ref: str | None = None
    """The branch, tag or commit to build; `source.version` if it is None."""
    event: Kind | None = None
    deployed: str | None = None
    """The tag or commit that the platform knows as the last deploy; None before the first deploy."""


@dataclass(frozen=True)
class Simulation:
    """A private copy of a clone, and the simulated services that its builds use."""

    clone: Clone
    environment: Environment
    origin: str

    @property
    def api(self) -> ConvisoApi:
        """The simulated platform."""
        return self.environment.api

    @property
    def docker(self) -> DockerApi:
        """The simulated Docker engine."""
        return self.environment.docker


@contextmanager
def set_up(settings: IntegrationSettings, repository: Path) -> Iterator[Simulation]:
    """Provide everything that a build of this integration needs, until the block ends.

    Raises RehearsalError if the repository cannot be copied.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal-") as temporary,
        ConvisoApi(project=settings.project_key or "rehearsal") as api,
        DockerApi() as docker,
        Origin(Path(temporary) / "host") as origin,
    ):
        path = _path_on_host(settings)
        copy = clone.copied(repository, origin.folder / path)
        environment = Environment(Path(temporary), api, docker, origin)
        yield Simulation(copy, environment, f"{origin.url}/{path}")


def rehearse(
    simulation: Simulation,
    settings: IntegrationSettings,
    client: Path,
    watch: Callable[[str], None],
    start: Start,
) -> Build:
    """Run the build as CodeBuild would, and call `watch` with the output of each of its commands.

    Raises RehearsalError if the clone lacks a branch, tag or commit that `start` names.
    """
    built = simulation.clone.resolve(start.ref, "--ref") if start.ref else default_ref(simulation.clone, settings)
    started = events.event(settings, built, start.event)
    if start.deployed:
        known = simulation.clone.resolve(start.deployed, "--deployed")
        tag = known.short if known.is_tag else ""
        simulation.api.last_deploy = Deploy(simulation.api.project, known.commit, clone.NOTHING, tag)
    source = simulation.clone.check_out(simulation.environment.folder / "source", built.commit, simulation.origin)
    if isinstance(settings.source, S3Source):
        clone.without_origin(source)
    simulation.environment.equip(client)
    codebuild = simulation.environment.codebuild(buildspec.variables(settings), NOWHERE)
    codebuild = replace(codebuild, watch=watch, seconds=LONGEST_BUILD_SECONDS)
    return codebuild.run(buildspec.render(settings), source, started)


def default_ref(copy: Clone, settings: IntegrationSettings) -> clone.Ref:
    """Return the branch, tag or commit that `source.version` names, or raise RehearsalError if the clone lacks it."""
    source = settings.source
    if isinstance(source, S3Source):
        return copy.resolve("HEAD", "--repo")
    found = copy.find(source.version)
    if not found:
        raise RehearsalError(f"the clone has no {source.version}, which source.version names; choose with --ref")
    return found


def _path_on_host(settings: IntegrationSettings) -> str:
    match settings.source:
        case GitSource(repository=url):
            return url.split("/", 3)[3]
        case CodeCommitSource(repository=name):
            return f"v1/repos/{name}"
        case _:
            return "object.git"
