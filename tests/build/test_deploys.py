"""The two commits of a deploy, over parallel release lines, merges, races and rewritten histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE, FIRST, SECOND, configured, event, make_history

if TYPE_CHECKING:
    from rehearsal.codebuild import Build
    from tests.build.world import World

ANNOTATED = pytest.mark.parametrize("annotated", [False, True], ids=["lightweight tags", "annotated tags"])


def review(world: World, strategy: str, tag: str | None = None, **review: Any) -> Build:
    """Build a tag, or the repository's head after a push where no tag is given."""
    head = world.repository.commit_of(tag) if tag else world.repository.head
    started = event(strategy, tag, head) if tag else event("git-tree", "", head)
    source = world.repository.check_out(world.folder / "source", head)
    return world.review(configured(review={"strategy": strategy, **review}), source, started)


def pairs(world: World) -> list[tuple[str, str]]:
    """Return the current and the previous tag of each deploy that arrived."""
    return [(deploy.current_tag, deploy.previous_tag) for deploy in world.api.deploys]


def release(world: World, name: str, *, annotated: bool = False) -> str:
    """Tag a new commit, and return its id."""
    commit = world.repository.commit_files({f"{name.replace('/', '-')}.py": "release()\n"})
    world.repository.tag(name, annotated=annotated)
    return commit


@ANNOTATED
def test_a_late_release_of_an_old_line_follows_its_own_line(world: World, *, annotated: bool) -> None:
    before = release(world, "1.1.1", annotated=annotated)
    release(world, "2.0.0", annotated=annotated)
    world.repository.branch("old", before)
    late = release(world, "1.2.1", annotated=annotated)
    assert review(world, "tags-by-version", "1.2.1").succeeded
    assert pairs(world) == [("1.2.1", "1.1.1")]
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(late, before)]


@ANNOTATED
def test_a_rebuilt_tag_is_the_current_one_although_a_newer_exists(world: World, *, annotated: bool) -> None:
    for name in ("v1", "v2", "v3"):
        release(world, name, annotated=annotated)
    assert review(world, "tags-by-time", "v2").succeeded
    assert pairs(world) == [("v2", "v1")]


@ANNOTATED
def test_versions_are_ordered_as_numbers(world: World, *, annotated: bool) -> None:
    for name in ("v1.9.0", "v1.10.0"):
        release(world, name, annotated=annotated)
    assert review(world, "tags-by-version", "v1.10.0").succeeded
    assert pairs(world) == [("v1.10.0", "v1.9.0")]


@ANNOTATED
def test_tags_that_are_equal_as_numbers_stay_apart(world: World, *, annotated: bool) -> None:
    """Without a comparison as text, awk takes 1.1 and 1.10 for one tag, and the deploy names both."""
    for name in ("1.1", "1.9", "1.10"):
        release(world, name, annotated=annotated)
    assert review(world, "tags-by-time", "1.10").succeeded
    assert pairs(world) == [("1.10", "1.9")]


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_only_tags_with_the_prefix_count(world: World, strategy: str) -> None:
    """Without the filter, `web/1.5.0` becomes the version before `api/2.0.0`."""
    for name in ("api/1.0.0", "web/1.5.0", "api/2.0.0", "web/9.0.0"):
        release(world, name)
    assert review(world, strategy, "api/2.0.0", tagPrefix="api/").succeeded
    assert pairs(world) == [("api/2.0.0", "api/1.0.0")]


def test_tags_that_are_no_versions_are_ignored(world: World) -> None:
    for name in ("v1.0.0", "nightly", "v1.1.0"):
        release(world, name)
    assert review(world, "tags-by-version", "v1.1.0").succeeded
    assert pairs(world) == [("v1.1.0", "v1.0.0")]


def test_a_release_follows_its_own_candidates(world: World) -> None:
    for name in ("v1.0.0", "v1.1.0-rc.1", "v1.1.0-rc.2", "v1.1.0"):
        release(world, name)
    assert review(world, "tags-by-version", "v1.1.0").succeeded
    assert pairs(world) == [("v1.1.0", "v1.1.0-rc.2")]


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_a_build_of_a_tag_that_does_not_count_makes_no_deploy(world: World, strategy: str) -> None:
    for name in ("api/1.0.0", "nightly"):
        release(world, name)
    build = review(world, strategy, "nightly", tagPrefix="api/")
    assert build.succeeded, build.output
    assert not world.api.deploys


@ANNOTATED
def test_a_second_tag_on_a_commit_is_not_the_version_before_it(world: World, *, annotated: bool) -> None:
    before = release(world, "v1.0.0", annotated=annotated)
    head = release(world, "v1.0.1", annotated=annotated)
    world.repository.tag("v1.0.2", annotated=annotated)
    assert review(world, "tags-by-version", "v1.0.2").succeeded
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(head, before)]


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_the_built_tag_is_deployed_where_a_commit_has_two(world: World, strategy: str) -> None:
    release(world, "v1.0.0")
    release(world, "v1.0.1")
    world.repository.tag("v1.0.2")
    assert review(world, strategy, "v1.0.1").succeeded
    assert pairs(world) == [("v1.0.1", "v1.0.0")]


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_a_build_of_a_branch_reviews_the_newest_tag(world: World, strategy: str) -> None:
    release(world, "v1.0.0")
    newest = release(world, "v1.0.1")
    world.repository.commit_files({"later.py": "later()\n"})
    assert review(world, strategy).succeeded
    assert [(d.current_commit, d.current_tag) for d in world.api.deploys] == [(newest, "v1.0.1")]


def test_tags_are_fetched_before_they_are_read(world: World) -> None:
    """Without the fetch, the build finds no tag and fails."""
    history = make_history(world, "tags-by-version")
    source = world.repository.check_out(world.folder / "source", tags=False)
    settings = configured(review={"strategy": "tags-by-version"})
    assert world.review(settings, source, history.event).succeeded
    assert pairs(world) == [("v1.0.1", "v1.0.0")]


@pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])
def test_a_tag_strategy_without_tags_fails(world: World, strategy: str) -> None:
    world.repository.commit_files(FIRST)
    assert not review(world, strategy).succeeded
    assert not world.installations.exists()


def test_a_commit_that_a_later_deploy_contains_is_not_deployed_again(world: World) -> None:
    """Without the comparison, the client raises UnboundLocalError and the build fails."""
    older = world.repository.commit_files(FIRST)
    newer = world.repository.commit_files(SECOND)
    world.api.last_deploy = Deploy(PROJECT, newer, EMPTY_TREE)
    source = world.repository.check_out(world.folder / "source", older)
    build = world.review(configured(), source, event("git-tree", "", older))
    assert build.succeeded, build.output
    assert not world.api.deploys
    assert {finding.title for finding in world.api.findings} == {"CVE-1"}


def test_a_history_without_the_last_deploy_is_reviewed_from_the_beginning(world: World) -> None:
    """Without the fallback, the base is a lost commit, on which git fails, and the client with it."""
    world.repository.commit_files(FIRST)
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files(SECOND), EMPTY_TREE)
    head = world.repository.rewrite()
    build = review(world, "git-tree")
    assert build.succeeded, build.output
    (deploy,) = world.api.deploys
    assert deploy.current_commit == head
    assert deploy.previous_commit == EMPTY_TREE
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [(EMPTY_TREE, head)]


def test_a_deploy_starts_at_the_merge_base_where_another_branch_was_deployed(world: World) -> None:
    """Without the merge base, the deploy's range shows the other branch's work as removed."""
    base = world.repository.commit_files(FIRST)
    world.repository.branch("hotfix")
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files({"fix.py": "fix()\n"}), EMPTY_TREE)
    world.repository.switch("main")
    head = world.repository.commit_files(SECOND)
    assert review(world, "git-tree").succeeded
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(head, base)]
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [(base, head)]


def test_the_last_commit_of_a_merge_is_all_that_it_brings_in(world: World) -> None:
    world.repository.commit_files(FIRST)
    world.repository.branch("feature")
    world.repository.commit_files({"feature.py": "eval()  # flaw: HIGH code injection\n"})
    world.repository.switch("main")
    main = world.repository.commit_files(SECOND)
    merge = world.repository.merge("feature")
    settings = configured(review={"strategy": "none"}, scans={"sast": "last-commit", "sca": False})
    build = world.review(settings, event=event("none", "", merge))
    assert build.succeeded, build.output
    assert [container.sast_range for container in world.docker.ran("sastbox_v2")] == [(main, merge)]
    assert [finding.title for finding in world.api.findings] == ["code injection"]


def test_a_deploy_of_a_merge_reaches_back_to_the_last_deploy(world: World) -> None:
    base = world.repository.commit_files(FIRST)
    world.api.last_deploy = Deploy(PROJECT, base, EMPTY_TREE)
    world.repository.branch("feature")
    world.repository.commit_files({"feature.py": "eval()  # flaw: HIGH code injection\n"})
    world.repository.switch("main")
    world.repository.commit_files(SECOND)
    merge = world.repository.merge("feature")
    assert review(world, "git-tree").succeeded
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(merge, base)]
    assert {finding.title for finding in world.api.findings} == {"weak hash", "code injection", "CVE-1"}


def test_the_second_of_two_builds_of_one_commit_makes_no_deploy(world: World) -> None:
    history = make_history(world, "git-tree")
    source = world.repository.check_out(world.folder / "source")
    for _ in range(2):
        build = world.review(configured(), source, history.event)
        assert build.succeeded, build.output
    assert len(world.api.deploys) == 1
