"""Proof from the stand-in's side: what it saw of a step that a client says works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selftests.clients.table import Client, Way
from selftests.clients.walking import Step, Walk
from standin.http.messages import Exchange


@dataclass(frozen=True)
class Seen:
    """The exchanges of one client in one walk."""

    walk: Walk
    client: Client

    def own(self, endpoint: str, status: int = 200) -> Iterator[Exchange]:
        """Yield the client's own exchanges at the endpoints whose name begins so."""
        for one in self.walk.exchanges:
            named = re.match(self.client.agent, one.request.header("User-Agent") or "")
            if named and one.answer.endpoint.startswith(endpoint) and one.answer.status == status:
                yield one

    def granted(self, grant: str) -> Iterator[Exchange]:
        """Yield the client's own token requests of that grant type that were answered with a token."""
        return (one for one in self.own("token") if one.request.form.get("grant_type") == grant)

    def items(self, endpoint: str) -> list[Any]:
        """Return the ids of all items of all pages that the client was given."""
        return [item["id"] for one in self.own(endpoint) for item in one.answer.body]

    def bearer_works(self, access: str) -> bool:
        """Whether an API call with that access token was answered."""
        return any(
            one.request.header("Authorization") == f"Bearer {access}" and one.answer.ok for one in self.walk.exchanges
        )


def _authorize(seen: Seen, _: Step) -> str:
    """The browser's request: the client made its URL, and something else may have sent it."""
    return "" if _codes(seen) else "no code was given for an authorize URL with the client's id and redirect URI"


def _codes(seen: Seen) -> set[str]:
    app, codes = seen.walk.realm.application, set()
    for one in seen.walk.exchanges:
        asked = (one.request.query.get("client_id"), one.request.query.get("redirect_uri"))
        if one.answer.endpoint == "authorize" and asked == (app.uid, app.redirect_uri):
            codes |= set(parse_qs(urlsplit(one.answer.header("Location") or "").query).get("code", ()))
    return codes


def _exchange(seen: Seen, _: Step) -> str:
    spent = {one.request.form["code"] for one in seen.granted("authorization_code")}
    if not spent:
        return "no code was exchanged"
    authorized = "authorize" in seen.client.absent or spent <= _codes(seen)
    return "" if authorized else "the code that was exchanged is not the one that authorize gave"


def _refresh(seen: Seen, _: Step) -> str:
    given = {one.answer.body.get("refresh_token"): one.answer.body["access_token"] for one in seen.own("token")}
    for one in seen.granted("refresh_token"):
        old, new = given.get(one.request.form["refresh_token"]), one.answer.body["access_token"]
        if old and old != new and seen.bearer_works(new):
            return ""
    return "no refresh token of an earlier answer was refreshed into a token that worked"


def _client_credentials(seen: Seen, _: Step) -> str:
    sent = [one.request.form for one in seen.granted("client_credentials")]
    return "" if any("client_secret" in form for form in sent) else "no token was given for a secret in the body"


def _basic(seen: Seen, _: Step) -> str:
    sent = [one.request for one in seen.granted("client_credentials") if "client_secret" not in one.request.form]
    right = any((one.header("Authorization") or "").startswith("Basic ") for one in sent)
    return "" if right else "no token was given for HTTP Basic"


def _companies(seen: Seen, said: Step) -> str:
    """All companies of whoever asked: a service account is shown those alone that have the app."""
    known = seen.walk.realm.directory.companies
    service = "exchange" in seen.client.absent
    due = {one.id for one in known if not one.foreign and (one.installed or not service)}
    return _all(due, seen.items("companies"), said)


def _projects(seen: Seen, said: Step) -> str:
    directory = seen.walk.realm.directory
    pages = {one.request.query.get("page", "1") for one in seen.own("projects")}
    if len(pages) < 2:
        return f"{len(pages)} page of projects was asked for"
    due = {one.id for one in directory.projects_of(directory.configured) if one.active}
    return _all(due, seen.items("projects"), said)


def _all(due: set[int], given: list[int], said: Step) -> str:
    if not due <= {*given}:
        return f"{len(due - {*given})} of {len(due)} items were never given"
    return "" if said.count == len({*given}) else f"the client saw {said.count} items and was given {len({*given})}"


def _me(seen: Seen, _: Step) -> str:
    return "" if [*seen.own("me")] else "me was not asked for"


def _revoke(seen: Seen, _: Step) -> str:
    for one in seen.own("revoke"):
        token = seen.walk.realm.token_of_access(one.request.params.get("token", ""))
        tried = [
            later
            for later in seen.walk.exchanges
            if token and later.at >= one.at and later.request.header("Authorization") == f"Bearer {token.access}"
        ]
        if token and token.access_revoked and tried and {later.answer.status for later in tried} == {401}:
            return ""
    return "no token was revoked and refused afterwards"


PROOFS: dict[str, Callable[[Seen, Step], str]] = {
    "authorize": _authorize,
    "exchange": _exchange,
    "companies": _companies,
    "projects": _projects,
    "me": _me,
    "refresh": _refresh,
    "client credentials": _client_credentials,
    "HTTP Basic": _basic,
    "revoke": _revoke,
}


def differences(client: Client, way: Way, walked: Walk) -> list[str]:
    """Return where a walk is not what the table says, a sentence each."""
    wrong = [f"{step}: {why}" for step, said in walked.steps.items() if (why := _difference(client, way, walked, step))]
    if client.pinned and walked.version != client.version:
        wrong.append(f"the version is {walked.version}, not {client.version}")
    wrong += [f"it went to {place}" for place in walked.refused]
    return wrong + [
        f"{one.request.base}{one.request.path} was not reached by {way.reach}" for one in _strays(way, walked)
    ]


def _difference(client: Client, way: Way, walked: Walk, step: str) -> str:
    said = walked.steps[step]
    if step in client.absent:
        return "" if said.ok is None else "it is offered after all"
    expected = client.why_not(way, step)
    if expected is None:
        return PROOFS[step](Seen(walked, client), said) if said.ok else f"it should work, and does not: {said.why}"
    if said.ok is not False:
        return f"it should fail ({expected.id}), and works" if said.ok else "nothing is offered"
    known = re.search(expected.says, said.why) or (way.stopped and said.why.startswith("not reached: "))
    noted = not expected.note or any(one.answer.note.endswith(expected.note) for one in walked.exchanges)
    return "" if known and noted else f"it fails otherwise than {expected.id} says: {said.why}"


def _strays(way: Way, walked: Walk) -> Iterator[Exchange]:
    """What came another way: through the proxy, a request has no other origin than Procore's own host."""
    begins = {"proxy": "https://", "plain": "http://127.0.0.1:", "tls": "https://localhost:"}[way.reach]
    for one in walked.exchanges:
        direct = one.request.host not in urlsplit(one.request.base).netloc
        if not one.request.base.startswith(begins) or direct is (way.reach == "proxy"):
            yield one
