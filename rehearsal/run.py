"""One rehearsal: the build of an integration on a private copy of a clone, with stand-ins around it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from components import buildspec
from components.config import ClientPackage, CodeCommitSource, GitSource, S3Source
from rehearsal import clients, clone, events
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
    name: value
    for lower, value in (("https_proxy", "http://127.0.0.1:9"), ("http_proxy", "http://127.0.0.1:9"))
    for name in (lower, lower.upper())
} | {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}


@dataclass(frozen=True)
class Stage:
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
def stage(settings: IntegrationSettings, repository: Path) -> Iterator[Stage]:
    """Everything that a build of this integration needs, until the block ends.

    Raises RehearsalError where the repository can't be copied.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal-") as temporary,
        ConvisoApi(project=settings.project_key or "") as api,
        DockerApi() as docker,
        Origin(Path(temporary) / "host") as origin,
    ):
        path = _path_on_host(settings)
        copy = clone.copied(repository, origin.folder / path)
        environment = Environment(Path(temporary), api, docker, origin)
        yield Stage(copy, environment, f"{origin.url}/{path}")


def rehearse(
    scene: Stage,
    settings: IntegrationSettings,
    client: Path,
    watch: Callable[[str], None],
    *,
    ref: str | None = None,
    kind: Kind | None = None,
    deployed: str | None = None,
) -> Build:
    """Build a ref (else `source.version`) as CodeBuild would, with `deployed` as what the platform knows.

    Raises RehearsalError where the clone lacks one of them.
    """
    built = scene.clone.resolve(ref, "--ref") if ref else _default(scene.clone, settings)
    started = events.event(settings, built, kind)
    if deployed:
        known = scene.clone.resolve(deployed, "--deployed")
        scene.api.last_deploy = Deploy(scene.api.project, known.commit, clone.NOTHING, known.short * known.is_tag)
    source = scene.clone.check_out(scene.environment.folder / "source", built.commit, scene.origin)
    if isinstance(settings.source, S3Source):
        clone.without_origin(source)
    scene.environment.equip(client)
    codebuild = scene.environment.codebuild(buildspec.variables(settings), NOWHERE)
    codebuild = replace(codebuild, watch=watch, seconds=LONGEST_BUILD_SECONDS)
    return codebuild.run(buildspec.render(settings), source, started)


def client_of(settings: IntegrationSettings) -> Path:
    """The environment of the integration's client; RehearsalError where it can't be installed."""
    return clients.ast_env() if settings.client.package is ClientPackage.AST else clients.flowcli_env()


def _default(copy: Clone, settings: IntegrationSettings) -> clone.Ref:
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
