"""The proofs of the proofs: mutants are what they say, what is left out has a rule, and a survivor needs a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import proofs
from benchmarks.mutation import desk, places, report, schema_mutants
from benchmarks.mutation.mutants import ROOT, RULES

SCHEMA = {
    "title": "A thing",
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": ["string", "null"], "pattern": "^x"},
        "kind": {"enum": ["a", "b"]},
    },
}
SOURCE = '''"""Documentation."""
from dataclasses import dataclass
from functools import lru_cache

@dataclass(frozen=True)
class Thing:
    size: int | None = 1

@lru_cache(maxsize=4)
def f(x: int | None) -> int | str:
    """Say nothing."""
    __tracebackhide__ = True
    if x is None:
        raise ValueError(f"{1 + 1} is wrong")
    assert x == 1, f"{x + 1} is wrong"
    return x + 1
'''


def test_a_schema_loses_each_keyword_and_has_each_bound_moved() -> None:
    found = {(pointer, operator) for pointer, operator, _ in schema_mutants.changes(json.dumps(SCHEMA))}
    assert found >= {
        ("/required", "DropRequired id"),
        ("/required", "Require kind"),
        ("/properties/name", "DropMember"),
        ("/properties/id/minimum", "DropKeyword"),
        ("/properties/id/minimum", "1 to 0"),
        ("/properties/id/minimum", "1 to 2"),
        ("/properties/id/type", "AddType number"),
        ("/properties/name/type", "DropType null"),
        ("/properties/name/pattern", "DropKeyword"),
        ("/properties/kind/enum", "DropValue b"),
    }
    assert not [pointer for pointer, _ in found if "title" in pointer]


def test_no_mutant_of_a_schema_is_the_schema() -> None:
    text = json.dumps(SCHEMA)
    made = [schema_mutants.changed(text, index) for index, _ in enumerate(schema_mutants.changes(text))]
    assert len({*made}) == len(made)
    assert SCHEMA not in map(json.loads, made)


def test_every_self_test_that_the_rules_name_is_there() -> None:
    named = [*RULES["quick"].values(), *(one["tests"] for one in RULES["schemas"].values())]
    assert [name for names in named for name in names if not (ROOT / name).is_file()] == []


def test_what_is_no_claim_is_left_out_by_its_rule() -> None:
    found = {one.rule for one in places.left_out(SOURCE)}
    assert found == {"annotation", "docstring", "frozen", "memory", "message", "tracebackhide"}
    assert found <= RULES["left-out"].keys()
    lines = SOURCE.splitlines()
    for number, line in enumerate(lines, 1):
        for part, left in (
            ("is None:", False),
            ("== 1", False),
            ("x + 1} is", True),
            ("1 + 1}", True),
            ("return", False),
        ):
            if part in line:
                at = number, line.index(part)
                assert any(one.holds(at) for one in places.left_out(SOURCE)) is left, line


def test_each_operator_changes_what_its_examples_say() -> None:
    pytest.importorskip("cosmic_ray", reason="benchmarks/mutation/install.sh was not run")
    from cosmic_ray.mutating import mutate_code

    from benchmarks.mutation.operators import OWN

    examples = [(operator, one) for operator in OWN.values() for one in operator.examples()]
    changed = [mutate_code(one.pre_mutation_code, operator(), one.occurrence) for operator, one in examples]
    assert changed == [one.post_mutation_code for _, one in examples]
    assert {*OWN} == {*RULES["operators"]["own"]}


def test_a_key_stays_when_lines_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cosmic_ray", reason="benchmarks/mutation/install.sh was not run")
    from benchmarks.mutation import mutants

    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "tests").mkdir()
    file = tmp_path / "tests" / "a.py"
    file.write_text("def f(x):\n    return x == 1\n", encoding="utf-8")
    before = mutants.mutants("tests")
    file.write_text("# a line\n\ndef f(x):\n    return x == 1\n", encoding="utf-8")
    after = mutants.mutants("tests")
    assert [one.key for one in before] == [one.key for one in after]
    assert {"Eq_NotEq", "NumberReplacer", "ReturnNothing"} == {one.operator for one in after}
    assert "x != 1" in (mutants.mutated(next(one for one in after if one.operator == "Eq_NotEq")) or "")


def test_a_table_is_reached_by_who_reaches_the_functions_that_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs while its module is imported, and so for no test."""
    pytest.importorskip("cosmic_ray", reason="benchmarks/mutation/install.sh was not run")
    from benchmarks.mutation import using

    monkeypatch.setattr(using, "ROOT", tmp_path)
    using.definitions.cache_clear()
    (tmp_path / "a.py").write_text(
        "ROW = (1, 2)\nTABLE = (ROW,)\nOTHER = 3\nclass Row:\n    size: int = 4\n    def f(self):\n        return 1\n",
        "utf-8",
    )
    text = "import a\n\ndef f():\n    return a.TABLE\n\n@g\ndef h():\n    return a.Row(OTHER)\n"
    (tmp_path / "b.py").write_text(text, "utf-8")
    found = {line: [*using.lines("a.py", line, ["a.py", "b.py"])] for line in (1, 2, 3, 5)}
    f, h = ([("b.py", line) for line in lines] for lines in ((3, 4), (6, 7, 8)))
    own = [("a.py", 6), ("a.py", 7)]
    assert found == {1: f, 2: f, 3: h, 5: own + h}
    assert [*using.lines("b.py", 6, ["b.py"])] == h
    for name in ("c.py", "d.py"):
        (tmp_path / name).write_text("_MOST = 1\n\ndef f():\n    return _MOST\n", "utf-8")
    assert [*using.lines("c.py", 1, ["c.py", "d.py"])] == [("c.py", 3), ("c.py", 4)], "a private name is its own file's"
    using.definitions.cache_clear()


def test_no_mutant_dies_of_a_self_test_that_is_gone(tmp_path: Path) -> None:
    """What was measured before a self-test had another name kills nothing: it is to be measured anew."""
    pytest.importorskip("cosmic_ray", reason="benchmarks/mutation/install.sh was not run")
    from benchmarks.mutation.judge import GONE, Effort, Judge

    made: Any = object.__new__(Judge)
    made._desk, made._tried, made._effort = SimpleNamespace(output=tmp_path / "output.txt"), 0, Effort()
    made._base = lambda _: SimpleNamespace(selftests=lambda *_: 4)
    made._desk.output.write_text(f"{GONE}selftests/a.py::b\n(no match)\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="measure again"):
        made._by_tests("exchange", ["selftests/a.py::b"])
    made._desk.output.write_text("ImportError while loading conftest\n", encoding="utf-8")
    assert made._by_tests("exchange", ["selftests/a.py::b"]) == "pytest's exit code 4"


def test_the_runs_of_a_mutant_are_told_as_those_of_the_matrix() -> None:
    """What forks for a mutant is the zygote of the kill matrix, and answers as it does."""

    class Base:
        def start(self, _: dict[str, Any], orders: int, answers: int) -> None:
            self.ends = os.dup(orders), os.dup(answers)
            os.write(self.ends[1], b"3 0.25\n")

        def wait(self, _: float) -> None:
            for end in self.ends:
                os.close(end)

    claims = desk.Claims(Base())  # type: ignore[arg-type]
    assert (claims.run(), claims.used) == (3, 0.25)
    claims.close()


def document(*, killed: int, reason: str = "") -> dict[str, Any]:
    """A report on one room with ten mutants and one survivor."""
    survivor = {"key": "k", "file": "a.py:1", "before": "x", "after": "y", "tried": 3, "reason": reason}
    room: dict[str, Any] = {"mutants": 10, "every": 1, "unchanged": 0, "run": 10, "unfinished": 0, "killed": killed}
    room |= {"score": 10.0 * killed, "survivors": [survivor]}
    left = {"annotation": {"mutants": 3, "reason": "types"}}
    return {"made": "2026-11-27", "python": "3.13", "goal": 95, "left_out": left, "rooms": {"tests": room}}


def test_a_score_below_the_goal_and_a_survivor_without_a_reason_are_problems() -> None:
    assert report.problems(document(killed=10, reason="it cannot be told")) == []
    assert len(report.problems(document(killed=9, reason="it cannot be told"))) == 1
    assert len(report.problems(document(killed=10))) == 1
    assert report.GOAL == 95


def test_a_room_that_was_judged_apart_keeps_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "WRITTEN", tmp_path / "mutation.json")
    monkeypatch.setattr(report, "mutants", lambda *_: [])
    earlier = document(killed=10, reason="because")
    earlier["rooms"]["tests"]["unchanged"] = 7
    report.WRITTEN.write_text(json.dumps(earlier), encoding="utf-8")
    options: Any = SimpleNamespace(results=tmp_path, sample=[], keep=["tests"])
    assert report.main(options) == 0
    written = json.loads(report.WRITTEN.read_text(encoding="utf-8"))
    assert written["rooms"]["tests"] == earlier["rooms"]["tests"]
    assert written["rooms"].keys() == RULES["rooms"].keys()
    assert written["left_out"]["unchanged"]["mutants"] == 7


def test_the_section_stands_between_its_markers_and_leaves_the_page_alone() -> None:
    room = {"num_statements": 10, "lines": 90.0, "num_branches": 4, "branches": 75.0}
    measured = {"made": "2026-11-27", "measured": "all", "rooms": {"quickstart/run": room}}
    made = proofs.section(document(killed=9, reason="because"), measured)
    page = proofs.written(f"# Benchmarks\n\n{proofs.BEGIN}\nold\n{proofs.END}\n\nthe rest\n", made)
    assert page.startswith("# Benchmarks\n")
    assert page.endswith("the rest\n")
    assert "old" not in page
    assert "| tests | 10 | 10 | 9 | 90.0 % |" in page
    assert "| a.py:1 | `x` → `y` | because |" in page
    assert "| quickstart/run | 90.0 % of 10 | 75.0 % of 4 |" in page
    assert proofs.written(page, made) == page


def test_what_is_published_is_made_of_the_results() -> None:
    found = [json.loads((proofs.RESULTS / name).read_text("utf-8")) for name in ("mutation.json", "coverage.json")]
    text = proofs.PAGE.read_text(encoding="utf-8")
    assert proofs.written(text, proofs.section(*found)) == text, "python -m benchmarks.proofs writes it"
