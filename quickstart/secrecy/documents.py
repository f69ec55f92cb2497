"""From the bytes of a body to text and JSON, and back."""

import json


def decoded(body: bytes) -> tuple[str, str]:
    """Return a body as text, and in which encoding it was: UTF-8, unless it has zeros or begins with a mark."""
    marked = b"\0" in body[:8] or body[:2] in {b"\xfe\xff", b"\xff\xfe"}
    encoding = json.detect_encoding(body[:8]) if marked else "utf-8"
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    return body.decode(encoding, _errors(encoding)), encoding


def encoded(text: str, encoding: str) -> bytes:
    """Return what ``decoded`` took apart."""
    return text.encode(encoding, _errors(encoding))


def _errors(encoding: str) -> str:
    return "surrogateescape" if encoding == "utf-8" else "replace"


def read(text: str, again: list[tuple[str, object]]) -> object:
    """Return a JSON document; ``again`` takes the members of objects in which a key comes more than once.

    Raises:
        ValueError, RecursionError: it is none, or nested too deeply.
    """

    def made(pairs: list[tuple[str, object]]) -> dict[str, object]:
        held = dict(pairs)
        if len(held) != len(pairs):
            again.extend(pairs)
        return held

    return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=made)


def as_json(document: object) -> bytes:
    """Return a document as JSON."""
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can express
        return json.dumps(document).encode()
