"""`make bench`: runs the benchmarks, prints the results, and writes them to RESULTS.md."""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import build_overhead, sandbox

RESULTS = Path(__file__).with_name("RESULTS.md")
ROUNDS = {1: 9, 10: 7, 100: 3, 1000: 1}
BUILD_ROUNDS = 5


def sandbox_rows(scratch: Path) -> Iterator[str]:
    """Yield a table of the program's cost by number of integrations."""
    yield "| integrations | baseline CPU s | program CPU s | ratio | baseline MB | program MB | ratio |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for count, rounds in ROUNDS.items():
        costs = sandbox.compare(count, rounds, scratch)
        baseline, program = costs["baseline"], costs["program"]
        yield (
            f"| {count} | {baseline.seconds:.2f} | {program.seconds:.2f} | {program.seconds / baseline.seconds:.2f} "
            f"| {baseline.peak_mb:.0f} | {program.peak_mb:.0f} | {program.peak_mb / baseline.peak_mb:.2f} |"
        )


def report(scratch: Path) -> Iterator[str]:
    """Yield the lines of RESULTS.md."""
    yield "# Results of `make bench`"
    yield ""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    yield f"Measured {datetime.now(UTC).date()} on {machine}; medians of alternating runs."
    yield ""
    yield "## The sandbox"
    yield ""
    yield (
        "Baseline: the same number and types of plain pulumi-aws resources, created in the same sandbox. "
        "Limits: 1.25 times its seconds, 1.5 times its memory, and 3 s for one integration."
    )
    yield ""
    yield from sandbox_rows(scratch)
    yield ""
    yield "## A build"
    yield ""
    yield (
        "What the guards and the summary add to the plain commands of the vendor's guide, with the same stand-ins for "
        "the platform and for Docker. Limit: 1 s."
    )
    yield ""
    yield from build_overhead.rows(BUILD_ROUNDS)


def main() -> int:
    """Run all benchmarks; if a command fails, print its errors and return 1."""
    argparse.ArgumentParser(
        prog="python -m benchmarks", description="Run all benchmarks; this takes minutes."
    ).parse_args()
    lines = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for line in report(Path(scratch)):
                print(line, flush=True)  # noqa: T201 - printing the table is the command's purpose
                lines.append(line)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(error.stderr.decode())
        return 1
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
