"""Which functions use what a module defines outside of its functions: tables, constants, fields of a class."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from benchmarks.mutation.mutants import ROOT

Name = tuple[str, str]  # of a private one the file that knows it


@dataclass(frozen=True)
class Definition:
    """A function, or what a statement outside of functions gives ``names`` to; ``uses`` are the names in it.

    ``owner`` is the class in whose body it stands.
    """

    path: str
    names: frozenset[Name]
    uses: frozenset[Name]
    first: int
    last: int
    is_function: bool
    owner: Name = ("", "")


def lines(path: str, line: int, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield file and line of the functions, in any of ``paths``, that use what stands at this line, by name.

    A table that another table is made of is followed; a function that is itself at the line is one that uses it, and
    so are the methods of the class whose field is there.
    """
    known = [one for each in paths for one in definitions(each)]
    here = [one for one in definitions(path) if one.first <= line <= one.last]
    touched = {name for one in here if not one.is_function for name in one.names}
    found = {one for one in here if one.is_function}
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
    def known(names: Iterable[str]) -> frozenset[Name]:
        return frozenset((path if name.startswith("_") else "", name) for name in names)

    (owned,) = known([owner])
    for node in body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.ClassDef):
            yield from _defined(path, node.body, node.name)
            yield Definition(path, known([node.name]), frozenset(), first, node.lineno, False)
        elif isinstance(node, ast.FunctionDef):
            yield Definition(path, known([node.name]), known(_uses(node)), first, last, True, owned)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            stored = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
            yield Definition(path, known([owner] if owner else stored), known(_uses(node) - stored), first, last, False)


def _uses(node: ast.AST) -> set[str]:
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    return names | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
