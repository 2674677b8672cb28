"""`doctor`: check whether everything that a stack created still works."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fleet.commands.stack_commands import add_stack_options, answered, loaded
from fleet.doctor import FINDINGS, Extra, Row, State, examine
from fleet.output import table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

_STYLES = {
    State.OK.value: "green",
    State.NOTE.value: "cyan",
    State.WRONG.value: "bold red",
    State.UNKNOWN.value: "yellow",
}


def add_to(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "doctor", help="check whether everything that a stack created still works", description=__doc__
    )
    add_stack_options(parser)
    parser.add_argument(
        "--read-secret", action="store_true", help="also read the secret, to check that it holds the API key"
    )
    parser.add_argument("--ask-hosts", action="store_true", help="also ask the git hosts: was the newest commit built?")
    parser.add_argument("--all", action="store_true", help="also show the checks that pass")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> bool:
    """Print the rows."""
    found, aws = loaded(options)
    extra = Extra(read_secret=options.read_secret, ask_hosts=options.ask_hosts)
    groups = answered(examine(found, aws, extra), len(found.outputs.integrations) + 1, "Asking AWS")
    rows = [row for group in groups for row in group]
    if options.json:
        sys.stdout.write(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    else:
        _print(rows, everything=options.all)
    return not any(row.state in FINDINGS for row in rows)


def _print(rows: Sequence[Row], *, everything: bool) -> None:
    shown = [row for row in rows if everything or row.state is not State.OK]
    if shown:
        cells = ([row.integration, row.check, row.state.value, row.found, row.remedy] for row in shown)
        table(["integration", "check", "state", "found", "what to do"], cells, _STYLES)
        sys.stdout.write("\n")
    counts = ", ".join(f"{sum(row.state is state for row in rows)} {state}" for state in State)
    sys.stdout.write(f"{len(rows)} checks: {counts}\n")
