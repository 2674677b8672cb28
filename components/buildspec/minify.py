"""Removes comments from the code of a build, because AWS limits its length. They are for readers of this project."""

import ast
from functools import cache


def minified_shell(code: str) -> str:
    """Shell code without comment lines and empty lines. Texts of several lines in it must not have such lines."""
    lines = (line for line in code.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return "".join(f"{line}\n" for line in lines)


@cache
def minified_python(code: str) -> str:
    """Return Python code without comments, docstrings and type hints."""
    tree = _WithoutHints().visit(ast.parse(code))
    lines = ast.unparse(ast.fix_missing_locations(tree)).splitlines()
    return "".join(f"{line}\n" for line in lines if line.strip())


class _WithoutHints(ast.NodeTransformer):
    """Removes docstrings and type hints, which only readers and type checkers need."""

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
