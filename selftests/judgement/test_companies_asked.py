"""What is said of the companies that were asked: counts, whom to look at first, and how often the same is broken."""

from __future__ import annotations

import pytest

from quickstart.judgement import catalogue
from quickstart.judgement.companies import (
    JUDGED,
    NOT_CONNECTED,
    NOT_TESTED,
    Asked,
    Breach,
    Company,
    counted,
    more_often,
)
from quickstart.judgement.verdict import ADVISORY, CRASHED, SATISFIED, VIOLATED, WAIVED, Verdict
from selftests.support.project import ROOT

CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
STATUS = Breach("projects.status", VIOLATED, "500")
LINK = Breach("projects.link", ADVISORY, "none")


def company(number: int, *breaches: Breach, state: str = JUDGED, reason: str = "", more: bool = False) -> Company:
    return Company(number, f"C{number}", state, breaches=breaches, reason=reason, more=more)


def asked(*companies: Company, total: int = 0, unfinished: str = "") -> Asked:
    made = Asked(1, total or len(companies), unfinished=unfinished)
    for one in companies:
        made.add(one)
    return made


@pytest.mark.parametrize(
    ("kind", "broken"), [(VIOLATED, True), (CRASHED, True), (ADVISORY, False), (WAIVED, False), (SATISFIED, False)]
)
def test_a_company_is_broken_by_what_is_violated_or_crashed(kind: str, broken: bool) -> None:
    one = company(2, LINK, Breach("me.status", kind, ""))
    assert one.is_broken is broken
    assert asked(one, company(3)).broken == broken


def test_before_the_first_one_none_was_asked() -> None:
    begun = Asked(1)
    assert (begun.total, begun.broken, begun.companies, begun.unfinished) == (0, 0, [], "")


def test_a_company_is_named_as_far_as_it_has_a_name() -> None:
    assert Company(7, "Own", JUDGED).words == "company 7 (Own)"
    assert Company(7, "", JUDGED).words == "company 7"


@pytest.mark.parametrize(
    ("companies", "sentence"),
    [
        ([], "0 of 3 companies beside 1 were asked"),
        ([company(2)], "1 of 3 companies beside 1 were asked: 1 is as it must be"),
        ([company(2), company(3, LINK)], "2 of 3 companies beside 1 were asked: 2 are as they must be"),
        ([company(2, STATUS)], "1 of 3 companies beside 1 were asked: 0 are as they must be, 1 broken"),
        (
            [company(2, state=NOT_CONNECTED), company(3, state=NOT_TESTED), company(4, STATUS, state=NOT_CONNECTED)],
            "3 of 3 companies beside 1 were asked: 0 are as they must be, 1 broken, 1 not connected: the app is not "
            "installed there, 1 could not be tested",
        ),
    ],
)
def test_how_many_were_asked_and_what_came_of_it(companies: list[Company], sentence: str) -> None:
    assert asked(*companies, total=3).sentence == sentence


def test_large_numbers_are_written_with_commas() -> None:
    many = asked(*(company(number, more=True) for number in range(1200)), total=5000)
    assert many.sentence == "1,200 of 5,000 companies beside 1 were asked: 1,200 are as they must be"
    assert many.sampled.startswith("of the projects of 1,200 companies not all were judged")


@pytest.mark.parametrize(("more", "words"), [(0, ""), (1, "of 1 company not all"), (2, "of 2 companies not all")])
def test_a_sample_of_projects_says_of_how_many_companies(more: int, words: str) -> None:
    one = asked(*(company(number, more=number < more) for number in range(3)))
    assert words in one.sampled
    assert bool(one.sampled) is bool(words)
    assert (one.sampled in [*one.lines()]) is bool(words)


def test_whom_to_look_at_comes_in_the_order_of_how_bad_it_is() -> None:
    fine, advised, broken = company(2), company(3, LINK), company(4, STATUS)
    away, unknown = company(5, state=NOT_CONNECTED, reason="403"), company(6, state=NOT_TESTED, reason="time")
    told = asked(unknown, away, fine, advised, broken)
    assert [*told.odd] == [broken, advised, away, unknown]
    assert [*told.lines()] == [
        told.sentence,
        "company 4 (C4): projects.status",
        "company 3 (C3): projects.link",
        "company 5 (C5): 403",
        "company 6 (C6): time",
    ]
    assert next(asked(fine, unfinished="ctrl-c").lines()).endswith("1 is as it must be (ctrl-c)")


def test_a_requirement_that_a_company_breaks_twice_is_named_once() -> None:
    lines = [*asked(company(2, STATUS, LINK, STATUS)).lines()]
    assert lines[1] == "company 2 (C2): projects.status, projects.link"


@pytest.mark.parametrize(("number", "last"), [(10, "company 10 (C10): 403"), (11, "and 1 more companies, which")])
def test_ten_companies_are_named_and_the_others_counted(number: int, last: str) -> None:
    away = [company(one, state=NOT_CONNECTED, reason="403") for one in range(1, number + 1)]
    lines = [*asked(*away).lines()]
    assert lines[-1].startswith(last)
    assert len(lines) == 1 + min(number, 10) + (number > 10)


def test_what_was_asked_is_plain_data_in_the_verdict() -> None:
    told = asked(Company(2, "C", NOT_TESTED, breaches=(STATUS,)), total=9, unfinished="ctrl-c")
    assert told.as_plain() == {
        "own": 1,
        "total": 9,
        "unfinished": "ctrl-c",
        "asked": [
            {
                "id": 2,
                "name": "C",
                "state": NOT_TESTED,
                "status": None,
                "seconds": 0.0,
                "breaches": [{"requirement": "projects.status", "verdict": VIOLATED, "detail": "500"}],
                "reason": "",
                "projects": 0,
                "more": False,
            }
        ],
    }


def verdict(name: str, kind: str, detail: str) -> Verdict:
    return Verdict(CATALOGUE[name], kind, detail, ("t",), ())


def test_a_verdict_says_in_how_many_more_companies_the_same_is_broken() -> None:
    broken = [company(number, STATUS, STATUS, LINK) for number in (2, 3)]
    found = [
        verdict("projects.status", VIOLATED, "own: 500"),
        verdict("projects.link", ADVISORY, "company 2 (C2): none"),
        verdict("projects.json", SATISFIED, ""),
    ]
    assert [one.detail for one in counted(found, asked(*broken, company(4)))] == [
        "own: 500; and in 2 companies more",
        "company 2 (C2): none; and in 1 company more",
        "",
    ]
    assert counted(found, None) == found
    # The same requirement, but otherwise judged, is not the same.
    assert counted([verdict("projects.status", WAIVED, "x")], asked(*broken))[0].detail == "x"


@pytest.mark.parametrize(
    ("times", "detail", "words"),
    [
        (0, "x", "x"),
        (1, "x", "x; and once more"),
        (2, "x", "x; and 2 times more"),
        (1200, "x", "x; and 1,200 times more"),
        (1, "told: x", "told: x"),
        (2, "told: x", "told: x; and once more"),
        (1, "x told: ", "x told: ; and once more"),
    ],
)
def test_what_is_told_already_is_not_counted_again(times: int, detail: str, words: str) -> None:
    kinds = {("me.status", VIOLATED): times}
    told = more_often([verdict("me.status", VIOLATED, detail)], kinds, "told: ", ("once", "{:,} times"))
    assert [one.detail for one in told] == [words]
