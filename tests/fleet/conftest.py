"""A deployed stack, in an account that the tests of a file share and none of them changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.fleet.world import REGION, World, deploy, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleet.stack import Stack
    from sandbox.graph import Result


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Result]]:
    """The folder with the stack's files, and what the program made there."""
    folder = tmp_path_factory.mktemp("stack")
    with mock_aws():
        yield folder, deploy(folder)


@pytest.fixture
def deployed(made: tuple[Path, Result], monkeypatch: pytest.MonkeyPatch) -> tuple[World, Stack]:
    """The account, which a test may let answer otherwise, and the stack."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    folder, result = made
    monkeypatch.chdir(folder)
    return World(result), load(folder)
