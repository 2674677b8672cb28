"""What the user's own Pulumi CLI prints."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from fleet.errors import FleetError

if TYPE_CHECKING:
    from pathlib import Path


class NoCliError(FleetError):
    """There is no Pulumi CLI."""


def outputs(folder: Path, stack: str) -> Any:
    """The outputs of a stack; secret ones are `[secret]`.

    Args:
        folder: Where the CLI runs: that of a `Pulumi.yaml`.
        stack: Its name, the full one for a stack of another project.

    Raises NoCliError where there is no CLI, FleetError where it fails.

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
    """The outputs in what the CLI printed.

    Raises FleetError where it is not JSON.
    """
    try:
        return json.loads(text)
    except ValueError:
        raise FleetError(
            f"The outputs of stack {stack} are not JSON: `pulumi stack output --json` prints them"
        ) from None
