"""Whatever an answer holds, no test dies of it: a test fails by assertion, or says that it could not test.

These are no faults of the catalogue: what is violated does not matter here, only that the suite survives.
"""

from __future__ import annotations

import pytest

from selftests.support.matrix_runs import SuiteRunner
from standin.cases.bending import Edit, body, header, on, status
from standin.cases.case import Case, case

JSON = header("Content-Type", "application/json")
_COMPANY = b'"name":"n","is_active":true}]'
_PROJECT = b'"name":"n","display_name":"d","active":true,"company":{"id":1,"name":"c"}'
BODIES: dict[str, bytes] = {
    "deep-array": b"[" * 100_000 + b"]" * 100_000,
    "deep-array-that-can-be-read": b"[" * 900 + b"1" + b"]" * 900,
    "deep-object": b'{"id":1,"a":' * 700 + b"1" + b"}" * 700,
    "number": b"5",
    "string": b'"x"',
    "true": b"true",
    "number-of-5000-digits": b'{"id":' + b"9" * 5000 + b"}",
    "number-of-4200-digits": b'[{"id":' + b"9" * 4200 + b"," + _COMPANY,
    "infinite-number": b'[{"id":1e999,' + _COMPANY,
    "duplicate-keys": b'{"id":1,"id":2,"access_token":"a","access_token":"b"}',
    "not-utf-8": b'[{"id":1,"name":"\xff\xfe"}]',
    "numbers-of-all-kinds": b'[{"id":1e400,"name":"","ids":[1.0,-0.0,{"id":5e-324}],"country_code":[],"time_zone":{},'
    b'"total_value":1e999,"logo_url":"http://\\ud800","is_active":true}]',
    "byte-order-mark": b"\xef\xbb\xbf[]",
    "utf-16": "[]".encode("utf-16"),
    "mixed-items": b'[1,"a",null,{"id":1},[],{}]',
    "half-surrogates": b'[{"id":"\\ud800","name":"\\udfff","is_active":true}]',
    "half-surrogates-everywhere": b'{"\\ud800":1,"error":"\\ud800","access_token":"\\ud800","login":"\\ud800aaaaaa"}',
    "members-of-all-types": b'{"access_token":{},"error":[1],"expires_in":1e400,"created_at":-1,"token_type":{"a":1},'
    b'"refresh_token":[],"id":{},"application":[],"scopes":{},"resource_owner_id":1.5}',
    "times-that-python-lacks": b'[{"id":1,"created_at":"0000-01-01T00:00:00Z","updated_at":"2016-12-31T23:59:60Z",'
    + _PROJECT
    + b"}]",
    "times-in-small-letters": b'[{"id":1.0,"created_at":"2016-12-31t23:59:59.999999999999Z",'
    b'"updated_at":"9999-12-31T23:59:59Z",' + _PROJECT + b"}]",
}
HEADERS: dict[str, dict[str, str]] = {
    "digits-of-other-scripts": dict.fromkeys(
        ("Total", "Per-Page", "Retry-After", "X-Rate-Limit-Reset", "X-Rate-Limit-Remaining", "X-Rate-Limit-Limit"), "²"
    ),
    "digits-without-end": dict.fromkeys(("Total", "Per-Page", "Retry-After", "X-Rate-Limit-Reset"), "9" * 5000),
    "nothing": dict.fromkeys(("Link", "Date", "Total", "Content-Type", "Location", "Cache-Control", "Retry-After"), ""),
    "garbage": dict.fromkeys(("Link", "Date", "Total", "Per-Page", "Retry-After", "Content-Type"), 'é²;=,<>\\"'),
    "addresses-that-are-none": {"Link": '<http://[>; rel="next", <//>; rel="last"; rel', "Location": "http://["},
    "port-out-of-range": {"Link": '<http://a:99999999/>; rel="next"', "Location": "http://a:99999999/"},
    "bytes-in-location": {"Location": "\x80\x81é\xff"},
    "year-99999": {"Date": "Mon, 01 Jan 99999 00:00:00 GMT", "Retry-After": "Mon, 01 Jan 99999 00:00:00 GMT"},
    "zone-out-of-range": {"Date": "Mon, 01 Jan 2024 00:00:00 +99999999999"},
    "year-1": {"Date": "Mon, 01 Jan 0001 00:00:00 -0000"},
    "charset-of-nobody": {"Content-Type": 'application/json; charset="nonsense'},
    "encoding-that-is-none": {"Content-Encoding": "gzip"},
    "encoding-of-nobody": {"Content-Encoding": "deflate, nonsense"},
    "cookie-of-nobody": {"Set-Cookie": "=;=; é=²"},
    "length-that-is-none": {"Content-Length": "abc"},
    "challenges-that-are-none": {
        "WWW-Authenticate": 'é=; Bearer =x, "' + '\\"' * 9000,
        "Cache-Control": '=,;s-maxage=²"',
    },
    "cookies-and-policies": {
        "Set-Cookie": ";secure;=;",
        "Strict-Transport-Security": "é",
        "Sunset": "²",
        "Deprecation": "",
    },
}
LISTS = ("companies", "projects", "projects-v1.0", "me", "token-info")


def _with_headers(name: str) -> tuple[Edit, ...]:
    return tuple(header(field, value) for field, value in HEADERS[name].items())


ODD: tuple[Case, ...] = (
    *(case(f"body-{name}", "transport", "Odd.", on("", JSON, body(odd), ok=None)) for name, odd in BODIES.items()),
    *(
        case(f"lists-{name}", "transport", "Odd.", *(on(each, body(odd)) for each in LISTS))
        for name, odd in BODIES.items()
    ),
    *(case(f"headers-{name}", "transport", "Odd.", on("", *_with_headers(name), ok=None)) for name in HEADERS),
    *(
        case(f"moved-{name}", "transport", "Odd.", on("", *_with_headers(name), status(302), ok=None))
        for name, fields in HEADERS.items()
        if "Location" in fields
    ),
    *(
        case(f"status-{number}", "transport", "Odd.", on("", status(number), ok=True))
        for number in (199, 304, 418, 451, 499, 599, 600, 999)
    ),
)


@pytest.mark.matrix
@pytest.mark.parametrize("case", ODD, ids=lambda case: case.id)
def test_no_test_dies(runner: SuiteRunner, case: Case) -> None:
    outcome = runner.run(case)
    assert not outcome.crashes
    assert outcome.exit_code == outcome.expected_exit_code, outcome.output[-2000:]
