"""Token introspection (RFC 7662), as Doorkeeper's token_introspection.rb has it in 5.5.0 and 5.9.6."""

from __future__ import annotations

import base64

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Answer
from standin.model.dialects import DIALECTS, Dialect

KNOWING = pytest.mark.parametrize("dialect", [DIALECTS["5.5.0"], DIALECTS["5.9.6"]], ids=lambda one: one.name)
INACTIVE = {"active": False}


def ask(procore: Desk, token: str | None, bearer: str) -> Answer:
    form = {} if token is None else {"token": token}
    return procore.login("POST", "/oauth/introspect", {"Authorization": f"Bearer {bearer}"}, **form)


@pytest.mark.parametrize(("version", "times"), [("5.5.0", ["exp", "iat"]), ("5.9.6", ["iat", "exp"])])
def test_a_living_token_is_active(version: str, times: list[str]) -> None:
    procore = desk(DIALECTS[version])
    answer = procore.post("/oauth/introspect", token=procore.access())
    assert list(answer.body) == ["active", "scope", "client_id", "token_type", *times]
    assert answer.body["exp"] - answer.body["iat"] == 5400
    assert (answer.body["client_id"], answer.body["scope"]) == (procore.application.uid, "public")


@KNOWING
def test_a_refresh_token_is_its_access_tokens(dialect: Dialect) -> None:
    procore = desk(dialect)
    pair = procore.exchange().body
    assert procore.post("/oauth/introspect", token=pair["refresh_token"]).body["active"] is True
    procore.world.clock.move(5401)
    assert procore.post("/oauth/introspect", token=pair["refresh_token"]).body == INACTIVE


@KNOWING
def test_of_what_is_dead_unknown_or_missing_no_more_is_said(dialect: Dialect) -> None:
    procore = desk(dialect)
    revoked = procore.access()
    procore.post("/oauth/revoke", token=revoked)
    for token in (revoked, "bogus", "", None):
        answer = procore.post("/oauth/introspect", token=token)
        assert (answer.status, answer.body) == (200, INACTIVE)


@KNOWING
def test_another_clients_token_is_not_active(dialect: Dialect) -> None:
    procore = desk(dialect)
    other = {"client_id": procore.realm.other.uid, "client_secret": procore.realm.other.secret}
    assert procore.post("/oauth/introspect", token=procore.access(), **other).body == INACTIVE


@KNOWING
@pytest.mark.parametrize("form", [{"client_secret": "wrong"}, {"client_secret": None}, {"client_id": "x"}])
def test_who_does_not_prove_to_be_a_client_is_refused(dialect: Dialect, form: dict[str, str | None]) -> None:
    procore = desk(dialect)
    answer = procore.post("/oauth/introspect", token=procore.access(), **form)
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")
    assert 'error="invalid_client"' in (answer.header("WWW-Authenticate") or "")


@KNOWING
def test_basic_proves_it_too(dialect: Dialect) -> None:
    procore = desk(dialect)
    pair = f"{procore.application.uid}:{procore.application.secret}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    assert procore.login("POST", "/oauth/introspect", headers, token=procore.access()).body["active"] is True


@KNOWING
def test_nobody_is_told_to_authorize(dialect: Dialect) -> None:
    procore = desk(dialect)
    answer = procore.login("POST", "/oauth/introspect", token=procore.access())
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")
    assert answer.body["error_description"].startswith("Request needs to be authorized.")


@KNOWING
def test_a_token_may_ask_about_another_of_its_client(dialect: Dialect) -> None:
    procore = desk(dialect)
    assert ask(procore, procore.access(), procore.access()).body["active"] is True
    revoked = procore.access()
    procore.post("/oauth/revoke", token=revoked)
    assert ask(procore, revoked, procore.access()).body == INACTIVE


@KNOWING
def test_a_token_may_not_ask_about_itself_strangers_or_what_is_unknown(dialect: Dialect) -> None:
    procore = desk(dialect)
    token = procore.access()
    other = {"client_id": procore.realm.other.uid, "client_secret": procore.realm.other.secret}
    stranger = procore.own_token(**other).body["access_token"]
    for asked in (token, stranger, "bogus", None):
        answer = ask(procore, asked, token)
        assert (answer.status, answer.body["error"], answer.body["state"]) == (401, "invalid_token", "unauthorized")
        assert answer.body["error_description"] == "The access token is invalid"


@KNOWING
def test_a_dead_token_may_not_ask(dialect: Dialect) -> None:
    procore = desk(dialect)
    old = procore.access()
    procore.world.clock.move(5401)
    assert ask(procore, procore.access(), old).body["error_description"] == "The access token expired"
    procore.post("/oauth/revoke", token=(dead := procore.access()))
    assert ask(procore, procore.access(), dead).body["error_description"] == "The access token was revoked"


@pytest.mark.parametrize("version", ["4.2.6", "procore"])
def test_there_is_none_before_version_5(version: str) -> None:
    procore = desk(DIALECTS[version])
    assert procore.post("/oauth/introspect", token=procore.access()).status == 404
