"""The command line: `python -m sandbox --stack NAME`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from sandbox import export, product, report, stack_file
from sandbox.command_line import exit_code
from sandbox.graph import SandboxError
from sandbox.run import run
from sandbox.shortcuts import rare_collections


def main() -> int:
    """Run the command and return its exit code: 0 if AWS would accept the stack."""
    options = _parser().parse_args()
    try:
        if not product.prints_buildspec(options):
            return _run(options)
        text, code = product.run_option(options, stack_file.load(Path.cwd(), options.stack))
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(text)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Create a stack's resources in an AWS account in memory: no account, Pulumi CLI or network needed.",
    )
    parser.add_argument("--stack", required=True, help="the stack whose file Pulumi.<stack>.yaml is read")
    parser.add_argument("--json", metavar="FILE", help="write the whole graph as JSON; - for standard output")
    parser.add_argument("--diagram", metavar="FILE", help="write a Mermaid flowchart; - for standard output")
    product.add_options(parser)
    return parser


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
        raise SandboxError(f"{path} can't be written: {error.strerror}") from None


if __name__ == "__main__":
    # Writing the report is in the block, too: the first ordinary collection would search the whole stack for garbage.
    with rare_collections():
        code = exit_code(main)
        sys.stderr.flush()
        # The operating system frees the memory at once; for a large stack, Python would take seconds.
        os._exit(code)
