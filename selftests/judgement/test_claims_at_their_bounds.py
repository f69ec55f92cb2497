"""Claims at their bounds: the last answer that is right, and the first that is not; what faults do not step on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from quickstart.exchange import definitions
from quickstart.exchange.answer import Answer, Failure
from quickstart.run.run import Run
from selftests.support.claims import COULD_NOT_TEST, FAILED, PASSED, judged, with_headers, with_members

REDIRECTS = (301, 302, 303, 307, 308)
LIMITED = ("companies", "projects", "me-refreshed", "projects-of-company", "me-without-token")
API = tuple(one.name for one in definitions.load().values() if one.host == "api" and not one.plain_http)
WITH_TOKEN = ("token", "token-info", "companies", "projects", "me", "client-credentials", "projects-v1.0", "refresh")
ENCRYPTED = ("authorize", "token", "token-info", "companies", "projects", "me", "client-credentials")
GRANTS = ("token", "refresh", "refresh-again", "client-credentials", "client-credentials-multipart")


def moved(answer: Answer, status: int, location: str | None) -> Answer:
    """The answer as a redirect."""
    return replace(with_headers(answer, {"Location": location}), status=status, content=b"")


def failed(answer: Answer, kind: str) -> Answer:
    """No answer, for a reason."""
    return replace(answer, status=None, content=b"", failure=Failure(kind, kind))


# --- transport


@pytest.mark.parametrize("status", REDIRECTS)
def test_plain_http_may_redirect_to_https_alone(run: Run, status: int) -> None:
    right = run.answer("plain-http")
    for location, said in (("https://x.example/", PASSED), ("http://x.example/", FAILED), (None, FAILED)):
        assert judged(run, "transport.plain-http", {right.name: moved(right, status, location)}) == said


@pytest.mark.parametrize(("status", "said"), [(200, FAILED), (299, FAILED), (400, PASSED), (503, PASSED)])
def test_plain_http_may_refuse_and_not_answer(run: Run, status: int, said: str) -> None:
    right = run.answer("plain-http")
    assert judged(run, "transport.plain-http", {right.name: moved(right, status, None)}) == said


@pytest.mark.parametrize(("kind", "said"), [("dns", COULD_NOT_TEST), ("proxy", COULD_NOT_TEST), ("connect", PASSED)])
def test_a_closed_port_80_is_right_and_an_unknown_host_says_nothing(run: Run, kind: str, said: str) -> None:
    right = run.answer("plain-http")
    assert judged(run, "transport.plain-http", {right.name: failed(right, kind)}) == said


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("name", WITH_TOKEN)
def test_what_carries_a_secret_is_not_led_away(run: Run, name: str, status: int) -> None:
    right = run.answer(name)
    site = right.sent.url.split("/")[2]
    for location, said in (
        ("/elsewhere", PASSED),
        (f"https://{site}/x", PASSED),
        (f"http://{site}/x", FAILED),
        ("https://other.example/x", FAILED),
        (f"https://{site}:8443/x", FAILED),
        ("https://[", FAILED),
    ):
        assert judged(run, "transport.redirect", {name: moved(right, status, location)}) == said, location


@pytest.mark.parametrize("status", [200, 201, 300, 304, 306, 309, 401])
def test_what_is_no_redirect_leads_nowhere(run: Run, status: int) -> None:
    right = run.answer("me")
    assert judged(run, "transport.redirect", {"me": moved(right, status, "https://other.example/x")}) == PASSED


@pytest.mark.parametrize("name", ENCRYPTED)
def test_a_wrong_certificate_is_seen_at_each_exchange(run: Run, name: str) -> None:
    assert judged(run, "transport.certificate", {name: failed(run.answer(name), "certificate")}) == FAILED


@pytest.mark.parametrize("kind", ["dns", "proxy", "connect", "timeout"])
def test_a_certificate_that_was_not_reached_is_not_judged(run: Run, kind: str) -> None:
    for known in (None, *ENCRYPTED):
        answers = {name: failed(run.answer(name), kind) for name in ENCRYPTED if name != known}
        assert judged(run, "transport.certificate", answers) == (PASSED if known else COULD_NOT_TEST)


def test_a_certificate_was_seen_where_the_connection_broke_later(run: Run) -> None:
    assert judged(run, "transport.certificate", {one: failed(run.answer(one), "reset") for one in ENCRYPTED}) == PASSED


def limits(answer: Answer, limit: object, remaining: object, ends_in: object) -> Answer:
    """The answer with rate-limit headers; ``ends_in`` in seconds after its Date, or a text as it is."""
    reset = str(int(answer.server_time) + ends_in) if isinstance(ends_in, int) else ends_in
    told = {"Limit": limit, "Remaining": remaining, "Reset": reset}
    return with_headers(
        answer, {f"X-Rate-Limit-{name}": None if one is None else str(one) for name, one in told.items()}
    )


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((1, 1, 60), PASSED),
        ((1, 0, -60), PASSED),
        ((3600, 3600, 86_400), PASSED),
        ((0, 0, 60), FAILED),
        ((10, 11, 60), FAILED),
        ((10, 5, -61), FAILED),
        ((10, 5, 86_401), FAILED),
        ((None, 5, 60), FAILED),
        ((10, None, 60), FAILED),
        ((10, 5, None), FAILED),
        ((10, 5, "soon"), FAILED),
        ((None, None, "soon"), FAILED),
    ],
)
def test_rate_limits_fit_together(run: Run, name: str, told: tuple[object, object, object], said: str) -> None:
    assert judged(run, "transport.rate-limit", {name: limits(run.answer(name), *told)}) == said


def test_rate_limits_that_nobody_tells_are_not_judged(run: Run) -> None:
    answers = {name: limits(run.answer(name), None, None, None) for name in API}
    assert judged(run, "transport.rate-limit", answers) == COULD_NOT_TEST


# --- step 5


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/login", PASSED),
        ("https://login.procore.com/x", PASSED),
        ("urn:ietf:wg:oauth:2.0:oob?code=x", PASSED),
        ("urn:ietf:wg:oauth:2.0:elsewhere?code=x", FAILED),
        ("http://login-sandbox.procore.com/x", FAILED),
        ("ftp://login-sandbox.procore.com/x", FAILED),
        ("https://login-sandbox.procore.com.example.com/x", FAILED),
        ("https://[", FAILED),
        (None, PASSED),
    ],
)
def test_authorize_leads_to_procore_or_to_the_app(run: Run, location: str | None, said: str) -> None:
    answer = with_headers(run.answer("authorize"), {"Location": location})
    assert judged(run, "authorize.redirect", {"authorize": answer}) == said


@pytest.mark.parametrize(
    ("body", "location", "said"),
    [(b"a page", None, PASSED), (b"", "/login", PASSED), (b" \n", None, FAILED), (b"", "", FAILED)],
)
def test_authorize_shows_something_or_leads_on(run: Run, body: bytes, location: str | None, said: str) -> None:
    answer = replace(with_headers(run.answer("authorize"), {"Location": location}), content=body)
    assert judged(run, "authorize.answers", {"authorize": answer}) == said


def test_a_code_for_a_wrong_redirect_uri_is_seen_on_procores_own_page(run: Run) -> None:
    page = replace(run.answer("authorize-wrong-redirect-uri"), content=b'<code id="authorization_code">x</code>')
    assert judged(run, "authorize.wrong-redirect-uri", {page.name: page}) == FAILED


# --- step 6


@pytest.mark.parametrize(
    ("seconds", "said"), [(5299, FAILED), (5300, PASSED), (5400, PASSED), (5401, FAILED), (7200, FAILED)]
)
def test_a_fresh_token_lives_as_long_as_documented(run: Run, seconds: int, said: str) -> None:
    answer = with_members(run.answer("token"), {"expires_in": seconds})
    assert judged(run, "token.expires-in-documented", {"token": answer}) == said


@pytest.mark.parametrize("name", GRANTS)
def test_a_grant_that_names_an_error_is_seen(run: Run, name: str) -> None:
    assert judged(run, "token.no-error", {name: with_members(run.answer(name), {"error": "x"})}) == FAILED


def guessable(run: Run) -> Iterator[tuple[str, Answer]]:
    """Grants with one token that can be guessed."""
    for name in GRANTS:
        right = run.answer(name)
        for member in {"access_token", "refresh_token"} & {*with_members(right, {}).parsed}:
            yield name, with_members(right, {member: "abc"})


def test_a_guessable_token_is_seen_in_each_grant(run: Run) -> None:
    found = [(name, judged(run, "token.unguessable", {name: answer})) for name, answer in guessable(run)]
    assert found == [(name, FAILED) for name, _ in found]
    assert {name for name, _ in found} == {*GRANTS}


def test_tokens_that_differ_by_little_are_seen(run: Run) -> None:
    first: dict[str, Any] = run.answer("token").json
    near = first["access_token"][:-1] + ("A" if first["access_token"][-1] != "A" else "B")
    other = with_members(run.answer("client-credentials"), {"access_token": near})
    assert judged(run, "token.unguessable", {"client-credentials": other}) == FAILED


@pytest.mark.parametrize("status", [*REDIRECTS, 404, 405, 410])
def test_a_token_endpoint_without_the_slash_is_missed(run: Run, status: int) -> None:
    answer = replace(run.answer("client-credentials"), status=status)
    assert judged(run, "token.path-without-slash", {answer.name: answer}) == FAILED


@pytest.mark.parametrize("status", [200, 300, 304, 306, 309, 400, 401, 403, 406, 409, 411, 500])
def test_a_token_endpoint_without_the_slash_may_refuse(run: Run, status: int) -> None:
    answer = replace(run.answer("client-credentials"), status=status)
    assert judged(run, "token.path-without-slash", {answer.name: answer}) == PASSED


@pytest.mark.parametrize(
    ("status", "said"),
    [
        *((status, COULD_NOT_TEST) for status in (400, 401, 428, 429, 430, 499)),
        *((399, FAILED), (500, FAILED), (200, PASSED)),
    ],
)
def test_an_app_may_have_no_service_account(run: Run, status: int, said: str) -> None:
    answer = replace(run.answer("client-credentials"), status=status)
    assert judged(run, "client-credentials.status", {answer.name: answer}) == said
