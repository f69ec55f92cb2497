"""Step 6, exchange: lies in the answer to a code."""

from __future__ import annotations

import time
from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour
from standin.model.world import Modifier

STEP = "6 exchange"
HTML = header("Content-Type", "text/html; charset=utf-8")
PAGE = body(b"<!DOCTYPE html><html><body>Welcome</body></html>")
HOUR = 3600


def answer(*edits: Edit) -> Modifier:
    """Edit the answer to a code."""
    return on("token", *edits, grant="authorization_code")


def member(name: str, sentence: str, path: str, value: Any, violates: str, advises: str = "") -> Case:
    """A member of the token response has another value."""
    return case(f"token-{name}", STEP, sentence, answer(put(path, value)), violates=violates, advises=advises)


def whole(name: str, sentence: str, *edits: Edit, violates: str) -> Case:
    """The token response as a whole is wrong."""
    return case(f"token-{name}", STEP, sentence, answer(*edits), violates=violates)


_MEMBERS = ("access_token", "token_type", "expires_in", "refresh_token", "created_at")
_MISSING = tuple(
    case(
        f"token-{path.replace('_', '-')}-missing", STEP, f"The token response lacks {path}.", answer(drop(path)),
        violates=f"token.{path.replace('_', '-')}",
    )
    for path in _MEMBERS
)
_NULL = tuple(
    member(
        f"{path.replace('_', '-')}-null", f"The {path} of the token response is null.", path, None,
        f"token.{path.replace('_', '-')}",
    )
    for path in _MEMBERS
)
_WRONG = (
    member("access-token-empty", "The access token is empty.", "access_token", "", "token.access-token"),
    member("access-token-number", "The access token is a number.", "access_token", 1234567890, "token.access-token"),
    member("access-token-list", "The access token is a list.", "access_token", ["a" * 40], "token.access-token"),
    member("access-token-object", "The access token is an object.", "access_token", {"value": "a" * 40}, "token.access-token"),
    member("access-token-spaces", "The access token holds spaces.", "access_token", "two words", "token.access-token"),
    member("access-token-newline", "The access token ends with a line feed.", "access_token", lambda old: f"{old}\n", "token.access-token"),
    member("access-token-not-ascii", "The access token holds letters that no header can carry.", "access_token", "tökén" * 8, "token.access-token"),
    member("token-type-empty", "The token type is empty.", "token_type", "", "token.token-type"),
    member("token-type-mac", "The token type is mac.", "token_type", "mac", "token.token-type"),
    member("token-type-padded", "The token type has a space after it.", "token_type", "bearer ", "token.token-type"),
    member("token-type-list", "The token type is a list.", "token_type", ["bearer"], "token.token-type"),
    member("expires-in-string", "The lifetime is a string.", "expires_in", "5400", "token.expires-in"),
    member("expires-in-zero", "The token lives for 0 s.", "expires_in", 0, "token.expires-in"),
    member("expires-in-negative", "The token died before it was made.", "expires_in", -1, "token.expires-in"),
    member("expires-in-7201", "The token lives longer than any that Procore ever documented.", "expires_in", 7201, "token.expires-in"),
    member("expires-in-milliseconds", "The lifetime is in milliseconds.", "expires_in", 5400000, "token.expires-in"),
    member("expires-in-fraction", "The lifetime is a fraction.", "expires_in", 5399.5, "token.expires-in"),
    member("expires-in-true", "The lifetime is true.", "expires_in", True, "token.expires-in"),
    member("expires-in-timestamp", "The lifetime is a point in time.", "expires_in", lambda old: old + int(time.time()), "token.expires-in"),
    member("expires-in-too-short", "The exchange says that the token lives shorter than token info says.", "expires_in", 900, "token-info.remaining", "token.expires-in-documented"),
    member("refresh-token-empty", "The refresh token is empty.", "refresh_token", "", "token.refresh-token"),
    member("refresh-token-number", "The refresh token is a number.", "refresh_token", 1234567890, "token.refresh-token"),
    member("refresh-token-newline", "The refresh token ends with a line feed.", "refresh_token", lambda old: f"{old}\n", "token.refresh-token"),
    member("refresh-token-not-ascii", "The refresh token holds letters beyond ASCII.", "refresh_token", "tökén" * 8, "token.refresh-token"),
    member("refresh-token-false", "The refresh token is false.", "refresh_token", False, "token.refresh-token"),
    member("created-at-string", "The time of issue is text.", "created_at", "2026-01-02T03:04:05Z", "token.created-at"),
    member("created-at-digits-in-string", "The time of issue is digits in a string.", "created_at", str, "token.created-at"),
    member("created-at-milliseconds", "The time of issue is in milliseconds.", "created_at", lambda old: old * 1000, "token.created-at"),
    member("created-at-zero", "The token was made in 1970.", "created_at", 0, "token.created-at"),
    member("created-at-fraction", "The time of issue is a fraction.", "created_at", lambda old: old + 0.5, "token.created-at"),
    member("created-at-local", "The time of issue is local time, eight hours behind.", "created_at", lambda old: old - 8 * HOUR, "token.created-at-now", "token-info.created-at"),
    member("created-at-future", "The token was made in an hour.", "created_at", lambda old: old + HOUR, "token.created-at-now", "token-info.created-at"),
    member("created-at-past", "The fresh token was made an hour ago.", "created_at", lambda old: old - HOUR, "token.created-at-now", "token-info.created-at"),
    member("scope-number", "The scope is a number.", "scope", 1, "token.schema"),
    member("scope-list", "The scope is a list.", "scope", ["public"], "token.schema"),
)

_WHOLE = (
    whole("201", "The exchange answers 201.", status(201), violates="token.status"),
    whole("202", "The exchange answers 202.", status(202), violates="token.status"),
    whole("204", "The exchange answers with no content.", status(204), body(b""), violates="token.status"),
    whole("500", "The exchange breaks with 500.", status(500), PAGE, HTML, violates="token.status"),
    whole("403", "The exchange answers 403, tokens and all.", status(403), violates="token.status"),
    whole("404", "There is no token endpoint where the guide says.", status(404), body(b""), violates="token.status"),
    whole(
        "redirect-to-http", "The exchange is redirected to plain http.",
        status(302), header("Location", "http://login-sandbox.procore.com/oauth/token"),
        violates="token.status transport.redirect",
    ),
    whole(
        "redirect-to-another-host", "The exchange, secret and all, is redirected to another host.",
        status(307), header("Location", "https://login.example.com/oauth/token"),
        violates="token.status transport.redirect",
    ),
    whole("html", "A page comes with 200.", HTML, PAGE, violates="token.json"),
    whole("html-as-json", "A page comes that says it is JSON.", PAGE, violates="token.json"),
    whole("content-type-text", "The tokens say that they are plain text.", header("Content-Type", "text/plain"), violates="token.json"),
    whole("content-type-html", "The tokens say that they are a page.", HTML, violates="token.json"),
    whole("content-type-missing", "The tokens do not say what they are.", header("Content-Type", None), violates="token.json"),
    whole("form-encoded", "The tokens come form-encoded.", header("Content-Type", "application/x-www-form-urlencoded"), body(b"access_token=a&token_type=bearer"), violates="token.json"),
    whole("empty", "The answer to a code is empty.", body(b""), violates="token.json"),
    whole("truncated", "The JSON of the token response breaks off.", body(b'{"access_token":"abc'), violates="token.json"),
    whole("two-documents", "Two JSON documents come at once.", body(b'{"error":null}{"error":null}'), violates="token.json"),
    whole("nan", "The lifetime is NaN, which is no JSON.", body(b'{"access_token":"abc","expires_in":NaN}'), violates="token.json"),
    whole("not-utf-8", "The JSON is not encoded in UTF-8.", body(b'{"access_token":"abc","scope":"\xe9"}'), violates="token.json"),
    whole("list", "The token response is a list.", body(lambda old: [old]), violates="token.schema"),
    whole("envelope", "The token response is in an envelope.", body(lambda old: {"data": old}), violates="token.schema"),
    whole("string", "The token response is a string.", body("ok"), violates="token.schema"),
    whole("json-null", "The token response is null.", body(None), violates="token.schema"),
    whole("empty-object", "The token response is an empty object.", body({}), violates="token.schema"),
    whole("error-with-200", "An error comes with 200.", body({"error": "invalid_grant", "error_description": "No."}), violates="token.schema"),
    whole("no-cache-control", "Caches may keep the tokens.", header("Cache-Control", None), violates="token.no-store"),
    whole("cache-control-private", "Browsers may keep the tokens.", header("Cache-Control", "private, max-age=600"), violates="token.no-store"),
    whole("cache-control-public", "Everybody may keep the tokens.", header("Cache-Control", "public, max-age=86400"), violates="token.no-store"),
    whole("cache-control-no-cache", "Caches may keep the tokens if they ask again.", header("Cache-Control", "no-cache"), violates="token.no-store"),
    whole("one-secret", "The refresh token is the access token.", body(lambda old: {**old, "refresh_token": old["access_token"]}), violates="token.distinct"),
    whole("reset", "The connection breaks in the middle of the tokens.", wire(Wire(reset_at=20)), violates="token.status"),
    whole("cut", "The answer ends before its announced length.", wire(Wire(truncate_at=20)), violates="token.status"),
    whole("dropped", "The exchange gets no answer.", wire(Wire(drop=True)), violates="token.status"),
    whole("hang", "The exchange is never answered.", wire(Wire(delay=20)), violates="token.status"),
)

_STATE = (
    case(
        "token-code-burnt", STEP, "An exchange that fails burns the code.",
        behaviour=Behaviour(burn_code_on_failure=True),
        violates="token.status",
    ),
    case(
        "token-dead", STEP, "The tokens that are handed out do not work.",
        behaviour=Behaviour(issue_dead_tokens=True),
        violates="token.works token-info.status", advises="client-credentials.token-info",
    ),
    case(
        "token-of-all-grants-enveloped", STEP, "Whatever it is that asks for tokens, they come in an envelope.", on("token", body(lambda old: {"data": old})),
        violates="token.schema client-credentials.schema",
    ),
    case(
        "token-refused-by-the-api", STEP, "The API refuses every token of a user with 401.",
        on("companies", status(401), body(b""), when=lambda request, _: request.header("Procore-Company-Id") is None),
        violates="token.works",
    ),
    case(
        "token-path-without-slash-404", STEP, "Only the path with the trailing slash is served.",
        on("token", status(404), body(b""), ok=None, when=lambda request, _: not request.path.endswith("/")),
        violates="token.path-without-slash",
    ),
    case(
        "token-path-with-slash-404", STEP, "Only the path without the trailing slash is served, and the guide has the other one.",
        on("token", status(404), body(b""), ok=None, when=lambda request, _: request.path.endswith("/")),
        violates="token.status refusal.bogus-code refusal.wrong-redirect-uri refusal.wrong-secret refusal.missing-secret refusal.unknown-client refusal.missing-grant-type refusal.unsupported-grant-type refusal.near-secret refusal.basic-wrong-secret refusal.missing-client-id refusal.missing-redirect-uri refusal.missing-code refresh.bogus-token refresh.missing-token refresh.access-token",
    ),
    case(
        "token-path-without-slash-redirects", STEP, "The path without the trailing slash is redirected.",
        on(
            "token", status(301), header("Location", "https://login-sandbox.procore.com/oauth/token/"), body(b""), ok=None,
            when=lambda request, _: not request.path.endswith("/"),
        ),
        violates="token.path-without-slash client-credentials.status",
    ),
)

FAULTS = (*_MISSING, *_NULL, *_WRONG, *_WHOLE, *_STATE)
