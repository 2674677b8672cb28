"""A pull request is scanned from its base and never deployed; what is found is sent only where that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.build.codebuild import Event
from tests.build.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE, FIRST, SECOND, configured

if TYPE_CHECKING:
    from tests.build.codebuild import Build
    from tests.build.world import World


def propose(world: World, **pull_requests: Any) -> tuple[Build, tuple[str, str]]:
    """Build a pull request whose base went on since, and tell the commits between which it lies."""
    base = world.repository.commit_files(FIRST)
    world.api.last_deploy = Deploy(PROJECT, base, EMPTY_TREE)
    world.repository.branch("feature")
    head = world.repository.commit_files(SECOND)
    world.repository.switch("main")
    world.repository.commit_files({"later.py": "eval()  # flaw: HIGH code injection\n"})
    source = world.repository.check_out(world.folder / "source", head)
    created = Event(
        "pr/5", head, "GitHub-Hookshot/1", "pr/5", "PULL_REQUEST_CREATED", "refs/heads/feature", "refs/heads/main"
    )
    settings = configured(triggers={"pullRequests": {"approval": "all", **pull_requests}}, scans={"iac": True})
    return world.review(settings, source, created), (base, head)


@pytest.mark.parametrize("report", [False, True])
def test_a_pull_request_is_scanned_since_it_left_its_base_and_never_deployed(world: World, *, report: bool) -> None:
    build, between = propose(world, report=report)
    assert build.succeeded, build.output
    assert not world.api.deploys
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [between]
    assert world.docker.ran("osv_scanner")
    assert world.docker.ran("iac_scanner_checkov")


def test_what_is_found_stays_in_the_build(world: World) -> None:
    propose(world)
    assert not world.api.findings


def test_what_is_found_is_sent_where_that_was_asked_for(world: World) -> None:
    propose(world, report=True)
    assert {finding.title for finding in world.api.findings} == {"weak hash", "CVE-1"}


def test_a_pull_request_whose_scanner_died_fails(world: World) -> None:
    world.docker.killed.add("osv_scanner")
    build, _ = propose(world)
    assert not build.succeeded
