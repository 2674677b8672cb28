"""Links, make targets, stack files, messages and names of code in the documents are valid."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from components.config import StackSettings, parse_stack, yaml_reader
from docs.generate import COOKBOOK, ROOT
from docs.schema import PROJECT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "cookbook").glob("*.md")])
README = (ROOT / "README.md").read_text()
TROUBLESHOOTING = (ROOT / "docs/troubleshooting.md").read_text()
VENDOR_GUIDE = (ROOT / "docs/from-the-vendor-guide.md").read_text()


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", without_code(document.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_has_a_target(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(document.read_text()))
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = document.parent / name if name else document
        assert target.exists(), f"{link}: there is no such file"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_stack_file_in_a_document_parses(document: Path) -> None:
    """Without this, a reader copies a stack file that the program refuses."""
    stack_settings(document.read_text())


def test_the_readme_shows_a_stack_file_and_stays_short() -> None:
    """Without this, the page that a newcomer reads first grows into a manual."""
    assert stack_settings(README)
    assert len(README.splitlines()) <= 200


def test_each_buildspec_of_the_vendors_guide_has_a_stack_file() -> None:
    """Without this, a reader of that guide gets other reviews or scans than its buildspec has."""
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


SCRIPTS = "\n".join(path.read_text() for path in (ROOT / "components/buildspec/shell").rglob("*.sh"))
CLIENT = "\n".join(path.read_text() for path in (ROOT / "components/buildspec/client").glob("*.py"))


def printed_by(command: str) -> list[str]:
    """Return the messages that the scripts print with `command`; an ellipsis stands for each variable part."""
    return with_ellipses(re.findall(rf'\b{command} "([^"]+)"', SCRIPTS))


def error_messages() -> list[str]:
    """Return the errors that a build can fail with; the function `refuse` completes its message itself."""
    refused = [f"the source's .git {words}" for words in printed_by("refuse")]
    assert refused
    return [*refused, *(message for message in printed_by("fail") if not message.startswith("the source's .git…"))]


def other_messages() -> list[str]:
    """Return the messages that a build prints without failing."""
    skipped = [f"no new deploy: {reason}" for reason in printed_by("no_deploy")]
    return [*printed_by("say"), *skipped, *(f"WARNING:…{words}" for words in printed_by("warn"))]


def failure_reasons() -> list[str]:
    """Return the reasons for a failure of the client, which end an error."""
    of_platform = r'(?:\b\d{3}: |\bnote\(|\belse |\bADVICE\.get\(code, )f?"([^"]+)"'
    network = (ROOT / "components/buildspec/client/network.py").read_text()
    reasons = [f"the platform {words}" for words in re.findall(of_platform, network)]
    assert len(reasons) > 5
    return with_ellipses(
        [
            *reasons,
            *re.findall(r'(?:Error|Exception)\(f?"([^"]+)"', CLIENT),
            *re.findall(r'echo "(killed[^"]+)"', SCRIPTS),
        ]
    )


def with_ellipses(messages: list[str]) -> list[str]:
    texts = [
        without_spaces_at_ellipses(re.sub(r"\$\([^)]*\)|\$\{[^}]*\}|\$[A-Za-z_]+|\$[*0-9]|\{[^}]*\}", "…", message))
        for message in messages
    ]
    return [text for text in texts if re.search(r"\w", text)]


def without_spaces_at_ellipses(message: str) -> str:
    return re.sub(r"\s*…\s*", "…", message).rstrip("…")


def explained_messages(prefix: str) -> list[str]:
    """Return the messages with that prefix that the troubleshooting page explains."""
    return [
        without_spaces_at_ellipses(message) for message in re.findall(rf"`conviso: {prefix}([^`]+)`", TROUBLESHOOTING)
    ]


def explained_reasons() -> list[str]:
    """Return the reasons that the troubleshooting page explains."""
    _, _, rest = TROUBLESHOOTING.partition("### Reasons")
    first_cells = re.findall(r"^\| (`.+?) \|", rest.partition("\n## ")[0], flags=re.MULTILINE)
    return [without_spaces_at_ellipses(reason) for cell in first_cells for reason in re.findall(r"`([^`]+)`", cell)]


def test_every_explained_message_exists() -> None:
    """Without this, the page explains messages that builds no longer print."""
    errors, others, reasons = explained_messages("ERROR: "), explained_messages("(?!ERROR)"), explained_reasons()
    assert len(errors) > 10
    assert len(others) > 3
    assert len(reasons) > 10
    assert [each for each in errors if not any(message.startswith(each) for message in error_messages())] == []
    assert [each for each in others if not any(message.startswith(each) for message in other_messages())] == []
    assert [each for each in reasons if not any(message.startswith(each) for message in failure_reasons())] == []


def test_every_error_and_reason_is_explained() -> None:
    """Without this, a new error has no explanation of what to do about it."""
    assert [
        message for message in error_messages() if not message.startswith(tuple(explained_messages("ERROR: ")))
    ] == []
    assert [reason for reason in failure_reasons() if not reason.startswith(tuple(explained_reasons()))] == []


def test_no_message_is_explained_twice() -> None:
    """Without this, two rows that explain one message soon contradict each other."""
    first_cells = re.findall(r"^\| (`.+?) \|", TROUBLESHOOTING, flags=re.MULTILINE)
    messages = [message for cell in first_cells for message in re.findall(r"`([^`]+)`", cell)]
    assert len(messages) > 30
    assert sorted(messages) == sorted(set(messages))
    elsewhere = [path for path in DOCUMENTS if path.name != "troubleshooting.md"]
    assert [path.name for path in elsewhere if "`conviso: ERROR" in path.read_text()] == []


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
