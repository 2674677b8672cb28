"""The installation of the client: pinned by hash, in a folder of its own, and retried when the network fails."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import render, variables
from rehearsal.clients import flowcli_env
from tests.build.scenario import configured, make_history

if TYPE_CHECKING:
    from tests.build.world import World

CLIENTS: list[dict[str, Any]] = [{"package": "conviso-flowcli"}, {"package": "conviso-ast"}]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="conviso-flowcli knows Python 3.12 at most")
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client["package"])
def test_a_build_installs_its_client_and_scans_with_it(world: World, client: dict[str, Any]) -> None:
    history = make_history(world, "none")
    settings = configured(review={"strategy": "none"}, client=client)
    world.command("python3.12", f'#!/bin/bash\nexec {flowcli_env()}/bin/python "$@"\n')
    world.variables |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    build = world.build(render(settings), event=history.event, project=variables(settings))
    assert build.succeeded, build.output
    assert {finding.title for finding in world.api.findings} >= {"CVE-1", "weak hash"}


def test_an_installation_is_tried_again(world: World) -> None:
    """Without a retry, one failed download fails the build."""
    history = make_history(world, "git-tree")
    world.failing_installations = 1
    world.command("sleep", "#!/bin/bash\n")
    assert world.review(configured(), event=history.event).succeeded


def test_an_installation_that_keeps_failing_fails_the_build(world: World) -> None:
    history = make_history(world, "git-tree")
    world.failing_installations = 99
    world.command("sleep", "#!/bin/bash\n")
    assert not world.review(configured(), event=history.event).succeeded
    assert 1 < world.installations.read_text().count("-m pip install") < 10
    assert not world.api.requests


def test_every_file_that_is_installed_is_pinned_by_its_hash(world: World) -> None:
    history = make_history(world, "git-tree")
    assert world.review(configured(), event=history.event).succeeded
    assert "--require-hashes" in world.installations.read_text()
