"""Both ways: a secret goes from what came from outside, and no word of ours goes with it, whatever the secret is."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from functools import cache

import pytest

from quickstart.judgement import catalogue
from quickstart.plugin.options import ours_in
from quickstart.secrecy.redaction import Redactor
from selftests.secrecy.canaries import dressed, pieces
from selftests.support.project import ROOT

# What our reports, pytest's and a log are made of, besides the catalogue.
SENTENCES = (
    "CONFORMANT: 113 requirements are satisfied.",
    "NOT CONFORMANT: 3 requirements are violated; 12 could not be tested.",
    "token answered no access token that a bearer header can carry",
    "the app has no service account here (400 invalid_client)",
    "tests/test_step7_projects.py::test_only_active_projects_are_listed PASSED [ 12%]",
    "=========================== short test summary info ============================",
    "Bearer authentication failed: basic authorization was refused, and the bearer expired yesterday",
    "exchange: token: POST https://login-sandbox.procore.com/oauth/token → 200, evidence: live, 0.21 s",
    'expected: integer, 1 to 7200 (access_token: required; client_secret="missing"), Procore-Company-Id: 4265001',
    "::error title=token.expires-in::The token response MUST say for how long the token lives.",
)
SECRET = re.compile(r"\d.*\d")  # a piece without digits is a word of ours in these secrets
WORDS = re.compile(r"[\w./-]{2,}")


@cache
def our_sentences() -> tuple[str, ...]:
    """All that the catalogue says, and the sentences above."""
    known = catalogue.load(ROOT / "tests" / "catalogue.toml").values()
    said = [text for one in known for text in (one.id, one.step, one.sentence, one.expected, one.remedy, one.standing)]
    return (*SENTENCES, *said)


def difficult_secrets(seed: int) -> Iterator[str]:
    """Secrets that are words of ours, hold them, are short, or are part of each other."""
    chance = random.Random(seed)  # noqa: S311 - the same in each run
    words = sorted({word for sentence in our_sentences() for word in WORDS.findall(sentence)})
    for word in chance.sample(words, 12):
        yield word
        yield word[:4]
        yield f"{word}-{chance.choice(words)}"
        yield f"{word}-{chance.getrandbits(64):016x}"
        yield f"{chance.getrandbits(64):016x}{word}"
    whole = f"{chance.getrandbits(256):064x}"
    yield from (whole, whole[:20], whole[8:40], whole[-24:], whole.upper(), whole[:8], whole[:5])
    yield from ("a", "200", "2026", "bearer", "conformant", "token", "access_token", "client-credentials", "PASSED")


@pytest.fixture(params=range(4))
def secrets(request: pytest.FixtureRequest) -> list[str]:
    """Some forty of them."""
    return list(difficult_secrets(request.param))


def redactor_of(secrets: list[str]) -> Redactor:
    """A redactor that learned them where secrets stand, in some order."""
    redactor = Redactor(ours_in(ROOT))
    for number, secret in enumerate(secrets):
        answer = json.dumps({"access_token": secret, "refresh_token": secrets[-number]}).encode()
        redactor.discover("application/json", answer, {"Set-Cookie": f"session={secret}; Path=/"}, "https://a.b/c")
    return redactor


def test_no_word_of_ours_is_replaced(secrets: list[str]) -> None:
    redactor = redactor_of(secrets)
    assert [text for text in our_sentences() if redactor.net(text) != text] == []
    assert [text for text in our_sentences() if redactor.line(text) != text.replace("::error", "\\x3a:error")] == []


def test_no_difficult_secret_is_left_in_its_place(secrets: list[str]) -> None:
    redactor = redactor_of(secrets)
    long = [secret for secret in secrets if len(secret) > 2]
    answer = {"deep": [{"accessToken": secret} for secret in long], "list": {"client_secret": long}}
    left = json.loads(redactor.body("application/json", json.dumps(answer).encode()))
    shown = [one["accessToken"] for one in left["deep"]]
    assert [secret for secret, other in zip(long, shown, strict=True) if other == secret] == []
    assert len(set(shown)) == len(set(long))


def test_no_secret_is_left_anywhere_in_any_dress(secrets: list[str]) -> None:
    redactor = redactor_of(secrets)
    long = [secret for secret in secrets if len(secret) >= 16 and SECRET.search(secret)]
    assert len(long) > 20
    ours = "\n".join(our_sentences())
    for secret in long:
        for form in {form for form in (*dressed(secret), *pieces(secret)) if SECRET.search(form) and form not in ours}:
            for text in (form, f"said {form}, again", f'{{"why":"{form}"}}', f"x{form}y", f"<p>{form}</p>"):
                assert form not in redactor.text(text), (secret, form)
                assert form not in redactor.net(text), (secret, form)


@pytest.mark.parametrize("name", ["Bearer failed", "Basic 1234", "bearer ezwlhy", "Basic Construction-Company", "Jane"])
def test_a_name_that_looks_like_a_bearer_is_nobodys_secret(name: str) -> None:
    redactor = Redactor(ours_in(ROOT))
    body = json.dumps([{"id": 1, "name": name, "is_active": True}]).encode()
    redactor.discover("application/json", body, {"X-Note": name}, "https://a.b/rest/v1.0/companies")
    assert redactor.body("application/json", body) == body
    assert redactor.text(f"the test failed for {name}") == f"the test failed for {name}"


@pytest.mark.parametrize(
    "value", ["x7Kq9Lm2Pz4R", "eyJhbGciOiJF.eyJhbXIi.abcdEF12", "9f8e7d6c5b4a39281706", "Zm9vOmJhcg12=="]
)
def test_a_bearer_that_looks_like_one_is_found_in_free_text(value: str) -> None:
    redactor = Redactor(ours_in(ROOT))
    assert value not in redactor.text(f"the gateway saw Bearer {value} and refused")
    assert value not in redactor.net(f"again {value}")


def test_a_short_secret_goes_as_a_word_and_takes_no_other_word_along() -> None:
    redactor = Redactor(ours_in(ROOT))
    redactor.learn("access-token", "k7#Qx")
    assert redactor.text("it is k7#Qx, k7%23Qx and k7#Qxy").count("k7#Qx") == 1
    assert "k7%23Qx" not in redactor.text("k7%23Qx")


def test_redacting_twice_changes_nothing_more(secrets: list[str]) -> None:
    redactor = redactor_of(secrets)
    text = " and ".join(form for secret in secrets for form in dressed(secret))
    once = redactor.text(text)
    assert redactor.text(once) == once


NASTY = {
    "dashes and a digit": lambda times: "a-" * times + "1",
    "names of members": lambda times: "access_token" * (times // 5),
    "bearers": lambda times: "bearer " * (times // 3),
    "a name and spaces": lambda times: "client_secret" + " " * 2 * times,
    "a form": lambda times: "k=" + "&k=" * (times // 2) + "<",
    "an address": lambda times: "a" * 2 * times + "@",
    "a token in parts": lambda times: "ey" + "a." * times,
    "empty lines": lambda times: "\n" * 2 * times + "::",
    "per cent": lambda times: "%" * 2 * times,
    "equals": lambda times: "=" * 2 * times,
    "digits": lambda times: "7" * 2 * times,
}


def seconds_of(text: str) -> float:
    """CPU seconds that a redactor takes for it."""
    redactor = Redactor(ours_in(ROOT))
    redactor.learn("access-token", "7" * 64)
    redactor.learn("client-secret", "a-" * 40)
    began = time.process_time()
    redactor.shown(text)
    redactor.net(text)
    redactor.discover("text/plain", text.encode(), {"X-Note": text}, f"https://a.b/?{text}", opaque=True)
    return time.process_time() - began


@pytest.mark.parametrize("name", NASTY)
def test_the_time_grows_with_the_length_alone(name: str) -> None:
    """What looks back again and again takes four times as long for twice as much."""
    once, twice = (seconds_of(NASTY[name](times)) for times in (50_000, 100_000))
    assert twice < 3 * once + 0.3


def test_thousands_of_people_in_one_answer_are_taken_out_in_time() -> None:
    """Those beyond the first thousands are replaced where they stand; the time grows with their number alone."""
    redactor = Redactor()
    text = " ".join(f"person{number}@example.org" for number in range(10_000))
    started = time.monotonic()
    redactor.discover("application/json", json.dumps([{"name": text}]).encode(), {}, "https://sandbox.procore.com/")
    assert "@example.org" not in redactor.text(text)
    assert time.monotonic() - started < 30
