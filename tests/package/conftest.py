"""The wheel, built once for each run of the tests, and an environment that it is installed into."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this folder."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that holds the wheel; what the wheel depends on comes from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin" / "python"
    pip("install", "--no-index", "--no-deps", str(wheel), python=python)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "this_environment.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
    return python


def pip(command: str, *arguments: str, python: Path = Path(sys.executable)) -> None:
    """Run this environment's pip on an environment; what it says shows when it fails."""
    options = ["--python", str(python), "--quiet", "--disable-pip-version-check"]
    line = [sys.executable, "-m", "pip", *options, command, *arguments]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
