"""Write the generated files and parts of files: `python -m docs.generate`. `--check` only reports those that are stale.

In a Markdown file, generated parts are between `<!-- begin NAME -->` and `<!-- end NAME -->`.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs import permissions, tables
from docs.schema import integration_file_schema, stack_file_schema

ROOT = Path(__file__).resolve().parent.parent
COOKBOOK = ROOT / "cookbook"
ACCOUNT = "123456789012"
"""The account in all examples, as in the stack files of the repository."""

SUBJECTS: Mapping[str, Sequence[str]] = {
    "Sources": (
        *("github-connection", "github-token", "github-enterprise", "bitbucket", "gitlab", "gitlab-releases"),
        *("gitlab-self-managed", "codecommit", "s3-archive", "s3-folder"),
    ),
    "What a build does": ("scan-only", "conviso-ast", "gate", "pull-requests", "repository-buildspec"),
    "The API key": ("existing-secret", "external-secret"),
    "Logs, notifications and the network": ("logs-to-s3", "notifications", "private-network"),
    "Many repositories and teams": ("many-repositories", "teams", "other-stacks", "buildspec-bucket"),
}
"""The recipes of the cookbook by their subject, in the order of its page."""

_PART = re.compile(r"(<!-- begin (?P<name>\S+) -->\n).*?(<!-- end (?P=name) -->)", re.DOTALL)


def generated() -> dict[Path, str]:
    """Each file that is generated, as a whole or in part, and its expected content."""
    schemas = {"schema.json": stack_file_schema(), "integrations.schema.json": integration_file_schema()}
    files = {ROOT / "docs" / name: json.dumps(schema, indent=2) + "\n" for name, schema in schemas.items()}
    for name in ("README.md", "cookbook/README.md", "docs/configuration.md", "docs/permissions.md"):
        path = ROOT / name
        files[path] = _PART.sub(lambda match: f"{match[1]}\n{_part(match['name'])}\n\n{match[3]}", path.read_text())
    return files


def recipes() -> list[Path]:
    """The stack files of the cookbook."""
    return sorted(COOKBOOK.glob("Pulumi.*.yaml"))


def title(recipe: Path) -> str:
    """What a recipe shows, from the comment in its first line."""
    return recipe.read_text().splitlines()[0].removeprefix("# ").removesuffix(".")


def cookbook() -> str:
    """The tables of the cookbook's recipes, one for each subject.

    Raises AssertionError if a recipe is missing from the subjects, or the file of one that they name.
    """
    files, named = {_name(each) for each in recipes()}, {name for names in SUBJECTS.values() for name in names}
    if files != named:
        raise AssertionError(f"SUBJECTS in docs/generate.py and the files of cookbook/ differ: {sorted(files ^ named)}")
    parts = []
    for subject, names in SUBJECTS.items():
        shown = [COOKBOOK / f"Pulumi.{name}.yaml" for name in names]
        rows = [f"| [{_name(each)}]({each.name}) | {title(each)} |" for each in shown]
        parts += [f"## {subject}", "\n".join(["| Recipe | Shows |", "| --- | --- |", *rows])]
    return "\n\n".join(parts)


def _part(name: str) -> str:
    kind, _, rest = name.partition(":")
    match kind:
        case "reference":
            return tables.reference()
        case "cookbook":
            return cookbook()
        case "deploy" | "preview" | "start" | "doctor" | "status":
            policy = json.dumps(permissions.policy(kind, rest, ACCOUNT), indent=2)
            return f"<details>\n<summary>The policy</summary>\n\n```json\n{policy}\n```\n\n</details>"
        case "recipe":
            return f"```yaml\n{(COOKBOOK / f'Pulumi.{rest}.yaml').read_text().strip()}\n```"
    raise ValueError(f"nothing is generated under the name {name}")


def _name(recipe: Path) -> str:
    return recipe.name.removeprefix("Pulumi.").removesuffix(".yaml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the files, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit with 1 when a file is stale")
    only_check = parser.parse_args(arguments).check
    stale = [path for path, text in generated().items() if not path.exists() or path.read_text() != text]
    for path in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)}: {'stale; run make docs' if only_check else 'written'}\n")
    if only_check:
        return 1 if stale else 0
    for path, text in generated().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
