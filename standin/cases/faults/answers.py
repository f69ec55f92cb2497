"""What is wrong whatever was asked: challenges, dates, lengths, JSON that parsers repair, and secrets that come back."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import quote

from standin.cases.bending import Edit, When, body, header, line, on, put, rename_headers, wire
from standin.cases.case import Case, case
from standin.cases.which import neither, with_token
from standin.http.messages import Answer, Request, Wire
from standin.model.world import Modifier, World

STEP = "transport"
API = ("companies", "projects", "me")
LISTS = (*API, "projects-v1.0")
HTML = ("Content-Type", "text/html; charset=utf-8")
DAY = 86400


def challenge(name: str, sentence: str, value: str | None, *, violates: str = "", advises: str = "", when: When | None = None, at: tuple[str, ...] = API) -> Case:
    """The 401 of the API challenges wrongly."""
    edits = tuple(on(each, header("WWW-Authenticate", value), status=401, when=when) for each in at)
    return case(f"api-401-{name}", STEP, sentence, *edits, violates=violates, advises=advises)


def date(name: str, sentence: str, value: str | None, endpoint: str = "", advises: str = "") -> Case:
    """Date is no date."""
    return case(f"date-{name}", STEP, sentence, on(endpoint, header("Date", value), ok=None), violates="transport.date", advises=advises)


def form(name: str, sentence: str, pattern: str) -> Case:
    """Date is right, and written otherwise."""

    def edit(answer: Answer) -> Answer:
        return answer.with_header("Date", time.strftime(pattern, time.gmtime()))

    return case(f"date-form-{name}", STEP, sentence, on("", edit, ok=None), advises="transport.date-form")


def answer(name: str, sentence: str, endpoint: str, *edits: Edit, violates: str = "", advises: str = "", ok: bool | None = True, grant: str = "") -> Case:
    """The answers of one endpoint are wrong."""
    return case(name, STEP, sentence, on(endpoint, *edits, ok=ok, grant=grant), violates=violates, advises=advises)


def _first(text: str) -> Edit:
    """The first object in the body begins with members of another one, written as they are."""
    return body(lambda old: json.dumps(old).replace("{", "{" + text + ",", 1).encode())


def _last(text: str) -> Edit:
    """The last object in the body ends with more members."""
    return body(lambda old: (text + "}").join([json.dumps(old).rpartition("}")[0] + ",", json.dumps(old).rpartition("}")[2]]).encode())


def _raw(old: str, new: str) -> Edit:
    """The body as text, with something written differently."""
    return body(lambda value: json.dumps(value).replace(old, new, 1).encode())


def _half(path: str) -> Edit:
    """A text ends in the middle of a character."""
    def cut(answer: Answer) -> Answer:
        changed = put(path, "Tower \ud83c")(answer)
        return changed.with_body(json.dumps(changed.body).encode())

    return cut


# --- secrets that come back


def sent(name: str) -> Callable[[Request], str]:
    """What the request sent under this name."""
    return lambda request: request.params.get(name, "")


def bearer(request: Request) -> str:
    """The token that the request showed."""
    return (request.header("Authorization") or "").partition(" ")[2]


def garbage(request: Request) -> str:
    """The token that the request showed, where it is none."""
    return bearer(request) if bearer(request).startswith("garbage") else ""


def wrong_secret(request: Request) -> str:
    """The client's secret that the request sent, where it is wrong on purpose."""
    secret = request.params.get("client_secret", "")
    return secret if secret.startswith("000") else ""


def back(name: str, sentence: str, endpoint: str, secret: Callable[[Request], str], edit: Callable[[str], Edit], *, ok: bool | None = True, violates: str = "secrets.not-echoed", advises: str = "") -> Case:
    """What the request sent as a secret stands in its answer."""

    def modify(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
        value = secret(request)
        fits = answer.endpoint == endpoint and value and (ok is None or answer.ok is ok)
        return edit(value)(answer) if fits else answer

    modifier: Modifier = modify
    return case(f"secret-{name}", STEP, sentence, modifier, violates=violates, advises=advises)


def _in_links(value: str) -> Edit:
    def edit(answer: Answer) -> Answer:
        link = answer.header("Link")
        return answer.with_header("Link", link.replace("?", f"?access_token={value}&")) if link else answer

    return edit


def cookie(text: str) -> Callable[[str], Edit]:
    """A cookie that holds the secret where the text has braces."""
    return lambda value: line("Set-Cookie", text.format(value))


def issued(name: str, sentence: str, member: str, text: str) -> Case:
    """The token endpoint puts a token into a cookie."""

    def edit(answer: Answer) -> Answer:
        return line("Set-Cookie", text.format(answer.body.get(member, "")))(answer)

    return case(f"cookie-{name}", STEP, sentence, on("token", edit), violates="secrets.cookies", advises="transport.cookies")


def cached(name: str, sentence: str, endpoint: str, policy: str) -> Case:
    """Shared caches may keep what a token was asked for."""
    return answer(f"cache-{name}", sentence, endpoint, header("Cache-Control", policy), advises="api.cache")


_CHALLENGES = (
    challenge("without-challenge", "The API answers 401 without a challenge.", None, violates="api.challenge"),
    challenge("empty-challenge", "The challenge of the API is empty.", "", violates="api.challenge"),
    challenge("parameters-alone", "The challenge of the API does not say which scheme.", 'realm="Procore", error="invalid_token"', violates="api.challenge"),
    challenge("companies-without-challenge", "Companies alone answers 401 without a challenge.", None, violates="api.challenge", at=("companies",)),
    challenge("silent-without-token", "Without a token, the API answers 401 without a challenge.", None, violates="api.challenge", when=neither(with_token)),
    challenge("basic", "The API asks for a password.", 'Basic realm="Procore"', advises="api.challenge-bearer"),
    challenge("token-scheme", "The API asks for a token by the scheme of Rails.", 'Token realm="Application"', advises="api.challenge-bearer"),
    challenge("bearer-alone", "The challenge is the word Bearer.", "Bearer", advises="api.challenge-bearer"),
    challenge("invalid-request", "A wrong token is called an invalid request.", 'Bearer realm="Procore", error="invalid_request"', advises="api.challenge-error"),
    challenge("insufficient-scope", "A wrong token is called one of too small a scope.", 'Bearer realm="Procore", error="insufficient_scope"', advises="api.challenge-error", when=with_token),
    challenge("no-error", "It is not said that a token is wrong.", 'Bearer realm="Procore"', advises="api.challenge-error"),
)
_HEADERS = (
    date("missing", "Answers have no Date.", None),
    date("missing-on-authorize", "The authorize page has no Date.", None, "authorize"),
    date("missing-on-me", "Me has no Date.", None, "me"),
    date("iso", "Date is a timestamp of ISO 8601.", "2026-01-02T03:04:05Z", "token-info"),
    date("unix", "Date is in Unix seconds.", "1790000000", "companies"),
    date("empty", "Date is empty.", "", "authorize"),
    date("words", "Date is words.", "just now", "authorize"),
    form("offset", "Date has an offset instead of GMT.", "%a, %d %b %Y %H:%M:%S +0000"),
    form("utc", "Date has UTC instead of GMT.", "%a, %d %b %Y %H:%M:%S UTC"),
    form("asctime", "Date is written as C writes it.", "%a %b %d %H:%M:%S %Y"),
    form("no-weekday", "Date lacks the day of the week.", "%d %b %Y %H:%M:%S GMT"),
    case("clock-two-days-ahead", STEP, "The server's clock is two days ahead.", clock_offset=2 * DAY, advises="transport.clock"),
    case("clock-a-year-behind", STEP, "The server's clock is a year behind.", clock_offset=-365 * DAY, advises="transport.clock"),
    answer("date-frozen", "Date stands still on the authorize page.", "authorize", header("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ok=None, advises="transport.clock"),
    case("rate-limit-nowhere-on-projects", STEP, "Projects does not tell the rate limit.", on("projects", *(header(f"X-Rate-Limit-{name}", None) for name in ("Limit", "Remaining", "Reset"))), advises="transport.rate-limit-told"),
    case("rate-limit-other-names", STEP, "The rate limit of me is told under other names.", on("me", rename_headers(lambda name: name.replace("Rate-Limit", "RateLimit"))), advises="transport.rate-limit-told"),
    answer("content-type-twice", "Companies says that it is JSON, and then that it is a page.", "companies", line(*HTML), violates="transport.single-headers"),
    answer("content-type-two-charsets", "Projects names two charsets.", "projects", line("Content-Type", "application/json; charset=iso-8859-1"), violates="transport.single-headers"),
    answer("content-type-page-first", "Me says that it is a page, and then that it is JSON.", "me", header(*HTML), line("Content-Type", "application/json"), violates="transport.single-headers me.json client-credentials.me"),
    answer("date-twice", "The authorize page has two dates.", "authorize", line("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ok=None, violates="transport.single-headers"),
    answer("location-twice", "The authorize page leads to two places.", "authorize", line("Location", "https://login-sandbox.procore.com/other"), ok=None, violates="transport.single-headers"),
    answer("length-twice", "Companies comes in chunks and has a Content-Length.", "companies", wire(Wire(chunked=True)), header("Content-Length", "5"), violates="transport.length"),
    answer("length-twice-token", "The tokens come in chunks and have a Content-Length.", "token", wire(Wire(chunked=True)), header("Content-Length", "2000"), violates="transport.length"),
    answer("length-twice-refusal", "Refusals of the token endpoint come in chunks and have a Content-Length.", "token", wire(Wire(chunked=True)), header("Content-Length", "100"), ok=False, violates="transport.length"),
    case("me-slow", STEP, "Me takes longer than five seconds, once.", on("me", wire(Wire(delay=5.3)), first=1), advises="transport.slow"),
)
_JSON = (
    answer("twice-expires-in", "The lifetime of the tokens stands there twice.", "token", _first('"expires_in": 60'), violates="token.unique-parameters", grant="authorization_code"),
    answer("twice-the-same", "The token type stands there twice, the same both times.", "token", _first('"token_type": "bearer"'), violates="token.unique-parameters", grant="client_credentials"),
    answer("twice-access-token", "A refresh answers two access tokens under one name.", "token", _first('"access_token": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'), violates="token.unique-parameters", grant="refresh_token"),
    answer("twice-error", "A refusal has two error codes.", "token", _first('"error": "invalid_scope"'), ok=False, violates="token.unique-parameters"),
    answer("twice-company-id", "A company has two ids.", "companies", _first('"id": 1'), advises="json.unique-names"),
    answer("twice-project-company", "A project has two companies.", "projects", _first('"company": {"id": 1, "name": "x"}'), advises="json.unique-names"),
    answer("twice-login", "A user has two logins.", "me", _first('"login": "first@example.com"'), advises="json.unique-names"),
    answer("twice-owner", "Token info names two owners.", "token-info", _first('"resource_owner_id": 1'), advises="json.unique-names"),
    answer("twice-nested", "A member of a member stands there twice.", "projects-v1.0", _raw('"custom_fields": {', '"custom_fields": {"x": 1, "x": 2, '), advises="json.unique-names"),
    answer("half-a-character-me", "A user's name is cut in the middle of a character.", "me", _half("name"), advises="json.whole-characters"),
    answer("half-a-character-project", "A project's display name is cut in the middle of a character.", "projects", _half("0.display_name"), advises="json.whole-characters"),
    answer("half-a-character-refusal", "The state of a refusal is cut in the middle of a character.", "token", _half("state"), ok=False, advises="json.whole-characters"),
    answer("half-a-character-in-a-name", "The name of a member is cut in the middle of a character.", "companies", _first('"\\udfd7": 1'), advises="json.whole-characters"),
    answer("id-with-point", "Ids of companies are written with a point.", "companies", put("*.id", float), advises="json.whole-numbers"),
    answer("id-with-exponent", "The user's id is written with an exponent.", "me", _raw('"id": 98100', '"id": 9.81e4'), advises="json.whole-numbers"),
    answer("company-id-with-point", "The id of a project's company is written with a point.", "projects", put("*.company.id", float), advises="json.whole-numbers"),
    answer("expires-in-with-point", "The lifetime of a token is written with a point.", "token", put("expires_in", float), advises="json.whole-numbers"),
    answer("created-at-with-point", "Token info writes the time of issue with a point.", "token-info", put("created_at", float), advises="json.whole-numbers"),
)
_SECRETS = (
    back("in-refusal", "A refusal repeats the client's secret.", "token", sent("client_secret"), lambda value: put("error_description", f"Wrong grant for {value}."), ok=False, advises="secrets.wrong-not-echoed"),
    back("in-tokens", "The token response repeats the client's secret.", "token", sent("client_secret"), lambda value: put("client_secret", value)),
    back("in-header", "A header of the token response repeats the client's secret.", "token", sent("client_secret"), lambda value: header("X-Debug", f"secret={value}"), ok=None, advises="secrets.wrong-not-echoed"),
    back("in-base64", "A header repeats id and secret in base64.", "revoke", sent("client_secret"), lambda value: header("X-Debug", base64.b64encode(f"me:{value}".encode()).decode()), ok=None, advises="secrets.wrong-not-echoed"),
    back("code-in-tokens", "The token response repeats the code.", "token", sent("code"), lambda value: put("code", value)),
    back("code-in-refusal", "A refusal repeats the code.", "token", sent("code"), lambda value: header("X-Code", value), ok=False, advises="secrets.wrong-not-echoed"),
    back("refresh-token-in-refusal", "A refusal repeats the refresh token.", "token", sent("refresh_token"), lambda value: put("error_description", f"{value} was used."), ok=False, advises="secrets.wrong-not-echoed"),
    back("wrong-secret-in-refusal", "A refusal repeats a wrong secret.", "token", wrong_secret, lambda value: put("error_description", f"No {value}."), ok=False, violates="", advises="secrets.wrong-not-echoed"),
    back("garbage-in-challenge", "Companies repeats a token that is none.", "companies", garbage, lambda value: header("WWW-Authenticate", f'Bearer error="invalid_token", error_description="{value}"'), ok=False, violates="", advises="secrets.wrong-not-echoed"),
    back("token-in-me", "Me repeats the access token.", "me", bearer, lambda value: put("access_token", value)),
    back("token-in-info", "Token info repeats the access token.", "token-info", bearer, lambda value: put("token", value)),
    back("token-in-header", "A header of projects repeats the access token.", "projects", bearer, lambda value: header("X-Token", quote(value, safe=""))),
    back("token-in-links", "Links to further pages carry the access token.", "projects", bearer, _in_links),
    back("token-in-challenge", "The refusal of a token repeats it.", "me", bearer, lambda value: header("WWW-Authenticate", f'Bearer error="invalid_token", error_description="{value} is spent"'), ok=False, advises="secrets.wrong-not-echoed"),
    back("token-after-revoke", "Revoking repeats the token that was revoked.", "revoke", sent("token"), lambda value: body({"revoked": value}), advises="secrets.wrong-not-echoed"),
)
_COOKIES = (
    issued("access-token", "The access token is kept in a cookie that travels without TLS.", "access_token", "session={0}; path=/; HttpOnly"),
    issued("refresh-token", "The refresh token is kept in such a cookie.", "refresh_token", "r={0}; path=/; HttpOnly; SameSite=Lax"),
    issued("called-secure", "A cookie is called secure, and is not.", "access_token", "secure={0}; path=/"),
    back("in-open-cookie", "Companies keeps the access token in a cookie that travels without TLS.", "companies", bearer, cookie("token={0}; path=/; HttpOnly"), violates="secrets.cookies", advises="transport.cookies"),
)
_CACHES = (
    cached("public", "Everybody's caches may keep companies.", "companies", "public, max-age=60"),
    cached("s-maxage", "Shared caches may keep me for ten minutes.", "me", "max-age=0, s-maxage=600"),
    cached("public-info", "Everybody's caches may keep token info.", "token-info", "Public, max-age=5"),
    cached("private-field", "Shared caches may keep projects but for one header.", "projects", 'private="Set-Cookie", s-maxage=60, must-revalidate'),
)
_RESETS = tuple(
    case(f"rate-limit-reset-{name}", STEP, sentence, *(on(each, header("X-Rate-Limit-Reset", str(int(time.time()) - ago))) for each in LISTS), advises="transport.rate-limit")
    for name, sentence, ago in (("an-hour-ago", "The window ended an hour ago.", 3600), ("ten-minutes-ago", "The window ended ten minutes ago.", 600))
)

FAULTS = (*_CHALLENGES, *_HEADERS, *_JSON, *_SECRETS, *_COOKIES, *_CACHES, *_RESETS)
