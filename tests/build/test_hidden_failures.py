"""Failures that the clients hide, each of which a guard of the build detects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.conviso_platform import PROJECT, Deploy
from rehearsal.repositories import git
from tests.build.scenario import EMPTY_TREE, configured, event, make_history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rehearsal.codebuild import Build
    from rehearsal.docker_engine import Container
    from tests.build.world import World

NEWER: dict[str, Any] = {"review": {"strategy": "none"}, "client": {"package": "conviso-ast"}}


class RefusedUploads(list[tuple[str, bytes]]):
    """The uploads of a container on an engine whose disk is full."""

    def append(self, _: tuple[str, bytes]) -> None:
        raise OSError("no space left on device")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_scanner_without_the_source_fails_the_build(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard, the client logs the failure and scans an empty folder, and the build succeeds."""
    create = world.docker.create

    def fill(name: str, given: dict[str, Any]) -> tuple[int, object]:
        answer = create(name, given)
        made: Container = world.docker.containers[-1]
        if made.scanner == "osv_scanner":
            made.uploads = RefusedUploads()
        return answer

    monkeypatch.setattr(world.docker, "create", fill)
    history = make_history(world, "none")
    build = world.review(configured(review={"strategy": "none"}, scans={"sast": "none"}), event=history.event)
    assert not build.succeeded


@pytest.mark.parametrize("strategy", ["git-tree", "tags-by-time", "tags-by-version"])
def test_nothing_is_deployed_while_the_last_deploy_is_unknown(
    world: World, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the check of the exit code, a failed request counts as "no deploy yet", and a tag is deployed twice."""
    answer = world.api.rest

    def fail(method: str, path: str, key: str, sent: Mapping[str, Any]) -> tuple[int, object]:
        return (503, {}) if path.endswith("/last") else answer(method, path, key, sent)

    monkeypatch.setattr(world.api, "rest", fail)
    history = make_history(world, strategy)
    assert not world.review(configured(review={"strategy": strategy}), event=history.event).succeeded
    assert not world.api.deploys


def review_with_newer_client(world: World, **scans: Any) -> Build:
    history = make_history(world, "none")
    return world.review(configured(**NEWER, scans=scans), event=history.event)


def test_findings_of_sast_that_cannot_be_sent_fail_the_build(world: World) -> None:
    """Without the guard, the build succeeds: conviso-ast tries five times, prints a line and reports success."""
    world.api.failures["findings"] = 500
    assert not review_with_newer_client(world, sca=False).succeeded


def test_findings_that_cannot_be_closed_fail_the_build(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard, the build succeeds and no finding is closed: conviso-ast only prints a line."""
    answer = world.api.graphql

    def fail(operation: str, key: str, variables: dict[str, Any], file: str | None) -> tuple[int, object]:
        if operation == "issues":
            return 200, {"errors": [{"message": "Variable $company_id is invalid"}]}
        return answer(operation, key, variables, file)

    monkeypatch.setattr(world.api, "graphql", fail)
    assert not review_with_newer_client(world, iac=True).succeeded


def review_without_auto_close(world: World) -> Build:
    history = make_history(world, "none")
    client = {**NEWER["client"], "autoClose": False}
    return world.review(configured(**{**NEWER, "client": client}, scans={"sast": "none"}), event=history.event)


def test_only_the_chosen_scans_run_in_the_newer_clients_one_command(world: World) -> None:
    """Without the correction, `ast run` runs all three scans, whatever is configured."""
    assert review_without_auto_close(world).succeeded
    assert {container.scanner for container in world.docker.containers} == {"osv_scanner"}


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_nested_tags_lead_to_their_commit_and_tags_of_trees_are_ignored(world: World, strategy: str) -> None:
    """Without peeling to the end, the build sends the inner tag's id as the commit, or ignores the tag."""
    folder = world.repository.folder
    first = world.repository.commit_files({"a.py": "1\n"})
    world.repository.tag("inner", annotated=True)
    world.repository.tag("v1.0.0", annotated=True, at="inner")
    git(folder, "tag", "--delete", "inner")
    git(folder, "update-ref", "refs/tags/v0.9.0", git(folder, "rev-parse", "HEAD:"))
    second = world.repository.commit_files({"b.py": "2\n"})
    world.repository.tag("v1.0.1")
    build = world.review(configured(review={"strategy": strategy}), event=event(strategy, "v1.0.1", second))
    assert build.succeeded, build.output
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(second, first)]


def test_a_deploy_that_the_platform_knows_by_its_tag_alone_is_found(world: World) -> None:
    """Without the lookup by tag, the build finds no last deploy, and the new one holds everything."""
    history = make_history(world, "git-tree")
    world.repository.tag("released", annotated=True, at=history.before)
    world.api.last_deploy = Deploy(PROJECT, "", EMPTY_TREE, "released")
    assert world.review(configured(), event=history.event).succeeded
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(history.head, history.before)]


def test_git_reads_no_settings_that_an_archive_includes(world: World) -> None:
    """Without a new `.git/config`, git reads the included settings and runs the programs that they name."""
    history = make_history(world, "git-tree")
    source = world.repository.check_out(world.folder / "source")
    executed = world.folder / "executed"
    setting = f"[core]\n\tfsmonitor = touch {executed}\n[diff]\n\texternal = touch {executed}\n"
    (source / ".git" / "config.worktree").write_text(setting)
    (source / "settings").write_text(setting)
    with (source / ".git" / "config").open("a") as config:
        config.write("[extensions]\n\tworktreeConfig = true\n[include]\n\tpath = ../settings\n")
    build = world.review(configured(), source, event("git-tree", "", history.head))
    assert build.succeeded, build.output
    assert not executed.exists()
