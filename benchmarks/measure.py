"""Run commands in turn, and compare what they cost."""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one run of a command cost."""

    seconds: float
    """Of the processor: what else the machine does counts less than on the clock."""
    peak_mb: float


@dataclass(frozen=True)
class Command:
    """A command line, where it runs, and what it adds to the environment."""

    line: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


def median(costs: Sequence[Cost]) -> Cost:
    """The median of the seconds, and that of the memory."""
    return Cost(statistics.median(cost.seconds for cost in costs), statistics.median(cost.peak_mb for cost in costs))


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Cost]]:
    """Run all commands in turn, `rounds` times.

    Raises CalledProcessError where one of them fails: a broken run is no figure.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(_run(command))
    return costs


def _run(command: Command) -> Cost:
    process = subprocess.Popen(  # noqa: S603 - the command lines are ours
        command.line,
        cwd=command.folder,
        env=os.environ | command.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    errors = process.stderr.read() if process.stderr else b""
    # wait4 tells the peak of this one process; the total of all children would hide the smaller one.
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command.line, stderr=errors)
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
