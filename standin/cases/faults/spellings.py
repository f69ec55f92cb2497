"""Breaches in forms that look right: letters of a directive, a media type of the family, text that an RFC forbids."""

from __future__ import annotations

import time

from standin.cases.bending import Edit, When, body, header, line, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.authorize import ELSEWHERE, RIGHT, STEP, STRANGER, at
from standin.cases.which import both, foreign_query, login_host, neither, page, plain_http, refreshed
from standin.http.messages import Answer, Request
from standin.model.world import Modifier, World

TOKEN, REFRESH, PROJECTS, TRANSPORT = "6 exchange", "6 refresh", "7 projects", "transport"
CODE = "authorization_code"
JSON = header("Content-Type", "application/json")
CONTENT = header("Content-Type", "text/html; charset=utf-8")
SECRET = "Zm9vYmFyYmF6cXV4Y29ycnVnZ3JhdWx0"
DAY = 86400


def token(name: str, sentence: str, violates: str, *edits: Edit, grant: str = CODE, ok: bool | None = True, advises: str = "") -> Case:
    """The token endpoint answers in a form that looks right."""
    return case(f"form-{name}", TOKEN, sentence, on("token", *edits, grant=grant, ok=ok), violates=violates, advises=advises)


def described(name: str, sentence: str, member: str, text: object) -> Case:
    """Refusals have text that RFC 6749 section 5.2 forbids."""
    return token(f"refusal-{name}", sentence, "refusal.schema", put(member, text), grant="", ok=False)


def shown(text: str) -> tuple[Edit, ...]:
    """A page instead of a redirect."""
    return status(200), header("Location", None), CONTENT, body(text.encode())


def authorize(name: str, sentence: str, violates: str, when: When, *edits: Edit) -> Case:
    """The authorize URL answers in another form."""
    return case(f"form-authorize-{name}", STEP, sentence, at(*edits, when=when), violates=violates)


def to_redirect_uri(name: str, sentence: str, text: str, **headers: str) -> Case:
    """A browser is led to a redirect URI that nobody registered, without a Location."""

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        if answer.endpoint != "authorize" or not ELSEWHERE(request, world):
            return answer
        where = request.query["redirect_uri"]
        for edit in (*shown(text.format(where)), *(header(key, value.format(where)) for key, value in headers.items())):
            answer = edit(answer)
        return answer

    modifier: Modifier = modify
    return case(f"form-authorize-{name}", STEP, sentence, modifier, violates="authorize.wrong-redirect-uri")


def twice(name: str, one: str, other: str) -> Case:
    """A header that holds one value comes with two."""
    return case(f"form-twice-{name.lower()}", TRANSPORT, f"Companies has two values of {name}.", on("companies", line(name, one), line(name, other)), violates="transport.single-headers")


def refusal(name: str, sentence: str, value: object) -> Case:
    """A refusal in JSON says nothing that a person could read."""
    edits: tuple[Edit, ...] = (status(403), JSON, body(value))
    return case(f"form-wordless-{name}", PROJECTS, sentence, on("projects", *edits, ok=None, when=foreign_query), advises="projects.refusal-body")


def _other_day(answer: Answer) -> Answer:
    day = time.strftime("%a", time.gmtime(time.time() + DAY))
    return answer.with_header("Date", time.strftime(f"{day}, %d %b %Y %H:%M:%S GMT", time.gmtime()))


FAULTS = (
    # caches and media types
    token("no-store-of-letters", "Cache-Control of the tokens has the letters of no-store in another directive.", "token.no-store", header("Cache-Control", "x-no-store, max-age=60")),
    token("no-store-of-a-field", "Cache-Control of the tokens names no-store as a field.", "token.no-store", header("Cache-Control", 'private="no-store"')),
    token("refresh-no-store-of-letters", "Cache-Control of a refresh has the letters of no-store in another directive.", "refresh.no-store", header("Cache-Control", "no-store-ever"), grant="refresh_token"),
    token("token-media-type", "The tokens have a media type of the JSON family, and not the one of RFC 6749.", "token.json", header("Content-Type", "application/vnd.procore+json")),
    token("refresh-media-type", "A refresh has a media type of the JSON family.", "refresh.json refresh.again", header("Content-Type", "application/vnd.api+json"), grant="refresh_token"),
    token("refusal-media-type", "Refusals of the token endpoint are problems of RFC 9457.", "refusal.json", header("Content-Type", "application/problem+json"), grant="", ok=False),
    token("refusal-hands-out-refresh-token", "A code that nobody gave is refused, and the refusal carries a refresh token.", "refusal.bogus-code refusal.basic-wrong-secret refusal.wrong-redirect-uri refusal.reused-code refusal.wrong-secret refusal.unknown-client refusal.missing-secret refusal.near-secret refusal.missing-client-id refusal.missing-redirect-uri refusal.missing-code refusal.other-clients-code", put("refresh_token", "r" * 43), ok=False, advises="token.multipart"),
    case("form-cache-must-revalidate", TRANSPORT, "Shared caches may keep companies for ten minutes, since they must ask again then.", on("companies", header("Cache-Control", "max-age=600, must-revalidate")), advises="api.cache"),
    # what RFC 6749 section 5.2 forbids in text
    described("description-quoted", "Error descriptions have quotes.", "error_description", 'The code "abc" is unknown.'),
    described("description-umlaut", "Error descriptions are in German.", "error_description", "Der Code ist ungültig."),
    described("description-two-lines", "Error descriptions have a line feed.", "error_description", "Wrong code.\nTry again."),
    described("description-backslash", "Error descriptions have a backslash.", "error_description", "C:\\codes"),
    described("uri-spaces", "The page on an error has spaces in its address.", "error_uri", "see the documentation"),
    # authorize
    authorize("code-json", "A client that nobody registered gets a code as JSON.", "authorize.unknown-client", STRANGER, status(200), header("Location", None), JSON, body({"code": SECRET})),
    authorize("code-element", "A client that nobody registered is shown a code.", "authorize.unknown-client", STRANGER, *shown(f"<html><p>Authorization code:</p><code>{SECRET}</code></html>")),
    authorize("code-field", "A client that nobody registered is shown a code in a field.", "authorize.unknown-client", STRANGER, *shown(f'<html><input type="text" name="code" value="{SECRET}" readonly></html>')),
    authorize("code-link", "A client that nobody registered is shown a link with a code.", "authorize.unknown-client", STRANGER, *shown(f'<html><a href="myapp://cb?code={SECRET}">Continue</a></html>')),
    authorize("code-fragment", "A client that nobody registered gets a code in a fragment.", "authorize.unknown-client", STRANGER, status(302), header("Location", f"https://login-sandbox.procore.com/done#code={SECRET}")),
    authorize("code-element-elsewhere", "A code is shown although the redirect URI is not registered.", "authorize.wrong-redirect-uri", ELSEWHERE, *shown(f"<html><code class='code'>{SECRET}</code></html>")),
    to_redirect_uri("refresh-element", "A page leads a browser to a redirect URI that nobody registered.", '<html><meta http-equiv="refresh" content="0; url={}?error=invalid_request"></html>'),
    to_redirect_uri("refresh-header", "A Refresh header leads a browser to a redirect URI that nobody registered.", "<html>Wait.</html>", Refresh="0; url={}?error=invalid_request"),
    authorize("refresh-elsewhere", "A Refresh header leads a browser to another host.", "authorize.redirect", RIGHT, *shown("<html>Wait.</html>"), header("Refresh", "0; url=https://login.example.com/")),
    authorize("backslash", "The redirect leads to another host by a backslash that browsers take for a slash.", "authorize.redirect", RIGHT, header("Location", "/\\login.example.com/login")),
    authorize("user-in-address", "The redirect has a user in its address.", "authorize.redirect", RIGHT, header("Location", "https://user:word@login.procore.com/")),
    authorize("error-to-app", "The right request is redirected to the app with an error.", "authorize.answers", RIGHT, status(302), header("Location", "urn:ietf:wg:oauth:2.0:oob?error=server_error")),
    authorize("error-page", "The right request is shown the page of an unknown client, with 200.", "authorize.answers", RIGHT, *shown("<html><p>Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.</p></html>")),
    authorize("error-page-of-uri", "The right request is shown that its redirect URI is wrong, with 200.", "authorize.answers", RIGHT, *shown("<html><pre>The requested redirect uri is malformed or doesn&#x27;t match client redirect URI.</pre></html>")),
    authorize("error-page-of-type", "The right request is shown that its response_type is wrong, with 200.", "authorize.answers", RIGHT, *shown("<html><pre>The authorization server does not support this response type.</pre></html>")),
    authorize("error-page-of-scope", "The right request is shown that its scope is wrong, with 200.", "authorize.answers", RIGHT, *shown("<html><pre>The requested scope is invalid, unknown, or malformed.</pre></html>")),
    authorize("error-page-of-flow", "The right request is shown that the app may not ask for codes, with 200.", "authorize.answers", RIGHT, *shown("<html><pre>The client is not authorized to perform this request using this method.</pre></html>")),
    authorize("error-page-of-request", "The right request is shown that it is malformed, with 200.", "authorize.answers", RIGHT, *shown("<html><pre>The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.</pre></html>")),
    authorize("error-page-of-denial", "The right request is shown that it was denied, with 200.", "authorize.answers", RIGHT, *shown("<html><pre>The resource owner or authorization server denied the request.</pre></html>")),
    authorize("error-json", "The right request is answered an error as JSON, with 200.", "authorize.answers", RIGHT, status(200), header("Location", None), JSON, body({"error": "invalid_request"})),
    # headers
    case("form-http-without-host", TRANSPORT, "Port 80 redirects to https without a host.", on("", header("Location", "https:/rest/v1.0/companies"), ok=None, when=both(plain_http, neither(login_host))), violates="transport.plain-http"),
    twice("ETag", '"a"', '"b"'),
    twice("Last-Modified", "Fri, 01 Jan 2021 00:00:00 GMT", "Sat, 01 Jan 2022 00:00:00 GMT"),
    twice("Retry-After", "5", "60"),
    twice("Expires", "Fri, 01 Jan 2021 00:00:00 GMT", "Mon, 01 Jan 2035 00:00:00 GMT"),
    twice("Content-Location", "/a", "/b"),
    twice("Age", "1", "99"),
    case("form-date-of-another-day", TRANSPORT, "Date names another day of the week than it has.", on("", _other_day, ok=None), advises="transport.date-form"),
    case("form-optional-member-of-page-two", PROJECTS, "On a second page, a zip code is a number.", on("projects", put("0.zip", 10115), when=page(2)), advises="projects.optional-members"),
    case("form-rate-limit-of-page-two", TRANSPORT, "On a second page, more requests remain than are allowed.", on("projects", header("X-Rate-Limit-Remaining", "99999"), when=page(2)), advises="transport.rate-limit"),
    case("form-rate-limit-refreshed", TRANSPORT, "For a refreshed token, more requests remain than are allowed.", on("me", header("X-Rate-Limit-Remaining", "99999"), when=refreshed), advises="transport.rate-limit"),
    # refusals that say nothing
    refusal("empty-list", "A refusal has an empty list of errors.", {"errors": []}),
    refusal("empty-object", "A refusal has an empty object of errors.", {"errors": {}}),
    refusal("empty-message", "A refusal has an empty message.", {"message": ""}),
    refusal("empty-error", "A refusal has an empty error.", {"error": ""}),
    refusal("numbers", "The errors of a refusal are numbers.", {"errors": [403]}),
    refusal("nulls", "The errors of a refusal are null.", {"errors": [None]}),
)
