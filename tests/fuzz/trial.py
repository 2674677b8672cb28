"""What the program makes of one stack file: all of it or none, and an error for people."""

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
"""Characters of an error's line: a path, a rule and its choices."""


@dataclass(frozen=True)
class Outcome:
    """How a trial ended."""

    seconds: float
    """Of the processor, so that a busy machine does not count."""
    error: str | None
    """None where the program made the stack."""


def tried(text: str, folder: Path) -> Outcome:
    """Run the program with the text as its stack file. Whatever is no error for people comes out of here."""
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


def _telling(secret: str) -> str:
    """A piece of it that nothing else holds; a URL begins like any other."""
    third = len(secret) // 3
    return secret[third : third + 12]


def faults(outcome: Outcome) -> list[str]:
    """What is wrong with the error itself."""
    if outcome.error is None:
        return []
    lines = outcome.error.split("\n")
    return [
        *(f"a line that is not printable: {line!r}" for line in lines if not line.isprintable()),
        *(f"a line of {len(line)} characters" for line in lines if len(line) > LONGEST_LINE),
        *(f"{kind} is repeated" for kind, secret in CREDENTIALS.items() if _telling(secret) in outcome.error),
    ]
