"""The command line: `python -m fleet doctor|status|adopt|discover`."""

from __future__ import annotations

import argparse
import sys
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING

from fleet.commands import adopt, discover, doctor, status
from fleet.errors import FleetError
from sandbox.command_line import exit_code

if TYPE_CHECKING:
    from collections.abc import Sequence

FINE, FINDINGS, COULD_NOT_RUN = 0, 1, 2
_COMMANDS = (doctor, status, adopt, discover)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 if all is fine, 1 if there is something to do, 2 if the command could not run."""
    parser = argparse.ArgumentParser(
        prog="python -m fleet",
        description="Commands for the team that owns the stacks. docs/fleet.md explains each of them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    _accept_any_stream()
    options = parser.parse_args(arguments)
    try:
        return FINE if options.run(options) else FINDINGS
    except FleetError as error:
        sys.stderr.write(f"{error}\n")
        return COULD_NOT_RUN


def _accept_any_stream() -> None:
    """Let messages through that the terminal cannot show in full, and let them go if their stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, StringIO())
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(exit_code(main))
