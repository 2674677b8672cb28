"""A Python for the build in which installing the client is a link to the one that the tests share.

The rendered text stays as it is; everything but the installation is the real interpreter's.
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
exec {python} "$@"
"""


def equip(tools: Path, client: Path, failing: int) -> Path:
    """Put the interpreter among the tools; the log of its installations, with their variables, is returned.

    The first installations may be made to fail.
    """
    log = tools / "installations"
    (packages,) = client.glob("lib/python*/site-packages")
    python = tools / "python3.12"
    names = {"log": log, "packages": packages, "python": client / "bin" / "python", "failing": failing}
    python.write_text(_PYTHON.format(**names))
    python.chmod(0o755)
    return log
