"""Tag strategies on branches: only tags of the built history count, and the deployed tree is what is scanned."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from components.buildspec import client
from rehearsal.clients import flowcli_env
from rehearsal.conviso_platform import PROJECT, Deploy
from tests.build.scenario import EMPTY_TREE
from tests.build.test_deploys import pairs, release, review

if TYPE_CHECKING:
    from tests.build.world import World

STRATEGIES = pytest.mark.parametrize("strategy", ["tags-by-time", "tags-by-version"])


@STRATEGIES
def test_a_branch_deploys_no_tag_of_another_branch(world: World, strategy: str) -> None:
    """Without the guard, a build of main deploys the newest tag of the other branch."""
    release(world, "v1.0.0")
    world.repository.branch("other")
    release(world, "v2.0.0")
    world.repository.switch("main")
    world.repository.commit_files({"later.py": "later()\n"})
    assert review(world, strategy).succeeded
    assert pairs(world) == [("v1.0.0", "")]


@STRATEGIES
def test_the_deployed_tags_tree_is_scanned(world: World, strategy: str) -> None:
    """Without the checkout of the tag, the deploy is of the tag, but the findings are those of a later commit."""
    world.repository.commit_files({"app.py": "query()  # flaw: HIGH sql injection\n", "requirements.txt": "x\n"})
    world.repository.tag("v1.0.0")
    later = {"requirements.txt": "flask  # flaw: HIGH CVE-1\n", "new.py": "md5()  # flaw: LOW weak hash\n"}
    world.repository.commit_files(later)
    build = review(world, strategy)
    assert build.succeeded, build.output
    assert {finding.title for finding in world.api.findings} == {"sql injection"}
    assert not [name for container in world.docker.containers for name in container.uploaded if "new.py" in name]


@STRATEGIES
def test_a_tag_inside_the_last_deploy_makes_no_deploy(world: World, strategy: str) -> None:
    release(world, "v1.0.0")
    release(world, "v1.1.0")
    world.api.last_deploy = Deploy(PROJECT, world.repository.commit_files({"b.py": "b()\n"}), EMPTY_TREE)
    build = review(world, strategy)
    assert build.succeeded, build.output
    assert not world.api.deploys
    assert "the tag v1.1.0 is already part of what is deployed" in build.output


@STRATEGIES
def test_a_tag_whose_successor_is_deployed_first_is_deployed_too(world: World, strategy: str) -> None:
    """Without the exception, the commits between this tag and the one before it are in no deploy."""
    release(world, "v1.0.0")
    late = release(world, "v1.0.1")
    world.api.last_deploy = Deploy(PROJECT, release(world, "v1.0.2"), late, "v1.0.2")
    assert review(world, strategy, "v1.0.1").succeeded
    assert pairs(world) == [("v1.0.1", "v1.0.0")]


def test_the_previous_version_is_an_ancestor_of_the_current_one(world: World) -> None:
    """Without the check, 1.5.0 of another line precedes 2.0.0, and the deploy shows its work as removed."""
    base = release(world, "v1.0.0")
    world.repository.branch("old", base)
    release(world, "v1.5.0")
    world.repository.switch("main")
    release(world, "v2.0.0")
    world.repository.merge("old")
    assert review(world, "tags-by-version").succeeded
    assert pairs(world) == [("v2.0.0", "v1.0.0")]


@STRATEGIES
def test_a_history_without_a_tag_of_its_own_fails(world: World, strategy: str) -> None:
    first = world.repository.commit_files({"a.py": "a()\n"})
    release(world, "v1.0.0")
    world.repository.branch("other", first)
    world.repository.commit_files({"b.py": "b()\n"})
    build = review(world, strategy)
    assert not build.succeeded
    assert "no tag of this history counts" in build.output


def test_sorting_versions_loads_nothing_else_of_the_client(tmp_path: Path) -> None:
    """Without the lazy imports, each build by tags loads the whole client, which takes most of a second."""
    (packages,) = flowcli_env().glob("lib/python*/site-packages")
    (tmp_path / "packages").mkdir()
    for package in packages.iterdir():
        if package.name not in {"convisoappsec", "docker", "requests"}:
            (tmp_path / "packages" / package.name).symlink_to(package)
    shutil.copy(Path(client.__file__).with_name("client.py"), tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "client.py", "sort-tags"],
        cwd=tmp_path,
        env={"CONVISO_TAG_PREFIX": "api/"},
        input="a api/v1.9.0\nb api/1.10.0\nc api/nightly\nd api/1.10.0-rc.1\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "b api/1.10.0\nd api/1.10.0-rc.1\na api/v1.9.0\n", done.stderr
