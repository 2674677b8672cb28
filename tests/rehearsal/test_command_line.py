"""The command line `python -m rehearsal`: its output, its exit codes, and what it leaves untouched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rehearsal import clients
from rehearsal.repositories import git

if TYPE_CHECKING:
    from collections.abc import Callable

    Rehearse = Callable[..., tuple[int, str, str]]


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return each file of a folder with its modification time and content."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def test_a_rehearsal_without_a_clone_uses_a_sample(rehearse: Rehearse) -> None:
    code, out, err = rehearse()
    assert code == 0, out + err
    log, _, report = out.partition("What would have reached the Conviso platform")
    assert "conviso: summary" in log
    assert "deploy   a8ff993560a2 since 908f5a67a88a: 1 commit, 2 files" in report
    assert "SAST     2 files, 908f5a67a88a to a8ff993560a2: 1 finding" in report
    assert "HIGH known vulnerability in flask 0.1, requirements.txt" in report
    assert "Real: " in report
    assert "Simulated: " in report
    assert "running the build of shop\n" in err


def test_a_clone_is_read_and_never_written(rehearse: Rehearse, users_clone: Path) -> None:
    """Without the private copy, a rehearsal leaves the client's files and the build's refs in a user's clone."""
    (users_clone / "unsaved.py").write_text("work in progress\n")
    before = everything_in(users_clone)
    code, out, _ = rehearse("released", "--repo", users_clone, "--ref", "v1.0.1", "--deployed", "v1.0.0")
    assert code == 0, out
    assert "v1.0.1" in out
    assert "1 commit, 1 file" in out
    assert everything_in(users_clone) == before


def test_a_failed_build_ends_with_exit_code_one(rehearse: Rehearse, users_clone: Path) -> None:
    code, out, _ = rehearse("gated", "--repo", users_clone)
    assert code == 1
    assert "The build FAILED" in out
    assert "gate     closed" in out


@pytest.mark.parametrize("name", ["archive", "billing", "newer"])
def test_other_sources_and_the_other_client_can_be_rehearsed(rehearse: Rehearse, users_clone: Path, name: str) -> None:
    code, out, _ = rehearse(name, "--repo", users_clone, "--event", "schedule")
    assert code == 0, out
    assert "HIGH weak hash, file1.py" in out


def test_the_strategies_are_compared_in_one_table(rehearse: Rehearse, users_clone: Path) -> None:
    code, out, err = rehearse("shop", "--repo", users_clone, "--strategies")
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
def test_a_mistaken_argument_is_reported_in_one_line_with_exit_code_two(
    rehearse: Rehearse, users_clone: Path, arguments: list[str], said: str
) -> None:
    assert_refused(rehearse(*arguments, "--repo", users_clone), said)


def test_a_folder_without_a_repository_is_refused(rehearse: Rehearse, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert_refused(rehearse("shop", "--repo", tmp_path / "plain"), "plain is not a git repository")
    assert_refused(rehearse("shop", "--repo", tmp_path / "absent"), "absent is not a folder")


def test_a_shallow_clone_is_refused(rehearse: Rehearse, users_clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", users_clone.as_uri(), "shallow")
    assert_refused(rehearse("shop", "--repo", tmp_path / "shallow"), "is a shallow clone: run `git fetch --unshallow`")


def test_a_partial_clone_is_refused(rehearse: Rehearse, users_clone: Path, tmp_path: Path) -> None:
    """Without the check, the message is of a corrupt repository in a folder that the user does not know."""
    git(users_clone, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", users_clone.as_uri(), "partial")
    assert_refused(rehearse("shop", "--repo", tmp_path / "partial"), "/partial is a partial clone: run `git fetch")


def test_a_clone_with_other_ids_is_refused(rehearse: Rehearse, tmp_path: Path) -> None:
    """Without the check, the message names a folder that the user does not know."""
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "other")
    assert_refused(rehearse("shop", "--repo", tmp_path / "other"), "other has SHA-256 ids, which the Conviso client")


def test_a_message_of_git_is_shown_whole(rehearse: Rehearse, users_clone: Path) -> None:
    """Without this test, only the last of several lines is shown, which here is one word."""
    git(users_clone, "config", "core.repositoryFormatVersion", "1")
    git(users_clone, "config", "extensions.fromTheFuture", "true")
    assert_refused(rehearse("shop", "--repo", users_clone), "unknown repository extension found: fromthefuture")


def test_a_clone_whose_branch_does_not_exist_is_built_with_ref(rehearse: Rehearse, users_clone: Path) -> None:
    """Without this test, a clone whose HEAD leads nowhere has "no commit yet", whatever `--ref` names."""
    git(users_clone, "symbolic-ref", "HEAD", "refs/heads/nowhere")
    code, out, _ = rehearse("shop", "--repo", users_clone, "--ref", "v1.0.1")
    assert code == 0, out


def test_a_clone_without_a_commit_is_refused(rehearse: Rehearse, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    assert_refused(rehearse("shop", "--repo", tmp_path / "empty"), "empty has no commit yet")


def test_names_that_are_not_utf8_are_scanned_and_reported(rehearse: Rehearse, users_clone: Path) -> None:
    """Without the codec's error handler, the stand-in of SAST and the report fail with a traceback."""
    Path(os.fsdecode(os.fsencode(users_clone) + b"/caf\xe9.py")).write_text("x()  # flaw: HIGH no text\n")
    git(users_clone, "add", "--all")
    git(users_clone, "commit", "--quiet", "-m", "name")
    code, out, err = rehearse("shop", "--repo", users_clone)
    assert code == 0, out + err
    assert "HIGH no text, caf\N{REPLACEMENT CHARACTER}.py" in out


def test_a_strategy_without_deploys_says_why(rehearse: Rehearse, users_clone: Path) -> None:
    """Without the reasons, a row of zeros does not tell a build that fails from one that has nothing to do."""
    for name in ("v1.0.0", "v1.0.1"):
        git(users_clone, "tag", f"nightly-{name}", name)
        git(users_clone, "tag", "--delete", name)
    code, out, _ = rehearse("shop", "--repo", users_clone, "--strategies")
    assert code == 0
    assert "no new deploy: the tag nightly-v1.0.1 does not count" in out


def test_a_clone_without_the_configured_branch_is_refused(rehearse: Rehearse, users_clone: Path) -> None:
    git(users_clone, "branch", "--move", "trunk")
    assert_refused(rehearse("shop", "--repo", users_clone), "the clone has no main, which source.version names")


def test_an_unreachable_package_index_is_reported_in_one_line(
    rehearse: Rehearse, users_clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert_refused(rehearse("shop", "--repo", users_clone), "the client can't be installed: the package index is out")


def assert_refused(result: tuple[int, str, str], said: str) -> None:
    code, out, err = result
    assert code == 2
    assert not out
    (line,) = [line for line in err.splitlines() if not line.startswith("rehearsal: ")]
    assert said in line
