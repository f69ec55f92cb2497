"""``requirements``: the catalogue with what each promise rests on, which tests judge it and which faults break it."""

import argparse
import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from quickstart import CLAIMS, MACHINERY
from quickstart.command.ends import DONE, UNUSABLE
from quickstart.judgement import catalogue
from quickstart.judgement.catalogue import Requirement

_SECONDS = 60  # for the stand-in to print its table


def requirements(options: argparse.Namespace) -> int:
    """Print every requirement."""
    try:
        known = catalogue.load(CLAIMS / "tests" / "catalogue.toml")
    except catalogue.CatalogueError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    form = as_json if options.json else as_markdown if options.md else as_text
    print(form(known.values(), tests(), cases()))
    return DONE


def tests() -> dict[str, list[str]]:
    """Return the tests of each requirement, as pytest names them, in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted((CLAIMS / "tests").glob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
            for name in _judged(function):
                found.setdefault(name, []).append(f"tests/{path.name}::{function.name}")
    return found


def _judged(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the requirements in the marks of a test."""
    for node in (node for mark in function.decorator_list for node in ast.walk(mark)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def cases() -> dict[str, list[str]]:
    """Return the faults and variations of the stand-in that each requirement is known to catch.

    The stand-in is asked as a program, by its table for cut(1): we know nothing of it.
    """
    done = subprocess.run(
        [sys.executable, "-m", "standin", "--list-faults"],
        cwd=MACHINERY.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        cells = line.split("\t")
        if len(cells) > 3:
            for name in cells[3].replace(" (advisory)", "").split():
                found.setdefault(name, []).append(cells[0])
    return found


def as_json(known: Iterable[Requirement], judges: Mapping[str, list[str]], broken: Mapping[str, list[str]]) -> str:
    """Return all that is known of each requirement."""
    listed = [
        {**asdict(one), "tests": judges.get(one.id, []), "cases": sorted(set(broken.get(one.id, [])))} for one in known
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


def as_markdown(known: Iterable[Requirement], judges: Mapping[str, list[str]], broken: Mapping[str, list[str]]) -> str:
    """Return one row for each requirement."""
    rows = [["id", "level", "basis", "step", "promise", "source", "tests", "cases"], ["---"] * 8]
    for one in known:
        basis = f"{one.basis}, {one.evidence}"
        counts = (len(judges.get(one.id, [])), len(set(broken.get(one.id, []))))
        rows.append([f"`{one.id}`", one.level, basis, one.step, one.sentence, f"<{one.source}>", *map(str, counts)])
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def as_text(known: Iterable[Requirement], judges: Mapping[str, list[str]], broken: Mapping[str, list[str]]) -> str:
    """Return some lines for each requirement, for a person at a terminal."""
    lines: list[str] = []
    for one in known:
        stood = sorted(set(broken.get(one.id, [])))
        lines += [
            f"{one.id}  [{one.level}; {one.basis}, {one.evidence}; {one.step}]",
            f"  {one.sentence}",
            f"  source: {one.source}",
            *(f"  test:   {name}" for name in judges.get(one.id, [])),
            *([f"  caught: {', '.join(stood)}"] if stood else []),
            "",
        ]
    return "\n".join(lines).rstrip()
