"""One rehearsal: the build of an integration on a private copy of a clone, with stand-ins around it."""

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
# Whatever would go elsewhere than to the stand-ins ends at a closed door.
NOWHERE = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1"),
}


@dataclass(frozen=True, kw_only=True)
class Start:
    """What starts a build."""

    ref: str | None = None
    """The branch, tag or commit to build; `source.version` where nothing is named."""
    event: Kind | None = None
    deployed: str | None = None
    """What the platform knows as the last deploy: a tag or commit, or nothing yet."""


@dataclass(frozen=True)
class Testbed:
    """The copy of a clone with the stand-ins around it."""

    clone: Clone
    environment: Environment
    origin: str

    @property
    def api(self) -> ConvisoApi:
        """The stand-in of the platform."""
        return self.environment.api

    @property
    def docker(self) -> DockerApi:
        """The stand-in of Docker."""
        return self.environment.docker


@contextmanager
def set_up(settings: IntegrationSettings, repository: Path) -> Iterator[Testbed]:
    """Everything that a build of this integration needs, until the block ends.

    Raises RehearsalError where the repository can't be copied.
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
        yield Testbed(copy, environment, f"{origin.url}/{path}")


def rehearse(
    testbed: Testbed,
    settings: IntegrationSettings,
    client: Path,
    watch: Callable[[str], None],
    start: Start,
) -> Build:
    """Run the build as CodeBuild would; `watch` gets what each of its commands printed.

    Raises RehearsalError where the clone lacks what the start names.
    """
    built = testbed.clone.resolve(start.ref, "--ref") if start.ref else default_ref(testbed.clone, settings)
    started = events.event(settings, built, start.event)
    if start.deployed:
        known = testbed.clone.resolve(start.deployed, "--deployed")
        tag = known.short if known.is_tag else ""
        testbed.api.last_deploy = Deploy(testbed.api.project, known.commit, clone.NOTHING, tag)
    source = testbed.clone.check_out(testbed.environment.folder / "source", built.commit, testbed.origin)
    if isinstance(settings.source, S3Source):
        clone.without_origin(source)
    testbed.environment.equip(client)
    codebuild = testbed.environment.codebuild(buildspec.variables(settings), NOWHERE)
    codebuild = replace(codebuild, watch=watch, seconds=LONGEST_BUILD_SECONDS)
    return codebuild.run(buildspec.render(settings), source, started)


def default_ref(copy: Clone, settings: IntegrationSettings) -> clone.Ref:
    """The branch, tag or commit that `source.version` names; RehearsalError where the clone lacks it."""
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
