"""The exported variables of a build, which report what it deployed and scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE, configured, make_history

if TYPE_CHECKING:
    from tests.build.world import World


def test_the_exported_variables_report_the_deploy_and_the_scans(world: World) -> None:
    history = make_history(world, "tags-by-version")
    build = world.review(configured(review={"strategy": "tags-by-version"}), event=history.event)
    assert build.succeeded, build.output
    assert {name: value for name, value in build.exported.items() if value} == {
        "CONVISO_DEPLOY": "created",
        "CONVISO_DEPLOY_ID": "41",
        "CONVISO_CURRENT_TAG": "v1.0.1",
        "CONVISO_CURRENT_COMMIT": history.head,
        "CONVISO_PREVIOUS_TAG": "v1.0.0",
        "CONVISO_PREVIOUS_COMMIT": history.before,
        "CONVISO_SAST": "done",
        "CONVISO_SAST_RANGE": f"{history.before}..{history.head}",
        "CONVISO_SAST_FINDINGS": "1",
        "CONVISO_SCA": "done",
        "CONVISO_SCA_FINDINGS": "1",
    }


def test_a_build_without_a_deploy_exports_none(world: World) -> None:
    history = make_history(world, "git-tree")
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files({"later.py": "\n"}), EMPTY_TREE)
    build = world.review(configured(), world.repository.check_out(world.folder / "source", history.head), history.event)
    assert build.succeeded, build.output
    assert build.exported["CONVISO_DEPLOY"] == build.exported["CONVISO_SAST"] == "skipped"
    assert not build.exported["CONVISO_PREVIOUS_COMMIT"]


def test_a_failed_build_exports_what_it_did_before(world: World) -> None:
    history = make_history(world, "git-tree")
    world.docker.killed.add("osv_scanner")
    build = world.review(configured(), event=history.event)
    assert not build.succeeded
    exported = [build.exported[f"CONVISO_{name}"] for name in ("DEPLOY", "SAST", "SCA")]
    assert exported == ["created", "done", "failed"]


def test_a_closed_gate_is_exported(world: World) -> None:
    history = make_history(world, "git-tree")
    build = world.review(configured(scans={"failOn": {"severity": "LOW", "count": 1}}), event=history.event)
    assert not build.succeeded
    assert (build.exported["CONVISO_GATE"], build.exported["CONVISO_SAST"]) == ("closed", "done")


def test_the_gate_of_a_skipped_scan_is_skipped_too(world: World) -> None:
    """Without the guard, the gate is `open`, even where the first build of the commit closed it."""
    history = make_history(world, "git-tree")
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files({"later.py": "\n"}), EMPTY_TREE)
    source = world.repository.check_out(world.folder / "source", history.head)
    build = world.review(configured(scans={"failOn": {"severity": "HIGH", "count": 1}}), source, history.event)
    assert (build.exported["CONVISO_SAST"], build.exported["CONVISO_GATE"]) == ("skipped", "skipped")
