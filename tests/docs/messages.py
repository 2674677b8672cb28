"""The texts of the errors and warnings for people, read from the source code."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from docs.generate import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ERRORS = frozenset(
    {
        "FleetError",
        "HostError",
        "NoCliError",
        "NotKnown",
        "Problem",
        "RehearsalError",
        "RunError",
        "SandboxError",
    }
)
"""Classes whose last argument is a message; the first argument of a Problem is the path of its field."""
_RULES = ROOT / "components/config/rules.py"
"""Rules between fields need no explanation: their messages are complete, and docs/configuration.md lists them."""
_SAID_ELSEWHERE = {ROOT / f"components/{name}.py" for name in ("aws/arns", "aws/quotas", "config/stack_outputs")}
"""Files whose functions return a message that another file raises."""


def normalized(message: str) -> str:
    """Return a message for comparison: an ellipsis for what varies, no spaces around it, and no backticks."""
    return re.sub(r"\s*…[\s…]*", "…", message.replace("`", "")).rstrip("…")


def raised() -> set[str]:
    """Return every line of an error or warning, except for those that repeat another message."""
    return {line for path in _sources() if path != _RULES for line in _lines(_messages(path))}


def written() -> set[str]:
    """Return every line of text anywhere in the source code."""
    return {line for path in _sources() for line in _lines(_texts(ast.parse(path.read_text())))}


def _sources() -> Iterator[Path]:
    for folder in ("components", "fleet", "rehearsal", "sandbox"):
        yield from (ROOT / folder).rglob("*.py")


def _messages(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    known = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _ERRORS:
            yield _message(node, known)
        elif isinstance(node, ast.Yield | ast.Return) and path in _SAID_ELSEWHERE and node.value:
            yield _text(node.value, known)


def _texts(tree: ast.AST) -> Iterator[str]:
    known = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
            yield _text(node, known)
        elif isinstance(node, ast.Call) and node.args:
            yield _message(node, known)


def _message(call: ast.Call, known: Mapping[str, str]) -> str:
    """What a call says: `Problem("apiKey", "is required")` says `apiKey: is required`."""
    said = _text(call.args[-1], known)
    match call.args:
        case [ast.Constant(value=str(field)), _] if said != "…":
            return f"{field}: {said}"
    return said


def _constants(tree: ast.AST) -> Mapping[str, str]:
    """The names that a file gives to one text."""
    assigned = [
        (target.id, _text(node.value, {}))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    names = [name for name, _ in assigned]
    return {name: text for name, text in assigned if names.count(name) == 1}


def _text(node: ast.AST, known: Mapping[str, str]) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, known) for part in parts)
        case ast.FormattedValue(value=ast.Name(id=name)) | ast.Name(id=name) if name in known:
            return known[name]
        case ast.BinOp(left=left, right=right):
            return _text(left, known) + _text(right, known)
    return "…"


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _lines(messages: Iterator[str]) -> Iterator[str]:
    for message in messages:
        for line in map(normalized, message.splitlines()):
            if re.search(r"\w", line):
                yield line
