"""What is told of a request: when, what, how it was answered, and what was wrong with it. No secret is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from standin.http.messages import Answer, Exchange, Request

_SECRET = re.compile(r"token|secret|code|password|state|verifier|assertion", re.IGNORECASE)
_LONGEST = 200
"""Characters of a path, a value or a note."""


def entry(exchange: Exchange) -> dict[str, Any]:
    """One exchange as plain data, for JSON lines."""
    request, answer = exchange.request, exchange.answer
    found: dict[str, Any] = {
        "at": datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds"),
        "method": request.method,
        "host": request.host,
        "path": path(request, answer),
        "query": {name: _shown(name, value) for name, value in request.query.items()},
        "grant_type": request.params.get("grant_type"),
        "company": request.header("Procore-Company-Id"),
        "status": None if answer.wire.drop else answer.status,
        "note": wrong(answer),
    }
    return {name: value for name, value in found.items() if value not in (None, "", {})}


def line(exchange: Exchange) -> str:
    """One exchange for people: time (UTC), method, URL, grant, status, what was wrong."""
    told = entry(exchange)
    query = f"?{urlencode(told['query'], safe='[]…')}" if "query" in told else ""
    grant = f" ({told['grant_type']})" if "grant_type" in told else ""
    note = f"  {told['note']}" if "note" in told else ""
    url = f"{told['host']}{told['path']}{query}"
    return plain(f"{told['at'][11:19]} {told['method']} {url}{grant} {told.get('status', 'no answer')}{note}")


def json_line(exchange: Exchange) -> str:
    """One exchange for programs."""
    return json.dumps(entry(exchange), ensure_ascii=True)


def path(request: Request, answer: Answer) -> str:
    """The path, without the code that the path of the code page ends with."""
    shown = request.path.rpartition("/")[0] + "/…" if answer.endpoint == "code-page" else request.path
    return _cut(shown)


def wrong(answer: Answer) -> str:
    """What was wrong: what the stand-in knows, else what the answer says."""
    if answer.note or answer.ok or answer.status < 400:
        return _cut(answer.note)
    body = answer.body if isinstance(answer.body, Mapping) else {}
    errors = body.get("errors")
    said = body.get("error_description") or body.get("error") or (errors[0] if isinstance(errors, list) else errors)
    return _cut(str(said or ""))


def plain(text: str) -> str:
    """The same text where nothing moves a terminal's cursor or begins a new line."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _shown(name: str, value: str) -> str:
    return "…" if _SECRET.search(name) and name != "response_type" else _cut(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
