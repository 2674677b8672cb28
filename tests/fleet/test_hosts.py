"""A webhook that was removed on the host, which AWS cannot know: the newest commit was not built."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fleet.doctor import Extra, Row, State, examine
from rehearsal.repositories import git
from tests.fleet.world import build

if TYPE_CHECKING:
    from pathlib import Path

    from fleet.stack import Stack
    from tests.fleet.world import World

SHOP = "conviso-prod-shop-api"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A local repository in place of the host's; git's configuration redirects the URL to it."""
    folder = tmp_path / "shop-api.git"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{folder.as_uri()}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/acme/shop-api.git")
    return folder


def commit(host: Path) -> str:
    git(host, "commit", "--quiet", "--allow-empty", "--message=x")
    return git(host, "rev-parse", "HEAD")


def asked(deployed: tuple[World, Stack]) -> Row:
    world, stack = deployed
    rows = [row for group in examine(stack, world, Extra(ask_hosts=True)) for row in group]
    (found,) = (row for row in rows if row.check == "newest commit")
    return found


def test_a_newest_commit_that_was_built_is_fine(deployed: tuple[World, Stack], host: Path) -> None:
    """Without this, every repository would have a finding."""
    deployed[0].builds[SHOP] = build(SHOP, commit=commit(host))

    assert asked(deployed).state is State.OK


def test_a_newest_commit_that_was_not_built_reveals_a_lost_webhook(deployed: tuple[World, Stack], host: Path) -> None:
    """Without this, nobody would learn that a webhook was removed on the host, which neither AWS nor Pulumi sees."""
    deployed[0].builds[SHOP] = build(SHOP, commit=commit(host))
    missed = commit(host)

    found = asked(deployed)
    assert found.state is State.WRONG
    assert missed[:9] in found.found
    assert found.remedy == "pulumi up --stack prod --replace '**::shop-api-webhook'"


def test_a_branch_that_no_longer_exists_is_a_finding(deployed: tuple[World, Stack], host: Path) -> None:
    """Without this, a renamed branch would end the reviews of its repository, and no row would say so."""
    commit(host)
    git(host, "branch", "--quiet", "--move", "renamed")

    assert "no branch main" in asked(deployed).found


def test_a_host_that_does_not_answer_is_unknown_and_no_password_is_asked_for(
    deployed: tuple[World, Stack], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without this, a nightly job would wait for a password that nobody types."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{(tmp_path / 'nowhere').as_uri()}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/acme/shop-api.git")

    found = asked(deployed)
    assert found.state is State.UNKNOWN
    assert "let git read https://github.com/acme/shop-api.git" in found.remedy
