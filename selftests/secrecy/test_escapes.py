"""A secret whose every character is escaped is found as one that is not, and what stands beside it is left alone."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from quickstart.secrecy.redaction import Redactor

SECRET = "sk9Xq7Lm2Pz4Rt8Vw1Ny6Bc3Df5Gh0Jk"


def each(form: str) -> Callable[[str], str]:
    """Escape every character alike."""
    return lambda text: "".join(form.format(ord(one)) for one in text)


DRESSES: dict[str, Callable[[str], str]] = {
    "percent": each("%{0:02X}"),
    "percent, small": each("%{0:02x}"),
    "percent twice": each("%25{0:02X}"),
    "percent three times": each("%2525{0:02X}"),
    "percent, here and there": lambda text: "".join(f"%{ord(one):02X}" if one in "79LPw" else one for one in text),
    "JSON": each("\\u{0:04x}"),
    "JSON in JSON": each("\\\\u{0:04X}"),
    "JavaScript": each("\\x{0:02x}"),
    "HTML": each("&#{0};"),
    "HTML, hexadecimal": each("&#x{0:X};"),
    "HTML without semicolons": each("&#x{0:04x}"),
    "HTML twice": each("&amp;#{0};"),
    "quoted-printable": each("={0:02X}"),
    "quoted-printable in lines": lambda text: "=\r\n".join(text[at : at + 7] for at in range(0, len(text), 7)),
    "percent of HTML": each("%26%23{0}%3B"),
    "octal": each("\\{0:03o}"),
    "Python, eight digits": each("\\U{0:08x}"),
    "JavaScript, in braces": each("\\u{{{0:x}}}"),
    "percent of old browsers": each("%u{0:04X}"),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32, after other bytes": lambda text: base64.b32encode(b"aaaaa" + text.encode()).decode(),
    "backwards": lambda text: text[::-1],
}  # fmt: skip


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor()
    made.learn("client-secret", SECRET)
    return made


@pytest.mark.parametrize("dress", DRESSES)
def test_an_escaped_secret_is_replaced(redactor: Redactor, dress: str) -> None:
    worn = DRESSES[dress](SECRET)
    for clean in (redactor.text, redactor.shown, redactor.net):
        left = clean(f"before {worn} after, and x={worn}")
        assert worn not in left
        assert left.startswith("before ")
        assert " after, and x" in left


@pytest.mark.parametrize(
    "text",
    ["a%20b%3Fc=%C3%A9&d=1", r"C:\\Users\\x\u0041", "&#60;b&#62;&amp;&lt;", "=41=42=\r\nx", "100%25 =3D %", "\\u004"],
)
def test_escapes_that_hide_nothing_stay(redactor: Redactor, text: str) -> None:
    assert redactor.text(text) == text
    assert redactor.net(text) == text


def test_what_stands_beside_it_does_not_come_alive(redactor: Redactor) -> None:
    for form in ("&#{0};", "%{0:02X}", "\\u{0:04x}"):
        left = redactor.net(each(form)(f'"><script>{SECRET}</script>'))
        assert not {*left} & {*'"<>&'}


@pytest.mark.parametrize(
    "text", ["%41" * 200_000, "a" * 600_000 + "%", "&amp;" * 100_000, "\\" * 300_000, "=" * 400_000]
)
def test_it_takes_no_longer_than_the_text_is_long(redactor: Redactor, text: str) -> None:
    started = time.monotonic()
    redactor.text(text)
    assert time.monotonic() - started < 10
