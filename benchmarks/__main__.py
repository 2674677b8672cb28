"""`make bench`: measure, print, and keep the last result in RESULTS.md."""

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
    """A table of what our code costs, by the number of integrations."""
    yield "| integrations | floor CPU s | ours CPU s | ratio | floor MB | ours MB | ratio |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for count, rounds in ROUNDS.items():
        costs = sandbox.compare(count, rounds, scratch)
        floor, ours = costs["floor"], costs["ours"]
        yield (
            f"| {count} | {floor.seconds:.2f} | {ours.seconds:.2f} | {ours.seconds / floor.seconds:.2f} "
            f"| {floor.peak_mb:.0f} | {ours.peak_mb:.0f} | {ours.peak_mb / floor.peak_mb:.2f} |"
        )


def report(scratch: Path) -> Iterator[str]:
    """The lines of RESULTS.md."""
    yield "# Results of `make bench`"
    yield ""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    yield f"Taken {datetime.now(UTC).date()} on {machine}; medians of runs in turn."
    yield ""
    yield "## The sandbox"
    yield ""
    yield (
        "Floor: bare pulumi-aws resources, as many and of the same kinds, made through the same sandbox. "
        "Bounds: 1.25 times its seconds, 1.5 times its memory; 1 integration under 3 s."
    )
    yield ""
    yield from sandbox_rows(scratch)
    yield ""
    yield "## A build"
    yield ""
    yield (
        "What our guards and summary add to the source document's plain commands, against the same stand-ins of the "
        "platform and of Docker. Bound: 1 s."
    )
    yield ""
    yield from build_overhead.rows(BUILD_ROUNDS)


def main() -> int:
    """Measure everything; a command that fails ends it with what that command said."""
    lines = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for line in report(Path(scratch)):
                print(line, flush=True)  # noqa: T201 - the table is what was asked for
                lines.append(line)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(error.stderr.decode())
        return 1
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
