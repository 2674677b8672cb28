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
    def _without_docstring(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_docstring(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        self.generic_visit(node)
        checks_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if checks_types else node


def _narrow(lines: Iterable[str], width: int) -> str:
    """One space for each level of indentation, and no empty lines."""
    indented = re.compile(f"^(?: {{{width}}})+")
    return "".join(
        indented.sub(lambda found: " " * (len(found.group()) // width), line) + "\n" for line in lines if line.strip()
    )
