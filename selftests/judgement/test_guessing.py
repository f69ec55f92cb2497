"""Which tokens can be guessed, and what a challenge says: upper bounds and a lenient reader, against many values."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Callable

import pytest
from requests.structures import CaseInsensitiveDict

from quickstart.exchange import definitions
from quickstart.exchange.answer import Answer, Sent
from quickstart.judgement import challenges, guessing
from quickstart.run import values

RANDOM: dict[str, Callable[[], str]] = {
    "64 hex": lambda: secrets.token_hex(32),
    "32 hex": lambda: secrets.token_hex(16),
    "32 HEX": lambda: secrets.token_hex(16).upper(),
    "base64url of 256 bits": lambda: secrets.token_urlsafe(32),
    "base64url of 128 bits": lambda: secrets.token_urlsafe(16),
    "UUID": lambda: str(uuid.uuid4()),
    "40 digits": lambda: str(secrets.randbelow(10**40)).zfill(40),
    "JWT": lambda: f"eyJhbGciOiJFUzUxMiJ9.eyJhaWQiOiJhIn0.{secrets.token_urlsafe(132)}",
    "signed with 256 bits": lambda: f"eyJhbGciOiJIUzI1NiJ9.e30.{secrets.token_urlsafe(32)}",
    "version in front": lambda: f"v1|{secrets.token_urlsafe(32)}",
}


@pytest.mark.parametrize("make", RANDOM.values(), ids=RANDOM.keys())
def test_random_tokens_are_no_guess(make: Callable[[], str]) -> None:
    tokens = [make() for _ in range(100)]
    assert not [problem for token in tokens if (problem := guessing.guessable(token))]
    assert not guessing.alike(tokens)


GUESSES = {
    "empty": "",
    "a word": "secret",
    "digits": "1234567890123456",
    "zeros": "0" * 64,
    "one word often": "deadbeef" * 8,
    "two letters": "ab" * 40,
    "120 bits": secrets.token_hex(15),
    "unsigned JWT": "eyJhbGciOiJub25lIn0.eyJ1aWQiOjF9.",
}


@pytest.mark.parametrize("token", GUESSES.values(), ids=GUESSES.keys())
def test_what_is_short_or_constant_is_a_guess(token: str) -> None:
    assert guessing.guessable(token)


DIGITS, HEX, LOWER = "0123456789", "0123456789abcdef", "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("letters", "shortest", "less"),
    [
        (DIGITS, 39, 126),
        (HEX, 32, 124),
        (HEX.upper(), 32, 124),
        (f"{DIGITS}{LOWER}-_", 25, 126),
        (f"{DIGITS}{LOWER.upper()}-_", 25, 126),
        (f"{DIGITS}{LOWER}{LOWER.upper()}", 22, 125),
        (f"{DIGITS}{LOWER}{LOWER.upper()}-_", 22, 126),
        (f"{DIGITS}{LOWER}{LOWER.upper()}-_+/=~!", 20, 125),
    ],
)
def test_a_token_holds_what_its_letters_hold(letters: str, shortest: int, less: int) -> None:
    """128 bits at the least, by the smallest alphabet that has all of its letters."""
    token = (letters[-3:] + letters[10:12] + letters[36:38] + letters + letters[::-1] * 3)[:shortest]
    assert {*token} - {*DIGITS} or letters == DIGITS
    assert guessing.guessable(token) == ""
    assert guessing.guessable(token[:-1]) == f"{shortest - 1} characters that hold {less} bits at most"


def test_the_lines_of_a_uuid_hold_nothing() -> None:
    one = "01234567-89ab-cdef-0123-456789abcde"
    assert guessing.guessable(f"{one}f") == ""
    assert guessing.guessable(one) == "35 characters that hold 124 bits at most"
    assert guessing.guessable(one.upper()) == "35 characters that hold 124 bits at most"


def test_what_has_few_letters_or_repeats_itself_says_so() -> None:
    few = "abcde" + "edcba" * 20 + "a"
    assert guessing.guessable(few) == "106 characters, and only 5 different ones"
    assert guessing.guessable(f"{few}f") == ""
    assert guessing.guessable("0" * 64) == "64 characters that hold 3 bits at most"
    assert guessing.guessable("") == "0 characters that hold 0 bits at most"
    assert guessing.guessable("~!") == "2 characters that hold 13 bits at most"
    assert guessing.guessable("+/=~!+/=~!?#$%&()") == "17 characters that hold 111 bits at most"
    assert guessing.guessable("secret12" * 9) == "72 characters that hold 42 bits at most"


def test_of_a_jwt_the_signature_alone_counts() -> None:
    head, body = "eyJhbGciOiJub25lIn0", "eyJ1aWQiOjF9"
    long, short = "0123456789abcdeffedcba9876543210", "0123456789abcdef"
    assert guessing.guessable(f"{head}.{body}.{long}") == ""
    assert guessing.guessable(f"{head}.{body}.{short}") == "16 characters that hold 64 bits at most"
    assert guessing.guessable(f"{head}.{long[::-1]}x.{short}") == "16 characters that hold 64 bits at most"
    assert guessing.guessable(f"{head}.{body}") == "", "nothing but a token with a dot"
    assert guessing.guessable(f"{long}.{long[::-1]}.ab") == "", "two dots make no JWT"


def test_two_tokens_differ_in_fourteen_places() -> None:
    one = "a" * 32
    assert guessing.alike([one, "b" * 13 + one[13:]]) == "two tokens that differ in 13 characters alone"
    assert guessing.alike([one, "b" * 14 + one[14:]]) == ""
    assert guessing.alike([one, "b" * 31]) == guessing.alike([]) == guessing.alike([one]) == ""
    assert guessing.alike(["b" * 32, one, "c" + one[1:]]) == "two tokens that differ in 1 characters alone"


def test_claims_are_those_of_a_jwt() -> None:
    head, body = "eyJhbGciOiJub25lIn0", "eyJ1aWQiOjF9"
    assert guessing.claims(f"{head}.{body}.x") == {"uid": 1}
    for other in (f"{head}.{body}", f"{head}.{body}.x.y", f"x.{body}.x", f"{body[:-1]}.{body}.x", "a.b.c"):
        assert guessing.claims(other) is None, other
    assert guessing.claims(f"W10.{body}.x") is None, "a list is no head"
    assert guessing.claims(f"{head}.W10.x") is None
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=")
    assert guessing.claims(f"{deep}.{body}.x") is None
    assert guessing.claims(f"{head}.\xe9.x") is None


def test_counted_tokens_are_alike_and_one_token_twice_is_not() -> None:
    common = secrets.token_hex(24)
    assert guessing.alike([f"{common}0001", "x", f"{common}0002"])
    assert not guessing.alike([common, common])


ANY: dict[str, Callable[[], str]] = {**RANDOM, **{one: one.strip for one in "f0A_=é"}}


@pytest.mark.parametrize("make", ANY.values(), ids=ANY.keys())
def test_a_near_miss_is_another_secret_of_the_same_length(make: Callable[[], str]) -> None:
    secret = make()
    near = values.nearly(secret)
    assert (near != secret, near[:-1], len(near)) == (True, secret[:-1], len(secret))


def told(value: str | None, body: bytes = b"") -> Answer:
    """A 401 with this challenge."""
    headers = CaseInsensitiveDict({} if value is None else {"WWW-Authenticate": value})
    definition = definitions.load()["token-info-garbage-token"]
    return Answer(definition, Sent("GET", "", None, bearer=True), "", 0.0, 401, headers, body)


@pytest.mark.parametrize(
    ("value", "scheme", "error"),
    [
        (None, "", ""),
        ("", "", ""),
        ("Bearer", "bearer", ""),
        ('BEARER realm="a", error="invalid_token"', "bearer", "invalid_token"),
        ('Bearer realm="a", ERROR = invalid_token', "bearer", "invalid_token"),
        ('Basic realm="a", Bearer error="x"', "basic", "x"),
        ('Bearer error_description="error", error_uri="b"', "bearer", ""),
        ('realm="a"', "", ""),
        ('="', "", ""),
    ],
)
def test_challenges_are_read(value: str | None, scheme: str, error: str) -> None:
    assert (challenges.scheme(told(value)), challenges.error(told(value))) == (scheme, error)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"error": 5}', b'{"error": "invalid_token"}', b"\xff"])
def test_only_two_errors_contradict_each_other(body: bytes) -> None:
    assert not challenges.contradiction(told('Bearer error="invalid_token"', body))
    assert challenges.contradiction(told('Bearer error="other"', b'{"error": "invalid_token"}'))
