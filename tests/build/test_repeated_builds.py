"""Repeated builds of a commit: they make no second deploy, and they leave out no scan and no gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rehearsal.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE, configured, make_history

if TYPE_CHECKING:
    from tests.build.world import World


@pytest.mark.parametrize("strategy", ["git-tree", "tags-by-time", "tags-by-version"])
def test_a_repeated_build_scans_the_range_whose_sast_failed(world: World, strategy: str) -> None:
    """Without the guard, the second build succeeds with SCA alone, and SAST never scans the range."""
    history = make_history(world, strategy)
    source = world.repository.check_out(world.folder / "source")
    settings = configured(review={"strategy": strategy})
    world.docker.broken.add("sastbox_v2")
    assert not world.review(settings, source, history.event).succeeded
    world.docker.broken.clear()
    build = world.review(settings, source, history.event)
    assert build.succeeded, build.output
    assert len(world.api.deploys) == 1
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [
        (history.before, history.head)
    ] * 2
    assert [(f.title, f.deploy_id) for f in world.api.findings if f.kind == "sast"] == [("weak hash", "41")]
    assert build.exported["CONVISO_DEPLOY"] == "repeated"
    assert build.exported["CONVISO_DEPLOY_ID"] == "41"


def test_a_closed_gate_stays_closed_in_a_repeated_build(world: World) -> None:
    """Without the guard, a team can repeat a build until its gate is gone."""
    history = make_history(world, "git-tree")
    source = world.repository.check_out(world.folder / "source")
    settings = configured(scans={"sca": False, "failOn": {"severity": "LOW", "count": 1}})
    for _ in range(2):
        build = world.review(settings, source, history.event)
        assert not build.succeeded
        assert build.exported["CONVISO_GATE"] == "closed"
    assert len(world.api.deploys) == 1


@pytest.mark.parametrize("previous", ["", "5" * 40], ids=["unknown", "not in the history"])
def test_everything_is_scanned_where_the_start_of_the_last_deploy_is_unknown(world: World, previous: str) -> None:
    """Without the fallback to the whole history, SAST scans nothing, and the build succeeds."""
    history = make_history(world, "git-tree")
    world.api.last_deploy = Deploy(PROJECT, history.head, previous)
    build = world.review(configured(scans={"sca": False}), event=history.event)
    assert build.succeeded, build.output
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [(EMPTY_TREE, history.head)]
    assert "so everything is scanned" in build.output
