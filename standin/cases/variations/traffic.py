"""Legal ways for an answer to travel: headers, encodings, waits, clocks."""

from __future__ import annotations

import json

from standin.cases.bending import body, header, on, rename_headers, status, wire
from standin.cases.case import Case, case
from standin.cases.which import plain_http
from standin.http.messages import Answer, Wire
from standin.model.behaviour import Behaviour, Hiccup

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


SOON = ("Retry-After", "0")
VARIATIONS = (
    every("gzip", "Answers are compressed.", Wire(gzip=True)),
    every("chunked", "Answers come in chunks.", Wire(chunked=True)),
    every("gzip-chunked", "Answers are compressed and come in chunks.", Wire(gzip=True, chunked=True)),
    every("closed", "Each connection is closed without notice after its answer.", Wire(close=True)),
    case("travel-slow", STEP, "Companies takes 400 ms.", on("companies", wire(Wire(delay=0.4)), first=2)),
    case("travel-slow-token", STEP, "The exchange takes 600 ms.", on("token", wire(Wire(delay=0.6)), grant="authorization_code")),
    case("headers-lower-case", STEP, "Header names are in lower case.", on("", rename_headers(str.lower), ok=None)),
    case("headers-upper-case", STEP, "Header names are in upper case.", on("", rename_headers(str.upper), ok=None)),
    case("headers-more", STEP, "There are headers of a proxy on the way.", on("", header("Via", "1.1 edge"), header("CF-RAY", "abc"), header("Set-Cookie", "__cf=1; path=/"), header("Strict-Transport-Security", "max-age=1"), ok=None)),
    case("json-no-charset", STEP, "Lists do not name their charset.", *(on(each, header("Content-Type", "application/json")) for each in ("companies", "projects", "me", "projects-v1.0", "token-info"))),
    case("json-charset-quoted", STEP, "The charset is in quotes.", *(on(each, header("Content-Type", 'application/json; charset="utf-8"')) for each in ("companies", "projects", "me", "projects-v1.0"))),
    case("json-spaced", STEP, "JSON is indented and ends with a line feed.", on("me", body(lambda old: json.dumps(old, indent=4).encode() + b"\n"))),
    case("json-escaped", STEP, "JSON escapes all that is not ASCII.", on("projects", body(lambda old: json.dumps(old).encode()))),
    case("clock-minute-ahead", STEP, "The server's clock is a minute ahead.", clock_offset=60),
    case("clock-minute-behind", STEP, "The server's clock is a minute behind.", clock_offset=-60),
    case("clock-hour-ahead", STEP, "The server's clock is an hour ahead of ours, and agrees with itself.", clock_offset=3600),
    case("rate-headers-none", STEP, "There are no rate-limit headers.", behaviour=Behaviour(rate_headers=False)),
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
    http("403", "Port 80 refuses with 403.", 403),
    http("404", "Port 80 knows nothing.", 404),
    http("426", "Port 80 asks for an upgrade.", 426),
    case("http-closed", STEP, "Port 80 answers nothing.", on("", wire(Wire(drop=True)), ok=None, when=plain_http)),
    case("http-308", STEP, "Port 80 redirects for good.", on("", status(308), ok=None, when=plain_http)),
    case("oauth-on-api-hosts", STEP, "The login service answers on the API's host too.", behaviour=Behaviour(oauth_on_api_hosts=True)),
    case("post-405", "7 companies", "POST on companies is not allowed.", on("", status(405), status=404, method="POST")),
    case("post-422", "7 companies", "POST on companies cannot be processed.", on("", status(422), status=404, method="POST")),
)
