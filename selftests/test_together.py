"""Cases share a run only where it proves each of them: whatever is wrong with one of them is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from selftests.support import together
from selftests.support.matrix_runs import SuiteRunner
from selftests.support.untested import UNTESTED
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS

CASES = {case.id: case for case in (*FAULTS, *VARIATIONS)}
TOKEN, PATH = "token-created-at-local", "unknown-path-410"  # of two steps, and quiet otherwise
SAME_ANSWER, OTHER = "unknown-path-403", "authorize-303"  # legal, too


def named(*names: str) -> list[Case]:
    return [CASES[name] for name in names]


def changes(*numbers: int) -> together.Trace:
    return together.Trace(frozenset(map(str, numbers)), seen=frozenset("123"))


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(named(TOKEN, PATH), id="quiet"),
        pytest.param(named("me-id-zero", "token-info-application-missing"), id="what a fault leaves untested"),
        pytest.param(named("me-id-zero", "companies-garbage-token-498"), id="one whose cause is said first"),
    ],
)
def test_those_that_change_different_answers_are_told_by_one_run(runner: SuiteRunner, group: list[Case]) -> None:
    assert together.told(runner, group)


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(named(TOKEN, PATH, SAME_ANSWER), id="two of one answer"),
        pytest.param([*named(TOKEN), replace(CASES[PATH], modifiers=(lambda _, answer, __: answer,))], id="no change"),
        pytest.param([*named(PATH), replace(CASES[TOKEN], advisory=frozenset())], id="more than the table says"),
        pytest.param([*named(TOKEN), replace(CASES[PATH], violated=frozenset({"me.status"}))], id="less than it says"),
        pytest.param(named(PATH, "me-id-zero"), id="something untested beside what is legal"),
        pytest.param(named("token-reset", "companies-json-null"), id="one that hides another"),
        pytest.param(
            [*named(TOKEN), replace(CASES["companies-garbage-token-498"], id="quiet")],
            id="a cause that is no promise, and that none of them says",
        ),
    ],
)
def test_what_one_run_does_not_prove_is_not_told(runner: SuiteRunner, group: list[Case]) -> None:
    assert not together.told(runner, group)


def test_each_case_is_dealt_once_and_in_order(tmp_path: Path) -> None:
    (file := tmp_path / "together.txt").write_text(f"{PATH} {TOKEN} gone\n", encoding="utf-8")
    others = [FAULTS[0], VARIATIONS[0]]
    dealt = together.groups([others[0], *named(TOKEN), others[1], *named(PATH)], file)
    assert dealt == [(others[0],), tuple(named(TOKEN, PATH)), (others[1],)]
    assert together.groups(others, tmp_path / "none") == [(one,) for one in others]


def test_who_needs_a_run_of_his_own_is_alone_whatever_the_file_says(tmp_path: Path) -> None:
    alone = [case for case in CASES.values() if not together.may_join(case)]
    (file := tmp_path / "together.txt").write_text(" ".join(case.id for case in alone), encoding="utf-8")
    assert together.groups(alone, file) == [(case,) for case in alone]
    assert {case.id for case in alone} >= UNTESTED.keys()
    assert not [case.id for case in FAULTS if together.may_join(case) and not case.modifiers]


def test_who_changes_what_another_changes_is_in_another_group() -> None:
    cases = named(OTHER, PATH, SAME_ANSWER)
    apart = [named(OTHER, SAME_ANSWER), named(PATH)]
    assert together.packed({OTHER: changes(1), PATH: changes(2), SAME_ANSWER: changes(2, 3)}, cases) == apart
    assert together.packed({OTHER: changes(1), PATH: changes(2)}, cases) == [named(OTHER, PATH)]
    assert together.packed({OTHER: changes(1), PATH: changes()}, cases) == [named(OTHER)]
    before = [named(PATH, SAME_ANSWER)]
    assert together.packed({PATH: changes(2), OTHER: changes(1), SAME_ANSWER: changes(3)}, cases, before) == [cases]
    assert together.packed({PATH: changes(2), SAME_ANSWER: changes(2)}, cases, before) == [
        named(PATH),
        named(SAME_ANSWER),
    ]
    assert together.packed({PATH: changes(2)}, cases, before) == [named(PATH)]
    assert together.written(apart) == f"{OTHER} {SAME_ANSWER}\n"


@pytest.mark.parametrize(
    ("names", "second"),
    [
        pytest.param(("me-id-zero", "me-empty"), {}, id="the other leaves untested what it breaks"),
        pytest.param(("me-id-zero", "token-info-empty"), {"seen": frozenset("12")}, id="its request is not sent then"),
        pytest.param((PATH, "me-id-zero"), {}, id="one is legal"),
        pytest.param(
            ("companies-garbage-token-498", "companies-garbage-token-500"), {}, id="two that say another cause"
        ),
    ],
)
def test_who_would_hide_another_is_in_another_group(names: tuple[str, str], second: dict[str, Any]) -> None:
    cases = named(*names)
    untested = {"untested": cases[0].violated} if cases[1].id == "me-empty" else {}
    traces = {names[0]: changes(3), names[1]: replace(changes(2), **second, **untested)}
    assert together.packed(traces, cases) == [[one] for one in cases]


def test_a_group_that_is_not_told_falls_into_halves(runner: SuiteRunner) -> None:
    both = named(TOKEN, PATH)
    assert together.proven(runner, [*both, *named("me-id-zero", SAME_ANSWER)]) == [
        both,
        named("me-id-zero"),
        named(SAME_ANSWER),
    ]


def test_what_is_dealt_is_most_of_the_matrix() -> None:
    """Else the file is stale, and the self-tests are slow: python -m selftests.score."""
    joined = [case for group in together.groups(CASES.values()) if len(group) > 1 for case in group]
    assert len(joined) > len(CASES) / 3
