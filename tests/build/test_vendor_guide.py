"""The seven buildspecs of the vendor's guide as settings: the deploys, ranges and findings that the guide promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE, configured, make_history
from tests.build.test_table import sent_deploys

if TYPE_CHECKING:
    from tests.build.world import World

ANNOTATED = pytest.mark.parametrize("annotated", [False, True], ids=["lightweight tags", "annotated tags"])
DEPLOY_ONLY: dict[str, Any] = {"sast": "none", "sca": False}


@ANNOTATED
@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_a_tag_strategy_deploys_from_tag_to_tag(world: World, strategy: str, *, annotated: bool) -> None:
    history = make_history(world, strategy, annotated=annotated, deployed=0)
    build = world.review(configured(review={"strategy": strategy}, scans=DEPLOY_ONLY), event=history.event)
    assert build.succeeded, build.output
    assert sent_deploys(world) == [Deploy(PROJECT, history.head, history.before, "v1.0.1", "v1.0.0")]
    assert not world.api.findings


@ANNOTATED
def test_the_git_tree_strategy_deploys_from_the_last_deploy(world: World, *, annotated: bool) -> None:
    history = make_history(world, "git-tree")
    world.repository.tag("v1.0.1", annotated=annotated)
    build = world.review(configured(review={"strategy": "git-tree"}, scans=DEPLOY_ONLY), event=history.event)
    assert build.succeeded, build.output
    assert sent_deploys(world) == [Deploy(PROJECT, history.head, history.before)]


@ANNOTATED
@pytest.mark.parametrize(
    ("sast", "found"),
    [("repository", {"sql injection", "weak hash"}), ("last-commit", {"weak hash"})],
)
def test_sast_scans_the_repository_or_the_last_commit(
    world: World, sast: str, found: set[str], *, annotated: bool
) -> None:
    history = make_history(world, "tags-by-time", annotated=annotated)
    build = world.review(
        configured(review={"strategy": "none"}, scans={"sast": sast, "sca": False}), event=history.event
    )
    assert build.succeeded, build.output
    assert {finding.title for finding in world.api.findings} == found
    start = EMPTY_TREE if sast == "repository" else history.before
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [(start, history.head)]
    assert not world.api.deploys


def test_sca_runs_alone(world: World) -> None:
    history = make_history(world, "none")
    build = world.review(configured(review={"strategy": "none"}, scans={"sast": "none"}), event=history.event)
    assert build.succeeded, build.output
    assert [finding.title for finding in world.api.findings] == ["CVE-1"]
    assert [container.scanner for container in world.docker.containers] == ["osv_scanner"]


@ANNOTATED
@pytest.mark.parametrize("strategy", ["git-tree", "tags-by-time", "tags-by-version"])
def test_everything_together_uses_one_range(world: World, strategy: str, *, annotated: bool) -> None:
    history = make_history(world, strategy, annotated=annotated)
    build = world.review(configured(review={"strategy": strategy}), event=history.event)
    assert build.succeeded, build.output
    (deploy,) = world.api.deploys
    assert (deploy.previous_commit, deploy.current_commit) == (history.before, history.head)
    (container,) = world.docker.ran("sastbox_v2")
    assert container.sast_range == (history.before, history.head)
    sast, sca = world.api.findings
    assert (sast.title, sast.commit, sast.deploy_id) == ("weak hash", history.head, "41")
    assert sca.title == "CVE-1"
