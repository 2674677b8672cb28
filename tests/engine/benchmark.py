"""`python -m tests.engine.benchmark [COUNT ...]`: `pulumi up` of a stack, and of as many bare resources.

Both run on the Pulumi engine of the PATH, a file backend and the stand-in for AWS of these tests, so that what differs
is the cost of our program and the size of our state.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi import automation

from benchmarks.sandbox import BASELINE, resources_of, stack_config
from tests.config import samples
from tests.engine.project import Cli, Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COUNTS = (10, 30, 100)
STACK = "bench"


@dataclass(frozen=True)
class Update:
    """What the first `up` of a stack cost."""

    seconds: float
    cpu_seconds: float
    """Of the engine, the program and the provider."""
    state_kib: float


def compare(count: int, scratch: Path) -> tuple[Update, Update]:
    """The baseline, and a stack of `count` integrations."""
    ours = _project(scratch / "ours")
    ours.configure(STACK, _config(count))
    resources = resources_of(ours.folder)
    baseline = _project(scratch / "baseline").beside("bare", BASELINE.read_text(encoding="utf-8"))
    (baseline.folder / "resources.json").write_text(json.dumps(resources), encoding="utf-8")
    return _updated(baseline, {}), _updated(ours, _config(count))


def _project(folder: Path) -> Project:
    home = folder / "home"
    home.mkdir(parents=True)
    return Project.create(Cli(automation.PulumiCommand(), home), folder)


def _config(count: int) -> dict[str, Any]:
    return {
        **stack_config(count),
        "conviso-codebuild:defaults": {"buildspec": {"location": "bucket"}},
        "conviso-codebuild:secret": {"existingArn": samples.SECRET},
    }


def _updated(project: Project, config: Mapping[str, Any]) -> Update:
    stack = project.stack(STACK, config)
    started, used = time.perf_counter(), _cpu_seconds()
    stack.up()
    seconds, used = time.perf_counter() - started, _cpu_seconds() - used
    (state,) = project.folder.parent.glob(f"backend/.pulumi/stacks/*/{STACK}.json")
    return Update(seconds, used, state.stat().st_size / 1024)


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def rows(counts: tuple[int, ...]) -> Iterator[str]:
    """The comparison as a table."""
    yield "| integrations | baseline s | ours s | ratio | baseline CPU s | ours CPU s | ratio | baseline KiB | ours |"
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for count in counts:
        with tempfile.TemporaryDirectory() as scratch:
            baseline, ours = compare(count, Path(scratch))
        yield (
            f"| {count} | {baseline.seconds:.1f} | {ours.seconds:.1f} | {ours.seconds / baseline.seconds:.2f} "
            f"| {baseline.cpu_seconds:.1f} | {ours.cpu_seconds:.1f} | {ours.cpu_seconds / baseline.cpu_seconds:.2f} "
            f"| {baseline.state_kib:.0f} | {ours.state_kib:.0f} |"
        )


def main(arguments: list[str]) -> int:
    """Print the table; 2 where there is nothing to measure on."""
    if not shutil.which("pulumi"):
        sys.stderr.write("No pulumi on the PATH: https://www.pulumi.com/docs/install/\n")
        return 2
    for line in rows(tuple(int(each) for each in arguments) or COUNTS):
        print(line, flush=True)  # noqa: T201 - the table is what was asked for
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
