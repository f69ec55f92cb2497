"""Who can kill a mutant, the likeliest first: by the catalogue, by the exchanges of a test, by what coverage saw."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from benchmarks.mutation import using
from benchmarks.mutation.mutants import ROOT, SCHEMAS, Mutant
from selftests.support.claims import Claim
from selftests.support.claims import claims as of_tests
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS

RIGHT = Case("as-it-is", "6 exchange", "Nothing is wrong.")
FOUND = ROOT / "build" / "mutation" / "reach.json"


@cache
def claims() -> tuple[Claim, ...]:
    """Return all claims, as pytest will see them."""
    return tuple(of_tests())


def requirements(mutant: Mutant) -> frozenset[str]:
    """Return the requirements whose verdict can change: of the tests that reach the definition by name."""
    if mutant.room in SCHEMAS:
        judged = _judged_by(mutant.path)
        return frozenset(one.requirement for one in claims() if one.exchanges & judged and _reads_schema(one))
    if mutant.room != "tests":
        return frozenset()  # any
    reached = _users((ROOT / mutant.path).read_text(encoding="utf-8"), mutant)
    return frozenset(claim.requirement for claim in claims() if claim.path == mutant.path and claim.name in reached)


_READERS = ("schema", "is_right", "violations", "expect.wrong", "OPTIONAL")


@cache
def _reads_schema(claim: Claim) -> bool:
    """Whether a claim says what a schema says; the others only stay away where it is broken."""
    return any(word in inspect.getsource(claim.test) for word in _READERS)


@cache
def _judged_by(path: str) -> set[str]:
    from quickstart.exchange import definitions

    name = Path(path).name.removesuffix(".schema.json")
    judged = {one for one, it in definitions.load().items() if it.schema.partition("#")[0] == name}
    return judged if name != "api_error" else {*definitions.load()}


def _users(source: str, mutant: Mutant) -> set[str]:
    """Return the functions of a module that use what stands at the line of the mutant, directly or through others."""
    tree = ast.parse(source)
    defined: dict[str, ast.stmt] = {}
    touched: set[str] = set()
    for node in tree.body:
        names = {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else _assigned(node)
        defined |= dict.fromkeys(names, node)
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        if first <= mutant.line <= (node.end_lineno or node.lineno):
            touched |= names
    if not touched:
        return {*defined}
    while True:
        more = {
            name
            for name, node in defined.items()
            if name not in touched and {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} & touched
        }
        if not more:
            return touched
        touched |= more


def _assigned(node: ast.stmt) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _spread(found: list[Case], most: int) -> list[Case]:
    """Return ``most`` of the cases, evenly picked."""
    step = max(1, len(found) // most) if most else 1
    return found[::step][:most]


class Reached:
    """What coverage saw: which self-tests, and which runs of the matrix, reach a line of the rooms, and their cost."""

    def __init__(self, path: Path = FOUND) -> None:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self._names: list[str] = found.get("names", [])
        self._lines: dict[str, dict[str, list[int]]] = found.get("lines", {})
        self._seconds: dict[str, float] = found.get("seconds", {})
        self._by_id = {case.id: case for case in (*FAULTS, *VARIATIONS)}

    def _names_at(self, mutant: Mutant) -> Iterator[str]:
        source = (ROOT / mutant.path).read_text(encoding="utf-8")
        here = [(mutant.path, line) for line in _lines_of_statement(source, mutant.line)]
        # What runs while a module is imported runs for no test: then it is who reaches the functions that use it.
        lines = here if any(map(self._indexes, here)) else using.lines(mutant.path, mutant.line, [*self._lines])
        for place in lines:
            for index in self._indexes(place):
                yield self._names[index]

    def _indexes(self, place: tuple[str, int]) -> list[int]:
        path, line = place
        return self._lines.get(path, {}).get(str(line), [])

    def tests(self, mutant: Mutant, seconds: float) -> list[str]:
        """Return self-tests that reach the line, the cheapest first, and no more than ``seconds`` of them."""
        names = {name for name in self._names_at(mutant) if "::" in name}
        chosen: list[str] = []
        spent = 0.0
        for name in sorted(names, key=lambda one: (self._seconds.get(one, 0.5), one)):
            spent += self._seconds.get(name, 0.5)
            if chosen and spent > seconds:
                break
            chosen.append(name)
        return chosen

    def cases(self, mutant: Mutant, most: int) -> list[Case]:
        """Return cases whose run reaches the line, evenly picked; nothing is wrong in the first."""
        names = dict.fromkeys(name for name in self._names_at(mutant) if name in self._by_id)
        return [RIGHT, *_spread([self._by_id[name] for name in names], most)]


def _lines_of_statement(source: str, line: int) -> Iterable[int]:
    """Return the lines of the smallest statement that holds a line: coverage names the first alone."""
    found = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    smallest = min(found, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)
    if smallest is None or isinstance(smallest, ast.FunctionDef | ast.ClassDef):
        return [line]
    return range(smallest.lineno, line + 1)
