"""Each place in an answer where a secret or a person may stand: it goes there, and is known from then on."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from quickstart.plugin.options import ours_in
from quickstart.secrecy.redaction import Hints, Redactor
from selftests.support.project import ROOT

C = "Kq7Zx2Wm9TbR-4vYcKq7Zx2Wm9"
P = "Wilhelmine Zwischenzeile"
INNER = base64.b64encode(C.encode()).decode()


def told(**members: Any) -> bytes:
    """A JSON object."""
    return json.dumps(members).encode()


KEYS = (
    "access_token", "accessToken", "access-token", "ACCESS_TOKEN", "Access Token", "oauth.access_token",
    "userAccessToken",
    "token", "tokens", "accessTokens", "access_token_value", "secret", "client-secret", "bearer", "Authorization",
    "session_id", "apiKey", "password", "id_token", "jwt",
)  # fmt: skip
BODIES: dict[str, bytes] = {
    **{f"key {key}": told(**{key: C}) for key in KEYS},
    "nested": told(access_token={"value": {"of": [C]}}),
    "key of a map": told(access_tokens={C: 1}),
    "bearer under a key": told(note=f"Bearer {C}"),
    "JSON in JSON": told(a=json.dumps({"b": json.dumps({"refresh_token": C})})),
    "broken JSON": told(access_token=C)[:-2],
    "JSONP": b"cb(" + told(access_token=C) + b")",
    "mark before JSON": b"\xef\xbb\xbf" + told(access_token=C),
    "keys twice": told(access_token=C)[:-1] + b', "access_token": "x"}',
    "escapes": told(access_token=C).replace(b"K", b"\\u004b"),
    "UTF-16": told(access_token=C).decode().encode("utf-16"),
    "YAML": f"access_token: {C}\nx: 1".encode(),
    "ini": f"refresh_token = {C}".encode(),
    "PHP": f"['access_token' => '{C}']".encode(),
    "form": f"access_token={C}&x=1".encode(),
    "XML attribute": f"<t access_token='{C}'/>".encode(),
    "XML element": f"<ns:AccessToken xmlns:ns='u'>\n {C}\n</ns:AccessToken>".encode(),
    "XML CDATA": f"<access_token><![CDATA[{C}]]></access_token>".encode(),
    "XML value": f"<field name='access_token' value='{C}'/>".encode(),
    "property list": f"<key>access_token</key><string>{C}</string>".encode(),
    "input": f'<input name="access_token" type="hidden" value="{C}">'.encode(),
    "script": f'<script>window.accessToken="{C}"</script>'.encode(),
}
HEADERS = {
    "Link": f'<https://a.b/x?access_token={C}>; rel="next"', "Refresh": f"0; url=https://a.b/x?access_token={C}",
    "X-Token": C, "X-Auth": C, "X-Client-Secret": C, "X-Session-Token": C, "Authorization": f"Token {C}",
    "Proxy-Authorization": f"Basic {C}", "WWW-Authenticate": f'Bearer token="{C}"',
    "Set-Cookie": f"a=1; Path=/, b={C}; Path=/", "set-cookie": f'b="{C}"; Path=/',
    "Location": f"https://a.b/#access_token={C}&x=1", "location": f"https://a.b/?a=1;code={C}",
    "Referer": f"https://u:{C}@a.b/", "Content-Location": f"/oauth/authorize/{C}",
}  # fmt: skip
OPAQUE = {
    "a member": told(blob=C), "a key": told(**{C: 1}), "a list": json.dumps([[C]]).encode(), "text": C.encode(),
    "a page": f"<p>{C}</p>".encode(), "UTF-16": told(x=C).decode().encode("utf-16"), "base64": told(x=INNER),
}  # fmt: skip
PEOPLE: dict[str, tuple[bytes, Hints]] = {
    "me": (told(name=P), {"of_person": True}),
    "beside a login": (told(login="w.z", name=P), {}),
    "in user": (told(user={"name": P}), {}),
    "in created_by": (told(created_by={"id": 1, "name": P}), {}),
    "fullName": (told(fullName=P), {}),
    "in a list of contacts": (told(contacts=[{"name": P}]), {}),
    "XML": (f"<user><full_name>{P}</full_name></user>".encode(), {}),
}
ADDRESSES = ("jurgen@example.de", "jurgen.o'x+1@mail.example.de", "jürgen@exämple.de", "jurgen%40example.de")


def left(body: bytes, headers: dict[str, str], secret: str, **hints: Any) -> list[str]:
    """Where the secret is left, once the answer is known: in it, or in what is said of it later."""
    redactor = Redactor(ours_in(ROOT))
    redactor.discover("application/json", body, headers, "https://a.b/x", **hints)
    clean = redactor.body("application/json", body, **hints)
    places = {
        "body": clean.decode("utf-16" if body[:2] == b"\xff\xfe" else "utf-8"),
        "headers": str(redactor.headers(headers)),
        "later": redactor.text(f"later {secret} was said"),
    }
    return [place for place, text in places.items() if secret in text]


@pytest.mark.parametrize("place", BODIES)
def test_a_secret_in_a_body_is_found(place: str) -> None:
    assert left(BODIES[place], {}, C) == []


@pytest.mark.parametrize("name", HEADERS)
def test_a_secret_in_a_header_is_found(name: str) -> None:
    assert left(b"", {name: HEADERS[name]}, C) == []


@pytest.mark.parametrize("place", OPAQUE)
def test_a_secret_in_an_answer_that_nobody_understands_is_found(place: str) -> None:
    secret = INNER if place == "base64" else C
    assert left(OPAQUE[place], {}, secret, opaque=True) == []


def test_of_an_answer_that_nobody_understands_no_long_string_is_left() -> None:
    body = told(word="a" * 16, sentence="not a token but who knows", short="a" * 15, number=10**15, key={"b" * 16: 1})
    clean = json.loads(Redactor(ours_in(ROOT)).body("application/json", body, opaque=True))
    assert clean["short"] == "a" * 15
    assert {"a" * 16, "not a token but who knows", 10**15}.isdisjoint(
        [clean["word"], clean["sentence"], clean["number"]]
    )
    assert "b" * 16 not in clean["key"]


@pytest.mark.parametrize("place", PEOPLE)
def test_a_person_is_found(place: str) -> None:
    body, hints = PEOPLE[place]
    assert left(body, {}, P, **hints) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_found_in_any_text(address: str) -> None:
    redactor = Redactor(ours_in(ROOT))
    assert address not in redactor.text(f"write to {address}, or not")


def test_names_of_companies_and_projects_stay() -> None:
    answer = [{"id": 1, "name": "Zwischenzeile Bau", "company": {"id": 2, "name": P}, "display_name": "Haus 17"}]
    body = json.dumps(answer).encode()
    assert Redactor(ours_in(ROOT)).body("application/json", body) == body
