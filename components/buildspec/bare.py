"""Code without its comments and with narrow indentation.

The comments are for whoever reads this project; CodeBuild bounds the text of a build.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def bare_shell(code: str) -> str:
    """Shell code; no text of several lines in it may depend on `#`, empty lines or indentation."""
    return _narrow((line for line in code.splitlines() if not line.lstrip().startswith("#")), 2)


def bare_python(code: str) -> str:
    """Python code, without its type hints."""
    tree = _Undressed().visit(ast.parse(code))
    return _narrow(ast.unparse(ast.fix_missing_locations(tree)).splitlines(), 4)


class _Undressed(ast.NodeTransformer):
    """Takes off what only readers and type checkers need."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_docstring = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_docstring else node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if node.module in {"__future__", "typing"} else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value else None


def _narrow(lines: Iterable[str], width: int) -> str:
    """One space for each level of indentation, and no empty lines."""
    indented = re.compile(f"^(?: {{{width}}})+")
    return "".join(
        indented.sub(lambda found: " " * (len(found.group()) // width), line) + "\n" for line in lines if line.strip()
    )
