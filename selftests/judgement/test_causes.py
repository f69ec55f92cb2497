"""The table of causes, row by row: which answer, in which circumstances, is explained by which row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from quickstart.exchange.answer import Answer, Failure
from quickstart.exchange.messages import Reply, Request
from quickstart.exchange.targets import Target
from quickstart.judgement import catalogue, causes, diagnosis
from quickstart.judgement.causes_on_the_way import ON_THE_WAY
from quickstart.judgement.facts import Circumstances
from quickstart.run.tokens import CACHE, CODE, REFRESH, SERVICE_ACCOUNT
from selftests.support.made import SANDBOX, answer
from selftests.support.project import ROOT

CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
COMPANY = 5
PAGE = b"<html><body>Sign in</body></html>"
COMPANIES = [{"id": 4, "name": "a", "is_active": True}, {"id": COMPANY, "name": "b", "is_active": True}]
MIXED = Target("sandbox", SANDBOX.login_url, "https://api.procore.com")
ONE_HOST = Target("sandbox", SANDBOX.api_url, SANDBOX.api_url)
RIGHT = {
    "companies": json.dumps(COMPANIES).encode(),
    "companies-without-mine": json.dumps(COMPANIES[:1]).encode(),
    "companies-empty": b"[]",
}


def known(source: str = CODE, *came: str, target: Target = SANDBOX) -> Circumstances:
    """A run that got its token by ``source`` and had these right answers, by exchange."""
    answers = {one: answer(one.split("-without-mine")[0].split("-empty")[0], 200, RIGHT.get(one, b"")) for one in came}
    found = {one.name: one for one in answers.values()}
    return Circumstances(target, source, COMPANY, "https://localhost/", answers=found)


@dataclass(frozen=True)
class Shown:
    """Answers to ``exchanges`` with any of ``statuses``, and the cause that each of them shows."""

    cause: str
    exchanges: str
    statuses: tuple[int, ...]
    content: bytes = b""
    known: Circumstances = field(default_factory=known)
    defined: dict[str, Any] = field(default_factory=dict)


def refused(error: str) -> bytes:
    return json.dumps({"error": error}).encode()


OF_ACCOUNT = known(SERVICE_ACCOUNT)
ACCEPTED = known(CODE, "me")
OPEN_TO_NONE = replace(known(), answers={"companies-without-token": answer("companies-without-token", 403)})
ENDED = replace(known(), answers={"a": answer("companies"), "b": answer("projects", 401), "c": answer("me", 401)})
LOST = replace(ENDED, answers={"a": answer("projects"), **{one: answer("projects-again", 404) for one in "bc"}})
NOBODY = replace(known(), answers={one: answer(one, 403) for one in ("companies", "me")})
FOUND = replace(known(), answers={"projects": answer("projects", 403), "again": answer("projects-again")})
CALLS = "companies projects me"
ITS_CALLS = "client-credentials me-client-credentials companies-client-credentials"  # of a service account
SHOWN = (
    # on the way
    Shown("redirected", "me token token-wrong-secret me-after-revoke", (300, 301, 302, 303, 305, 399)),
    Shown("rate-limit", "me token token-wrong-secret me-after-revoke", (429,)),
    Shown("unavailable", "me token-wrong-secret me-after-revoke", (502, 503, 504, 520, 527)),
    Shown("server-error", "me token-wrong-secret me-after-revoke", (408, 500, 501, 505, 519, 528, 599)),
    Shown("page", "companies projects me token-info", (200,), PAGE),
    Shown("page", "token-wrong-secret token-bogus-code", (200, 400, 401), PAGE),
    Shown("page", "me", (299,), PAGE, defined={"expect": (299,)}),
    Shown("", "me", (300,), PAGE, defined={"expect": (300,)}),
    Shown("", "authorize companies-without-token me-after-revoke", (200,), PAGE),  # they promise no JSON
    Shown("", "projects-without-company-header", (404,), PAGE),  # a refusal that promises none
    Shown("gateway", "companies projects me", (403, 405, 406, 421, 451), PAGE),
    Shown("unexpected-refusal", "me", (400, 402, 404, 407, 420, 422, 450, 452), PAGE),
    Shown("no-access", "me", (403,), b"{}"),
    # tokens
    Shown("no-service-account", ITS_CALLS, (400, 401, 499)),
    Shown("unexpected-status", ITS_CALLS, (299, 600)),
    Shown("unexpected-refusal", "client-credentials", (400,), known=OF_ACCOUNT),
    Shown("unexpected-refusal", "token-info-client-credentials", (400,)),
    Shown("invalid-client", "token-bogus-code refresh-bogus-token", (401,), refused("invalid_client"), known(CACHE)),
    Shown("", "token-bogus-code", (400, 401), refused("invalid_client"), known(CODE, "token")),  # the promise says it
    Shown("", "token-wrong-secret", (400, 401), refused("invalid_client"), known(CACHE)),
    Shown("invalid-client", "token refresh", (400, 401, 403), refused("invalid_client")),
    Shown("invalid-client", "client-credentials", (401,), refused("invalid_client"), OF_ACCOUNT),
    Shown("unexpected-refusal", "token", (401,), refused("invalid_client"), known(CODE, "refresh")),
    Shown("unexpected-refusal", "token", (401,), refused("invalid_client"), known(CODE, "client-credentials")),
    Shown("unexpected-refusal", "refresh", (401,), refused("invalid_client"), known(CODE, "token")),
    Shown("unexpected-refusal", "me", (400,), refused("invalid_client")),
    Shown("code-burnt", "token", (400,), refused("invalid_grant"), known(CODE, "token-wrong-redirect-uri")),
    Shown("unexpected-refusal", "me", (400,), refused("invalid_grant"), known(CODE, "token-wrong-redirect-uri")),
    Shown("invalid-code", "token", (400, 401), refused("invalid_grant")),
    Shown("unexpected-refusal", "me", (400,), refused("unauthorized_client")),
    Shown("no-user-component", "token", (400,), refused("unauthorized_client")),
    Shown("unexpected-refusal", "token", (400,), refused("invalid_grant_of_mine")),
    Shown("refresh-lost", "refresh", (500, 502, 503, 504), known=known(REFRESH)),
    Shown("refresh-refused", "refresh", (400,), refused("invalid_grant"), known(REFRESH)),
    Shown("unexpected-refusal", "refresh", (400,), refused("invalid_grant"), known(CODE, "token")),
    *(
        Shown("no-service-account", "client-credentials", (400,), refused(error), OF_ACCOUNT)
        for error in ("unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_grant")
    ),
    Shown("unexpected-refusal", "client-credentials", (400,), refused("invalid_request"), OF_ACCOUNT),
    Shown("dead-cached-token", "token-info companies", (401,), known=known(CACHE)),
    Shown("token-refused-there", "token-info companies", (401,), known=known(CACHE, "me")),
    Shown("token-refused-there", "projects me", (401,), known=known(CACHE)),
    Shown("mixed-hosts", "companies", (401,), known=known(target=MIXED)),
    Shown("token-refused", "token-info", (401,), known=known(target=MIXED)),
    Shown("token-refused", "companies", (401,), known=known(target=ONE_HOST)),
    Shown("token-refused-there", "companies", (401,), known=known(CODE, "me", target=MIXED)),
    Shown("token-refused", "token-info companies", (401,)),
    Shown("token-refused-there", "token-info companies projects me projects-v1.0", (401,), known=ACCEPTED),
    Shown("unexpected-refusal", "me-with-company", (401,)),
    Shown("token-ended", "projects-page-1 me me-with-company", (401,), known=ENDED),
    Shown("unexpected-refusal", "me-with-company", (402,), known=ENDED),
    # companies
    Shown("not-connected", "projects companies me project", (403,), b'{"message": "App is Not Connected"}'),
    Shown("not-connected", "projects", (403,), b'{"message": "It has not been installed."}'),
    Shown("unexpected-refusal", "project", (403,), b'{"message": "not connected"}', known(CODE, "projects")),
    Shown("unexpected-refusal", "project", (404,), b'{"message": "not connected"}'),
    Shown("companies-refused", "companies", (403, 404), known=known(CODE, "projects")),
    Shown("unexpected-refusal", "me", (403, 404), known=known(CODE, "projects")),
    Shown("unexpected-refusal", "companies", (405,), known=known(CODE, "projects")),
    Shown("no-company", "projects", (403, 404), known=known(CODE, "companies-empty")),
    Shown("no-access", "me", (403,), known=known(CODE, "companies-empty")),
    Shown("not-permitted", CALLS, (403,), known=OF_ACCOUNT),
    Shown("unexpected-refusal", "me", (403,), known=known(SERVICE_ACCOUNT, "projects")),
    Shown("access-ended", "projects-page-1 projects-lower-case-header", (403, 404), known=LOST),
    Shown("unexpected-refusal", "projects-page-1", (404,), known=known(CODE, "projects")),
    Shown("user-refused", CALLS, (403,), known=NOBODY),
    Shown("not-permitted", CALLS, (403,), known=replace(NOBODY, source=SERVICE_ACCOUNT)),
    Shown("no-access", CALLS, (403,)),
    Shown("no-access", "projects", (403,), known=known(CODE, "companies")),
    Shown("unexpected-refusal", "project projects-v1.0", (403,)),
    Shown("unexpected-refusal", "projects", (403,), b'{"message": "not connected"}', FOUND),
    Shown("refused-to-all", CALLS, (403,), known=OPEN_TO_NONE),
    Shown("refused-to-all", CALLS, (403,), known=replace(OPEN_TO_NONE, source=SERVICE_ACCOUNT)),
    Shown("not-connected", CALLS, (403,), b'{"message": "not connected"}', OPEN_TO_NONE),
    Shown("unexpected-refusal", "project", (403,), known=OPEN_TO_NONE),
    Shown("hidden", "projects", (404,), known=known(CODE, "companies")),
    Shown("unexpected-refusal", "projects", (404,), known=known(CODE, "companies", "projects-again")),
    Shown("company-of-nobody", "companies projects", (404,), known=OF_ACCOUNT),
    Shown("company-of-nobody", "projects", (404,), known=known(SERVICE_ACCOUNT, "companies-without-mine")),
    Shown("unexpected-refusal", "me", (404,), known=OF_ACCOUNT),
    Shown("hidden", "projects", (404,), known=known(SERVICE_ACCOUNT, "companies")),
    Shown("company-unknown", "projects", (404,)),
    Shown("company-unknown", "projects", (404,), known=known(CODE, "companies-without-mine")),
    Shown("unexpected-refusal", "companies", (404,)),
    # the rest
    Shown("wrong-host", "me companies token authorize", (404, 405, 410), known=known(target=MIXED)),
    Shown("unexpected-refusal", "me", (403, 406, 409, 411), known=known(CODE, "projects", target=MIXED)),
    Shown("unexpected-refusal", "me", (404, 405, 410), known=known(CODE, "projects", target=MIXED)),
    Shown("wrong-host", "me", (404,), known=known(CODE, "token", "authorize", "me-without-token", target=MIXED)),
    Shown("wrong-host", "me", (404,), known=known(CODE, "token", target=Target("sandbox", *[SANDBOX.login_url] * 2))),
    Shown("gateway", "authorize", (403, 421, 451)),
    Shown("authorize-refused", "authorize", (400, 401)),
    Shown("no-user-component", "authorize", (400, 401), b"client is not authorized to perform this request"),
    Shown("authorize-refused", "authorize", (400,), known=known(REFRESH, "refresh", "client-credentials")),
    Shown("unexpected-refusal", "authorize", (400, 499), known=known(CODE, "token")),
    Shown("unexpected-refusal", "me authorize", (402, 404, 426, 499)),
    Shown("unexpected-status", "me token", (100, 201, 299, 304, 600)),
    Shown("otherwise-refused", "me-without-token", (400, 403, 499)),
    Shown("otherwise-refused", "token-wrong-secret", (402, 403, 499)),
    Shown("otherwise-refused", "token-wrong-secret", (404,), b'{"status": 404, "error": "Not Found"}'),  # Rails' own
    Shown("", "token-wrong-secret", (403, 404), refused("invalid_grant")),
    Shown("", "me-without-token", (200, 299, 600)),
    Shown("", "me-after-revoke", (200, 400, 403, 499)),  # the promise itself says what that means
    Shown("otherwise-refused", "me", (404,), defined={"expect": (400,)}),
    Shown("otherwise-refused", "me", (404,), defined={"expect": (499,)}),
    Shown("unexpected-refusal", "me", (404,), defined={"expect": (399, 500)}),
    Shown("", "me", (200,)),
)  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: f"{one.cause or 'nothing'}-{one.exchanges}")
def test_an_answer_is_explained_by_the_row_that_is_meant(shown: Shown) -> None:
    told = {
        (name, status): diagnosis.cause_of(answer(name, status, shown.content, defined=shown.defined), shown.known)
        for name in shown.exchanges.split()
        for status in shown.statuses
    }
    assert told == dict.fromkeys(told, shown.cause)


FAILURES = (
    ("dns", "Name or service not known", "dns"),
    ("proxy", "the proxy wants a password: 407", "proxy-password"),
    ("proxy", "the proxy 127.0.0.1:9 cannot be reached", "proxy-unreachable"),
    ("proxy", "403 Forbidden", "proxy-refuses"),
    ("certificate", "certificate has expired", "certificate-time"),
    ("certificate", "certificate is not yet valid", "certificate-time"),
    ("certificate", "Hostname mismatch", "certificate-name"),
    ("certificate", "IP address mismatch", "certificate-name"),
    ("certificate", "self-signed certificate", "certificate-issuer"),
    ("tls", "handshake failure, 407, expired", "tls"),
    ("timeout", "no answer in 20 s", "time-out"),
    ("connect", "refused", "connect"),
    *((kind, "ended early", "broken-answer") for kind in ("reset", "incomplete", "encoding", "size")),
)


@pytest.mark.parametrize(("kind", "detail", "cause"), FAILURES)
@pytest.mark.parametrize("name", ["me", "token", "token-wrong-secret", "me-after-revoke"])
def test_a_failure_is_explained_whatever_was_asked_in_a_run_and_outside_of_one(
    kind: str, detail: str, cause: str, name: str
) -> None:
    failure = Failure(kind, detail)
    assert diagnosis.cause_of(answer(name, failure=failure), known()) == cause
    outside = diagnosis.of_failure(failure, "HOST")
    assert outside is not None
    assert (outside.cause, outside.exchange) == (cause, "")
    row = next(one for one in ON_THE_WAY if one.cause == cause)
    words = {"host": "HOST", "detail": detail, "exchange": "the request"}
    assert (outside.what, outside.remedy) == (row.what.format_map(words), row.remedy.format_map(words))


def test_a_failure_of_no_kind_that_the_table_knows_has_no_cause() -> None:
    assert diagnosis.of_failure(Failure("sunspots", "407"), "HOST") is None


def test_no_answer_over_plain_http_needs_no_cause_and_a_refusal_does() -> None:
    """Nobody promises that anything listens there."""
    failed = answer("me", failure=Failure("connect", "refused"), defined={"plain_http": True})
    assert diagnosis.cause_of(failed, known()) == ""
    assert diagnosis.cause_of(answer("me", 400, defined={"plain_http": True}), known()) == "unexpected-refusal"


@pytest.mark.parametrize(
    ("name", "error", "cause"),
    [
        ("token", "invalid_client", "invalid-client"),
        ("token", "invalid_grant", "invalid-code"),
        ("token", "unauthorized_client", "no-user-component"),
        ("refresh", "invalid_grant", "refresh-refused"),
        ("client-credentials", "invalid_scope", "no-service-account"),
        ("client-credentials", "invalid_client", "invalid-client"),
        ("token", "invalid_request", "unexpected-refusal"),
        ("token", "", "unexpected-refusal"),
    ],
)
def test_a_refused_grant_is_explained_outside_of_a_run(name: str, error: str, cause: str) -> None:
    source = SERVICE_ACCOUNT if name == SERVICE_ACCOUNT else CODE
    request = Request("POST", f"{SANDBOX.login_url}/oauth/token", {}, {}, {}, None)
    found = diagnosis.of_reply(name, request, Reply(request.url, 0.1, 400, content=refused(error)), known(source))
    assert found is not None
    assert (found.cause, found.exchange) == (cause, name)


def test_what_came_as_it_must_is_not_explained_outside_of_a_run() -> None:
    request = Request("GET", f"{SANDBOX.api_url}/rest/v1.0/companies", {}, {}, {}, "token")
    assert diagnosis.of_reply("companies", request, Reply(request.url, 0.1, 200, content=b"[]"), known()) is None


def told(one: Answer, circumstances: Circumstances | None = None) -> diagnosis.Diagnosis:
    """The first cause of a run with this answer alone."""
    circumstances = circumstances or known()
    found = diagnosis.first_cause([], replace(circumstances, answers={**circumstances.answers, one.name: one}))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (answer("me", 204), "me is answered 204, where 200 is promised"),
        (answer("me-without-token", 403), "but with 403 where 401 is promised"),
        (answer("token-wrong-secret", 403), "but with 403 where 400 or 401 is promised"),
        (answer("me", 600, defined={"expect": (1, 2, 3, 4, 5, 6)}), "where 1 or 2 or 3 or 4 or 5 or 6 is promised"),
        (answer("me", 600, defined={"expect": (*range(299, 303), 398, 399, 200)}), "where 2xx or 3xx is promised"),
        (answer("me", 499, refused("invalid_thing")), "refuses me (499 invalid_thing)"),
        (answer("me", 499, refused("Invalid")), "refuses me (499), although"),
        (answer("me", 499), "https://sandbox.procore.com refuses"[8:]),
        (answer("me", 302, b"", ("Location", "https://elsewhere.example/a?b")), "redirects me to elsewhere.example,"),
        (answer("me", 302, b"", ("Location", "/login")), "redirects me to sandbox.procore.com,"),
        (answer("me", 302, b"", ("Location", "https://a b/")), "redirects me to another place,"),
        (answer("me", 302, b"", ("Location", "https://ä.example/")), "redirects me to another place,"),
        (answer("me", failure=Failure("reset", "half of it came")), "did not arrive whole: half of it came"),
        (answer("projects", 404), "shows no company 5 to this user"),
        (answer("token", 400, refused("invalid_grant")), "than https://localhost/ (invalid_grant)"),
        (
            answer("token", 401, refused("invalid_client")),
            "invalid_client from https://login-sandbox.procore.com, for https://sandbox.procore.com",
        ),
    ],
)  # fmt: skip
def test_a_cause_says_what_came(one: Answer, words: str) -> None:
    assert words in told(one).what
    assert told(one).exchange == one.name


def test_every_row_is_shown_by_an_answer_here() -> None:
    """A row that no answer above shows could be lost, or shadowed by another, and nobody would know."""
    rows = {one.cause for one in (*ON_THE_WAY, *causes.REFUSED, causes.OTHERWISE_REFUSED)}
    assert rows == {one.cause for one in SHOWN if one.cause} | {cause for _, _, cause in FAILURES}
