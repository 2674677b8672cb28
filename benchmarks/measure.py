"""Runs commands alternately, and measures their time and memory."""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """The time and peak memory of one run of a command."""

    seconds: float
    """CPU time, which depends less than elapsed time on what else the machine does."""
    peak_mb: float


@dataclass(frozen=True)
class Command:
    """A command line, its working directory, and additional environment variables."""

    line: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


def median(costs: Sequence[Cost]) -> Cost:
    """Return the medians of time and memory."""
    return Cost(statistics.median(cost.seconds for cost in costs), statistics.median(cost.peak_mb for cost in costs))


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Cost]]:
    """Run all commands in turn, `rounds` times.

    Raises CalledProcessError if a command fails, since the cost of a failed run means nothing.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(_run(command))
    return costs


def _run(command: Command) -> Cost:
    process = subprocess.Popen(  # noqa: S603 - the benchmarks themselves define the command lines
        command.line,
        cwd=command.folder,
        env=os.environ | command.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    errors = process.stderr.read() if process.stderr else b""
    # wait4 returns the peak memory of this process alone; a maximum over all children hides the smaller ones.
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command.line, stderr=errors)
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
