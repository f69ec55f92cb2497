"""What is wrong with single headers: cookies, the policy to keep to TLS, validators, Allow, challenges, redirects."""

from __future__ import annotations

from standin.cases.bending import When, body, header, lines, on, status
from standin.cases.case import Case, case
from standin.cases.which import (
    asked_before,
    both,
    login_host,
    multipart,
    near_secret,
    neither,
    no_secret,
    plain_http,
    posted_to_companies,
    with_company,
    with_token,
)

STEP = "transport"
HSTS = "Strict-Transport-Security"
PUBLIC = header("Cache-Control", "public, max-age=3600")
UNCHALLENGED = (status(401), header("WWW-Authenticate", None), body(b""))
AWAY = (status(302), header("Location", "https://procore.example/"), body(b""))
HEADERLESS = both(with_token, neither(with_company))


def one(name: str, sentence: str, endpoint: str, *edits: object, violates: str = "", advises: str = "", ok: bool | None = None, when: When | None = None, step: str = STEP) -> Case:
    """The answers of one endpoint have a wrong header."""
    return case(f"header-{name}", step, sentence, on(endpoint, *edits, ok=ok, when=when), violates=violates, advises=advises)  # type: ignore[arg-type]


FAULTS = (
    one("cookie-open", "The session of the login page is a cookie that travels without TLS.", "authorize", header("Set-Cookie", "_session=8f14e45f; path=/; HttpOnly"), advises="transport.cookies"),
    one("cookie-twice", "A page sets the same cookie twice.", "authorize", lines("Set-Cookie", "_s=1; path=/; Secure", "_s=2; Path=/; secure"), advises="transport.cookies"),
    one("hsts-twice", "Companies says for how long to keep to TLS, and then not at all.", "companies", lines(HSTS, "max-age=31536000", "max-age=0"), violates="transport.single-headers", advises="transport.hsts-sound"),
    one("hsts-endless", "Companies does not say for how long to keep to TLS.", "companies", header(HSTS, "includeSubDomains"), advises="transport.hsts-sound"),
    one("hsts-in-words", "Me says in words for how long to keep to TLS.", "me", header(HSTS, "max-age=1 year; includeSubDomains"), advises="transport.hsts-sound"),
    one("hsts-without-tls", "Port 80 asks to keep to TLS.", "", header(HSTS, "max-age=31536000"), when=plain_http, advises="transport.hsts-sound"),
    one("allow-missing", "A method is not allowed, and it is not said which are.", "", status(405), when=posted_to_companies, advises="transport.allow"),
    one("last-modified-later", "Companies was changed after it was answered.", "companies", header("Last-Modified", "Fri, 01 Jan 2038 00:00:00 GMT"), violates="transport.validators"),
    one("last-modified-iso", "Me was changed at a time of ISO 8601.", "me", header("Last-Modified", "2026-01-02T03:04:05Z"), violates="transport.validators"),
    one("etag-bare", "The ETag of projects has no quotes.", "projects", header("ETag", "33a64df551425fcc"), violates="transport.validators"),
    one("challenge-of-a-missing-header", "Without the company header comes 401, without a challenge.", "projects", *UNCHALLENGED, when=HEADERLESS, violates="api.challenge"),
    one("challenge-of-revoke", "Revoking without a secret is 401, without a challenge.", "revoke", *UNCHALLENGED, when=no_secret, violates="refusal.challenge", step="6 revoke"),
    one("cache-info-again", "Everybody's caches may keep token info when it is asked again.", "token-info", PUBLIC, ok=True, when=both(asked_before, with_token), advises="api.cache"),
    one("cache-headerless", "Everybody's caches may keep projects that came without the company header.", "projects", PUBLIC, ok=True, when=HEADERLESS, advises="api.cache"),
    one("redirect-of-a-project", "A project, token and all, is redirected to another host.", "project", *AWAY, violates="transport.redirect", advises="project.schema"),
    one("redirect-of-a-near-secret", "A secret that is nearly right is redirected to another host.", "token", *AWAY, when=near_secret, violates="transport.redirect refusal.near-secret"),
    one("redirect-of-revoke", "What is to be revoked is redirected to another host.", "revoke", *AWAY, when=multipart, violates="transport.redirect revoke.multipart"),
    case("http-login-served", STEP, "The login page is served over plain http.", on("", status(200), header("Location", None), body(b"<html>Log in</html>"), ok=None, when=both(plain_http, login_host)), violates="transport.plain-http-login"),
)
