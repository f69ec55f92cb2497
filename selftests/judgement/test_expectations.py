"""Assertions that claims share: where they hold, where they fail, and in which words."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest, Failure, NotAskedFor
from quickstart.judgement import every, expect
from selftests.support.made import answer

JSON = ("Content-Type", "application/json; charset=utf-8")
USER = json.dumps({"id": 1, "login": "a@example.com", "name": "A"}).encode()
ME = answer("me", 200, USER, JSON)
FAILURES = [Failure(kind, "gone") for kind in ("certificate", "connect", "dns", "proxy", "tls")]


def outcome(judge: Any, *given: Any, **more: Any) -> str:
    """What a judge says: nothing, what came instead, or why it could not judge."""
    try:
        judge(*given, **more)
    except CouldNotTest as reason:
        return f"could not test: {reason}"
    except AssertionError as error:
        return f"failed: {error}".splitlines()[0]
    return ""


@pytest.mark.parametrize("judge", [expect.answered, expect.refused_with_4xx, expect.reached, expect.is_right])
@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: one.kind)
def test_what_did_not_find_its_host_is_not_judged(judge: Any, failure: Failure) -> None:
    assert outcome(judge, answer("me", failure=failure)) == "could not test: me: gone"
    assert expect.wrong([answer("me", failure=failure)]) == []


@pytest.mark.parametrize("judge", [expect.answered, expect.refused_with_4xx, expect.is_right])
def test_what_is_too_much_is_not_judged(judge: Any) -> None:
    assert outcome(judge, answer("me", 429)).startswith("could not test: me was answered 429")
    assert expect.wrong([answer("me", 429)]) == []


def test_an_answer_has_the_status_that_is_promised() -> None:
    late = answer("me", failure=Failure("timeout", "no answer in 20 s"))
    assert outcome(expect.answered, ME) == outcome(expect.reached, late) == ""
    assert outcome(expect.answered, late) == "failed: no answer: no answer in 20 s"
    assert outcome(expect.answered, answer("me", 404, b"not\n  here")) == "failed: 404 not here"


@pytest.mark.parametrize(("status", "fails"), [(399, True), (400, False), (499, False), (500, True)])
def test_a_refusal_is_a_status_of_the_client(status: int, fails: bool) -> None:
    assert bool(outcome(expect.refused_with_4xx, answer("me", status))) is fails


def test_an_answer_is_described_by_its_body_or_else_by_its_challenge() -> None:
    challenge = ("WWW-Authenticate", "Bearer  realm")
    assert expect.described(answer("me", 401, b"", challenge)) == "401 Bearer realm"
    assert expect.described(answer("me", 401, b"body", challenge)) == "401 body"
    assert expect.described(answer("me", 401)) == "401"
    assert expect.described(answer("me", 401, b"a" * 500)) == f"401 {'a' * 120}"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (ME, ""),
        (answer("me", 200, USER, ("Content-Type", "application/hal+json")), ""),
        (answer("me", 200, USER, ("Content-Type", "text/html")), "Content-Type 'text/html', status 200 {"),
        (answer("me", 200, USER, ("Content-Type", "application/jsonp")), "Content-Type 'application/jsonp'"),
        (answer("me", 200, USER), "Content-Type 'missing', status 200 {"),
        (answer("me", 200, b"", JSON), "a body of 0 bytes that is no JSON: 200"),
        (
            answer("me", 200, b"{a}", JSON),
            "a body of 3 bytes that is no JSON (Expecting property name enclosed in double quotes at byte 1): 200 {a}",
        ),
        (
            answer("me", 200, USER * 2, JSON),
            f"a body of {len(USER) * 2} bytes that is no JSON (Extra data at byte {len(USER)}): 200 {{",
        ),
        (answer("me", 200, b'"\xfc"', JSON), "a body of 3 bytes that is no JSON (no UTF-8 from byte 1 on): 200 "),
        (
            answer("me", 200, b"\xef\xbb\xbf{}", JSON),
            "a body of 5 bytes that is no JSON (it begins with a byte order mark): 200 ",
        ),
        (answer("me", 200, b"NaN", JSON), "a body of 3 bytes that is no JSON (NaN is not JSON): 200 NaN"),
        (answer("me", 204, b"", JSON), "could not test: me did not answer as it must (204)"),
    ],
)
def test_an_answer_is_json_and_says_so(one: Answer, words: str) -> None:
    said = outcome(expect.is_json, one)
    assert said.removeprefix("failed: ").startswith(words)
    assert bool(said) is bool(words)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (ME, []),
        (answer("me", 404, b"no"), ["me: 404 no"]),
        (answer("me", 200, USER), ["me: Content-Type 'missing', status 200 "]),
        (answer("me", 200, b'{"login": 1}', JSON), ["me: /id: missing; expected to be there"]),
        (answer("me", failure=Failure("timeout", "late")), ["me: no answer: late"]),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_of_the_first_thing(one: Answer, words: list[str]) -> None:
    told = expect.wrong([one])
    assert len(told) == len(words)
    assert all(text.startswith(word) for text, word in zip(told, words, strict=True))


def test_what_is_right_or_was_not_had_has_no_problem() -> None:
    assert [expect._wrong(one) for one in (ME, answer("me", 429))] == ["", ""]
    assert expect.not_json(ME) == ""


def test_what_a_claim_rests_on_is_right_or_nothing_is_said() -> None:
    assert outcome(expect.rests_on, ME) == ""
    said = outcome(expect.rests_on, answer("me", 200, USER))
    assert said.startswith("could not test: me: Content-Type 'missing'")
    assert outcome(expect.rests_on, answer("me", 500)).startswith("could not test: me did not answer as it must")


TOKEN = {
    "access_token": "a" * 30,
    "token_type": "Bearer",
    "expires_in": 5400,
    "refresh_token": "b",
    "created_at": 1_700_000_000,
}


def token(**members: Any) -> Answer:
    return answer("token", 200, json.dumps({**TOKEN, **members}).encode(), JSON)


def test_a_member_is_judged_apart_from_the_others() -> None:
    wrong = token(expires_in="soon", token_type=1)
    assert outcome(expect.obeys_schema, token()) == ""
    assert "/expires_in" in outcome(expect.obeys_schema, wrong)
    assert "/token_type" in outcome(expect.obeys_schema, wrong, elsewhere=["/expires_in"])
    assert "/expires_in" not in outcome(expect.obeys_schema, wrong, elsewhere=["/expires_in"])
    assert outcome(expect.obeys_schema, wrong, elsewhere=["/expires_in", "/token_type"]) == ""
    assert outcome(expect.member_obeys_schema, token(), "/expires_in") == ""
    assert outcome(expect.member_obeys_schema, token(expires_in="x"), "/token_type") == ""
    assert outcome(expect.member_obeys_schema, token(expires_in="x"), "/expires_in").startswith("failed: /expires_in")


def test_a_member_of_another_object_is_not_judged() -> None:
    for content, words in ((b"[]", "did not answer a JSON object"), (b'{"error": 1}', "an object of another kind")):
        said = outcome(expect.member_obeys_schema, answer("token", 200, content, JSON), "/expires_in")
        assert said.startswith("could not test: token")
        assert words in said


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, ""), (1, "0"), (3, "0; 1; 2"), (4, "0; 1; 2; and 1 more"), (9, "0; 1; 2; and 6 more")],
)
def test_the_first_three_are_listed(number: int, words: str) -> None:
    assert expect.listed(range(number)) == words


def refusal(status: int = 400, **members: Any) -> Answer:
    return answer("token-wrong-secret", status, json.dumps({"error": "invalid_client", **members}).encode(), JSON)


def test_a_refusal_names_its_error_and_hands_out_nothing() -> None:
    assert outcome(expect.refused, refusal()) == ""
    assert outcome(expect.refused, refusal(error="invalid_grant")) == ("failed: error 'invalid_grant' with status 400")
    assert outcome(expect.refused, refusal(access_token="a")).startswith("failed: a refusal that hands out")
    assert outcome(expect.refused, refusal(403)).startswith("failed: 403")
    two = answer("token-missing-client-id", 400, b'{"error": "invalid_request"}', JSON)
    assert outcome(expect.refused, two) == ""


def test_an_answer_is_a_refusal_with_a_code_or_not() -> None:
    denied = answer("me", 401, b'{"error": "invalid_token"}', JSON)
    assert expect.says(denied, "invalid_token")
    assert not expect.says(denied, "invalid")
    assert not expect.says(answer("me", 401, b'["error"]', JSON), "invalid_token")
    assert expect.says(answer("me", 401, b'{"error": "invalid_token"}'), "invalid_token") is False
    assert expect.says(refusal(), "invalid_client") is False, "it is what was expected"


NOON = ("Date", "Tue, 14 Nov 2023 22:13:20 GMT")  # Unix second 1_700_000_000


@pytest.mark.parametrize(
    ("remaining", "age", "fails"),
    [
        (5400, 0, False),
        (5400, 300, False),
        (5400, 301, True),
        (5400, -300, False),
        (5400, -301, True),
        (5300, 400, False),  # of today's lifetime
        (5300, 401, True),
        (5299, 7200 - 5299 + 300, False),  # of the longest one
        (5299, 7200 - 5299 + 301, True),
        (5401, 7200 - 5401 + 300, False),
        (5401, 7200 - 5401 + 301, True),
        (7200, 300, False),
        (7200, 301, True),
    ],
)
def test_a_token_is_as_old_as_its_remaining_lifetime_says(remaining: int, age: int, fails: bool) -> None:
    content = json.dumps({**TOKEN, "expires_in": remaining, "created_at": 1_700_000_000 - age}).encode()
    said = outcome(expect.made_now, [answer("token", 200, content, JSON, NOON)])
    assert said == (f"failed: token: {age:.0f} s before the server's Date" if fails else "")


def test_values_that_come_more_than_once_are_told() -> None:
    assert expect.repeated([1, 2, 1, 3, 1]) == [1, 1]
    assert expect.repeated([1, 2]) == []


def asks(**answers: Answer | CouldNotTest) -> Any:
    """A run with these answers; what it withholds is disruptive."""

    def given(name: str) -> Answer:
        found = answers[name]
        if isinstance(found, CouldNotTest):
            raise found
        return found

    return SimpleNamespace(answer=given, withholds=lambda name: isinstance(answers[name], NotAskedFor))


def test_answers_are_gathered_as_far_as_they_could_be_had() -> None:
    gone, later = CouldNotTest("gone"), CouldNotTest("later")
    assert expect.gathered(asks(), []) == []
    assert expect.gathered(asks(me=ME, projects=gone), ["projects", "me"]) == [ME]
    with pytest.raises(CouldNotTest, match="gone"):
        expect.gathered(asks(me=gone, projects=later), ["me", "projects"])
    with pytest.raises(NotAskedFor):
        expect.gathered(asks(me=NotAskedFor(), projects=NotAskedFor()), ["me", "projects"])
    assert expect.gathered(asks(me=NotAskedFor(), projects=ME), ["me", "projects"]) == [ME]


def test_what_was_not_asked_for_sends_nothing() -> None:
    """The first one who asks for an answer has all others sent."""
    run: Any = SimpleNamespace(answer=pytest.fail, withholds=lambda _: True)
    with pytest.raises(NotAskedFor):
        expect.gathered(run, ["revoke", "revoke-again"])


def test_of_no_answer_at_all_nothing_is_said() -> None:
    assert expect.some([ME], "none") == [ME]
    assert outcome(expect.some, [], "none") == "could not test: none"
    assert outcome(expect.pages, [answer("companies", 200, b"1", JSON)]) == (
        "could not test: none of these answers is a right list"
    )
    assert every.came([ME, answer("me", failure=Failure("timeout", ""))]) == [ME]
    assert outcome(every.came, [answer("me", failure=Failure("timeout", ""))]) == "could not test: no answer came"
