"""A form is scrubbed by its keys, however it travels, and a near miss keeps its likeness to what it misses."""

from __future__ import annotations

import pytest

from quickstart.exchange import bodies
from quickstart.exchange.definitions import ENCODINGS
from quickstart.run import values
from quickstart.secrecy import patterns
from quickstart.secrecy.redaction import Redactor

SECRET = "9f" * 20 + "c0ffee"
FORM = {"grant_type": "client_credentials", "client_secret": SECRET}
MEDIA_TYPES = {"form": "application/x-www-form-urlencoded"}


def sent(form: dict[str, str], encoding: str) -> tuple[bytes, str]:
    """The body and its media type, as they go out."""
    data, described = bodies.encoded(form, encoding)
    text = "&".join(f"{key}={value}" for key, value in form.items()).encode()
    return (data, described["Content-Type"]) if isinstance(data, bytes) else (text, MEDIA_TYPES["form"])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_secret_that_nobody_named_is_scrubbed_by_its_key(encoding: str) -> None:
    body, media_type = sent(FORM, encoding)
    scrubbed = Redactor().body(media_type, body)
    assert SECRET.encode() in body
    assert SECRET.encode() not in scrubbed
    assert b"client_credentials" in scrubbed
    assert len(scrubbed) == len(body)


def test_the_stand_in_of_a_near_miss_is_nearly_the_stand_in() -> None:
    redactor = Redactor()
    stand_in = redactor.learn("client-secret", SECRET)
    redactor.learn("client-secret", values.nearly(SECRET), values.nearly(stand_in))
    assert redactor.text(f"{SECRET} {values.nearly(SECRET)}") == f"{stand_in} {values.nearly(stand_in)}"


def test_http_basic_keeps_its_two_parts_apart() -> None:
    redactor = Redactor()
    client_id, secret = "an-id-of-some-length", "a-secret-of-some-length/+"
    id_stand_in, secret_stand_in = redactor.learn("client-id", client_id), redactor.learn("client-secret", secret)
    header = redactor.headers({"Authorization": patterns.basic(client_id, secret)})["Authorization"]
    assert patterns.client_of(header) == (id_stand_in, secret_stand_in)
    assert patterns.client_of("Basic !") is None
    assert patterns.client_of("Bearer b2s6bm8=") is None
