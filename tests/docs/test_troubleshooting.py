"""The page on troubleshooting explains each message, and no other."""

import re

from docs.generate import ROOT
from tests.docs.messages import normalized, raised, written
from tests.docs.test_markdown import DOCUMENTS

TROUBLESHOOTING = (ROOT / "docs/troubleshooting.md").read_text()

SCRIPTS = "\n".join(path.read_text() for path in (ROOT / "components/buildspec/shell").rglob("*.sh"))
CLIENT = "\n".join(path.read_text() for path in (ROOT / "components/buildspec/client").glob("*.py"))


def said(command: str) -> list[str]:
    """Return what the build says with `command` of its scripts; an ellipsis stands for what varies."""
    return shown(re.findall(rf'\b{command} "([^"]+)"', SCRIPTS))


def errors_said() -> list[str]:
    """Return the errors of a build; the function `refuse` inserts its words into another text."""
    refused = [f"the source's .git {words}" for words in said("refuse")]
    assert refused
    return [*refused, *(message for message in said("fail") if not message.startswith("the source's .git…"))]


def remarks_said() -> list[str]:
    """Return what a build says without failing."""
    skipped = [f"no new deploy: {reason}" for reason in said("no_deploy")]
    return [*said("say"), *skipped, *(f"WARNING:…{words}" for words in said("warn"))]


def reasons_said() -> list[str]:
    """Return the reasons at the end of errors that the client caused."""
    of_platform = r'(?:\b\d{3}: |\bnote\(|\belse |\bADVICE\.get\(code, )f?"([^"]+)"'
    network = (ROOT / "components/buildspec/client/network.py").read_text()
    reasons = [f"the platform {words}" for words in re.findall(of_platform, network)]
    assert len(reasons) > 5
    return shown(
        [
            *reasons,
            *re.findall(r'(?:Error|Exception)\(f?"([^"]+)"', CLIENT),
            *re.findall(r'echo "(killed[^"]+)"', SCRIPTS),
        ]
    )


def shown(messages: list[str]) -> list[str]:
    texts = [
        normalized(re.sub(r"\$\([^)]*\)|\$\{[^}]*\}|\$[A-Za-z_]+|\$[*0-9]|\{[^}]*\}", "…", message))
        for message in messages
    ]
    return [text for text in texts if re.search(r"\w", text)]


def quoted(prefix: str) -> list[str]:
    """Return the messages of the build that the page explains."""
    return [normalized(message) for message in re.findall(rf"`conviso: {prefix}([^`]+)`", TROUBLESHOOTING)]


def explained_reasons() -> list[str]:
    """Return the reasons that the page explains."""
    _, _, rest = TROUBLESHOOTING.partition("### Reasons")
    first_cells = re.findall(r"^\| (`.+?) \|", rest.partition("\n## ")[0], flags=re.MULTILINE)
    return [normalized(reason) for cell in first_cells for reason in re.findall(r"`([^`]+)`", cell)]


def test_every_explained_message_of_the_build_exists() -> None:
    """Without this, the page explains messages that no build prints any more."""
    errors, remarks, reasons = quoted("ERROR: "), quoted("(?!ERROR)"), explained_reasons()
    assert len(errors) > 10
    assert len(remarks) > 3
    assert len(reasons) > 10
    assert [each for each in errors if not any(message.startswith(each) for message in errors_said())] == []
    assert [each for each in remarks if not any(message.startswith(each) for message in remarks_said())] == []
    assert [each for each in reasons if not any(message.startswith(each) for message in reasons_said())] == []


def test_every_error_of_the_build_and_every_reason_is_explained() -> None:
    """Without this, nobody learns what to do about a new error."""
    assert [message for message in errors_said() if not message.startswith(tuple(quoted("ERROR: ")))] == []
    assert [reason for reason in reasons_said() if not reason.startswith(tuple(explained_reasons()))] == []


def test_no_message_is_explained_twice() -> None:
    """Without this, two rows soon give two answers."""
    first_cells = re.findall(r"^\| (`.+?) \|", TROUBLESHOOTING, flags=re.MULTILINE)
    messages = [message for cell in first_cells for message in re.findall(r"`([^`]+)`", cell)]
    assert len(messages) > 30
    assert sorted(messages) == sorted(set(messages))
    elsewhere = [path for path in DOCUMENTS if path.name != "troubleshooting.md"]
    assert [path.name for path in elsewhere if "`conviso: ERROR" in path.read_text()] == []


OURS = (
    "### The configuration is refused",
    "### The configuration has a warning",
    "### An output of another stack does not fit",
    "### Your own program fails",
    "## A tool cannot run",
)
"""The parts of the page that contain only messages of the program and its tools."""


def explained() -> set[str]:
    """Return the messages of the program and its tools that the page explains."""
    parts = [TROUBLESHOOTING.partition(f"{heading}\n")[2] for heading in OURS]
    assert all(parts)
    ends = [r"\n## " if heading.startswith("## ") else r"\n##" for heading in OURS]
    own = [re.split(end, part)[0] for part, end in zip(parts, ends, strict=True)]
    first_cells = [cell for part in own for cell in re.findall(r"^\| (`.+?) \|", part, flags=re.MULTILINE)]
    return {comparable(text) for cell in first_cells for text in re.findall(r"`([^`]+)`", cell)}


def comparable(message: str) -> str:
    return normalized(message).lstrip("…").casefold()


def forms(message: str) -> set[str]:
    """Return a message as it is, and without the path of its field."""
    return {comparable(message), comparable(re.sub(r"^[\w.:]+: ", "", message))}


def test_every_message_of_the_program_and_its_tools_is_explained() -> None:
    """Without this, somebody searches the page for the message of a command, and finds nothing."""
    messages, beginnings = raised(), tuple(explained())
    assert len(messages) > 60
    unexplained = [each for each in messages if not any(form.startswith(beginnings) for form in forms(each))]
    assert sorted(unexplained) == []


def test_every_explained_message_of_the_program_and_its_tools_exists() -> None:
    """Without this, the page explains messages that no command prints any more."""
    texts = {form for text in written() for form in forms(text)}
    assert [each for each in sorted(explained()) if not any(text.startswith(each) for text in texts)] == []
