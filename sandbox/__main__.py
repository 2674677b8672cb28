"""The command line: `python -m sandbox --stack NAME`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sandbox import buildspecs, export, report
from sandbox.graph import ConfigurationError
from sandbox.run import run


def main() -> int:
    """Run what the arguments ask for; 0 when AWS would accept it."""
    options = _parser().parse_args()
    try:
        if options.buildspec:
            sys.stdout.write(buildspecs.rendered(Path.cwd(), options.stack, options.buildspec))
            return 0
        if options.check_buildspec:
            return _check_buildspec(options.stack, *options.check_buildspec)
        return _run(options)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Create a stack's resources in an AWS account in memory: no account, Pulumi CLI or network needed.",
    )
    parser.add_argument("--stack", required=True, help="the stack whose file Pulumi.<stack>.yaml is read")
    parser.add_argument("--json", metavar="FILE", help="write the whole graph as JSON; - for standard output")
    parser.add_argument("--diagram", metavar="FILE", help="write a Mermaid flowchart; - for standard output")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--buildspec", metavar="NAME", help="print the buildspec of one integration and nothing else")
    only.add_argument(
        "--check-buildspec",
        nargs=2,
        metavar=("NAME", "PATH"),
        help="fail with a diff when the file is not the buildspec of the integration",
    )
    return parser


def _check_buildspec(stack: str, name: str, path: str) -> int:
    difference = list(buildspecs.difference(buildspecs.rendered(Path.cwd(), stack, name), Path(path)))
    sys.stdout.writelines(difference)
    return 1 if difference else 0


def _run(options: argparse.Namespace) -> int:
    result = run(Path.cwd(), options.stack)
    if options.json:
        _write(options.json, export.as_json(result))
    if options.diagram:
        _write(options.diagram, export.as_mermaid(result))
    if "-" not in (options.json, options.diagram):
        sys.stdout.writelines(f"{line}\n" for line in report.lines(result))
    if result.ok:
        return 0
    sys.stdout.flush()
    sys.stderr.write(f"AWS or Pulumi would refuse this; problems: {len(result.problems)}\n")
    sys.stderr.writelines(f"  {problem}\n" for problem in result.problems)
    return 1


def _write(path: str, text: str) -> None:
    if path == "-":
        sys.stdout.write(text)
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} can't be written: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
