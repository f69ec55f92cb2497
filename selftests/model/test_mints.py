"""What is incidental in an answer depends on the request, and not on what else was asked."""

from __future__ import annotations

import argparse

import pytest

from selftests.support.desk import Desk, desk
from standin.cases.mixing import Wanted
from standin.command.arguments import moment
from standin.model.mint import Mints

ME = "/rest/v1.0/me"
INCIDENTAL = ("X-Request-Id", "X-Runtime")


def incidental(procore: Desk, path: str, token: str) -> list[str | None]:
    answer = procore.get(path, token)
    return [answer.header(name) for name in INCIDENTAL]


def test_what_else_is_asked_changes_nothing() -> None:
    quiet, busy = desk(), desk()
    first, second = quiet.access(), busy.access()
    busy.own_token()
    busy.get("/rest/v1.0/companies", second)
    assert first == second
    assert incidental(quiet, ME, first) == incidental(busy, ME, second)
    assert quiet.own_token().header("X-Request-Id") != busy.own_token().header("X-Request-Id")  # the first, the second


def test_the_same_request_gets_other_strings_when_it_comes_again() -> None:
    procore = desk()
    token = procore.access()
    assert incidental(procore, ME, token) != incidental(procore, ME, token)
    assert procore.own_token().body["access_token"] != procore.own_token().body["access_token"]


def test_another_seed_gives_other_strings() -> None:
    one, other = Mints(1, 9), Mints(2, 9)
    for mints in (one, other):
        mints.turn_to(["GET", ME])
    assert one.current.uuid() != other.current.uuid()


def test_no_string_comes_twice_where_requests_are_forgotten() -> None:
    mints, given = Mints(0, kept=3), []
    for number in range(40):
        mints.turn_to(["GET", str(number % 5)])
        given.append(mints.current.uuid())
    assert len(set(given)) == len(given)


def test_a_clock_that_stands_still_stops_the_count_of_requests() -> None:
    noon = moment("2026-11-27T12:00:00Z")
    procore = Desk(Wanted(clock_at=noon, clock_offset=60).world())
    token = procore.access()
    answers = [procore.get(ME, token) for _ in range(3)]
    assert {answer.header("Date") for answer in answers} == {"Fri, 27 Nov 2026 12:01:00 GMT"}
    assert {answer.header("X-Rate-Limit-Remaining") for answer in answers} == {"3599"}


@pytest.mark.parametrize("text", ["", "noon", "2026-11-27", "2026-11-27T12:00:00", "1066-10-14T00:00:00Z"])
def test_a_time_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no time since 1970 such as 2026-11-27T12:00:00Z"):
        moment(text)
