"""What the documents promise is there: links, make targets, stack snippets."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from components.config import parse_stack
from docs.generate import ROOT
from docs.schema import PROJECT
from sandbox import yaml_reader

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
README = (ROOT / "README.md").read_text()


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_code(document.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(document.read_text()))
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = document.parent / name if name else document
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text(), flags=re.MULTILINE))
        assert named <= targets, f"{document.name} names {named - targets}"


def test_every_stack_snippet_of_the_readme_parses() -> None:
    snippets = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    assert snippets
    for snippet in snippets:
        values = yaml_reader.read(snippet)["config"]
        parse_stack({key.removeprefix(f"{PROJECT}:"): values[key] for key in values if PROJECT in key}, "readme")


def test_the_readme_names_every_output_of_the_contract() -> None:
    contract = (ROOT / "components/outputs.py").read_text()
    promised = set(re.findall(r'^        "(\w+)":', contract, flags=re.MULTILINE))
    promised |= set(re.findall(r'pulumi\.export\("(\w+)"', contract))
    assert promised
    assert [name for name in sorted(promised) if f"`{name}`" not in README] == []


def test_every_message_of_the_build_that_the_readme_quotes_is_one() -> None:
    shell = "\n".join(path.read_text() for path in (ROOT / "components/buildspec/shell").rglob("*.sh"))
    said = re.sub(r'" \\\n\s+"', " ", shell)
    quoted = re.findall(r"`conviso: (?:ERROR: )?([^`]+)`", README)
    assert len(quoted) > 10
    # An ellipsis stands for what differs from build to build.
    parts = [part.strip(" :") for message in quoted for part in message.split("…")]
    assert [part for part in parts if part not in said] == []
