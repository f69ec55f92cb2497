"""Who may know whom: packages by design, rooms by what their own first lines say. Imports run downwards only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftests.support.project import ROOT, modules_in

PACKAGES = {"quickstart": {"quickstart"}, "standin": {"standin"}, "tests": {"tests", "quickstart"}}
OURS = {*PACKAGES, "selftests", "conftest"}
HOUSES = ("quickstart", "standin")
PUBLIC = {"standin": {"testing.py"}}  # what others import
LONGEST = 300  # lines of a module


def rooms(house: Path) -> dict[str, set[str]]:
    """Return whom each room may know, in the order in which they stand: ``May know: a, b.`` in its ``__init__``."""
    declared = {}
    for path in sorted(house.glob("*/__init__.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found = re.search(r"^May know: ([\w, ]+)\.$", said, re.MULTILINE)
        assert found, f"{path.relative_to(house.parent)} does not say whom the room may know: 'May know: a, b.'"
        declared[path.parent.name] = {*found[1].split(", ")} - {"nobody"}
    return declared


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of each module that ``path`` imports, also under TYPE_CHECKING or in a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from quickstart import run` names a room, `from quickstart.run import values` a module in it.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def upward(house: Path) -> list[str]:
    """Return one sentence for each import of ``house`` that its room may not make."""
    declared = rooms(house)
    wrong = []
    for room, known in declared.items():
        for path in sorted((house / room).rglob("*.py")):
            for name in imported(path):
                package, _, rest = name.partition(".")
                other = rest.partition(".")[0]
                # What stands beside the rooms is the command (nobody's business) and the package itself (everybody's).
                if package == house.name and other in {*declared, "__main__"} - {room} - known:
                    where = path.relative_to(house.parent)
                    wrong.append(f"{where} imports {name}, but {house.name}/{room} may not know {other}.")
    return wrong


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_know_only_whom_they_may(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(strangers)
        for path in (ROOT / package).rglob("*.py")
        if (strangers := ({name.partition(".")[0] for name in imported(path)} & OURS) - PACKAGES[package])
    }
    assert not wrong


@pytest.mark.parametrize("house", HOUSES)
def test_rooms_import_downwards(house: str) -> None:
    assert not upward(ROOT / house), "\n".join(upward(ROOT / house))


@pytest.mark.parametrize("house", HOUSES)
def test_rooms_know_each_other_in_one_direction(house: str) -> None:
    """What a room may know may not know it in turn, through however many others."""
    declared = rooms(ROOT / house)
    assert all(known <= declared.keys() for known in declared.values()), "a room that there is not"
    left = dict(declared)
    while free := [room for room, known in left.items() if not known & left.keys()]:
        for room in free:
            del left[room]
    assert not left, f"these rooms know each other in a circle: {', '.join(left)}"


@pytest.mark.parametrize("house", HOUSES)
def test_every_module_stands_in_a_room(house: str) -> None:
    beside = {path.name for path in (ROOT / house).glob("*.py")}
    assert beside == {"__init__.py", "__main__.py", *PUBLIC.get(house, ())}


@pytest.mark.parametrize("house", HOUSES)
def test_rooms_export_nothing_of_others(house: str) -> None:
    """A room's ``__init__`` says what it is for; one that is a table of tables may gather those."""
    assert not [path.parent.name for path in (ROOT / house).glob("*/__init__.py") if [*imported(path)]]


def test_an_upward_import_is_named(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for room, known in (("roof", "cellar"), ("cellar", "nobody")):
        (house / room).mkdir(parents=True)
        (house / room / "__init__.py").write_text(f'"""A room.\n\nMay know: {known}.\n"""\n', encoding="utf-8")
    (house / "roof" / "tile.py").write_text("from house.cellar import wine\n", encoding="utf-8")
    (house / "cellar" / "wine.py").write_text(
        "def f():\n    from house import roof\n    import house.roof.tile\n", encoding="utf-8"
    )
    assert upward(house) == [
        "house/cellar/wine.py imports house.roof, but house/cellar may not know roof.",
        "house/cellar/wine.py imports house.roof.tile, but house/cellar may not know roof.",
    ]


def test_a_room_must_say_whom_it_knows(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "__init__.py").write_text('"""Silent."""\n', encoding="utf-8")
    with pytest.raises(AssertionError, match="does not say whom the room may know"):
        rooms(tmp_path)


def test_the_stand_in_does_not_read_the_schemas() -> None:
    assert not [
        (path.name, schema.name)
        for path in (ROOT / "standin").rglob("*.py")
        for schema in (ROOT / "schemas").glob("*.json")
        if schema.name in path.read_text(encoding="utf-8")
    ]


def test_no_module_is_longer_than_a_person_reads() -> None:
    modules = [
        *ROOT.glob("*.py"),
        *(path for package in OURS - {"conftest"} for path in modules_in(ROOT / package)),
    ]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_no_two_test_modules_share_a_name() -> None:
    """Pytest imports them by their names alone: of two, one would not be collected."""
    names = [path.name for path in modules_in(ROOT / "selftests") if path.name.startswith("test_")]
    assert sorted(names) == sorted({*names})
