"""conviso-ast as the client: a build fails where its one command reports success for a scan that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.build.scenario import configured, make_history
from tests.build.test_scans import spoil

if TYPE_CHECKING:
    from rehearsal.codebuild import Build
    from tests.build.world import World


def review(world: World, *, deployed: int = 1, scans: dict[str, Any] | None = None, **client: Any) -> Build:
    """Build the usual history, which gets a finding for IaC, with conviso-ast."""
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
def test_fixed_findings_are_closed_only_with_auto_close(world: World, *, auto_close: bool) -> None:
    build = review(world, autoClose=auto_close)
    assert build.succeeded, build.output
    assert ("POST /graphql issues" in world.api.requests) == auto_close


@pytest.mark.parametrize("auto_close", [True, False])
@pytest.mark.parametrize("left_out", ["sca", "iac"])
def test_a_scan_that_is_not_configured_does_not_run(world: World, left_out: str, *, auto_close: bool) -> None:
    build = review(world, scans={"sast": "repository", "sca": True, "iac": True, left_out: False}, autoClose=auto_close)
    assert build.succeeded, build.output
    assert {finding.kind for finding in world.api.findings} == {"sast", "sca", "iac"} - {left_out}


def test_no_findings_are_closed_without_sast(world: World) -> None:
    """Without the guard, the client runs a SAST scan of its own to close findings, and its image is missing."""
    build = review(world, scans={"sast": "none", "iac": True})
    assert build.succeeded, build.output
    assert {finding.kind for finding in world.api.findings} == {"sca", "iac"}
    assert "POST /graphql issues" not in world.api.requests


@pytest.mark.parametrize("end", ["killed", "broken"])
@pytest.mark.parametrize("scanner", ["osv_scanner", "iac_scanner_checkov"])
def test_a_failing_scanner_fails_the_build(world: World, scanner: str, end: str) -> None:
    spoil(world, scanner, end)
    assert not review(world).succeeded


@pytest.mark.parametrize("part", ["graphql", ""])
def test_a_failing_platform_fails_the_build(world: World, part: str) -> None:
    world.api.failures[part] = 401
    assert not review(world).succeeded


@pytest.mark.parametrize("part", ["deploys", "new deploys"])
def test_every_scan_runs_although_the_platform_takes_no_deploy(world: World, part: str) -> None:
    """Without the single scans, no scan runs: the client stops at its own deploy, which no strategy asks for."""
    world.api.failures[part] = 401

    build = review(world)

    assert build.succeeded, build.output
    assert "AST: the missing scans run once more, one at a time" in build.output
    assert {finding.kind for finding in world.api.findings} == {"sast", "sca", "iac"}


@pytest.mark.parametrize("scan", ["sca", "iac"])
def test_findings_that_the_platform_forbids_fail_the_build(world: World, scan: str) -> None:
    """Without the check of the client's log, the build succeeds: the client only logs the refusal."""
    world.api.forbids_findings = True
    scans = {"sast": "none", "sca": False, scan: True}
    assert not review(world, scans=scans, autoClose=False).succeeded


def test_a_head_that_is_already_reviewed_succeeds_without_a_second_deploy(world: World) -> None:
    build = review(world, deployed=2)
    assert build.succeeded, build.output
    assert not world.api.deploys
