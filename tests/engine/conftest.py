"""A Pulumi CLI from the PATH, with a home and a backend in folders of the test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pulumi import automation

from tests.engine.project import Cli, Project

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip this folder's tests where there is no engine to run them on."""
    if shutil.which("pulumi"):
        return
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.skip(reason="no pulumi on PATH"))


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command, and a home without anybody's login."""
    return Cli(automation.PulumiCommand(), tmp_path_factory.mktemp("pulumi-home"))


@pytest.fixture
def project(cli: Cli, tmp_path: Path) -> Project:
    """A copy of this repository's Pulumi project, with a backend and an account of its own."""
    return Project.made(cli, tmp_path)


@pytest.fixture(scope="module")
def shared_project(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same for tests that only preview."""
    return Project.made(cli, tmp_path_factory.mktemp("project"))
