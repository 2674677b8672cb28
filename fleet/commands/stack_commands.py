"""What the commands for a deployed stack share: options, the check of the account, and calls with progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fleet import stack
from fleet.aws import LOGIN_HINT, Aws, Refused
from fleet.errors import FleetError
from fleet.output import followed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from fleet.stack import Stack

Item = TypeVar("Item")


def add_stack_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that select a stack."""
    parser.add_argument("--stack", required=True, help="the stack whose file Pulumi.<stack>.yaml is read")
    parser.add_argument("--outputs", type=Path, metavar="FILE", help="its outputs as JSON [pulumi stack output --json]")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def loaded(options: argparse.Namespace) -> tuple[Stack, Aws]:
    """The selected stack, and the account that it is in.

    Raises FleetError if this shell is logged in to another account, where nothing of the stack would be found.
    """
    found = stack.load(Path.cwd(), options.stack, options.outputs)
    aws, wanted = Aws(found.location.region), found.location.account
    try:
        account = aws.ask("sts", "get_caller_identity")["Account"]
    except Refused as error:
        raise FleetError(f"{error}\n{LOGIN_HINT}") from None
    if account != wanted:
        raise FleetError(f"This shell is logged in to account {account}; stack {found.name} is in account {wanted}")
    return found, aws


def answered(items: Iterable[Item], total: int, what: str) -> list[Item]:
    """All items, with a progress bar while AWS answers for each.

    Raises FleetError if AWS refuses a call that the whole command depends on.
    """
    try:
        return list(followed(items, total, what))
    except Refused as error:
        remedy = "docs/permissions.md has the policy that this command needs" if error.denied else "Try again"
        raise FleetError(f"{error}\n{remedy}") from None
