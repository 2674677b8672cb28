"""Other teams install the wheel and write their own programs, such as `examples/own_program`."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections import Counter
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

import sandbox
from components.buildspec.version import VERSION
from tests.package.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.graph import Result

COMPONENTS = ROOT / "components"
EXAMPLES = ROOT / "examples"
USERS = [EXAMPLES / "own_program", EXAMPLES / "platform_team", ROOT / "package"]
"""Programs that import the installed library."""


@pytest.fixture(scope="module")
def graph(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return the result of the example in the sandbox, with the library from the wheel."""
    del library
    stack = {"aws:region": "us-east-1", "shop-platform:apiKey": {"secure": "v1:ciphertext"}}
    folder = shutil.copytree(EXAMPLES / "own_program", tmp_path_factory.mktemp("team") / "own_program")
    return sandbox.run(folder, "dev", stack)


def test_the_wheel_contains_the_library_and_nothing_else(wheel: Path) -> None:
    """Without this, an installation lacks the build's shell files, or includes a package named `tests`."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name for name in archive.namelist() if ".dist-info/" not in name}

    sources = [path for path in COMPONENTS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert files == {f"conviso_codebuild/{path.relative_to(COMPONENTS).as_posix()}" for path in sources}
    assert "conviso_codebuild/py.typed" in files


def test_the_wheel_has_the_version_of_the_buildspecs_that_it_renders(wheel: Path) -> None:
    """Without this, the first line of a buildspec names another version than pip does."""
    assert wheel.name.startswith(f"conviso_codebuild-{VERSION}-")


def test_the_pinned_versions_are_within_the_ranges_of_the_wheel(site_packages: Path) -> None:
    """Without this, pip installs the library beside versions that no test has seen."""
    (library,) = metadata.distributions(name="conviso-codebuild", path=[str(site_packages)])
    ranges = [Requirement(each) for each in library.requires or []]

    assert {each.name for each in ranges} == {"pulumi", "pulumi-aws", "pydantic", "pyyaml"}
    for each in ranges:
        assert metadata.version(each.name) in each.specifier, each


def test_programs_with_the_installed_library_pass_mypy_strict(installed: Path, tmp_path: Path) -> None:
    """Without py.typed and classes for the settings, another team's type checker sees nothing."""
    options = ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    # Under different names, because the type checker refuses two modules with the same name.
    for folder in USERS:
        shutil.copy(folder / "__main__.py", tmp_path / f"{folder.name}.py")

    command = [str(installed), "-m", "mypy", *options, *(each.name for each in tmp_path.iterdir())]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "Success: no issues found in 3 source files\n", done.stdout + done.stderr


def test_aws_accepts_what_a_program_with_the_installed_library_creates(graph: Result) -> None:
    """Without this, the library works in this repository only."""
    assert graph.problems == []
    assert Counter(each.type for each in graph.resources) == {
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


def test_the_build_uses_the_connection_and_the_bucket_of_the_program(graph: Result) -> None:
    """Without this, the component creates its own bucket, and logs in with the account's credential."""
    made = {(each.type, each.name): each for each in graph.resources}
    project = made["aws:codebuild/project:Project", "shop-api-project"].inputs
    connection = made["aws:codeconnections/connection:Connection", "github"].outputs["arn"]
    bucket = made["aws:s3/bucket:Bucket", "build-logs"].outputs["bucket"]

    assert project["source"]["auth"] == {"type": "CODECONNECTIONS", "resource": connection}
    assert project["logsConfig"]["s3Logs"]["location"] == f"{bucket}/conviso-dev-shop-api"
    policy = made["aws:iam/rolePolicy:RolePolicy", "shop-api-role"].inputs["policy"]
    assert connection in policy
    assert f"arn:aws:s3:::{bucket}/conviso-dev-shop-api/*" in policy
