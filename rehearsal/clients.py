"""Virtual environments of the real Conviso clients, installed from the package index once per machine.

The dependencies that each client pins conflict with the other's and with ours, so each has an environment of its own,
in the git-ignored folder `.cache/`. Only the first build waits for the installation.
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

# The locked dependencies have no wheels for a newer Python, whose standard library also lacks the module `pipes` that
# conviso-flowcli imports. There only the client is pinned, and pip chooses its dependencies.
_NEWEST_LOCKED = (3, 12)
_PIPES = "standard-pipes==3.13.0"
_INSTALL_SECONDS = 600


def flowcli_env() -> Path:
    """Return the environment of conviso-flowcli, whose `bin` holds its commands; install it if necessary."""
    return environment(FlowcliClient())


def ast_env() -> Path:
    """Return the environment of conviso-ast, whose `bin` holds its commands; install it if necessary."""
    return environment(AstClient())


def environment(client: Client) -> Path:
    """Return the environment that holds what a build installs for this client; install it if necessary.

    Raises RehearsalError if the installation from the package index fails.
    """
    locked = lock(client).replace(" ", " --hash=sha256:")
    digest = sha256(locked.encode()).hexdigest()[:8]
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    folder = CACHE / "clients" / f"{client.package}-{client.version}-{digest}-{python}"
    # Written last, so that an environment which an interrupted run left behind is made anew.
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
    """Hold the lock file of a path, so that only one of several processes creates what they share."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS)
    if done.returncode:
        if "Retrying" in done.stderr:
            raise RehearsalError("the client can't be installed: the package index is out of reach")
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()] or ["it gives no reason"]
        errors = [line for line in said if line.startswith("ERROR:")] or said
        raise RehearsalError(f"the client can't be installed from the package index: {errors[-1]}")
