"""What stands in an answer, read as leniently as a client may: members of tokens, records, and when they were made."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from quickstart.exchange.answer import Answer, Failure
from quickstart.judgement import members, records
from selftests.support.made import answer

JSON = ("Content-Type", "application/json")
TOKEN = {"access_token": "a" * 30, "token_type": "Bearer", "expires_in": 5400}


def token(**changes: Any) -> Answer:
    return answer("token", 200, json.dumps({**TOKEN, **changes}).encode(), JSON)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1000, "as expires_in says"),
        (1060, "as expires_in says"),
        (940.0, "as expires_in says"),
        (1061, "+61 s from what expires_in says"),
        (939, "-61 s from what expires_in says"),
        (10**12, "+999999999000 s from what expires_in says"),
        (10**12 + 1, "no time"),
        (-(10**12) - 1, "no time"),
        (True, "no time"),
        ("1000", "no time"),
        (None, "no time"),
    ],
)
def test_a_claim_of_time_is_told_by_its_distance(value: object, words: str) -> None:
    assert members.distance(value, 1000) == words


@pytest.mark.parametrize(
    ("value", "opaque"),
    [("a", True), ("!~", True), ("", False), ("a b", False), ("é", False), ("a\n", False), (1, False), (None, False)],
)
def test_a_token_is_visible_ascii(value: object, opaque: bool) -> None:
    assert members.is_opaque(value) is opaque


def test_members_are_those_of_an_answer_that_hands_out_a_token() -> None:
    assert members.of_grant(token())["expires_in"] == 5400
    assert members.of_grant(answer("token", 400, json.dumps(TOKEN).encode())) == {}
    assert members.of_grant(token(access_token=1)) == {}


def test_records_are_found_however_they_are_wrapped() -> None:
    document = {"data": [{"id": 1, "company": {"id": 9}}, 7, "8", [{"id": 2, "company": 3, "x": {"id": 4}}]], "y": None}
    assert sorted(one["id"] for one in records.inside(document)) == [1, 2, 4, 7, 9]
    assert sorted(records.owners(records.inside(document))) == [3, 9]
    written: tuple[object, ...] = ("5", 6.0, None, "Acme", [7], {"id": "8"}, {"id": None}, {})
    assert records.owners([{"company": one} for one in written]) == [5, 6, 8]
    assert [*records.inside("id")] == [*records.inside(5)] == [*records.inside({"x": 5})] == []


@pytest.mark.parametrize(
    ("one", "ids"),
    [
        (answer("projects-foreign-company", 200, b'[{"id": 1}]', JSON), [1]),
        (answer("projects-foreign-company", 403, b'[{"id": 1}, {"id": 2, "name": "x"}]', JSON), [2]),
        (answer("projects-foreign-company", 403, b"<html>", ("Content-Type", "text/html")), []),
    ],
)
def test_what_a_refusal_let_through_is_a_record_with_a_name(one: Answer, ids: list[int]) -> None:
    assert [found["id"] for found in records.let_through(one)] == ids


def test_strangers_are_other_companies_in_any_answer() -> None:
    body = b'[{"id": 1, "company": {"id": 5}}, {"id": 2, "company": {"id": 6}}]'
    answers = [
        answer("projects", 404, body, JSON),
        answer("me", 200, body, ("Content-Type", "text/html")),
        answer("me", failure=Failure("dns", "gone")),
    ]
    assert records.strangers(answers, 5) == ["6 in projects", "6 in me"]


def test_timestamps_are_read_where_python_reads_none() -> None:
    assert records.seconds("2023-11-14t22:13:20z") == 1_700_000_000
    assert records.seconds("2016-12-31T23:59:60Z") == records.seconds("2016-12-31T23:59:59Z")
    assert records.seconds("2016-12-31T23:59:60.5Z") == records.seconds("2016-12-31T23:59:59.5Z")
    assert records.seconds("0000-01-01T00:00:00Z") == -math.inf
