"""The fixture of the build's tests: stand-ins, a repository and a build environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rehearsal.conviso_api import ConvisoApi
from rehearsal.docker_api import DockerApi
from rehearsal.origin import Origin
from rehearsal.repositories import Repository
from tests.build.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Serve a platform, a Docker engine and a git host on loopback; the host has an empty repository."""
    with ConvisoApi() as api, DockerApi() as docker, Origin(tmp_path / "host") as origin:
        yield World(tmp_path, api, docker, origin, Repository(tmp_path / "repository", origin))
