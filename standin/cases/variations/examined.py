"""Legal answers that look like what is not: data, redirects, cookies, validators and numbers that a strict reader trips over."""

from __future__ import annotations

import json

from standin.cases.bending import body, header, line, lines, on, put, status
from standin.cases.case import case
from standin.cases.faults.authorize import ELSEWHERE, at
from standin.cases.which import both, login_host, neither, no_secret, plain_http, posted_to_companies
from standin.http.messages import Answer
from standin.model.behaviour import Behaviour

AUTHORIZE, REVOKE, COMPANIES, PROJECTS, ME, TRANSPORT = "5 authorize", "6 revoke", "7 companies", "7 projects", "7 me", "transport"
PAGE = (status(200), header("Content-Type", "text/html; charset=utf-8"), header("Location", None))
JSON = header("Content-Type", "application/json; charset=utf-8")
LOGIN = b'<html><form action="https://app.procore.com/login" method="post"><script>if (top !== self) { top.location = self.location; }</script></form></html>'
HELP = b'<html><a href="https://not-registered.invalid/callback">?</a><form action="/login?to=https%3A%2F%2Fnot-registered.invalid"></form></html>'
XHTML = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Log in</body></html>'
HSTS = "Strict-Transport-Security"
LISTS = ("companies", "projects")


def _paging_twice(answer: Answer) -> Answer:
    for name in ("Total", "Per-Page"):
        answer = line(name, answer.header(name) or "0")(answer)
    return answer


def _cursor(answer: Answer) -> Answer:
    return answer.with_header("Link", (answer.header("Link") or "").replace("?", "?cursor=b2Zmc2V0&"))


def _just_changed(answer: Answer) -> Answer:
    return answer.with_header("Last-Modified", answer.header("Date") or "")


def _many_digits(answer: Answer) -> Answer:
    text = json.dumps(answer.body).replace('"name"', f'"odd": [{"9" * 5000}, 1e400, -0], "name"', 1)
    return answer.with_body(text.encode())


VARIATIONS = (
    case("look-login-form-of-procore", AUTHORIZE, "The form of the login page goes to another host of Procore's.", on("authorize", *PAGE, body(LOGIN), ok=None)),
    case("look-login-page-xhtml", AUTHORIZE, "The login page is XHTML.", on("authorize", *PAGE, header("Content-Type", "application/xhtml+xml"), body(XHTML), ok=None)),
    case("look-login-page-untyped", AUTHORIZE, "The login page does not say what it is, and browsers look at it.", on("authorize", *PAGE, header("Content-Type", None), body(LOGIN), ok=None)),
    case("look-wrong-uri-linked", AUTHORIZE, "The error page has a link to the redirect URI that is not registered, to be clicked by hand.", at(*PAGE, status(400), body(HELP), when=ELSEWHERE)),
    case("look-code-with-more", AUTHORIZE, "The code comes to the app with an issuer beside it.", on("authorize", lambda answer: answer.with_header("Location", f"{answer.header('Location')}&iss=https%3A%2F%2Flogin.procore.com"), ok=None), behaviour=Behaviour(logged_in=True), redirect_uri="https://app.example.com/callback"),
    case("look-401-has-id-and-name", TRANSPORT, "A 401 names its error by an id and a name.", *(on(each, JSON, body({"error": {"id": "unauthorized", "name": "Unauthorized"}, "request": 4711}), status=401) for each in ("companies", "projects", "me"))),
    case("look-revoke-without-secret-401", REVOKE, "Revoking without a secret is 401, with a challenge.", on("revoke", status(401), JSON, body({"error": "invalid_client"}), header("WWW-Authenticate", 'Basic realm="Procore"'), when=no_secret)),
    case("look-etags", TRANSPORT, "ETags are weak, and one is empty.", on("", header("ETag", 'W/"0-a,b"'), ok=None), on("me", header("ETag", '""'))),
    case("look-just-changed", TRANSPORT, "Answers were changed when they were answered.", on("", _just_changed, ok=None)),
    case("look-hsts-in-full", TRANSPORT, "Strict-Transport-Security has all that it may have.", on("", header(HSTS, 'Max-Age="31536000" ; includeSubDomains; preload;'), ok=None, when=neither(plain_http))),
    case("look-cookies-of-two-paths", TRANSPORT, "Two cookies of one name are of two paths, and one ends on a Thursday.", on("", lines("Set-Cookie", "s=1; Path=/; Secure", "s=2; Path=/rest; expires=Thu, 01 Jan 2037 00:00:00 GMT; secure"), ok=None)),
    case("look-405-of-nothing", COMPANIES, "A method is not allowed, and none is.", on("", status(405), header("Allow", ""), ok=None, when=posted_to_companies)),
    case("look-http-login-403", TRANSPORT, "The login host refuses plain http with 403.", on("", status(403), header("Location", None), body(b""), ok=None, when=both(plain_http, login_host))),
    case("look-paging-twice", PROJECTS, "A proxy repeats Total and Per-Page to the letter.", *(on(each, _paging_twice) for each in LISTS)),
    case("look-link-with-cursor", PROJECTS, "Links carry a cursor beside the page.", *(on(each, _cursor) for each in LISTS)),
    case("look-small-t-and-z", PROJECTS, "Timestamps are in small letters, as RFC 3339 lets them be.", on("projects", put("*.created_at", str.lower), put("*.updated_at", str.lower))),
    case("look-many-digits", PROJECTS, "A number of five thousand digits stands in a member that nobody documented.", on("projects", _many_digits)),
    case("look-login-quoted", ME, "The user's login has a quoted part, with a space in it.", on("me", put("login", '"site office"@example.com'))),
)
