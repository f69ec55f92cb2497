"""Transport: TLS, redirects and rate limits, judged over all exchanges of a run."""

from urllib.parse import urlsplit

import pytest

from quickstart.exchange import definitions, fields
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect
from quickstart.run.run import Run

PLAIN = ("authorize", "token", "token-info", "companies", "projects", "me", "client-credentials")
WITH_SECRET = tuple(one.name for one in definitions.load().values() if one.form or one.bearer)
LIMITED = tuple(one.name for one in definitions.load().values() if one.host == "api" and not one.plain_http)
BEFORE_TLS = frozenset({"dns", "proxy", "connect", "timeout"})  # failures that say nothing of a certificate
DAY = 86400  # seconds; Procore's longest window is an hour
LATE = 60  # seconds; a window may end while its answer is under way


def leads_away(answer: Answer) -> bool:
    """Whether the answer sends the caller to another host, or out of TLS."""
    asked, to = urlsplit(answer.sent.url), fields.target(answer.sent.url, answer.headers.get("Location", ""))
    moved = answer.status in {301, 302, 303, 307, 308}
    return moved and (to is None or fields.origin(asked) != fields.origin(to))


def rate_limit_problem(answer: Answer) -> str:
    """Say what is wrong with the rate-limit headers of an answer, or nothing."""
    given = {name: answer.headers.get(f"X-Rate-Limit-{name}", "") for name in ("Limit", "Remaining", "Reset")}
    limit, remaining, reset = (fields.whole(value) for value in given.values())
    if limit is None or remaining is None or reset is None:
        return f"{answer.name}: {given}"
    sensible = limit >= 1 and remaining <= limit and -LATE <= reset - answer.server_time <= DAY
    return "" if sensible else f"{answer.name}: {given}"


@pytest.mark.requirement("transport.certificate")
@pytest.mark.judges(*PLAIN)
def test_certificates_are_valid(judged: list[Answer], run: Run) -> None:
    """Every host proves who it is."""
    if not run.target.login_url.startswith("https:"):
        raise CouldNotTest("the target is this machine itself, over plain http")
    known = [answer for answer in judged if answer.status or (answer.failure and answer.failure.kind not in BEFORE_TLS)]
    expect.some(known, "no host was reached, so none showed a certificate")
    refused = [answer.name for answer in judged if answer.failure and answer.failure.kind == "certificate"]
    assert not refused, f"a certificate that is not valid for the host: {expect.listed(refused)}"


def is_not_served(answer: Answer) -> None:
    """Port 80 is closed, refuses, or sends the caller to https."""
    __tracebackhide__ = True
    if answer.failure and answer.failure.kind in {"dns", "proxy"}:
        raise CouldNotTest(answer.outcome)
    location = answer.headers.get("Location", "")
    to = fields.target(answer.sent.url, location)
    moved = answer.status in {301, 302, 303, 307, 308}
    assert answer.failure or answer.as_expected, f"an answer without TLS: {expect.described(answer)}"
    assert not moved or (to and to.scheme == "https" and to.hostname), f"a redirect to {location}"


@pytest.mark.requirement("transport.plain-http")
def test_plain_http_is_not_served(plain_http: Answer) -> None:
    """The API needs TLS."""
    is_not_served(plain_http)


@pytest.mark.requirement("transport.plain-http-login")
def test_login_is_not_served_over_plain_http(plain_http_login: Answer) -> None:
    """So does the page on which a password is typed."""
    is_not_served(plain_http_login)


@pytest.mark.requirement("transport.redirect")
@pytest.mark.judges(*WITH_SECRET)
def test_no_redirect_carries_the_token_away(judged: list[Answer]) -> None:
    """What was sent with a secret is never answered with a redirect to another host or to plain http."""
    answered = expect.some([answer for answer in judged if answer.status], "no exchange with a secret was answered")
    away = [f"{one.name} to {one.headers.get('Location', 'nowhere')}" for one in answered if leads_away(one)]
    assert not away, expect.listed(away)


@pytest.mark.requirement("transport.rate-limit")
@pytest.mark.judges(*LIMITED)
def test_rate_limit_headers_make_sense(judged: list[Answer]) -> None:
    """Limit, Remaining and Reset are whole numbers that fit together."""
    told = [answer for answer in judged if any(name.lower().startswith("x-rate-limit-") for name in answer.headers)]
    if not told:
        raise CouldNotTest("no answer carries rate-limit headers")
    wrong = [problem for answer in told if (problem := rate_limit_problem(answer))]
    assert not wrong, expect.listed(wrong)
