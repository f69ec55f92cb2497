"""Secrets in answers: which a run knows, where they may stand, and in which words it is told where they do."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import every
from quickstart.run import values
from quickstart.run.tokens import Credentials, Pair
from selftests.support.made import answer

SECRET, CODE = "client-secret-of-16", "authorization-code/+"
CONFIGURED, BEGAN, ACCESS, REFRESH = (
    "configured-refresh",
    "beginning-refresh",
    "access-token-0001",
    "refresh-token-01",
)
ISSUED, ISSUED_REFRESH = "issued-access-token", "issued-refresh-token"
GRANT = json.dumps({"access_token": ISSUED, "refresh_token": ISSUED_REFRESH}).encode()


PAIR = Pair(ACCESS, REFRESH)


def run(pair: Pair | None = PAIR, **changes: Any) -> Any:
    """What the judges of secrets look at in a run."""
    right: dict[str, Any] = {"client_secret": SECRET, "authorization_code": CODE, "refresh_token": CONFIGURED}

    def found() -> Pair:
        if pair is None:
            raise CouldNotTest("no token")
        return pair

    credentials = Credentials("id", redirect_uri="", company_id=1, **{**right, **changes})
    return SimpleNamespace(credentials=credentials, source=SimpleNamespace(refresh_token=lambda: BEGAN), pair=found)


def test_a_run_knows_the_tokens_that_it_began_with_and_was_given() -> None:
    assert every.tokens(run(), [answer("token", 200, GRANT), answer("me", 200, GRANT)]) == {
        CONFIGURED: "the refresh token",
        BEGAN: "that refresh token",
        ACCESS: "the access token",
        REFRESH: "the refresh token of the pair",
        ISSUED: "the access token of token",
        ISSUED_REFRESH: "the refresh token of token",
    }


def test_a_run_without_tokens_knows_none_of_its_own() -> None:
    assert every.tokens(run(None, refresh_token=None), []) == {BEGAN: "that refresh token"}
    assert every.tokens(run(Pair(ACCESS), refresh_token=None), []).keys() == {BEGAN, ACCESS}


@pytest.mark.parametrize(
    "one",
    [
        answer("token", 400, GRANT),
        answer("token", 200, b"{}"),
        answer("token", 200, b"no json"),
        answer("authorize", 200, GRANT),
        answer("token-info", 200, GRANT),
    ],
)
def test_only_a_success_of_the_token_endpoint_issues_tokens(one: Answer) -> None:
    assert not {ISSUED, ISSUED_REFRESH} & every.tokens(run(), [one]).keys()


def test_what_is_shorter_than_sixteen_signs_is_no_secret_to_look_for() -> None:
    assert "a" * 16 in every.tokens(run(Pair("a" * 16)), [])
    assert "a" * 15 not in every.tokens(run(Pair("a" * 15)), [])
    short = answer("me", 200, f"{'s' * 15} {'c' * 15}".encode())
    assert every.echoes(run(client_secret="s" * 15, authorization_code="c" * 15), [short]) == []
    enough = answer("me", 200, f"{'s' * 16} {'c' * 16}".encode())
    assert every.echoes(run(client_secret="s" * 16, authorization_code="c" * 16), [enough]) == [
        "the client secret in the body of me",
        "the code in the body of me",
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (CONFIGURED, "the refresh token"),
        (BEGAN, "that refresh token"),
        (ACCESS, "the access token"),
        (REFRESH, "the refresh token of the pair"),
        (SECRET, "the client secret"),
        (CODE, "the code"),
    ],
)
@pytest.mark.parametrize("name", ["me", "token-info", "token-wrong-secret"])
def test_a_secret_in_a_body_or_a_header_is_told(value: str, words: str, name: str) -> None:
    assert every.echoes(run(), [answer(name, 400, f'"{value}"'.encode())])[0] == f"{words} in the body of {name}"
    told = every.echoes(run(), [answer(name, 400, b"", ("X-A", "1"), ("X-Echo", f"={value}"))])
    assert told == [f"{words} in X-Echo of {name}"]


@pytest.mark.parametrize("spell", [quote, lambda text: base64.b64encode(text.encode()).decode().rstrip("=")])
def test_a_secret_is_found_in_other_spellings(spell: Any) -> None:
    assert every.echoes(run(), [answer("me", 200, spell(f"{CODE}").encode())]) == ["the code in the body of me"]


def test_the_token_endpoint_issues_tokens_in_the_body_of_a_success_alone() -> None:
    assert every.echoes(run(), [answer("token", 200, GRANT)]) == []
    in_a_header = answer("token", 200, GRANT, ("X-Token", ISSUED))
    assert every.echoes(run(), [in_a_header]) == ["the access token of token in X-Token of token"]
    again = [answer("token", 200, GRANT), answer("refresh", 200, GRANT)]
    assert every.echoes(run(), again) == [], "the same ones again, where it likes"
    elsewhere = [answer("token", 200, GRANT), answer("me", 200, GRANT), answer("refresh", 400, GRANT)]
    assert every.echoes(run(), elsewhere) == [
        "the access token of token in the body of me",
        "the refresh token of token in the body of me",
        "the access token of token in the body of refresh",
        "the refresh token of token in the body of refresh",
    ]
    assert every.echoes(run(), [answer("token", 200, SECRET.encode())]) == ["the client secret in the body of token"]


def test_a_token_in_a_cookie_is_judged_elsewhere_and_a_secret_of_ours_is_not() -> None:
    assert every.echoes(run(), [answer("me", 200, b"", ("set-cookie", f"a={ACCESS}"))]) == []
    mine = answer("me", 200, b"", ("set-cookie", f"a={SECRET}"), ("Set-Cookie", "b=1"))
    assert every.echoes(run(), [mine]) == ["the client secret in Set-Cookie of me"]


def test_a_run_without_a_code_looks_for_none() -> None:
    assert every.echoes(run(authorization_code=None), [answer("me", 200, b"None, and nothing else")]) == []


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ("", True),
        ("; HttpOnly; Path=/", True),
        ("; insecure", True),
        ("; Secure", False),
        (";SECURE ; Path=/", False),
    ],
)
def test_a_cookie_with_a_token_travels_with_tls_alone(attributes: str, told: bool) -> None:
    one = answer("me", 200, b"", ("Set-Cookie", f"a=1{attributes}"), ("Set-Cookie", f"secure={ACCESS}{attributes}"))
    assert every.open_cookies(run(), [one]) == (["the access token in a cookie of me"] if told else [])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (values.DELIBERATELY_WRONG["wrong_client_secret"], "the wrong client secret"),
        (values.DELIBERATELY_WRONG["bogus_code"], "the bogus code or token"),
        (values.GARBAGE_TOKEN, "the garbage token"),
        (values.nearly(SECRET), "the client secret that is nearly right"),
    ],
)
def test_what_was_wrong_on_purpose_is_not_repeated(value: str, words: str) -> None:
    assert every.parroted(run(), [answer("me", 200, b"{}", ("X-A", "b"))]) == []
    assert every.parroted(run(), [answer("me", 401, f"no {value}".encode())]) == [f"{words} in the body of me"]
    assert every.parroted(run(), [answer("me", 401, b"", ("X-A", f"no {value}"))]) == [f"{words} in X-A of me"]
