"""The wheel, built once for each test run, and an environment in which it is installed."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from this repository as pyproject.toml describes."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def site_packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the packages folder of a fresh environment with the wheel; its dependencies come from this environment."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A wheel without scripts is installed by unpacking it:
    # https://packaging.python.org/en/latest/specifications/binary-distribution-format/#installing-a-wheel-distribution-1-0-py32-none-any-whl
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "this_environment.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
    return packages


@pytest.fixture(scope="session")
def installed(site_packages: Path) -> Path:
    """Return the Python of that environment."""
    return site_packages.parents[2] / "bin" / "python"


@pytest.fixture(scope="module")
def library(site_packages: Path) -> Iterator[Path]:
    """Return the library of that environment, and make it importable for the tests of a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site_packages)
        yield site_packages / "conviso_codebuild"
