"""The command line: `python -m rehearsal --stack NAME INTEGRATION --repo PATH`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from components.config import Strategy
from rehearsal import clients, report, sample, stacks, strategies, table
from rehearsal.errors import RehearsalError
from rehearsal.events import Kind
from rehearsal.run import Start, default_ref, rehearse, set_up
from sandbox.command_line import exit_code

if TYPE_CHECKING:
    from collections.abc import Iterable


def main() -> int:
    """Rehearse a build, and return the exit code: 0, 1 if the build fails, or 2 if the rehearsal cannot start."""
    try:
        return _rehearse(_parser().parse_args())
    except RehearsalError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal",
        description="Run the build of an integration on this machine, on a copy of your clone: no account needed.",
    )
    parser.add_argument("--stack", required=True, help="the stack whose file Pulumi.<stack>.yaml is read")
    parser.add_argument("integration", nargs="?", help="the integration's name [the stack's first]")
    parser.add_argument("--repo", type=Path, metavar="PATH", help="your clone [a small sample, made for this run]")
    parser.add_argument("--ref", help="the branch, tag or commit to build [source.version]")
    parser.add_argument(
        "--event", type=Kind, choices=list(Kind), help="what starts the build [tag for a tag, else push]"
    )
    parser.add_argument("--deployed", metavar="COMMIT", help="what the platform knows as the last deploy [nothing]")
    parser.add_argument("--strategies", action="store_true", help="compare the strategies on your history instead")
    return parser


def _rehearse(options: argparse.Namespace) -> int:
    if sys.platform != "linux":
        raise RehearsalError("a rehearsal needs Linux, as the build itself does; run it in a container")
    name, settings = stacks.read(Path.cwd(), options.stack, options.integration)
    with ExitStack() as stack:
        if options.repo is None:
            _progress("making a small repository")
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sample-"))
            options.repo = sample.make(Path(folder) / "sample", settings)
            options.deployed = options.deployed or sample.deployed(settings)
        _progress(f"copying {options.repo}")
        simulation = stack.enter_context(set_up(settings, options.repo))
        if options.strategies:
            clone = simulation.clone
            tip = clone.resolve(options.ref, "--ref") if options.ref else default_ref(clone, settings)
            outcomes = []
            for strategy in Strategy:
                _progress(f"replaying your history with {strategy}")
                outcomes.append(strategies.replay(simulation, settings, strategy, tip))
            _print(table.lines(clone, outcomes))
            return 0
        _progress(f"finding {settings.client.package} {settings.client.version} (installed once, then kept in .cache)")
        client = clients.environment(settings.client)
        start = Start(ref=options.ref, event=options.event, deployed=options.deployed)
        _progress(f"running the build of {name}")
        build = rehearse(simulation, settings, client, _log, start)
        sys.stdout.write("\n")
        _print(report.lines(settings, simulation.clone, simulation.api, simulation.docker, build))
    return 0 if build.succeeded else 1


def _progress(step: str) -> None:
    sys.stderr.write(f"rehearsal: {step}\n")
    sys.stderr.flush()


def _print(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _log(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(exit_code(main))
