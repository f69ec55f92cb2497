"""A stand-in that puts secrets and people where nobody expects them, and repeats each of them in every dress."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from selftests.secrecy.canaries import dressed, pieces
from standin.cases.bending import body, header, on, status
from standin.http.messages import Answer, Request
from standin.model.world import World

PEOPLE = {
    "first_name": "Xaverinkel",
    "last_name": "Obergurglhuber",
    "full_name": "Xaverinkel Obergurglhuber",
    "email_address": "xaver.obergurgl@canary-mail.example",
    "login": "x.obergurglhuber@canary-login.example",
    "name": "Xaver K. Obergurglhuber-Canary",
}
CREATOR = "Wilhelmine Zwischenzeile"  # of a project, without a login beside her


def _canary(place: str, shape: str) -> str:
    digest = hashlib.sha256(place.encode())
    if shape == "hex":
        return digest.hexdigest()[:40]
    if shape == "number":
        return str(int(digest.hexdigest()[:12], 16) + 10**15)
    odd = '"&<%/=' if shape == "odd" else "-"
    letters = "".join("Kq7Zx2Wm9TbR4vYc"[byte % 16] for byte in digest.digest())
    return f"{letters[:12]}{odd}{letters[12:]}"


@dataclass
class Canaries:
    """The secrets that were planted, by the place where alone they can be learned."""

    secrets: dict[str, str] = field(default_factory=dict)

    def at(self, place: str, shape: str = "plain") -> str:
        """Return the secret of a place."""
        return self.secrets.setdefault(place, _canary(place, shape))


def _token_extras(canaries: Canaries) -> dict[str, Any]:
    """Members of a right token answer beside the right ones: keys in other spellings, nested, in a text, numbers."""
    at = canaries.at
    return {
        "accessToken": at("camel case", "odd"),
        "refresh-token": at("kebab case", "hex"),
        "CLIENT_SECRET": at("capitals"),
        "data": {"access_token": {"value": at("nested object"), "kind": "bearer"}},
        "list": [{"idToken": [at("nested list", "odd")]}],
        "raw": json.dumps({"access_token": at("JSON in a text")}),
        "userAccessToken": at("longer key"),
        "apiKey": int(at("number", "number")),
        "jwt": at("jwt"),
    }


def _xml(canaries: Canaries) -> bytes:
    at = canaries.at
    return (
        f"<?xml version='1.0'?><response><access_token>{at('XML element')}</access_token>"
        f"<AccessToken type='bearer'><![CDATA[{at('XML CDATA')}]]></AccessToken>"
        f"<note>{at('XML elsewhere', 'hex')}</note></response>"
    ).encode()


def _form(canaries: Canaries) -> bytes:
    at = canaries.at
    return f"access_token={at('form')}&refreshToken={quote(at('form, odd', 'odd'), safe='')}&x=1".encode()


def _unknown(canaries: Canaries) -> dict[str, Any]:
    at = canaries.at
    return {
        "blob": at("any member"),
        at("a key", "hex"): True,
        "deep": [[at("any list")]],
        "n": int(at("digits", "number")),
    }


def canary_world(canaries: Canaries, also: Callable[[World], Mapping[str, str]], *, loud: bool) -> World:
    """Return the world; ``also`` names the secrets that it has by itself. A ``loud`` one breaks requirements, too."""
    at = canaries.at
    made = World()

    def said(world: World) -> list[str]:
        every = [*canaries.secrets.values(), *also(world).values(), *PEOPLE.values(), CREATOR]
        return [form for one in every for form in (*dressed(one), *pieces(one))]

    def echo(_: Request, answer: Answer, world: World) -> Answer:
        known = [*also(world).values(), at("camel case", "odd")]
        everywhere = replace(answer, headers=(*answer.headers, ("X-Owner", PEOPLE["full_name"])))
        if answer.endpoint == "companies" and isinstance(answer.body, list):
            texts = said(world)
            extra = {"echo": texts, "people": f"House of {PEOPLE['full_name']}, {CREATOR} and {PEOPLE['login']}"}
            keys = dict.fromkeys(known, "as a key")
            answer = everywhere.with_body([{**item, **extra, **keys} for item in answer.body])
            names = tuple((f"X-{quote(one, safe='')}", "as a name") for one in known)
            return replace(
                answer, headers=(*answer.headers, *names), wire=replace(answer.wire, reason=f"OK {quote(known[0])}")
            )
        if answer.endpoint == "me" and isinstance(answer.body, dict) and answer.ok:
            return everywhere.with_body({**answer.body, **PEOPLE})
        if answer.endpoint == "projects" and isinstance(answer.body, list):
            people = {"created_by": {"id": 5, "name": CREATOR}}
            return everywhere.with_body([{**one, **people} if isinstance(one, dict) else one for one in answer.body])
        return everywhere

    headers = (
        header("X-Access-Token", at("header")),
        header("X-Debug", f"Bearer {at('bearer in a header')}"),
        header("Set-Cookie", f"session={at('cookie')}; Path=/; HttpOnly"),
    )
    made.modifiers = (
        on("token", body(lambda old: {**old, **_token_extras(canaries)}), *headers, grant="authorization_code"),
        on("token", body(_xml(canaries)), header("Content-Type", "application/xml"), grant="client_credentials"),
        on("token", body(_form(canaries)), header("Content-Type", "text/plain"), grant="refresh_token", ok=None),
        on("token", body(_unknown(canaries)), ok=False, grant="authorization_code"),
        on("authorize", header("Location", f"https://u:{at('userinfo')}@a.example/cb?code={at('redirect')}"), ok=None),
        echo,
        *([on("me", status(418), first=1)] if loud else []),
    )
    return made
