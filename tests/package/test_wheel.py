"""Other teams install the wheel and write programs of their own: `examples/own_program` is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from components.buildspec.version import VERSION
from tests.package.conftest import ROOT, pip

if TYPE_CHECKING:
    from pathlib import Path

COMPONENTS = ROOT / "components"
EXAMPLES = ROOT / "examples"
USERS = [EXAMPLES / "own_program", EXAMPLES / "platform_team", ROOT / "package"]
"""Programs that import the installed library."""


def run(python: Path, *arguments: str, folder: Path, **environment: str) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run(
        [python, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example with a stack file, where nothing of this repository is at hand."""
    stack = {"aws:region": "us-east-1", "shop-platform:apiKey": {"secure": "v1:ciphertext"}}
    folder = shutil.copytree(EXAMPLES / "own_program", tmp_path_factory.mktemp("team") / "own_program")
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": stack}))
    return folder


@pytest.fixture(scope="module")
def graph(installed: Path, program: Path) -> dict[str, Any]:
    """What the sandbox made of the example."""
    text = run(installed, "-m", "sandbox", "--stack", "dev", "--json", "-", folder=program, PYTHONPATH=str(ROOT))
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    """Without this, an installation lacks the build's shell files, or brings a package named `tests` along."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name for name in archive.namelist() if ".dist-info/" not in name}

    sources = [path for path in COMPONENTS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert files == {f"conviso_codebuild/{path.relative_to(COMPONENTS).as_posix()}" for path in sources}
    assert "conviso_codebuild/py.typed" in files


def test_the_wheel_has_the_version_of_the_texts_that_it_renders(wheel: Path) -> None:
    assert wheel.name.startswith(f"conviso_codebuild-{VERSION}-")


def test_the_pinned_versions_are_within_the_ranges_of_the_wheel(installed: Path) -> None:
    """Without this, the library is installed beside versions that no test has seen."""
    pip("check", python=installed)


@pytest.mark.parametrize("folder", USERS, ids=lambda folder: folder.name)
def test_a_program_with_the_installed_library_passes_mypy_strict(installed: Path, tmp_path: Path, folder: Path) -> None:
    """Without py.typed and without classes for the settings, another team's type checker sees nothing."""
    options = ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]

    folder = shutil.copytree(folder, tmp_path / folder.name)
    assert "no issues found in 1 source file" in run(installed, "-m", "mypy", *options, "__main__.py", folder=folder)


def test_a_program_with_the_installed_library_makes_what_aws_accepts(graph: dict[str, Any]) -> None:
    assert graph["problems"] == []
    assert Counter(each["type"] for each in graph["resources"]) == {
        "conviso:index:ApiKey": 1,
        "aws:secretsmanager/secret:Secret": 1,
        "aws:secretsmanager/secretVersion:SecretVersion": 1,
        "conviso:index:ConvisoIntegration": 1,
        "aws:codebuild/project:Project": 1,
        "aws:codebuild/webhook:Webhook": 1,
        "aws:iam/role:Role": 1,
        "aws:iam/rolePolicy:RolePolicy": 1,
        "aws:codeconnections/connection:Connection": 1,
        "aws:s3/bucket:Bucket": 1,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
    }


def test_the_build_uses_the_connection_and_the_bucket_of_the_program(graph: dict[str, Any]) -> None:
    """Without this, the component would make a bucket of its own, and log in with the account's credential."""
    made = {(each["type"], each["name"]): each for each in graph["resources"]}
    project = made["aws:codebuild/project:Project", "shop-api-project"]["inputs"]
    connection = made["aws:codeconnections/connection:Connection", "github"]["outputs"]["arn"]
    bucket = made["aws:s3/bucket:Bucket", "build-logs"]["outputs"]["bucket"]

    assert project["source"]["auth"] == {"type": "CODECONNECTIONS", "resource": connection}
    assert project["logsConfig"]["s3Logs"]["location"] == f"{bucket}/conviso-dev-shop-api"
    policy = made["aws:iam/rolePolicy:RolePolicy", "shop-api-role"]["inputs"]["policy"]
    assert connection in policy
    assert f"arn:aws:s3:::{bucket}/conviso-dev-shop-api/*" in policy
