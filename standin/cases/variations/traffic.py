"""Legal ways for an answer to travel: headers, encodings, waits, clocks."""

from __future__ import annotations

import json
import time

from standin.cases.bending import body, header, line, on, put, rename_headers, status, wire
from standin.cases.case import Case, case
from standin.cases.which import neither, plain_http, with_token
from standin.http.messages import Answer, Request, Wire
from standin.model.behaviour import Behaviour, Hiccup
from standin.model.world import World

STEP = "transport"
JSON = ("Content-Type", "application/json; charset=utf-8")


def every(name: str, sentence: str, *ways: Wire) -> Case:
    """Every answer travels so."""
    return case(f"travel-{name}", STEP, sentence, *(on("", wire(way), ok=None) for way in ways))


def wait(name: str, sentence: str, status: int, endpoint: str, *headers: tuple[str, str], times: int = 1) -> Case:
    """One request must be sent again."""
    answer = Answer(status, (JSON, *headers), {"message": "Please wait."})
    return case(f"wait-{name}", STEP, sentence, behaviour=Behaviour(hiccups=(Hiccup(answer, endpoint, times),)))


def http(name: str, sentence: str, number: int) -> Case:
    """Port 80 refuses."""
    return case(f"http-{name}", STEP, sentence, on("", status(number), header("Location", None), body(b""), ok=None, when=plain_http))


def challenge(name: str, sentence: str, value: str) -> Case:
    """The 401 of the API challenges otherwise."""
    return case(f"api-401-{name}", STEP, sentence, *(on(each, header("WWW-Authenticate", value), status=401) for each in LISTS))


def cache(name: str, sentence: str, policy: str | None) -> Case:
    """The API speaks otherwise of caches."""
    return case(f"cache-{name}", STEP, sentence, *(on(each, header("Cache-Control", policy)) for each in LISTS))


def _client_id(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
    value = request.params.get("client_id", "")
    return put("client_id", value)(answer) if answer.endpoint == "token" and value else answer


SOON = ("Retry-After", "0")
LISTS = ("companies", "projects", "me", "projects-v1.0")
VARIATIONS = (
    every("gzip", "Answers are compressed.", Wire(gzip=True)),
    every("chunked", "Answers come in chunks.", Wire(chunked=True)),
    every("gzip-chunked", "Answers are compressed and come in chunks.", Wire(gzip=True, chunked=True)),
    every("closed", "Each connection is closed without notice after its answer.", Wire(close=True)),
    case("travel-slow", STEP, "Companies takes 400 ms.", on("companies", wire(Wire(delay=0.4)), first=2)),
    case("travel-slow-token", STEP, "The exchange takes 600 ms.", on("token", wire(Wire(delay=0.6)), grant="authorization_code")),
    case("headers-lower-case", STEP, "Header names are in lower case.", on("", rename_headers(str.lower), ok=None)),
    case("headers-upper-case", STEP, "Header names are in upper case.", on("", rename_headers(str.upper), ok=None)),
    case("headers-more", STEP, "There are headers of a proxy on the way.", on("", header("Via", "1.1 edge"), header("CF-RAY", "abc"), header("Set-Cookie", "__cf=1; path=/"), header("Strict-Transport-Security", "max-age=1"), ok=None), advises="transport.cookies transport.hsts-sound"),
    case("json-no-charset", STEP, "Lists do not name their charset.", *(on(each, header("Content-Type", "application/json")) for each in ("companies", "projects", "me", "projects-v1.0", "token-info"))),
    case("json-charset-quoted", STEP, "The charset is in quotes.", *(on(each, header("Content-Type", 'application/json; charset="utf-8"')) for each in ("companies", "projects", "me", "projects-v1.0"))),
    case("json-spaced", STEP, "JSON is indented and ends with a line feed.", on("me", body(lambda old: json.dumps(old, indent=4).encode() + b"\n"))),
    case("json-escaped", STEP, "JSON escapes all that is not ASCII.", on("projects", body(lambda old: json.dumps(old).encode()))),
    case("clock-minute-ahead", STEP, "The server's clock is a minute ahead.", clock_offset=60),
    case("clock-minute-behind", STEP, "The server's clock is a minute behind.", clock_offset=-60),
    case("clock-hour-ahead", STEP, "The server's clock is an hour ahead of ours, and agrees with itself.", clock_offset=3600),
    case("rate-headers-none", STEP, "There are no rate-limit headers.", behaviour=Behaviour(rate_headers=False), advises="transport.rate-limit-told"),
    case("rate-limit-100", STEP, "A developer sandbox: 100 requests a minute.", behaviour=Behaviour(rate_limit=100, rate_window=60)),
    case("rate-limit-600", STEP, "600 requests an hour.", behaviour=Behaviour(rate_limit=600)),
    wait("429-companies", "Companies says 429 once.", 429, "companies", SOON),
    wait("429-projects", "Projects says 429 once.", 429, "projects", SOON),
    wait("429-me-twice", "Me says 429 twice.", 429, "me", SOON, times=2),
    wait("429-token", "The token endpoint says 429 once.", 429, "token", SOON),
    wait("429-anything", "The first request of all gets 429.", 429, "", SOON),
    wait("503-companies", "Companies says 503 once.", 503, "companies", SOON),
    wait("503-token", "The token endpoint says 503 once.", 503, "token", SOON),
    wait("503-projects-a-second", "Projects says 503 and asks for a second.", 503, "projects", ("Retry-After", "1")),
    wait("503-token-info", "Token info says 503 once.", 503, "token-info", SOON),
    wait("502-companies", "Companies says 502 once: a gateway hiccups.", 502, "companies"),
    wait("502-projects", "Projects says 502 once, and asks for no wait.", 502, "projects", SOON),
    wait("502-token-info", "Token info says 502 once.", 502, "token-info", SOON),
    wait("504-companies", "Companies says 504 once: a gateway has waited too long.", 504, "companies"),
    wait("522-companies", "Companies says 522 once: a network of gateways did not get through.", 522, "companies"),
    case("clock-23-hours-ahead", STEP, "The server's clock is nearly a day ahead.", clock_offset=23 * 3600),
    case("clock-23-hours-behind", STEP, "The server's clock is nearly a day behind.", clock_offset=-23 * 3600),
    case("rate-limit-just-reset", STEP, "The window has just ended.", *(on(each, lambda answer: answer.with_header("X-Rate-Limit-Reset", str(int(time.time())))) for each in LISTS)),
    case("headers-twice-the-same", STEP, "A proxy repeats a header to the letter.", on("companies", line("Content-Type", "application/json; charset=utf-8"))),
    case("headers-several-lines", STEP, "Headers that are lists come in several lines.", on("", line("Cache-Control", "no-transform"), line("Vary", "Origin"), line("Set-Cookie", "theme=dark; path=/; Secure"), ok=None)),
    challenge("two", "The API takes passwords, too.", 'Basic realm="Procore", Bearer realm="Procore", error="invalid_token"'),
    challenge("small-letters", "The challenge is in small letters, without quotes.", "bearer error=invalid_token"),
    challenge("long", "The challenge has commas and quotes in a text.", 'Bearer realm="a, \\"b\\"", scope="x y", error="invalid_token", error_description="No, expired"'),
    case("api-401-two-lines", STEP, "Two challenges come in two lines.", *(on(each, header("WWW-Authenticate", 'Basic realm="x"'), line("WWW-Authenticate", 'Bearer error="invalid_token"'), status=401) for each in LISTS)),
    case("api-401-no-error-without-token", STEP, "Without a token, the challenge names no error.", *(on(each, header("WWW-Authenticate", 'Bearer realm="Procore"'), status=401, when=neither(with_token)) for each in LISTS)),
    case("api-401-repeats-garbage", STEP, "The challenge repeats a token that is none.", *(on(each, header("WWW-Authenticate", 'Bearer error="invalid_token", error_description="garbage-token-of-the-quick-start-suite"'), status=401) for each in LISTS), advises="secrets.wrong-not-echoed"),
    case("cookie-secure", STEP, "The session is a cookie that travels over TLS alone.", on("token", lambda answer: line("Set-Cookie", f"session={answer.body['access_token']}; path=/; HttpOnly; secure; SameSite=Lax")(answer))),
    case("secret-none", STEP, "The Client ID comes back: it is no secret.", _client_id),
    cache("private", "The API says private and for how long.", "private, max-age=60"),
    cache("none", "The API does not speak of caches.", None),
    cache("public-no-store", "The API contradicts itself on the safe side.", "public, no-store"),
    cache("s-maxage-0", "Shared caches must ask again.", "s-maxage=0, must-revalidate"),
    cache("max-age", "Caches may keep answers for a minute.", "max-age=60"),
    case("api-observed", STEP, "Answers carry no request id, keep browsers to TLS, and announce an end.", *(on(each, header("X-Request-Id", None), header("Strict-Transport-Security", "max-age=63072000"), header("Deprecation", "@1790000000"), header("Sunset", "Wed, 11 Nov 2027 11:11:11 GMT")) for each in LISTS)),
    case("json-surrogate-pairs", STEP, "Characters beyond 16 bits are escaped as pairs.", on("me", put("name", "🏗️ 𝔘"), body(lambda old: json.dumps(old).encode()))),
    case("json-fractions", STEP, "Numbers that are no ids have points and exponents.", on("me", body(lambda old: json.dumps({**old, "rate": 1.0, "score": 2.5}).replace("2.5", "25e-1").encode()))),
    http("403", "Port 80 refuses with 403.", 403),
    http("404", "Port 80 knows nothing.", 404),
    http("426", "Port 80 asks for an upgrade.", 426),
    case("http-closed", STEP, "Port 80 answers nothing.", on("", wire(Wire(drop=True)), ok=None, when=plain_http)),
    case("http-308", STEP, "Port 80 redirects for good.", on("", status(308), ok=None, when=plain_http)),
    case("oauth-on-login-host-alone", STEP, "The login service does not answer on the API's host.", behaviour=Behaviour(oauth_on_api_hosts=False)),
    case("post-405", "7 companies", "POST on companies is not allowed.", on("", status(405), header("Allow", "GET, HEAD"), status=404, method="POST")),
    case("post-422", "7 companies", "POST on companies cannot be processed.", on("", status(422), status=404, method="POST")),
)
