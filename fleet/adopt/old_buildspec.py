"""What an old buildspec did: its strategy and scans, and the commands that cannot be carried over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Commands of the vendor's guide whose work the program's own buildspec does.
_KNOWN = re.compile(
    r"\bconviso\b|conviso-(flowcli|ast|cli)|\bdockerd\b|\bdocker (info|version|ps)\b|\b(FLOW|CONVISO)_[A-Z_]+=|"
    r"^\s*(\.|source)\s+\S*env_vars|\bpip3?\s+install\s+(-\S+\s+|--upgrade\s+)*(pip|setuptools|wheel)\b|^\s*(echo|set|#)|"
    r"\bgit\s+(fetch|rev-parse|log|tag|status)\b|^\s*$"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z._/-]{0,20}|python3")
_WORDS_SHOWN = 2


@dataclass(frozen=True)
class OldBuildspec:
    """The settings that correspond to it, and what is lost, one line each."""

    settings: dict[str, Any]
    lost: list[str] = field(default_factory=list)


def read(text: str) -> OldBuildspec:
    """Read an inline buildspec. Of a file in the repository or in S3, only its place is known."""
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return OldBuildspec({}, ["buildspec: it is not valid YAML: choose review and scans by hand"])
    if not isinstance(document, dict):
        place = text if text.startswith("arn:") else f"{text or 'buildspec.yml'} in the repository"
        return OldBuildspec({}, [f"buildspec: {place} is not read here: choose review and scans by it"])
    return OldBuildspec(_settings(text), list(_lost(document)))


def _settings(text: str) -> dict[str, Any]:
    package = "conviso-ast" if re.search(r"\bconviso-ast\b", text) else "conviso-flowcli"
    strategy = "none" if package == "conviso-ast" else _strategy(text)
    at_once = re.search(r"\bconviso\s+ast\s+run\b", text) is not None
    scans: dict[str, Any] = {
        "sast": _sast(text, strategy, at_once=at_once),
        "sca": at_once or re.search(r"\bsca\s+run\b", text) is not None,
        "iac": at_once or re.search(r"\biac\s+run\b", text) is not None,
    }
    if gate := re.search(r"--fail-on-severity-threshold[ =]+([A-Za-z]+)[ =]+([0-9]+)", text):
        scans["failOn"] = {"severity": gate[1].upper(), "count": int(gate[2])}
    if rules := re.search(r"--rules-file[ =]+([^\s'\"]+)", text):
        scans["rulesFile"] = rules[1].removeprefix("./")
    found: dict[str, Any] = {"review": {"strategy": strategy}, "scans": scans}
    if package == "conviso-ast":
        auto_close = "--vulnerability-auto-close" in text and scans["sast"] != "none"
        found["client"] = {"package": package, "autoClose": auto_close}
    return found


def _strategy(text: str) -> str:
    if re.search(r"sort[- ]by\s+versioning-style", text):
        return "tags-by-version"
    if re.search(r"sort[- ]by\s+time", text):
        return "tags-by-time"
    # `ast run` of conviso-flowcli makes a deploy since the last one, as `with values` does.
    return "git-tree" if re.search(r"\bdeploy\s+create\b|\bast\s+run\b", text) else "none"


def _sast(text: str, strategy: str, *, at_once: bool) -> str:
    if at_once:
        return "repository" if strategy == "none" else "deploy-range"
    if not re.search(r"\bsast\s+run\b", text):
        return "none"
    if re.search(r"(@|HEAD)~1|(@|HEAD)\^", text):
        return "last-commit"
    has_range = re.search(r"\bsast\s+run\b.*(--start-commit|\s-s\s)", text) is not None
    return "deploy-range" if has_range and strategy != "none" else "repository"


def _lost(document: Mapping[str, Any]) -> Iterator[str]:
    env = _map(document.get("env"))
    for kind in ("variables", "parameter-store", "secrets-manager"):
        for name in _map(env.get(kind)):
            if not str(name).startswith(("FLOW_", "CONVISO_")):
                yield f"buildspec: variable {name} of env.{kind}; plaintext ones can stand in environment.variables"
    for key in sorted(document.keys() & {"artifacts", "reports", "batch", "cache"}):
        yield f"buildspec: {key}"
    for phase, content in _map(document.get("phases")).items():
        for command in _commands(_map(content)):
            yield f"buildspec: command in {phase}: {_shown(command)}"


def _map(value: Any) -> dict[Any, Any]:
    """The value, or an empty map if it is none."""
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    """The value, in a list if it is a single one."""
    return value if isinstance(value, list) else [value] if value else []


def _commands(phase: Mapping[Any, Any]) -> Iterator[str]:
    for command in (each for key in ("commands", "finally") for each in _list(phase.get(key))):
        # A command with `: ` in it is a map to YAML.
        text = ": ".join(map(str, *command.items())) if isinstance(command, dict) else str(command)
        yield from (line for line in text.splitlines() if not _KNOWN.search(line))


def _shown(command: str) -> str:
    """The command's first words, since later ones may be a key or token."""
    words = command.split()
    shown = list(takewhile(lambda word: _WORD.fullmatch(word) and not word.startswith("-"), words[:_WORDS_SHOWN]))
    return " ".join([*shown, "…"] if len(shown) < len(words) else shown)
