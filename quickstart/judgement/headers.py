"""What single headers of an answer say that they must not: validators, cookies, and the policy to keep to TLS."""

import re
from collections import Counter
from collections.abc import Iterator

from quickstart.exchange import fields
from quickstart.exchange.answer import Answer

_LATER = 60  # seconds after Date that two clocks of one server may make of Last-Modified
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')  # RFC 9110 section 8.8.3
_DIRECTIVE = re.compile(r'((?:"(?:[^"\\]|\\.)*"|[^;"])*)(?:;|$)')  # RFC 6797 section 6.1


def validator_problems(answer: Answer) -> Iterator[str]:
    """Say which of ETag and Last-Modified no cache can compare."""
    for tag in answer.lines("ETag"):
        if not _ETAG.fullmatch(tag):
            yield f"{answer.name}: ETag {tag}"
    now = fields.http_date(answer.headers.get("Date"))
    for text in answer.lines("Last-Modified"):
        changed = fields.http_date(text)
        if changed is None or (now is not None and changed > now + _LATER):
            yield f"{answer.name}: Last-Modified {text}"


def cookie_problems(answer: Answer) -> Iterator[str]:
    """Say which cookies may travel without TLS, and which come twice (RFC 6265 sections 8.3 and 4.1.1)."""
    cookies = answer.lines("Set-Cookie")
    for name in (cookie.partition("=")[0].strip() for cookie in cookies if not is_secure(cookie)):
        yield f"{answer.name}: the cookie {name} is not Secure"
    for (name, *_), times in Counter(map(_identity, cookies)).items():
        if times > 1:
            yield f"{answer.name}: the cookie {name} comes {times} times"


def is_secure(cookie: str) -> bool:
    """Whether a cookie goes over TLS alone."""
    return "secure" in {attribute.strip().lower() for attribute in cookie.split(";")[1:]}


def _identity(cookie: str) -> tuple[str, ...]:
    """Return name, path and domain: a browser keeps one cookie of each (RFC 6265 section 5.3)."""
    pair, *attributes = cookie.split(";")
    known = {name.strip().lower(): value.strip() for name, _, value in (one.partition("=") for one in attributes)}
    return pair.partition("=")[0].strip(), known.get("path", ""), known.get("domain", "").lower().lstrip(".")


def hsts_problem(answer: Answer) -> str:
    """Say why Strict-Transport-Security cannot be kept, or nothing (RFC 6797 sections 6.1.1 and 7.2)."""
    policy = answer.headers.get("Strict-Transport-Security")
    if policy is None:
        return ""
    if answer.definition.plain_http:
        return f"{answer.name}: {policy} over plain http"
    pairs = [one.strip().partition("=") for one in _DIRECTIVE.findall(policy) if one.strip()]
    ages = [value.strip().strip('"') for name, _, value in pairs if name.strip().lower() == "max-age"]
    return "" if len(ages) == 1 and ages[0].isascii() and ages[0].isdigit() else f"{answer.name}: {policy}"
