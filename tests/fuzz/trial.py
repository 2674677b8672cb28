"""Runs the program with one stack file, and judges the error that it ends with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from sandbox import SandboxError, stack_file
from tests import harness
from tests.components.program import API_KEY, API_KEY_VALUE, ROOT, program
from tests.config.credentials import CREDENTIALS

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.stack_file import EngineConfig

LONGEST_LINE = 700
"""The maximum length of a line in an error, which holds a path, a rule and its choices."""


@dataclass(frozen=True)
class Outcome:
    """The result of one run."""

    seconds: float
    """CPU time, which does not depend on how busy the machine is."""
    error: str | None
    """None if the program created the stack."""


def run(text: str, folder: Path) -> Outcome:
    """Run the program with the text as its stack file; any exception but an error for people propagates."""
    (folder / "Pulumi.yaml").write_bytes((ROOT / "Pulumi.yaml").read_bytes())
    (folder / "Pulumi.dev.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    started = time.process_time()
    error = None
    try:
        config = stack_file.load(folder, "dev")
        harness.run(program, _world(config))
    except (SandboxError, pulumi.RunError) as refused:
        error = str(refused)
    return Outcome(time.process_time() - started, error)


def _world(config: EngineConfig) -> harness.World:
    if not config.values.get(API_KEY):
        config = config.with_secret(API_KEY, API_KEY_VALUE)
    return harness.World(project=config.project, config=config.values, secret_keys=config.secret_keys)


def _distinctive_piece(secret: str) -> str:
    """Return a piece from the middle of the secret, since its beginning may be that of any URL."""
    third = len(secret) // 3
    return secret[third : third + 12]


def faults(outcome: Outcome) -> list[str]:
    """Return what is wrong with the error itself."""
    if outcome.error is None:
        return []
    lines = outcome.error.split("\n")
    return [
        *(f"a line that is not printable: {line!r}" for line in lines if not line.isprintable()),
        *(f"a line of {len(line)} characters" for line in lines if len(line) > LONGEST_LINE),
        *(f"{kind} is repeated" for kind, secret in CREDENTIALS.items() if _distinctive_piece(secret) in outcome.error),
    ]
