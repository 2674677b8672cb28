"""`status`: show the last review of every repository."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleet import text_files
from fleet.commands.stack_commands import add_stack_options, answered, loaded
from fleet.output import table
from fleet.page import page
from fleet.status import SCANS, Review, Scan, reviews

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

_STYLES = {
    **dict.fromkeys(("SUCCEEDED", "open"), "green"),
    **dict.fromkeys(("FAILED", "FAULT", "TIMED_OUT", "STOPPED", "NONE", "failed", "closed"), "bold red"),
}


def add_to(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("status", help="show the last review of every repository", description=__doc__)
    add_stack_options(parser)
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a web page")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> bool:
    """Print the reviews."""
    found, aws = loaded(options)
    shown = answered(reviews(found, aws), len(found.settings.integrations), "Asking CodeBuild")
    now = datetime.now(UTC)
    if options.html:
        text_files.write(options.html, page(found.name, shown, now))
    if options.json:
        sys.stdout.write(json.dumps([each.as_json() for each in shown], indent=2) + "\n")
    else:
        _print(shown, now)
    return all(review.is_fine for review in shown)


def _print(shown: Sequence[Review], now: datetime) -> None:
    columns = ["integration", "last build", "days ago", "deployed", "SAST", "SCA", "IaC", "findings", "gate"]
    table(columns, (_cells(review, now) for review in shown), _STYLES)
    fine, findings = sum(review.is_fine for review in shown), sum(review.findings or 0 for review in shown)
    sys.stdout.write(f"\n{len(shown)} repositories: {fine} fine; {findings} findings in their last builds\n")


def _cells(review: Review, now: datetime) -> list[str]:
    days = f"{(now - review.started).total_seconds() / 86_400:.1f}" if review.started else ""
    return [
        review.integration,
        review.status,
        days,
        review.deployed or review.deploy,
        *(_scan(review.scans[name]) for name in SCANS),
        "" if review.findings is None else str(review.findings),
        review.gate,
    ]


def _scan(scan: Scan) -> str:
    return scan.result if scan.findings is None else f"{scan.result}, {scan.findings}"
