"""What holds for every answer: the readers behind it, and what recordings keep of it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from quickstart.exchange import definitions, fields, names, strict
from quickstart.exchange.answer import Answer, CouldNotTest, Sent
from quickstart.judgement import challenges, every, headers, members
from quickstart.run import cassettes
from quickstart.secrecy.redaction import Redactor

DEFINITIONS = definitions.load()


def answer(name: str = "me", *pairs: tuple[str, str], **members: Any) -> Answer:
    joined: dict[str, str] = {}
    for key, value in pairs:
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    right: dict[str, Any] = {"status": 200, "content": b"{}", "received": 1_700_000_000.0, **members}
    return Answer(
        DEFINITIONS[name],
        Sent("GET", "https://sandbox.procore.com/rest/v1.0/me", None, True),
        "live",
        0.1,
        headers=CaseInsensitiveDict(joined),
        pairs=pairs,
        **right,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("", []),
        (", ,", []),
        ('realm="x"', []),
        ('"unbalanced', []),
        ("Bearer", [("bearer", {})]),
        ("BEARER error=invalid_token", [("bearer", {"error": "invalid_token"})]),
        ('Bearer realm = "a, \\"b\\"" , error="c"', [("bearer", {"realm": 'a, \\"b\\"', "error": "c"})]),
        ('Basic realm="x", Bearer error="y"', [("basic", {"realm": "x"}), ("bearer", {"error": "y"})]),
        ("Negotiate a87421==, Bearer a=b", [("negotiate", {}), ("bearer", {"a": "b"})]),
        ("é²;=,<>", []),
    ],
)
def test_challenges_are_read_as_rfc_9110_has_them(text: str | None, found: list[tuple[str, dict[str, str]]]) -> None:
    assert fields.challenges(text) == found


def test_challenges_of_any_length_are_read_at_once() -> None:
    assert fields.challenges('Bearer "' + '\\"' * 100_000) != []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"a":1,"b":{"a":1}}', strict.Repaired()),
        (b'{"a":1,"a":1}', strict.Repaired(twice=("'a'",))),
        (b'[{"b":{"\\u0061":1,"a":2}}]', strict.Repaired(twice=("'a'",))),
        (b'{"a":"\\ud83c\\udfd7"}', strict.Repaired()),
        (b'{"a":"\\ud83c"}', strict.Repaired(halves=("'\\ud83c'",))),
        (b'{"\\udfd7":1}', strict.Repaired(halves=("'\\udfd7'",))),
        (b'{"id":1.0,"company_id":9007199254740993,"latitude":1.0}', strict.Repaired(fractions=("id: '1.0'",))),
        (b'{"owner_id":1e3,"ids":[2.0],"id":1.5}', strict.Repaired(fractions=("owner_id: '1e3'", "ids: '2.0'"))),
        (b'{"id":1e999}', strict.Repaired()),
        (b"not json", strict.Repaired()),
        (b'{"a":"\xff"}', strict.Repaired()),
        (b"[" * 100_000, strict.Repaired()),
    ],
)
def test_what_parsers_repair_is_found(content: bytes, found: strict.Repaired) -> None:
    assert strict.repaired(content) == found


@pytest.mark.parametrize(
    ("policy", "wrong"),
    [
        ("", False),
        ("max-age=0, private, must-revalidate", False),
        ("public", True),
        ("PUBLIC, max-age=1", True),
        ("s-maxage=0", False),
        ("s-maxage=soon", False),
        ("s-maxage=1", True),
        ('private="Set-Cookie", public', True),
        ("public, private", False),
        ("public, no-store", False),
    ],
)
def test_shared_caches_are_told_what_they_may_keep(policy: str, wrong: bool) -> None:
    assert bool(every.shared([answer("me", ("Cache-Control", policy))])) is wrong
    assert every.shared([answer("me", ("Cache-Control", policy), status=404)]) == []


def test_dates_are_wanted_of_all_but_server_errors() -> None:
    assert every.undated([answer(status=500), answer(status=503)]) == []
    assert every.undated([answer(status=404), answer("companies", ("Date", "now"))]) == [
        "me: Date None",
        "companies: Date 'now'",
    ]


def test_a_day_is_what_a_clock_may_be_wrong() -> None:
    right, wrong = ("Date", "Wed, 15 Nov 2023 22:13:19 GMT"), ("Date", "Wed, 15 Nov 2023 22:13:21 GMT")
    assert every.wrong_clocks([answer("me", right)]) == []
    assert every.wrong_clocks([answer("me", wrong)]) == ["me: +1.0 days"]
    assert every.wrong_clocks([answer("me", ("Date", "Wed, 15 Nov 2023 22:13:20 GMT"))]) == []
    assert every.wrong_clocks([answer("me", ("Date", "Mon, 13 Nov 2023 22:13:19 GMT"))]) == ["me: -1.0 days"]


@pytest.mark.parametrize("judge", [every.misdated, every.wrong_clocks])
def test_dates_that_nobody_can_read_are_not_judged(judge: Any) -> None:
    with pytest.raises(CouldNotTest, match="no answer carries a Date that can be read"):
        judge([answer("me"), answer("companies", ("Date", "now"))])


def test_a_date_is_written_in_one_form() -> None:
    right, odd = ("Date", "Wed, 15 Nov 2023 22:13:20 GMT"), ("Date", "Wed, 15 Nov 2023 22:13:20 +0000")
    assert every.misdated([answer("me", right), answer("companies", ("Date", "now"))]) == []
    assert every.misdated([answer("me", right), answer("companies", odd)]) == [f"companies: {odd[1]!r}"]


@pytest.mark.parametrize(("status", "dated"), [(199, False), (200, True), (499, True), (500, False)])
def test_a_date_is_wanted_of_each_final_answer_that_is_no_failure(status: int, dated: bool) -> None:
    assert bool(every.undated([answer(status=status)])) is dated


@pytest.mark.parametrize("name", ["Content-Type", "Content-Length", "Date", "Location"])
def test_a_field_of_one_value_has_one(name: str) -> None:
    assert every.contradictions(answer("me", (name, "b"), (name, "a"))) == [f"me: {name} a and b"]
    assert every.contradictions(answer("me", (name, "a"))) == []


def test_an_answer_says_once_how_long_it_is() -> None:
    chunked, long = ("Transfer-Encoding", "chunked"), ("Content-Length", "2")
    assert [every.two_lengths(answer("me", *pairs)) for pairs in ((chunked, long), (chunked,), (long,))] == [
        True,
        False,
        False,
    ]


def test_what_was_found_is_worded_by_exchange() -> None:
    assert every.worded({"me": ["a", "b", "a"], "companies": []}) == ["me: a, b"]


def test_a_challenge_is_one_of_a_bearer() -> None:
    header = ("WWW-Authenticate", 'Bearer realm="x"')
    assert every.challenge_problem(answer("me", header)) == ""
    bare = answer("me", ("WWW-Authenticate", "Bearer"))
    assert every.challenge_problem(bare) == "me: 'Bearer'", "RFC 6750 section 3 wants a parameter"
    assert every.challenge_problem(answer("me", ("WWW-Authenticate", "Basic"))) == "me: 'Basic'"
    assert every.challenge_problem(answer("me")) == "me: ''"


def test_what_is_secure_is_said_behind_the_cookie() -> None:
    assert headers.is_secure("a=b; Secure")
    assert not headers.is_secure("Secure; HttpOnly")


def test_texts_of_a_list_are_told_with_their_place() -> None:
    items = [{"id": 1, "name": "a", "is_active": True, "x": "b", "y": 5}, {"id": 2, "name": "", "is_active": True}]
    one = answer("companies", content=json.dumps(items).encode())
    wrong = answer("companies-page-1", content=b"{}")
    assert every.texts([one, wrong], "name", "x", "y") == [
        ("name of 1 in companies", "a"),
        ("x of 1 in companies", "b"),
    ]
    with pytest.raises(CouldNotTest, match="no list that can be read"):
        every.texts([wrong], "name")
    with pytest.raises(CouldNotTest, match="no answer is JSON"):
        every.reports([answer("me")])


def test_the_same_header_twice_is_no_contradiction() -> None:
    same = ("Content-Type", "application/json")
    assert every.contradictions(answer("me", same, same)) == []
    assert every.contradictions(answer("me", same, ("content-type", "text/html"))) == [
        "me: Content-Type application/json and text/html"
    ]
    assert every.contradictions(answer("me", ("Cache-Control", "private"), ("Cache-Control", "max-age=0"))) == []


def test_recordings_add_no_length_to_what_came_in_chunks() -> None:
    packed = {
        "status": {"code": 200, "message": "OK"},
        "headers": {"Transfer-Encoding": ["chunked"], "Content-Encoding": ["gzip"], "Content-Type": ["text/plain"]},
        "body": {"string": gzip.compress(b"text")},
    }
    kept = cassettes.vcr_config(Redactor())["before_record_response"](packed)
    assert kept["body"] == {"string": b"text"}
    assert "content-length" not in {name.lower() for name in kept["headers"]}
    packed["headers"]["Content-Length"] = ["24"]  # type: ignore[index]
    kept = cassettes.vcr_config(Redactor())["before_record_response"](packed)
    assert {name.lower(): value for name, value in kept["headers"].items()}["content-length"] == ["4"]


def test_recordings_say_when_they_were_made() -> None:
    evidence = cassettes.load_evidence(Path(cassettes.__file__).parents[2] / "cassettes")
    assert evidence.when("me") > 1_700_000_000
    assert replace(evidence, exchanges={"me": {"recorded": "once", "seconds": 0}}).when("me") == 0


def test_names_are_the_same_on_every_machine() -> None:
    assert {"US/Pacific", "Pacific Time (US & Canada)", "Europe/Berlin", "Nuku'alofa", "UTC"} <= names.time_zones()
    assert not {"", "US Pacific Time", "Pacific/Nowhere"} & names.time_zones()
    assert len(names.countries()) == 249
    assert {"US", "GB", "NA"} <= names.countries()
    assert json.dumps(sorted(names.countries()))[2:4] == "AD"


@pytest.mark.parametrize(
    ("header", "scheme", "error"),
    [
        ('Bearer realm="x", error="invalid_token"', "bearer", "invalid_token"),
        ('Basic realm="x", Bearer error="invalid_token"', "basic", "invalid_token"),
        ('Bearer realm="error=a", error=b', "bearer", "b"),
        # a missing comma: no parameters that anybody could tell apart
        ('Bearer realm="x" error="invalid_token"', "bearer", ""),
        # parameters of no scheme are no challenge, with or without spaces
        ('realm = "x"', "", ""),
        ('realm="x"', "", ""),
        ("", "", ""),
    ],
)
def test_scheme_and_error_are_read_in_one_way(header: str, scheme: str, error: str) -> None:
    """For the login host as for the API."""
    one = answer("me", ("WWW-Authenticate", header), status=401)
    assert (challenges.scheme(one), challenges.error(one)) == (scheme, error)
    assert every.challenge_error(one) == (error or None)


def test_error_code_behind_a_byte_order_mark_is_read() -> None:
    """That a body must not begin with one is judged elsewhere; here it hides no contradiction."""
    body = b'\xef\xbb\xbf{"error": "invalid_grant"}'
    one = answer("token", ("WWW-Authenticate", 'Bearer error="invalid_token"'), status=401, content=body)
    assert challenges.contradiction(one) == "'invalid_token' in the challenge, 'invalid_grant' in the body"


def test_a_grant_behind_a_byte_order_mark_is_read() -> None:
    assert members.of_grant(answer("token", content=b'\xef\xbb\xbf{"access_token": "x"}')) == {"access_token": "x"}
