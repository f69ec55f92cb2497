"""The mutants of the rooms, each with a key that stays while its line does, and what is left out by which rule."""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.mutation import places, schema_mutants

ROOT = Path(__file__).resolve().parents[2]
OUTPUTS = "schemas-of-ours"
SCHEMAS = frozenset({"schemas", OUTPUTS})
RULES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Mutant:
    """One small change to one file.

    ``key`` is stable: file, definition (or JSON Pointer), operator, and a digest of the line (with a number where a
    line has several). ``occurrence`` is the operator's own count in the file.
    """

    key: str
    room: str
    path: str
    line: int
    definition: str
    operator: str
    occurrence: int


def mutants(room: str, left: Counter[str] | None = None) -> list[Mutant]:
    """Return the mutants of a room in the order of its files; count in ``left`` those that a rule leaves out."""
    found: list[Mutant] = []
    for pattern in RULES["rooms"][room]:
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            text = path.read_text(encoding="utf-8")
            known: Counter[str] = Counter()
            made = _of_schema(text) if path.suffix == ".json" else _of_module(text, left if left is not None else known)
            for line, definition, operator, occurrence, said in made:
                key = f"{name}::{definition}::{operator}::{hashlib.sha256(said.encode()).hexdigest()[:6]}"
                known[key] += 1
                again = f"#{known[key]}" if known[key] > 1 else ""
                found.append(Mutant(key + again, room, name, line, definition, operator, occurrence))
    return found


Made = tuple[int, str, str, int, str]


def _of_schema(text: str) -> Iterator[Made]:
    for index, (pointer, operator, _) in enumerate(schema_mutants.changes(text)):
        yield schema_mutants.line_of(text, pointer), pointer, operator, index, ""


def _of_module(text: str, left: Counter[str]) -> Iterator[Made]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.ast.ast_query import ASTQuery

    nodes = list(ast_nodes(get_ast(text)))
    not_mutated = places.left_out(text)
    lines = text.splitlines()
    for name, operator in _operators().items():
        spots = ((node, begin) for node in nodes for begin, _ in operator.mutation_positions(node))
        for occurrence, (node, begin) in enumerate(spots):
            rule = next((one.rule for one in not_mutated if one.holds(begin)), "")
            if rule:
                left[rule] += 1
                continue
            definition = ASTQuery(node).get_definition_name() or "module"
            yield begin[0], definition, name, occurrence, lines[begin[0] - 1].strip()


@cache
def _operators() -> dict[str, Any]:
    """Return the operators by the names that the report shows, which are theirs without what all have."""
    from cosmic_ray import plugins

    from benchmarks.mutation.operators import OWN

    core = {
        name.removeprefix("Replace").replace("ComparisonOperator_", "").replace("BinaryOperator_", ""): (
            plugins.get_operator(f"core/{name}")()
        )
        for name in RULES["operators"]["core"]
    }
    return {**core, **{name: OWN[name]() for name in RULES["operators"]["own"]}}


def mutated(mutant: Mutant) -> str | None:
    """Return the whole file with the change in it; ``None`` where it compiles to the same, or to nothing."""
    text = (ROOT / mutant.path).read_text(encoding="utf-8")
    if mutant.room in SCHEMAS:
        return schema_mutants.changed(text, mutant.occurrence)
    from cosmic_ray.mutating import mutate_code

    code: str | None = mutate_code(text, _operators()[mutant.operator], mutant.occurrence)
    if code is None:
        return None
    try:
        same = ast.dump(ast.parse(code)) == ast.dump(ast.parse(text))
    except SyntaxError:
        return None
    return None if same else code


def change(mutant: Mutant, code: str) -> tuple[str, str]:
    """Return the first line that differs, before and after; of a schema, the pointer says it."""
    if mutant.room in SCHEMAS:
        return mutant.definition, mutant.operator
    before = (ROOT / mutant.path).read_text(encoding="utf-8").splitlines()
    after = code.splitlines()
    for old, new in zip(before, after, strict=False):
        if old != new:
            return old.strip(), new.strip()
    return before[mutant.line - 1].strip(), "(nothing)"
