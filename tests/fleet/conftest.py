"""A deployed stack that all tests share and none of them changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.fleet.world import REGION, Made, World, deploy, load

if TYPE_CHECKING:
    from fleet.stack import Stack


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The deployed stack."""
    return deploy(tmp_path_factory.mktemp("stack"))


@pytest.fixture
def deployed(made: Made, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Stack]:
    """The account, whose answers a test may change, and the stack."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.chdir(made.folder)
    return World(made), load(made.folder)
