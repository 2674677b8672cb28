"""What a build refuses before it spends time on it, and what it repairs instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.buildspec import render, variables
from rehearsal.codebuild import Event
from tests.build.scenario import configured, make_history

if TYPE_CHECKING:
    from pathlib import Path

    from tests.build.world import World


def refuses(world: World, source: Path | None = None) -> bool:
    """Return whether a build fails before it installs, requests or pulls anything."""
    history = make_history(world, "git-tree")
    build = world.review(configured(), source, history.event)
    untouched = not (world.api.requests or world.docker.pulls or world.installations.exists())
    return not build.succeeded and untouched


@pytest.mark.parametrize("name", ["FLOW_API_KEY", "FLOW_PROJECT_CODE"])
@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
def test_a_build_without_a_key_or_project_is_refused(world: World, name: str, value: str | None) -> None:
    world.variables[name] = value
    assert refuses(world)


def test_a_source_without_git_is_refused(world: World) -> None:
    world.repository.commit_files({"app.py": "\n"})
    assert refuses(world, world.repository.without_git(world.folder / "source"))


def test_a_shallow_clone_is_refused(world: World) -> None:
    """Without the guard, the build installs the client and tries to deploy the only commit that it has."""
    for _ in range(3):
        world.repository.commit_files({})
    assert refuses(world, world.repository.check_out(world.folder / "source", depth=1))


def test_an_archive_of_s3_is_reviewed_without_a_resolved_version(world: World) -> None:
    history = make_history(world, "git-tree")
    source = world.repository.as_archive(world.folder / "source", keep_empty_folders=True)
    build = world.review(configured(), source, Event())
    assert build.succeeded, build.output
    assert [(d.current_commit, d.previous_commit) for d in world.api.deploys] == [(history.head, history.before)]


def test_a_folder_of_s3_that_lost_its_empty_refs_is_repaired(world: World) -> None:
    """Without `git init`, the build fails with "fatal: not a git repository"."""
    history = make_history(world, "git-tree")
    source = world.repository.as_archive(world.folder / "source", keep_empty_folders=False)
    assert not (source / ".git" / "refs").exists()
    build = world.review(configured(), source, Event())
    assert build.succeeded, build.output
    assert [deploy.current_commit for deploy in world.api.deploys] == [history.head]


def test_a_stopped_engine_is_started_on_its_socket_alone(world: World) -> None:
    """Without the option for the socket alone, dockerd also listens on a TCP port, as in the vendor's guide."""
    history = make_history(world, "git-tree")
    world.docker.stop()
    calls = world.folder / "dockerd.log"
    world.command("dockerd", f'#!/bin/bash\necho "$*" >>{calls}\nmv {world.docker.asleep} {world.docker.socket}\n')
    build = world.review(configured(), event=history.event)
    assert build.succeeded, build.output
    assert "tcp" not in calls.read_text()


def test_a_running_engine_is_not_started_again(world: World) -> None:
    history = make_history(world, "git-tree")
    calls = world.folder / "dockerd.log"
    world.command("dockerd", f'#!/bin/bash\necho "$*" >>{calls}\n')
    assert world.review(configured(), event=history.event).succeeded
    assert not calls.exists()


def test_an_engine_that_does_not_start_fails_the_build(world: World) -> None:
    history = make_history(world, "git-tree")
    world.docker.stop()
    world.command("dockerd", "#!/bin/bash\nexit 1\n")
    assert not world.review(configured(), event=history.event).succeeded
    assert not world.api.requests


def test_a_private_origin_without_a_login_does_not_hang_the_build(world: World) -> None:
    history = make_history(world, "git-tree")
    source = world.repository.check_out(world.folder / "source")
    world.repository.origin.private = True
    build = world.review(configured(), source, history.event)
    assert build.succeeded, build.output
    assert [deploy.current_commit for deploy in world.api.deploys] == [history.head]


def test_an_image_without_a_supported_python_fails_the_build(world: World) -> None:
    history = make_history(world, "git-tree")
    for minor in range(9, 15):
        world.command(f"python3.{minor}", "#!/bin/bash\nexit 1\n")
    world.command("python3", "#!/bin/bash\nexit 1\n")
    settings = configured()
    build = world.build(render(settings), event=history.event, project=variables(settings))
    assert not build.succeeded
    assert not world.api.requests


def test_the_source_folder_is_left_as_it_was(world: World) -> None:
    history = make_history(world, "git-tree")
    source = world.repository.check_out(world.folder / "source")
    before = sorted(source.rglob("[!.]*"))
    assert world.review(configured(scans={"iac": True}), source, history.event).succeeded
    assert sorted(path for path in source.rglob("[!.]*") if ".git" not in path.parts) == [
        path for path in before if ".git" not in path.parts
    ]
