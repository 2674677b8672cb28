"""What the program says to people: the texts of its errors and warnings, read from its source."""

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
"""What carries a message in its last argument; the first of a Problem is the path of its field."""
_FILES = ("components/*.py", "fleet/**/*.py", "rehearsal/*.py", "sandbox/*.py")
_OF_A_STACK = ("entries", "files", "raw", "stack", "warnings")
"""Files of `components/config` about whole stacks. Rules of single fields say all there is to say themselves."""
_QUOTAS = ROOT / "components/aws/quotas.py"
_OUTPUTS = ROOT / "components/config/stack_outputs.py"
_ARNS = ROOT / "components/aws/arns.py"


def normalized(message: str) -> str:
    """A message as it is compared: an ellipsis for what differs, no spaces around one, and no backticks."""
    return re.sub(r"\s*…[\s…]*", "…", message.replace("`", "")).rstrip("…")


def raised() -> set[str]:
    """Every line that an error or warning says by itself, not in the words of another."""
    return {line for path in _sources() for line in _lines(_messages(path))}


def written() -> set[str]:
    """Every line of text anywhere in the source, whatever becomes of it."""
    paths = [
        path for folder in ("components", "fleet", "rehearsal", "sandbox") for path in (ROOT / folder).rglob("*.py")
    ]
    return {line for path in paths for line in _lines(_texts(ast.parse(path.read_text())))}


def _sources() -> Iterator[Path]:
    for pattern in _FILES:
        yield from ROOT.glob(pattern)
    yield from (ROOT / "components/config" / f"{name}.py" for name in _OF_A_STACK)
    yield from (_QUOTAS, _OUTPUTS, _ARNS)


def _messages(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    known = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _ERRORS:
            yield _message(node, known)
        elif isinstance(node, ast.Yield | ast.Return) and path in {_QUOTAS, _OUTPUTS, _ARNS} and node.value:
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
    match call.args:
        case [ast.Constant(value=str(field)), message]:
            return f"{field}: {_text(message, known)}"
    return _text(call.args[-1], known)


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
