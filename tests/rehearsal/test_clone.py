"""The private copy: which branches, tags and commits of a clone it has."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from rehearsal.clone import copied
from rehearsal.conviso_api import ConvisoApi
from rehearsal.docker_api import DockerApi
from rehearsal.environment import Environment
from rehearsal.origin import Origin
from rehearsal.repositories import git
from rehearsal.run import NOWHERE

if TYPE_CHECKING:
    from pathlib import Path


def test_the_copy_has_the_branches_of_origin_and_prefers_local_ones(users_clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(users_clone), "clone")
    clone = tmp_path / "clone"
    git(users_clone, "branch", "remote-only")
    git(clone, "fetch", "--quiet", "origin")
    (clone / "local.py").write_text("1\n")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "-m", "local")
    copy = copied(clone, tmp_path / "copy")
    assert copy.resolve("main", "--ref").commit == git(clone, "rev-parse", "HEAD")
    assert copy.resolve("remote-only", "--ref").name == "refs/heads/remote-only"


def test_a_commit_without_a_branch_can_be_built(users_clone: Path, tmp_path: Path) -> None:
    git(users_clone, "checkout", "--quiet", "--detach")
    (users_clone / "detached.py").write_text("1\n")
    git(users_clone, "add", "--all")
    git(users_clone, "commit", "--quiet", "-m", "detached")
    head = git(users_clone, "rev-parse", "HEAD")
    copy = copied(users_clone, tmp_path / "copy")
    source = copy.check_out(tmp_path / "source", copy.resolve(head[:10], "--ref").commit, "https://127.0.0.1/x.git")
    assert (source / "detached.py").exists()


@pytest.mark.parametrize("kind", ["folder", "worktree"])
def test_a_folder_in_a_clone_and_a_linked_worktree_stand_for_their_repository(
    users_clone: Path, tmp_path: Path, kind: str
) -> None:
    if kind == "worktree":
        folder = tmp_path / "linked"
        git(users_clone, "worktree", "add", "--quiet", "-b", "linked", str(folder))
    else:
        folder = users_clone / "inside"
        folder.mkdir()
    assert copied(folder, tmp_path / "copy").find("main")


def test_a_build_cannot_reach_another_host(users_clone: Path, tmp_path: Path) -> None:
    """Without the closed proxy, a client that asks another host reaches it, and the report is wrong."""
    with ConvisoApi() as api, DockerApi() as docker, Origin(tmp_path / "host") as origin:
        environment = Environment(tmp_path, api, docker, origin)
        variables = environment.codebuild({}, NOWHERE).variables
        asked = subprocess.run(
            ["git", "ls-remote", "https://host.invalid/a.git"],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        git(users_clone, "clone", "--quiet", "--bare", str(users_clone), str(origin.folder / "shop.git"))
        git(origin.folder / "shop.git", "update-server-info")
        certificate = {"GIT_SSL_CAINFO": str(origin.certificate)}
        reached = git(tmp_path, "ls-remote", f"{origin.url}/shop.git", **variables, **certificate)
    assert "127.0.0.1" in asked.stderr
    assert "refs/heads/main" in reached
