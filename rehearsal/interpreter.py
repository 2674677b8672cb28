"""A Python for the build in which installing the client is a link to the one that is at hand.

The rendered text stays as it is, and everything but the installation is the real interpreter's.
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
    """Put the interpreter among the tools; the log of its installations, with their variables, is returned.

    The first installations may be made to fail. A starter is another command that starts the client's commands, to
    save time; then the interpreter is also taken to be complete.
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
