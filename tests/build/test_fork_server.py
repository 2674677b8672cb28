"""The fork server, which starts the client's commands in most tests, because loading its libraries takes long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.conviso_api import ConvisoApi
from rehearsal.docker_api import DockerApi
from rehearsal.origin import Origin
from rehearsal.repositories import Repository
from tests.build.scenario import configured, make_history
from tests.build.world import World

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS: dict[str, dict[str, Any]] = {
    "conviso-flowcli": {"scans": {"iac": True, "failOn": {"severity": "LOW", "count": 1}}},
    "conviso-ast": {"review": {"strategy": "none"}, "client": {"package": "conviso-ast"}, "scans": {"iac": True}},
}
# What differs from one run to the next: ports, temporary folders, names of containers, and durations.
RANDOM = re.compile(
    r"127\.0\.0\.1:\d+|/tmp/\S+|[\w-]+:\d{4,}|[0-9a-f]{8}-[0-9a-f-]{27}|\d+\.\d+ ?s\b|conviso:   seconds .*"
)


@pytest.mark.parametrize(
    ("client", "trouble"), [("conviso-flowcli", ""), ("conviso-flowcli", "osv_scanner"), ("conviso-ast", "")]
)
def test_a_forked_command_does_what_a_fresh_process_does(tmp_path: Path, client: str, trouble: str) -> None:
    """Without this test, nothing shows that the tests with forks apply to a client that CodeBuild starts."""
    fork, start = (outcome(tmp_path / str(forks), client, trouble, forks=forks) for forks in (True, False))
    assert fork == start


def outcome(folder: Path, client: str, trouble: str, *, forks: bool) -> dict[str, Any]:
    """Build the same history among stand-ins of its own, and return everything that a test can observe."""
    folder.mkdir()
    with ConvisoApi() as api, DockerApi() as docker, Origin(folder / "host") as origin:
        world = World(folder, api, docker, origin, Repository(folder / "repository", origin), forks=forks)
        docker.killed.add(trouble)
        settings = configured(**CLIENTS[client])
        build = world.review(settings, event=make_history(world, settings.review.strategy).event)
    return {
        "phases": build.phases,
        "exported": build.exported,
        # The frames of a traceback are indented. Only a fork's traceback starts with those of the fork server.
        "log": [line for line in RANDOM.sub("...", build.output).splitlines() if not line.startswith("  ")],
        "deploys": api.deploys,
        "findings": api.findings,
        "requests": api.requests,
        "containers": [(each.image, len(each.sources)) for each in docker.containers],
    }
