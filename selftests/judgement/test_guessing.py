"""Which tokens can be guessed, and what a challenge says: upper bounds and a lenient reader, against many values."""

from __future__ import annotations

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
