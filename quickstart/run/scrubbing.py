"""Takes secrets and people out of recordings: out of all of them at once, when all that is secret is known."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quickstart.run.tokens import is_opaque
from quickstart.secrecy.patterns import is_of_person
from quickstart.secrecy.redaction import Hints, Redactor

Cassette = dict[str, Any]  # of vcrpy: ``requests`` and ``responses``


def together(cassettes: Mapping[str, Cassette], redactor: Redactor) -> dict[str, Cassette]:
    """Return the cassettes, by the same keys (paths that name the exchange), without what is secret in any."""
    pairs = {
        name: list(zip(cassette["requests"], map(_decoded, cassette["responses"]), strict=True))
        for name, cassette in cassettes.items()
    }
    hints = {name: [_hints(sent, came) for sent, came in some] for name, some in pairs.items()}
    for name, some in pairs.items():
        for (sent, came), hint in zip(some, hints[name], strict=True):
            headers = _first_values(came)
            with redactor.within(Path(name).stem):
                redactor.discover(_media_type(headers), came["body"]["string"], headers, sent.uri, **hint)
    return {name: _scrubbed(name, some, hints[name], redactor) for name, some in pairs.items()}


def _scrubbed(name: str, some: Sequence[tuple[Any, Any]], hints: Sequence[Hints], redactor: Redactor) -> Cassette:
    with redactor.within(Path(name).stem):
        return {
            "requests": [request(sent, redactor) for sent, _ in some],
            "responses": [response(came, redactor, hint) for (_, came), hint in zip(some, hints, strict=True)],
        }


def request(sent: Any, redactor: Redactor) -> Any:
    """Return a request of vcrpy without secrets; it is the same object."""
    media_type = header(sent, "Content-Type")
    if sent.body:
        body = sent.body if isinstance(sent.body, bytes) else str(sent.body).encode()
        sent.body = redactor.body(media_type, body)
    sent.headers = redactor.headers({name: header(sent, name) for name in sent.headers})
    sent.uri = redactor.url(sent.uri)
    return sent


def _decoded(came: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with its body unpacked; vcrpy adds a length then, also to chunks without one."""
    from vcr import filters  # most runs do not record

    had_length = any(name.lower() == "content-length" for name in came["headers"])
    decoded: dict[str, Any] = filters.decode_response(came)
    kept = {name: values for name, values in decoded["headers"].items() if had_length or name != "content-length"}
    return {**decoded, "headers": kept}


def _hints(sent: Any, came: Mapping[str, Any]) -> Hints:
    opaque = is_opaque(sent.method, sent.uri, came["body"]["string"])
    return {"of_person": is_of_person(sent.uri), "opaque": opaque}


def _first_values(came: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(values[0]) for name, values in came["headers"].items() if values}


def _media_type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def response(came: Mapping[str, Any], redactor: Redactor, hints: Hints) -> dict[str, Any]:
    """Return an answer, as vcrpy holds it, without secrets: not in its body, headers, their names or its reason."""
    came = _decoded(came)
    body = redactor.body(_media_type(_first_values(came)), came["body"]["string"], **hints)
    headers: dict[str, list[str]] = {}
    for name, values in came["headers"].items():
        for value in values:
            ((clean_name, clean),) = redactor.headers({name: value}).items()
            headers.setdefault(clean_name, []).append(str(len(body)) if name.lower() == "content-length" else clean)
    status = {**came["status"], "message": redactor.text(came["status"]["message"] or "")}
    return {**came, "status": status, "headers": headers, "body": {"string": body}}


def header(request: Any, name: str) -> str:
    """Return the value of a header of a request of vcrpy, which has one text, a list or bytes, or an empty text."""
    values = [value for key, value in request.headers.items() if key.lower() == name.lower()]
    value = values[0] if values else ""
    value = value[0] if isinstance(value, list) else value
    return value.decode() if isinstance(value, bytes) else str(value)
