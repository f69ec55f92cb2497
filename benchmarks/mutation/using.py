"""Which functions use what a module defines outside of its functions: tables, constants, fields of a class."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from benchmarks.mutation.mutants import ROOT


@dataclass(frozen=True)
class Definition:
    """A function, or what a statement outside of functions gives names to; ``uses`` are the names in it."""

    path: str
    names: frozenset[str]
    uses: frozenset[str]
    first: int
    last: int
    is_function: bool
    owner: str = ""
    """The class in whose body it stands."""


def lines(path: str, line: int, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield file and line of the functions, in any of ``paths``, that use what stands at this line, by name.

    A table that another table is made of is followed; a function that is itself at the line is one that uses it, and
    so are the methods of the class whose field is there.
    """
    known = [one for each in paths for one in definitions(each)]
    touched = {
        name for one in definitions(path) if one.first <= line <= one.last and not one.is_function for name in one.names
    }
    found = {one for one in definitions(path) if one.first <= line <= one.last and one.is_function}
    while True:
        using = [one for one in known if one.uses & touched or (one.is_function and one.owner in touched)]
        more = {name for one in using if not one.is_function for name in one.names} - touched
        found.update(one for one in using if one.is_function)
        if not more:
            break
        touched |= more
    for one in sorted(found, key=lambda one: (one.path, one.first)):
        yield from ((one.path, at) for at in range(one.first, one.last + 1))


@cache
def definitions(path: str) -> tuple[Definition, ...]:
    """Return the definitions of a module, those in its classes among them."""
    return tuple(_defined(path, ast.parse((ROOT / path).read_text(encoding="utf-8")).body))


def _defined(path: str, body: list[ast.stmt], owner: str = "") -> Iterator[Definition]:
    for node in body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.ClassDef):
            yield from _defined(path, node.body, node.name)
            yield Definition(path, frozenset({node.name}), frozenset(), first, node.lineno, False)
        elif isinstance(node, ast.FunctionDef):
            yield Definition(path, frozenset({node.name}), _uses(node), first, last, True, owner)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            stored = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
            names = frozenset({owner} if owner else stored)
            yield Definition(path, names, _uses(node) - stored, first, last, False)


def _uses(node: ast.AST) -> frozenset[str]:
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    return frozenset(names | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)})
