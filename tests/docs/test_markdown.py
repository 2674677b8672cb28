"""Links, make targets, stack files, messages and names of code in the documents are valid."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from components.config import StackSettings, parse_stack, yaml_reader
from docs.generate import COOKBOOK, ROOT
from docs.schema import PROJECT

FOLDERS = (".", "docs", "cookbook", "package", "examples/own_program", "examples/platform_team")
DOCUMENTS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))
README = (ROOT / "README.md").read_text()
VENDOR_GUIDE = (ROOT / "docs/from-the-vendor-guide.md").read_text()


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", without_code(document.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(document.read_text()))
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = document.parent / name if name else document
        assert target.exists(), f"{link}: there is no such file"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


def test_the_index_leads_to_every_page() -> None:
    """Without this, nobody finds a new page."""
    index = (ROOT / "docs/README.md").read_text()
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages - set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == set()


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text(), flags=re.MULTILINE))
        assert named <= targets, f"{document.name} names {named - targets}"


def stack_settings(document: str) -> list[StackSettings]:
    """Return the stacks in a document's YAML snippets, parsed as if they were in the cookbook's folder."""
    snippets = [
        yaml_reader.read(snippet) for snippet in re.findall(r"^```yaml\n(.*?)^```", document, re.DOTALL | re.MULTILINE)
    ]
    configs = [own_keys(snippet["config"]) for snippet in snippets if "config" in snippet]
    return [parse_stack(config, "docs", COOKBOOK) for config in configs]


def own_keys(config: dict[str, Any]) -> dict[str, Any]:
    prefix = f"{PROJECT}:"
    return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_stack_file_in_a_document_parses(document: Path) -> None:
    """Without this, a reader copies a stack file that the program refuses."""
    stack_settings(document.read_text())


def test_the_readme_shows_a_stack_file_and_stays_short() -> None:
    """Without this, the page that a newcomer reads first grows into a manual."""
    assert stack_settings(README)
    assert len(README.splitlines()) <= 200


def test_the_changelog_says_nothing_twice() -> None:
    """Without this, a merge that keeps the lines of both sides leaves two lists of the same changes."""
    _, *versions = (ROOT / "CHANGELOG.md").read_text().split("\n## ")
    assert versions
    for version in versions:
        lines = [line for line in version.splitlines() if line]
        assert sorted(lines) == sorted(set(lines))


def test_each_buildspec_of_the_vendor_s_guide_has_its_stack_file() -> None:
    """Without this, a reader of that guide gets another review or scan than its buildspec promised."""
    _, _, seven = VENDOR_GUIDE.partition("## The seven buildspecs")
    integrations = [stack.integrations["shop-api"] for stack in stack_settings(seven)]
    assert [(each.review.strategy.value, each.scans.sast.value, each.scans.sca) for each in integrations] == [
        ("tags-by-time", "none", False),
        ("tags-by-version", "none", False),
        ("git-tree", "none", False),
        ("none", "repository", False),
        ("none", "last-commit", False),
        ("none", "none", True),
        ("git-tree", "deploy-range", True),
    ]


def test_the_readme_names_every_output_of_the_contract() -> None:
    """Without this, people find new outputs only in the source code."""
    contract = (ROOT / "components/outputs.py").read_text()
    promised = set(re.findall(r'^        "(\w+)":', contract, flags=re.MULTILINE))
    promised |= set(re.findall(r'pulumi\.export\("(\w+)"', contract))
    assert promised
    assert [name for name in sorted(promised) if f"`{name}`" not in README] == []


def test_the_page_on_architecture_has_every_folder_and_every_file_of_the_library() -> None:
    """Without this, nothing tells a newcomer what a new file is for."""
    page = (ROOT / "docs/architecture.md").read_text()
    library = [path for folder in ("", "config", "aws") for path in (ROOT / "components" / folder).glob("*.py")]
    folders = [path.parent for path in ROOT.glob("*/*") if path.suffix in (".py", ".yaml", ".md")]
    names = {path.name for path in library if path.name != "__init__.py"}
    names |= {f"{path.name}/" for path in folders if not path.name.startswith(".")}
    assert "components/" in names
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "docs/buildspec.md"])
def test_every_file_and_name_that_a_document_mentions_exists(name: str) -> None:
    """Without this, instructions lead to a file that has moved or a name that has changed."""
    folders = (
        "benchmarks",
        "components",
        "cookbook",
        "docs",
        "examples",
        "fleet",
        "package",
        "rehearsal",
        "sandbox",
        "tests",
    )
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    known = [f"/{path.relative_to(ROOT)}" for path in [*files, *ROOT.iterdir()]]
    code = "\n".join(
        path.read_text() for path in [*files, ROOT / "pyproject.toml"] if path.suffix in (".py", ".sh", ".toml")
    )
    given = re.findall(r"`([^`\n]+)`", without_code((ROOT / name).read_text()))
    paths = [each for each in given if re.fullmatch(r"[\w./-]*(\w/|\.(py|sh|md|txt|json))", each)]
    # Variables of a build are left out: scripts compose their names, and another test checks them.
    names = [
        each for each in given if re.fullmatch(r"(?!CONVISO_)_?[A-Za-z]+(_[A-Za-z]+)+|_[a-z]+|[A-Z][A-Za-z]+", each)
    ]
    assert len(paths) + len(names) > 5
    assert [each for each in paths if not any(path.endswith(f"/{each.rstrip('/')}") for path in known)] == []
    assert [each for each in names if not re.search(rf"\b{each}\b", code)] == []
