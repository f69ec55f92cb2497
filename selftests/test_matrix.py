"""The kill matrix: the real suite against every fault and every benign variation; the verdicts must be the tables'.

``pytest selftests -m matrix -n 2``. All but the first test need no run: what the tables must hold.
"""

from __future__ import annotations

import warnings
from itertools import combinations

import pytest

from quickstart.exchange import contract
from quickstart.judgement import catalogue
from quickstart.judgement.catalogue import STEPS, Requirement
from quickstart.judgement.causes import BUDGET, COMPANY_MISSING, NO_TOKEN, NOT_OURS, OTHERWISE_REFUSED, REFUSED
from quickstart.judgement.causes_on_the_way import ON_THE_WAY
from selftests.support import together
from selftests.support.matrix_runs import SuiteRunner
from selftests.support.project import ROOT
from selftests.support.same_shape import SAME_SHAPE
from selftests.support.untested import UNTESTED
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.says import SAYS
from standin.cases.variations import VARIATIONS

EVERYTHING = (*FAULTS, *VARIATIONS)
REQUIREMENTS: dict[str, Requirement] = catalogue.load(ROOT / "tests" / "catalogue.toml")
# Requirements that always fall together, and why they are two all the same.
TOGETHER: dict[frozenset[str], str] = {}


@pytest.mark.matrix
@pytest.mark.parametrize("group", together.groups(EVERYTHING), ids=together.name)
def test_verdict_is_the_tables(runner: SuiteRunner, group: tuple[Case, ...]) -> None:
    if len(group) > 1:
        if together.told(runner, group):
            return
        warnings.warn(f"not together: {together.name(group)}; python -m selftests.score deals anew", stacklevel=1)
    for case in group:
        _alone(runner, case)


def _alone(runner: SuiteRunner, case: Case) -> None:
    outcome = runner.run(case)
    assert not outcome.crashes, outcome.crashes
    assert (set(outcome.violated), set(outcome.advisory)) == (set(case.violated), set(case.advisory)), case.sentence
    assert outcome.exit_code == outcome.expected_exit_code, outcome.output[-2000:]
    assert outcome.is_told(case), f"first cause {outcome.cause!r}: {outcome.output[-800:]}"
    if case in VARIATIONS:
        assert outcome.untested.keys() == set(UNTESTED.get(case.id, "").split()), outcome.untested
    if case.id in SAME_SHAPE:
        assert outcome.drift["changes"] == []
        assert contract.violations(outcome.drift, "drift") == []


def test_tables_are_large_enough() -> None:
    assert len(FAULTS) >= 150
    assert len(VARIATIONS) >= 60


def test_what_is_said_is_said_of_known_cases_and_in_known_words() -> None:
    causes = {case.cause for case in (*ON_THE_WAY, *REFUSED, OTHERWISE_REFUSED, COMPANY_MISSING, BUDGET, NO_TOKEN)}
    assert SAYS.keys() <= {case.id for case in FAULTS}
    assert set(SAYS.values()) <= causes | REQUIREMENTS.keys()
    assert causes >= NOT_OURS


def test_ids_are_unique() -> None:
    ids = [case.id for case in EVERYTHING]
    assert sorted(ids) == sorted(set(ids))


def test_every_fault_breaks_something_and_no_variation_violates() -> None:
    assert [case.id for case in FAULTS if not case.is_fault] == []
    assert [case.id for case in VARIATIONS if case.violated] == []


def test_only_variations_may_keep_their_shape() -> None:
    """What they keep is told by --drift, which is silent (selftests/report/test_live_drift.py: and else it speaks)."""
    assert {case.id for case in VARIATIONS} >= SAME_SHAPE


def test_only_variations_may_leave_something_untested() -> None:
    assert UNTESTED.keys() <= {case.id for case in VARIATIONS}


def test_every_case_names_a_step_and_ends_its_sentence() -> None:
    assert [case.id for case in EVERYTHING if case.step not in STEPS or not case.sentence.endswith(".")] == []


def test_tables_name_known_requirements_of_the_right_level() -> None:
    must = {name for name, requirement in REQUIREMENTS.items() if requirement.level == "must"}
    should = {name for name, requirement in REQUIREMENTS.items() if requirement.level == "should"}
    assert {name for case in EVERYTHING for name in case.violated} <= must
    assert {name for case in EVERYTHING for name in case.advisory} <= should


@pytest.mark.parametrize("name", [name for name, one in REQUIREMENTS.items() if one.level == "must"])
def test_every_must_has_a_fault(name: str) -> None:
    assert [case.id for case in FAULTS if name in case.violated]


@pytest.mark.parametrize("name", [name for name, one in REQUIREMENTS.items() if one.level == "should"])
def test_every_should_has_a_case(name: str) -> None:
    assert [case.id for case in EVERYTHING if name in case.advisory]


def test_no_two_requirements_always_fall_together() -> None:
    falls = {name: {case.id for case in FAULTS if name in case.violated} for name in REQUIREMENTS}
    pairs = {
        frozenset({one, other}) for one, other in combinations(falls, 2) if falls[one] and falls[one] == falls[other]
    }
    assert pairs == set(TOGETHER)
