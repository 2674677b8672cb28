"""Starts the client's commands in forks of a process that has its libraries loaded: see fork_server.py."""

from __future__ import annotations

import atexit
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from rehearsal.interpreter import packages_of

HERE = Path(__file__).parent
_START_SECONDS = 30


def starter(client: Path) -> str:
    """Return the command line that starts the client's commands in a fork."""
    python = client / "bin" / "python"
    return f"{python} -I -S {HERE / 'fork_client.py'} {_fork_server(python, packages_of(client))}"


@cache
def _fork_server(python: Path, packages: Path) -> Path:
    """Start a server that ends with this process, because it reads this end of a pipe; return its socket."""
    folder = tempfile.TemporaryDirectory(prefix="client-")
    path = Path(folder.name) / "socket"
    command = [str(python), "-I", "-S", "-X", "utf8", str(HERE / "fork_server.py"), str(path), str(packages)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd="/")

    def end() -> None:
        server.communicate()
        folder.cleanup()

    atexit.register(end)
    until = time.monotonic() + _START_SECONDS
    while not path.exists():
        if time.monotonic() > until or server.poll() is not None:
            raise RuntimeError("the fork server did not start")
        time.sleep(0.02)
    return path
