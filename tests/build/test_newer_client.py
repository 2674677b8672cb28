"""conviso-ast as the client: one command that ends well too often, held to what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.build.scenario import configured, make_history
from tests.build.test_scans import spoil

if TYPE_CHECKING:
    from rehearsal.codebuild import Build
    from tests.build.world import World


def review(world: World, *, deployed: int = 1, scans: dict[str, Any] | None = None, **client: Any) -> Build:
    """Build the history with conviso-ast."""
    world.repository.commit_files({"main.tf": "bucket  # flaw: HIGH open bucket\n"})
    history = make_history(world, "none", deployed=deployed)
    settings = configured(
        review={"strategy": "none"}, client={"package": "conviso-ast", **client}, scans=scans or {"iac": True}
    )
    return world.review(settings, event=history.event)


def test_the_newer_client_scans_everything(world: World) -> None:
    build = review(world)
    assert build.succeeded, build.output
    assert {finding.kind for finding in world.api.findings} == {"sast", "sca", "iac"}


@pytest.mark.parametrize("auto_close", [True, False])
def test_findings_that_are_gone_are_closed_where_that_was_asked_for(world: World, *, auto_close: bool) -> None:
    build = review(world, autoClose=auto_close)
    assert build.succeeded, build.output
    assert ("POST /graphql issues" in world.api.requests) == auto_close


@pytest.mark.parametrize("auto_close", [True, False])
@pytest.mark.parametrize("left_out", ["sca", "iac"])
def test_a_scan_that_is_left_out_is_not_missed(world: World, left_out: str, *, auto_close: bool) -> None:
    build = review(world, scans={"sast": "repository", "sca": True, "iac": True, left_out: False}, autoClose=auto_close)
    assert build.succeeded, build.output
    assert {finding.kind for finding in world.api.findings} == {"sast", "sca", "iac"} - {left_out}


def test_without_sast_no_findings_are_closed(world: World) -> None:
    """The client would close by a SAST scan of its own, with an image that nobody pulled; the build failed."""
    build = review(world, scans={"sast": "none", "iac": True})
    assert build.succeeded, build.output
    assert {finding.kind for finding in world.api.findings} == {"sca", "iac"}
    assert "POST /graphql issues" not in world.api.requests


@pytest.mark.parametrize("end", ["killed", "broken"])
@pytest.mark.parametrize("scanner", ["osv_scanner", "iac_scanner_checkov"])
def test_a_scanner_that_did_not_run_fails_the_build(world: World, scanner: str, end: str) -> None:
    spoil(world, scanner, end)
    assert not review(world).succeeded


@pytest.mark.parametrize("part", ["graphql", ""])
def test_a_platform_that_fails_fails_the_build(world: World, part: str) -> None:
    world.api.failures[part] = 401
    assert not review(world).succeeded


@pytest.mark.parametrize("part", ["deploys", "new deploys"])
def test_a_platform_that_takes_no_deploy_gets_every_scan_all_the_same(world: World, part: str) -> None:
    """The client then ends without a scan; its deploy is a note of its own, which no strategy asked for."""
    world.api.failures[part] = 401

    build = review(world)

    assert build.succeeded, build.output
    assert "AST: what is missing runs once more, one at a time" in build.output
    assert {finding.kind for finding in world.api.findings} == {"sast", "sca", "iac"}


@pytest.mark.parametrize("scan", ["sca", "iac"])
def test_findings_that_the_platform_forbids_fail_the_build(world: World, scan: str) -> None:
    """The client logs it and ends well: without the look at its log, the build succeeded."""
    world.api.forbids_findings = True
    scans = {"sast": "none", "sca": False, scan: True}
    assert not review(world, scans=scans, autoClose=False).succeeded


def test_a_head_that_was_reviewed_before_is_a_success_without_a_second_deploy(world: World) -> None:
    build = review(world, deployed=2)
    assert build.succeeded, build.output
    assert not world.api.deploys
