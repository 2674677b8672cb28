"""Environments of the real Conviso clients, from the package index, made once per machine.

Each client pins its dependencies against the other's, and against ours: one environment each.
They live in the git-ignored `.cache/`, so that only the first build pays for them.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from components.buildspec.compose import lock
from components.config import AstClient, FlowcliClient
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.config import Client

CACHE = Path(__file__).resolve().parent.parent / ".cache"

# What a build installs has no wheels for a newer Python, and conviso-flowcli imports `pipes`, which left the standard
# library with it. There the client is the pinned one, and what it needs is what the index gives.
_NEWEST_LOCKED = (3, 12)
_PIPES = "standard-pipes==3.13.0"
_INSTALL_SECONDS = 600


def flowcli_env() -> Path:
    """Make or find the environment of conviso-flowcli; its commands are in the folder's `bin`."""
    return environment(FlowcliClient())


def ast_env() -> Path:
    """Make or find the environment of conviso-ast; its commands are in the folder's `bin`."""
    return environment(AstClient())


def environment(client: Client) -> Path:
    """Make or find the environment that holds what a build installs for this client.

    Raises RehearsalError where the package index does not give it.
    """
    locked = lock(client).replace(" ", " --hash=sha256:")
    digest = sha256(locked.encode()).hexdigest()[:8]
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    folder = CACHE / "clients" / f"{client.package}-{client.version}-{digest}-{python}"
    # Written last: an environment without it is what an interrupted run left behind.
    complete = folder / "complete"
    with exclusive(folder):
        if not complete.exists():
            _run(sys.executable, "-m", "venv", "--clear", str(folder))
            requirements = folder / "requirements.txt"
            requirements.write_text(locked)
            wanted = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(requirements)]
            if sys.version_info[:2] > _NEWEST_LOCKED:
                wanted = [f"{client.package}=={client.version}", _PIPES]
            _run(
                str(folder / "bin" / "pip"),
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--retries",
                "2",
                *wanted,
            )
            complete.touch()
    return folder


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file of a path: processes beside each other make shared things one at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS)
    if done.returncode:
        if "Retrying" in done.stderr:
            raise RehearsalError("the client can't be installed: the package index is out of reach")
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()] or ["it says no more"]
        errors = [line for line in said if line.startswith("ERROR:")] or said
        raise RehearsalError(f"the client can't be installed from the package index: {errors[-1]}")
