"""The true installation: pinned, by hash, into an environment of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import render, variables
from tests.build.scenario import configured, tell

if TYPE_CHECKING:
    from tests.build.world import World

CLIENTS: list[dict[str, Any]] = [{"package": "conviso-flowcli"}, {"package": "conviso-ast"}]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="conviso-flowcli knows Python 3.12 at most")
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client["package"])
def test_a_build_installs_its_client_and_scans_with_it(world: World, client: dict[str, Any]) -> None:
    story = tell(world, "none")
    settings = configured(review={"strategy": "none"}, client=client)
    build = world.build(render(settings), event=story.event, project=variables(settings))
    assert build.succeeded, build.output
    assert {finding.title for finding in world.api.findings} >= {"CVE-1", "weak hash"}


def test_an_installation_that_fails_ends_the_build_after_a_few_tries(world: World) -> None:
    story = tell(world, "git-tree")
    settings = configured()
    world.variables |= {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1"}
    build = world.build(render(settings), event=story.event, project=variables(settings))
    assert not build.succeeded
    assert not world.api.requests
