"""A Python for the build in which installing the client is a link to the one that the tests share.

The rendered text stays as it is; everything but the installation is the real interpreter's, and commands of the client
start in a fork of one that has its libraries at hand.
"""

from __future__ import annotations

import atexit
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_START_SECONDS = 30

_PYTHON = """\
#!/bin/bash
if [[ " $* " == *" -m pip install "* ]]; then
  {{ printf '%s\\n' "$*" && env -0; }} >>{log}
  [ "$(grep --count --text 'm pip install' {log})" -gt {failing} ] || exit 1
  while [ "$1" != --target ]; do shift; done
  exec ln -s {packages} "$2"
fi
if [[ "$*" == "-I -S -X utf8 client.py "* && -n "{socket}" ]]; then
  shift 4
  exec {python} -I -S {fork_client} {socket} "$@"
fi
exec {python} "$@"
"""


def equip(tools: Path, client: Path, failing: int, *, forks: bool) -> Path:
    """Put the interpreter among the tools; the log of its installations, with their variables, is returned.

    The first installations may be made to fail, and each command of the client to start a fresh interpreter.
    """
    log = tools / "installations"
    (packages,) = client.glob("lib/python*/site-packages")
    executable = client / "bin" / "python"
    python = tools / "python3.12"
    python.write_text(
        _PYTHON.format(
            log=log,
            packages=packages,
            python=executable,
            failing=failing,
            fork_client=HERE / "fork_client.py",
            socket=_fork_server(executable, packages) if forks else "",
        )
    )
    python.chmod(0o755)
    return log


@cache
def _fork_server(python: Path, packages: Path) -> Path:
    """The socket of a server that lives as long as this process: it ends when its standard input does."""
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
