"""Legal spellings: null for what is not said, addresses with a port or in capitals, spaces, and windows that roll on."""

from __future__ import annotations

import time

from standin.cases.bending import Edit, body, header, lines, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.authorize import ELSEWHERE, STRANGER, at
from standin.cases.faults.links import told, without
from standin.cases.which import foreign_query, page, plain_http
from standin.http.messages import Answer, Request
from standin.model.world import World

AUTHORIZE, TOKEN, INFO = "5 authorize", "6 exchange", "6 token info"
PROJECTS, TRANSPORT = "7 projects", "transport"
CHALLENGE = "WWW-Authenticate"
LISTS = ("companies", "projects")
PAGE = (status(200), header("Location", None), header("Content-Type", "text/html; charset=utf-8"))
LOGIN = (
    '<html><script>window.config = {"access_token": "", "codes": ["abcdefabcdefabcdefabcdef"]};'
    ' next = "/oauth/authorize?response_type=code&client_id=abcdefabcdefabcdefabcdef";</script>'
    '<form><input name="authenticity_token" value="abcdefabcdefabcdefabcdef"><input name="country_code" value="abcdefabcdefabcdefabcdef">'
    '<input name="return_to" value="/oauth/authorize?client_id=abcdefabcdefabcdefabcdef&amp;response_type=code"></form></html>'
)
MESSAGES = '<html><script>var words = {"a": "Client authentication failed", "b": "Invalid redirect URI"}</script><form></form></html>'
ERROR_PAGE = '<html><code>unauthorized_client_application</code><script>var e = {"code": "client_authentication_failed"}</script></html>'


def token(name: str, sentence: str, *edits: Edit, ok: bool = True) -> Case:
    """The token endpoint leaves something unsaid."""
    return case(f"said-{name}", TOKEN, sentence, on("token", *edits, ok=ok))


def links(name: str, sentence: str, edit: Edit) -> Case:
    """Links of both lists are written otherwise."""
    return case(f"said-link-{name}", PROJECTS, sentence, *(on(each, edit) for each in LISTS))


def refusal(name: str, sentence: str, value: object) -> Case:
    """A refusal gives its reason in another shape."""
    edits: tuple[Edit, ...] = (status(403), header("Content-Type", "application/json"), body(value))
    return case(f"said-refusal-{name}", PROJECTS, sentence, on("projects", *edits, ok=None, when=foreign_query))


def _windows(_request: Request, answer: Answer, world: World) -> Answer:
    """Now the ten seconds are told, now the hour; what remains of the ten seconds grows as they roll on."""
    if answer.header("X-Rate-Limit-Limit") is None:
        return answer
    world.counts["windows"] += 1
    now, turn = int(time.time()), world.counts["windows"] % 3
    for name, value in (("Limit", 25 if turn else 600), ("Remaining", (590, 20, 24)[turn]), ("Reset", now + (9 if turn else 3000))):
        answer = answer.with_header(f"X-Rate-Limit-{name}", str(value))
    return answer


_UTC = (put("*.created_at", "2024-01-01T10:00:00+00:00"), put("*.updated_at", "2024-01-02T10:00:00+00:00"))
VARIATIONS = (
    token("scope-null", "The scope is null.", put("scope", None)),
    token("description-null", "Refusals have a description that is null.", put("error_description", None), ok=False),
    token("uri-null", "Refusals have a page that is null.", put("error_uri", None), ok=False),
    token("description-all-letters", "Error descriptions have every letter that they may have.", put("error_description", "It isn't valid; (see: #1) [2] {3} <4> 5% & 6!?"), ok=False),
    token("uri-relative", "The page on an error is named by its path.", put("error_uri", "/docs/errors?code=1#invalid_grant"), ok=False),
    token("no-store-in-lines", "Cache-Control comes in two lines, in capitals.", lines("Cache-Control", "PRIVATE", "NO-STORE")),
    links("port", "Links name the port of https.", told(lambda link: link.replace("sandbox.procore.com/", "sandbox.procore.com:443/"))),
    links("capitals", "Scheme and host of links are in capitals.", told(lambda link: link.replace("https://sandbox.procore.com/", "HTTPS://SANDBOX.Procore.COM/"))),
    links("encoded-path", "A letter in the path of links is encoded.", told(lambda link: link.replace("/rest/v1", "/rest/%761"))),
    links("fragment", "Links have a fragment.", told(lambda link: link.replace('>; rel="next"', '#items>; rel="next"'))),
    links("previous", "The page before is called previous.", told(lambda link: link.replace('rel="prev"', 'rel="previous"'))),
    case("said-link-page-two-without-prev", PROJECTS, "The second page has no prev link, as the pagination page has it.", *(on(each, without("prev"), when=page(2)) for each in LISTS)),
    case("said-utc-as-offset", PROJECTS, "Timestamps say UTC as +00:00.", *(on(each, *_UTC) for each in ("projects", "projects-v1.0"))),
    case("said-authorize-capitals", AUTHORIZE, "Scheme and host of the redirect are in capitals.", on("authorize", header("Location", "HTTPS://LOGIN-SANDBOX.PROCORE.COM/login"), ok=None)),
    case("said-authorize-port", AUTHORIZE, "The redirect names the port of https.", on("authorize", header("Location", "https://login-sandbox.procore.com:443/login"), ok=None)),
    case("said-authorize-query", AUTHORIZE, "The redirect is a query alone.", on("authorize", header("Location", "?login=1"), ok=None)),
    case("said-authorize-page-with-codes", AUTHORIZE, "The login page has words like code and access_token in it.", on("authorize", *PAGE, body(LOGIN.encode()), ok=None)),
    case("said-authorize-shows-wrong-uri", AUTHORIZE, "An error page shows the redirect URI that is not registered.", at(*PAGE, status(400), body(b"<html>https://not-registered.invalid/callback is not registered for this app.</html>"), when=ELSEWHERE)),
    case("said-authorize-unknown-client-422", AUTHORIZE, "An unknown client cannot be processed.", at(*PAGE, status(422), body(b"<html>Client authentication failed due to unknown client.</html>"), when=STRANGER)),
    case("said-authorize-login-page-with-messages", AUTHORIZE, "The login page has all its messages in a script.", on("authorize", *PAGE, body(MESSAGES.encode()), ok=None)),
    case("said-authorize-error-in-code-element", AUTHORIZE, "The page of an unknown client names its error as code.", at(*PAGE, status(400), body(ERROR_PAGE.encode()), when=STRANGER)),
    case("said-authorize-refresh-here", AUTHORIZE, "A Refresh header leads to the login page.", on("authorize", *PAGE, header("Refresh", "0; url=/login"), body(b"<html>Wait.</html>"), ok=None)),
    case("said-http-capitals", TRANSPORT, "Port 80 redirects to HTTPS in capitals.", on("", header("Location", "HTTPS://sandbox.procore.com/rest/v1.0/companies"), ok=None, when=plain_http)),
    case("said-info-two-schemes", INFO, "Token info offers two schemes, in two lines.", on("token-info", lines(CHALLENGE, "Negotiate", 'Bearer realm="Doorkeeper"'), ok=False)),
    case("said-rate-limits-by-turns", TRANSPORT, "The limit of ten seconds and that of an hour are told by turns.", _windows),
    case("said-cache-rails", TRANSPORT, "Companies is private, and stale at once.", on("companies", header("Cache-Control", "max-age=0, private, must-revalidate"))),
    case("said-date-spaces", TRANSPORT, "There are spaces round the value of Date.", on("", lambda answer: answer.with_header("Date", f"\t {answer.header('Date')} \t"), ok=None)),
    case("said-media-type-family", TRANSPORT, "The API names a media type of its own, of the JSON family.", *(on(each, header("Content-Type", "application/vnd.procore.v1+json; charset=utf-8")) for each in ("companies", "projects", "me"))),
    refusal("list-of-objects", "The errors of a refusal are objects.", {"errors": [{"code": 7, "message": "Forbidden"}]}),
    refusal("rails", "A refusal is worded as Rails words it.", {"status": 403, "error": "Forbidden"}),
)
