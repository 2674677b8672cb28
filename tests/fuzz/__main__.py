"""The command line: `python -m tests.fuzz`."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import traceback
from pathlib import Path

from tests.fuzz import stack_files, trial

LONGEST = 1.0
"""The time limit for one stack file, in seconds."""


def main() -> int:
    """Try stack files; return 0 if each one creates a stack or gets an error for people, in time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="number of stack files to try")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first stack file; each further one adds 1")
    options = parser.parse_args()
    made, slowest, failed = 0, 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            text = stack_files.stack_file(random.Random(seed))
            try:
                outcome = trial.run(text, Path(folder))
            except Exception:  # noqa: BLE001 - unexpected exceptions are what fuzzing looks for
                found = [traceback.format_exc(limit=-3)]
            else:
                made, slowest = made + (outcome.error is None), max(slowest, outcome.seconds)
                found = trial.faults(outcome)
                if outcome.seconds > LONGEST:
                    found.append(f"{outcome.seconds:.1f} seconds")
            failed += bool(found)
            sys.stdout.writelines(f"seed {seed}: {each}\n" for each in found)
    refused = options.count - made - failed
    sys.stdout.write(f"{options.count} stack files: {made} made, {refused} refused, {failed} failed; ")
    sys.stdout.write(f"the slowest took {slowest:.2f} seconds\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
