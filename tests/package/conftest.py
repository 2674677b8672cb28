"""The wheel, built once for each run of the tests, and an environment that it is installed into."""

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
    """The wheel, built from this folder by what pyproject.toml names."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def site_packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a fresh environment holds the wheel; what the wheel depends on comes from this one."""
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
    """The Python of that environment."""
    return site_packages.parents[2] / "bin" / "python"


@pytest.fixture(scope="module")
def library(site_packages: Path) -> Iterator[Path]:
    """The library of that environment, as the tests of a file import it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site_packages)
        yield site_packages / "conviso_codebuild"
