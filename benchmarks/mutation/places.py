"""Where a mutant would be equivalent, or change no claim: spans of a module, by the rule of rules.toml."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Position = tuple[int, int]  # line from 1, column from 0
_KEEPING = {"lru_cache", "cache", "cached_property"}
_MARKS = {"requirement", "smoke", "own_company", "whole_list", "posix", "disruptive"}


@dataclass(frozen=True)
class Place:
    """From ``begin`` to before ``end``; what begins there is left out by ``rule``."""

    rule: str
    begin: Position
    end: Position

    def holds(self, position: Position) -> bool:
        """Whether a mutant at ``position`` is left out."""
        return self.begin <= position < self.end


def left_out(source: str) -> list[Place]:
    """Return the places of a module that are not mutated."""
    lines = source.splitlines()
    found = []
    for rule, node, end in _nodes(ast.parse(source)):
        begin = _position(lines, node.lineno, node.col_offset)
        last = end if end is not None else node
        found.append(Place(rule, begin, _position(lines, last.end_lineno or 0, last.end_col_offset or 0)))
    return [
        # The sign of a decorator stands before its expression.
        Place(one.rule, (one.begin[0], one.begin[1] - 1), one.end) if one.rule in {"memory", "frozen", "marks"} else one
        for one in found
    ]


def _position(lines: list[str], line: int, byte: int) -> Position:
    """Return line and column in characters, as parso counts; ast counts bytes."""
    return line, len(lines[line - 1].encode()[:byte].decode()) if line <= len(lines) else 0


def _nodes(tree: ast.Module) -> Iterator[tuple[str, ast.expr | ast.stmt, ast.expr | ast.stmt | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield "annotation", node.annotation, None
        if isinstance(node, ast.FunctionDef) and node.returns:
            yield "annotation", node.returns, None
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for one in node.decorator_list:
                rule = _decorator(one)
                if rule:
                    yield rule, one, None
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            yield "docstring", node.body[0], None
        if isinstance(node, ast.Assert) and node.msg:
            yield "message", node.msg, None
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for one in node.exc.args:
                yield "message", one, None
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__tracebackhide__":
            yield "tracebackhide", node, None
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            yield "typing-only", node, None
        if isinstance(node, ast.Assign) and _is_type(node):
            yield "annotation", node, None


def _is_type(node: ast.Assign) -> bool:
    """Whether a name is given to a type: ``Position = tuple[int, int]``."""
    value = node.value
    subscripted = isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name)
    return subscripted and value.value.id in {"tuple", "dict", "list", "Callable", "Mapping"}  # type: ignore[attr-defined]


def _decorator(node: ast.expr) -> str:
    name = ast.unparse(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]
    if name in _KEEPING:
        return "memory"
    if name == "dataclass" and isinstance(node, ast.Call):
        return "frozen"
    return "marks" if name in _MARKS else ""
