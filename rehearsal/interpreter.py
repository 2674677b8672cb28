"""A Python for the build that installs the client by linking to the installed one.

The rendered text is used unchanged, and everything but the installation runs in the real interpreter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PYTHON = """\
#!/bin/bash
if [[ " $* " == *" -m pip install "* ]]; then
  {{ printf '%s\\n' "$*" && env -0; }} >>{log}
  [ "$(grep --count --text 'm pip install' {log})" -gt {failing} ] || exit 1
  while [ "$1" != --target ]; do shift; done
  exec ln -s {packages} "$2"
fi
if [[ "$*" == "-I -c import bz2, pip, ssl" && -n "{starter}" ]]; then
  exit  # pip installed the client over TLS with this interpreter
fi
if [[ "$*" == "-I -S -X utf8 client.py "* && -n "{starter}" ]]; then
  shift 4
  exec {starter} "$@"
fi
exec {python} "$@"
"""


def equip(tools: Path, client: Path, *, failing: int = 0, starter: str | None = None) -> Path:
    """Add the interpreter to the tools, and return the log of its installations and their variables.

    The first `failing` installations fail. To save time, a `starter` is another command that starts the client's
    commands; the build's check of the interpreter's modules then always succeeds.
    """
    log = tools / "installations"
    python = client / "bin" / "python"
    interpreter = tools / "python3.12"
    interpreter.write_text(
        _PYTHON.format(
            log=log,
            packages=packages_of(client),
            python=python,
            failing=failing,
            starter=starter or "",
        )
    )
    interpreter.chmod(0o755)
    return log


def packages_of(client: Path) -> Path:
    """Find the packages in a client's environment."""
    (packages,) = client.glob("lib/python*/site-packages")
    return packages
