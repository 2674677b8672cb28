"""A Pulumi CLI from the PATH, with its home and backend in temporary folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pulumi import automation

from tests.engine.project import Cli, Project

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests in this folder if the Pulumi CLI is not installed."""
    if shutil.which("pulumi"):
        return
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.skip(reason="no pulumi on PATH"))


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The Pulumi CLI with an empty home, which contains no login."""
    return Cli(automation.PulumiCommand(), tmp_path_factory.mktemp("pulumi-home"))


@pytest.fixture
def project(cli: Cli, tmp_path: Path) -> Project:
    """This repository's Pulumi project, with its own backend and account."""
    return Project.create(cli, tmp_path)


@pytest.fixture(scope="module")
def shared_project(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that tests share if they only preview."""
    return Project.create(cli, tmp_path_factory.mktemp("project"))
