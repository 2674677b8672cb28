"""Environments of the real Conviso clients, from the package index, made once per machine.

Each client pins its dependencies against the other's, and against ours: one environment each.
They live in the git-ignored `.cache/`, so that only the first build pays for them.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CACHE = Path(__file__).resolve().parent.parent / ".cache"

# conviso-flowcli imports `pipes`, which left the standard library with Python 3.13.
_PIPES = "standard-pipes==3.13.0; python_version >= '3.13'"
_INSTALL_SECONDS = 600


def flowcli_env() -> Path:
    """Make or find the environment of conviso-flowcli; its commands are in the folder's `bin`."""
    return _environment("conviso-flowcli", "2.1.17", _PIPES)


def ast_env() -> Path:
    """Make or find the environment of conviso-ast; its commands are in the folder's `bin`."""
    return _environment("conviso-ast", "3.1.14")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file of a path: processes beside each other make shared things one at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment(package: str, version: str, *others: str) -> Path:
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    folder = CACHE / "clients" / f"{package}-{version}-{python}"
    # Written last: an environment without it is what an interrupted run left behind.
    complete = folder / "complete"
    with locked(folder):
        if not complete.exists():
            _run(sys.executable, "-m", "venv", "--clear", str(folder))
            _run(str(folder / "bin" / "pip"), "install", "--quiet", f"{package}=={version}", *others)
            complete.touch()
    return folder


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
