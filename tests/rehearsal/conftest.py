"""Fixtures: a project with one stack, a user's clone, and the environment of the build's tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from rehearsal.repositories import git
from tests.build.conftest import world

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["world"]

ROOT = Path(__file__).resolve().parents[2]
SHOP = {
    "projectKey": "kXyZ12",
    "source": {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"},
    "scans": {"iac": True},
}
GATED = {**SHOP, "scans": {"failOn": {"severity": "HIGH", "count": 1}}}
ARCHIVE = {"projectKey": "kXyZ12", "source": {"provider": "s3", "bucket": "acme-exports", "key": "erp/legacy.zip"}}
BILLING = {"projectKey": "kXyZ12", "source": {"provider": "codecommit", "repository": "billing", "version": "main"}}
NEWER = {**SHOP, "review": {"strategy": "none"}, "client": {"package": "conviso-ast"}}
RELEASED = {**SHOP, "review": {"strategy": "tags-by-version"}}


@pytest.fixture
def rehearse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command line in a project of its own: exit code, stdout and stderr."""
    from rehearsal.__main__ import main  # noqa: PLC0415 - beside its only use

    project = tmp_path / "project"
    project.mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", project)
    integrations = {
        "shop": SHOP,
        "gated": GATED,
        "released": RELEASED,
        "archive": ARCHIVE,
        "billing": BILLING,
        "newer": NEWER,
    }
    config = {"config": {"aws:region": "us-east-1", "conviso-codebuild:integrations": integrations}}
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    monkeypatch.chdir(project)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["rehearsal", "--stack", "dev", *map(str, arguments)])
        code = main()
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def users_clone(tmp_path: Path) -> Path:
    """A clone with two commits, each of which is tagged."""
    folder = tmp_path / "users-clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    for number, text in enumerate(["query()  # flaw: HIGH sql injection\n", "md5()  # flaw: HIGH weak hash\n"]):
        (folder / f"file{number}.py").write_text(text)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", f"change {number}")
        git(folder, "tag", f"v1.0.{number}")
    return folder
