"""`python -m rehearsal`: what it prints, what it leaves alone, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rehearsal import clients
from rehearsal.repositories import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rehearse = Callable[..., tuple[int, str, str]]


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file of a folder, with the time of its last change and its content."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def test_without_a_clone_the_whole_mission_is_shown_on_a_sample(rehearse: Rehearse) -> None:
    code, out, err = rehearse()
    assert code == 0, out + err
    log, _, brought = out.partition("What would have reached the Conviso platform")
    assert "conviso: summary" in log
    assert "deploy   a8ff993560a2 since 908f5a67a88a: 1 commit, 2 files" in brought
    assert "SAST     2 files, 908f5a67a88a to a8ff993560a2: 1 finding" in brought
    assert "HIGH known vulnerability in flask 0.1, requirements.txt" in brought
    assert "Real: " in brought
    assert "Stood in: " in brought
    assert "running the build of shop\n" in err


def test_a_clone_is_read_and_never_written(rehearse: Rehearse, somebodys: Path) -> None:
    """Without the private copy, the client's files and the build's refs would stand in somebody's work."""
    (somebodys / "unsaved.py").write_text("work in progress\n")
    before = everything_in(somebodys)
    code, out, _ = rehearse("released", "--repo", somebodys, "--ref", "v1.0.1", "--deployed", "v1.0.0")
    assert code == 0, out
    assert "v1.0.1" in out
    assert "1 commit, 1 file" in out
    assert everything_in(somebodys) == before


def test_a_failed_build_is_exit_code_one(rehearse: Rehearse, somebodys: Path) -> None:
    code, out, _ = rehearse("gated", "--repo", somebodys)
    assert code == 1
    assert "The build FAILED" in out
    assert "gate     closed" in out


@pytest.mark.parametrize("name", ["archive", "billing", "newer"])
def test_other_sources_and_the_other_client_are_rehearsed_too(rehearse: Rehearse, somebodys: Path, name: str) -> None:
    code, out, _ = rehearse(name, "--repo", somebodys, "--event", "schedule")
    assert code == 0, out
    assert "HIGH weak hash, file1.py" in out


def test_the_strategies_are_compared_in_one_table(rehearse: Rehearse, somebodys: Path) -> None:
    code, out, err = rehearse("shop", "--repo", somebodys, "--strategies")
    assert code == 0
    assert out.startswith("strategy         looked at  deploys  commits  files  overlaps  no deploy\n")
    assert "v1.0.1 " in out
    assert "replaying your history with git-tree" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "Pulumi.dev.yaml has no integration nope; it has archive, billing, gated, newer, released, shop"),
        (["shop", "--ref", "nope"], "--ref: the clone has no branch, tag or commit nope; its branches: main"),
        (["shop", "--deployed", "nope"], "--deployed: the clone has no branch, tag or commit nope; its branches: main"),
        (["shop", "--event", "tag"], "--event tag: main is not a tag; name one with --ref"),
        (["shop", "--event", "push", "--ref", "v1.0.0"], "--event push: v1.0.0 is not a branch or commit; name one"),
    ],
)
def test_what_cannot_be_rehearsed_is_one_line_and_exit_code_two(
    rehearse: Rehearse, somebodys: Path, arguments: list[str], said: str
) -> None:
    assert_refused(rehearse(*arguments, "--repo", somebodys), said)


def test_a_folder_that_is_no_repository_is_refused(rehearse: Rehearse, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert_refused(rehearse("shop", "--repo", tmp_path / "plain"), "plain is not a git repository")
    assert_refused(rehearse("shop", "--repo", tmp_path / "absent"), "absent is not a folder")


def test_a_shallow_clone_is_refused(rehearse: Rehearse, somebodys: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", somebodys.as_uri(), "shallow")
    assert_refused(rehearse("shop", "--repo", tmp_path / "shallow"), "is a shallow clone: run `git fetch --unshallow`")


def test_a_clone_without_the_configured_branch_is_refused(rehearse: Rehearse, somebodys: Path) -> None:
    git(somebodys, "branch", "--move", "trunk")
    assert_refused(rehearse("shop", "--repo", somebodys), "the clone has no main, which source.version names")


def test_a_package_index_out_of_reach_is_one_line(
    rehearse: Rehearse, somebodys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert_refused(rehearse("shop", "--repo", somebodys), "the client can't be installed: the package index is out")


def assert_refused(result: tuple[int, str, str], said: str) -> None:
    code, out, err = result
    assert code == 2
    assert not out
    (line,) = [line for line in err.splitlines() if not line.startswith("rehearsal: ")]
    assert said in line
