"""Outputs of stacks, read with the user's Pulumi CLI."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from fleet.errors import FleetError
from fleet.text_files import documents

if TYPE_CHECKING:
    from pathlib import Path


class NoCliError(FleetError):
    """The Pulumi CLI is not installed."""


def outputs(folder: Path, stack: str) -> Any:
    """The outputs of a stack. Secret ones are `[secret]`.

    Args:
        folder: The working directory, which has a `Pulumi.yaml`.
        stack: Name of the stack; the full one if it belongs to another project.

    Raises NoCliError if there is no CLI, and FleetError if it fails.

    """
    command = ["pulumi", "stack", "output", "--json", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own CLI
            command, cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError:
        raise NoCliError("the Pulumi CLI is not installed") from None
    if done.returncode:
        raise FleetError(f"`{' '.join(command)}` failed:\n{done.stderr.strip()}")
    return parsed(done.stdout, stack)


def parsed(text: str, stack: str) -> Any:
    """The outputs, from the JSON that the CLI printed.

    Raises FleetError if it is not JSON.
    """
    try:
        (found,) = documents(text)
    except ValueError:
        raise FleetError(
            f"The outputs of stack {stack} are not JSON: `pulumi stack output --json` prints them"
        ) from None
    return found
