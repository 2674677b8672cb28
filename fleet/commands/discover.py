"""`discover`: turn a host's list of repositories into a file of integrations."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleet import text_files
from fleet.discover import Coverage, Rules, chosen, entries, files
from fleet.discover.repositories import Repository, project_keys, read
from fleet.errors import FleetError
from fleet.output import table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence


def add_to(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "discover", help="turn a host's list of repositories into a file of integrations", description=__doc__
    )
    parser.add_argument("source", metavar="SOURCE", help="the list: a JSON or CSV file, or - for standard input")
    parser.add_argument("--file", type=Path, required=True, help="the file of integrations that entries are added to")
    parser.add_argument("--stack", help="the stack whose integrations count as covered")
    parser.add_argument(
        "--covered",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE",
        help="further files whose integrations count as covered",
    )
    parser.add_argument("--include", nargs="*", default=[], metavar="GLOB", help="only these, such as 'acme/*'")
    parser.add_argument("--exclude", nargs="*", default=[], metavar="GLOB", help="not these, such as '*-sandbox'")
    parser.add_argument(
        "--project-keys", type=Path, metavar="CSV", help="project keys: the columns repository and projectKey"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> bool:
    """Add entries to the file, and print the coverage; fine if nothing is left to do."""
    stack_file = Path(f"Pulumi.{options.stack}.yaml") if options.stack else None
    there = files.integrations(options.file)
    for file in options.covered:
        there = {**files.existing(file), **there}
    if stack_file:
        there = {**files.integrations_of_stack(stack_file), **there}
    repositories = read(_text(options.source))
    if not repositories:
        raise FleetError("the list has no repository: check that your login on the host may see them")
    keys = project_keys(_text(options.project_keys)) if options.project_keys else {}
    has_keys = bool(options.project_keys) or any(each.project_key for each in repositories)
    rules = Rules(
        include=options.include,
        exclude=options.exclude,
        project_keys=keys if has_keys else None,
        known=files.known(there.values()),
    )
    found = chosen(repositories, rules)
    new = entries((each for each, coverage in found if coverage is Coverage.ADDED), rules, there.keys())
    if new:
        files.add(options.file, new)
    is_read = stack_file is None or new.keys() <= files.integrations_of_stack(stack_file).keys()
    if options.json:
        sys.stdout.write(json.dumps(_for_machines(found), indent=2) + "\n")
    else:
        _print(found, options.file)
        _print_what_is_missing(new)
        sys.stdout.write("" if is_read else f"{stack_file} does not name {options.file} under integrationFiles yet\n")
    return is_read and not any(coverage.is_open for _, coverage in found)


def _text(source: str | Path) -> str:
    if str(source) != "-":
        return text_files.read(Path(source))
    try:
        return text_files.decoded(sys.stdin.buffer.read() if sys.stdin else b"")
    except UnicodeDecodeError:
        raise FleetError("standard input cannot be read: it is not UTF-8 text") from None


def _for_machines(found: Sequence[tuple[Repository, Coverage]]) -> dict[str, Any]:
    return {
        "repositories": len(found),
        "covered": sum(coverage.is_covered for _, coverage in found),
        "byReason": Counter(coverage.value for _, coverage in found),
        "notCovered": {each.path: coverage.value for each, coverage in found if not coverage.is_covered},
    }


def _print(found: Sequence[tuple[Repository, Coverage]], file: Path) -> None:
    left_out = [[each.path, coverage.value] for each, coverage in found if not coverage.is_covered]
    if left_out:
        table(["not covered", "why"], left_out, {Coverage.NO_PROJECT_KEY.value: "bold red"})
        sys.stdout.write("\n")
    counts = Counter(coverage for _, coverage in found)
    covered = sum(coverage.is_covered for _, coverage in found)
    reasons = ", ".join(f"{counts[coverage]} {coverage}" for coverage in Coverage if counts[coverage])
    share = f"{covered / len(found):.0%}"
    sys.stdout.write(f"{covered} of {len(found)} repositories are covered ({share}): {reasons}\n")
    if added := counts[Coverage.ADDED]:
        sys.stdout.write(f"{file}: {added} {'entry' if added == 1 else 'entries'} added\n")


def _print_what_is_missing(new: Mapping[str, dict[str, Any]]) -> None:
    """Fields that the new entries lack, and that the stack's defaults have to supply."""
    if any("projectKey" not in entry for entry in new.values()):
        sys.stdout.write(
            "They have no projectKey, which conviso-flowcli needs: pass a CSV of keys with --project-keys\n"
        )
    if without := sum("version" not in entry["source"] for entry in new.values()):
        sys.stdout.write(f"{without} have no source.version, because the list does not name their branch\n")
