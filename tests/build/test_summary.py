"""What a build hands on: exported variables that say what was deployed and scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE, configured, make_history

if TYPE_CHECKING:
    from tests.build.world import World


def test_the_exported_variables_tell_what_was_done(world: World) -> None:
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


def test_a_build_without_a_deploy_tells_of_none(world: World) -> None:
    history = make_history(world, "git-tree")
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files({"later.py": "\n"}), EMPTY_TREE)
    build = world.review(configured(), world.repository.check_out(world.folder / "source", history.head), history.event)
    assert build.succeeded, build.output
    assert build.exported["CONVISO_DEPLOY"] == build.exported["CONVISO_SAST"] == "skipped"
    assert not build.exported["CONVISO_PREVIOUS_COMMIT"]


def test_a_build_that_fails_tells_what_was_done_before(world: World) -> None:
    history = make_history(world, "git-tree")
    world.docker.killed.add("osv_scanner")
    build = world.review(configured(), event=history.event)
    assert not build.succeeded
    told = [build.exported[f"CONVISO_{name}"] for name in ("DEPLOY", "SAST", "SCA")]
    assert told == ["created", "done", "failed"]


def test_a_closed_gate_is_told(world: World) -> None:
    history = make_history(world, "git-tree")
    build = world.review(configured(scans={"failOn": {"severity": "LOW", "count": 1}}), event=history.event)
    assert not build.succeeded
    assert (build.exported["CONVISO_GATE"], build.exported["CONVISO_SAST"]) == ("closed", "done")


def test_a_gate_over_a_scan_that_was_skipped_is_neither_open_nor_closed(world: World) -> None:
    """It said `open`, also where the first build of the commit had closed it."""
    history = make_history(world, "git-tree")
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files({"later.py": "\n"}), EMPTY_TREE)
    source = world.repository.check_out(world.folder / "source", history.head)
    build = world.review(configured(scans={"failOn": {"severity": "HIGH", "count": 1}}), source, history.event)
    assert (build.exported["CONVISO_SAST"], build.exported["CONVISO_GATE"]) == ("skipped", "skipped")
