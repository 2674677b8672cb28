"""What the tests of the build start from: the stand-ins, a repository and a build environment."""

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
    """A platform, an engine and a git host on loopback, with an empty repository on the host."""
    with ConvisoApi() as api, DockerApi() as docker, Origin(tmp_path / "host") as origin:
        yield World(tmp_path, api, docker, origin, Repository(tmp_path / "repository", origin))
