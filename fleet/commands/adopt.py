"""`adopt`: take over build projects that were created by hand."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleet import text_files
from fleet.adopt import Plan, plan, read
from fleet.errors import FleetError
from fleet.output import table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_STYLES = {"lost": "bold red", "left out": "bold red", "fill in": "yellow", "changes": "cyan"}


def add_to(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "adopt", help="take over build projects that were created by hand", description=__doc__
    )
    parser.add_argument(
        "projects", type=Path, metavar="PROJECTS.json", help="output of aws codebuild batch-get-projects"
    )
    parser.add_argument("--stack", required=True, help="name of the new stack")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", default=Path(), help="folder for the two files [this one]"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> bool:
    """Write the stack file and the import list, and print the remarks; fine if nothing is lost or left to fill in."""
    printed = read(options.projects)
    found = plan(printed.projects, options.stack, printed.not_found)
    stack_file, import_file = options.out / f"Pulumi.{options.stack}.yaml", options.out / f"import.{options.stack}.json"
    if not found.is_empty:
        _write({stack_file: found.stack_file, import_file: json.dumps(found.import_list, indent=2) + "\n"})
    if options.json:
        sys.stdout.write(json.dumps([asdict(remark) for remark in found.remarks], indent=2) + "\n")
    else:
        rows = ([remark.project, remark.kind, remark.text] for remark in found.remarks)
        table(["project", "kind", "what"], rows, _STYLES)
        _print_next_steps(found, options.stack, stack_file, import_file)
    return all(remark.kind == "changes" for remark in found.remarks)


def _write(texts: Mapping[Path, str]) -> None:
    """Write all files, or none if one of them exists or cannot be written."""
    if there := [str(file) for file in texts if os.path.lexists(file)]:
        raise FleetError(
            f"{', '.join(there)} exists and is left as it is: remove it, choose another stack name, "
            "or a folder with --out"
        )
    try:
        for file, text in texts.items():
            text_files.write(file, text)
    except FleetError:
        for file in filter(os.path.lexists, texts):
            file.unlink()
        raise


def _print_next_steps(found: Plan, stack: str, stack_file: Path, import_file: Path) -> None:
    if found.is_empty:
        sys.stdout.write("\nNothing is written, because no project can be taken over\n")
        return
    here, list_ = Path(stack_file.name), shlex.quote(str(import_file))
    steps = [
        # Pulumi looks for the file of a stack only beside Pulumi.yaml.
        *([f"mv -i {shlex.quote(str(stack_file))} ."] if stack_file.resolve() != here.resolve() else []),
        f"pulumi stack init {stack}",
        *([f"pulumi config set --secret apiKey --stack {stack}"] if found.needs_api_key else []),
        f"pulumi import --stack {stack} --file {list_} --protect=false --generate-code=false",
        f"pulumi preview --stack {stack} --diff",
    ]
    has_gaps = any(each.kind == "fill in" for each in found.remarks)
    first = f"First fill in {stack_file}, as the rows above say. Then" if has_gaps else "Next"
    sys.stdout.write(f"\nWritten: {stack_file}, {import_file}. {first}, in the folder of Pulumi.yaml:\n")
    sys.stdout.writelines(f"  {step}\n" for step in steps)
