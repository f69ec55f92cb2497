"""What is remembered is bounded: the dead go first, then the oldest, and no id is given twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Request
from standin.model import world as model
from standin.server.procore import answer_for

KEPT = 50


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "KEPT", KEPT)


def sizes(procore: Desk) -> list[int]:
    world, realm = procore.world, procore.realm
    of_realm = (realm.tokens, realm.by_access, realm.by_refresh, realm.codes)
    return [len(one) for one in (*of_realm, world.bearers, world.requests, world.exchanges)]


def test_nothing_grows_beyond_what_is_kept() -> None:
    procore = desk(connections_remember_token=True)
    for number in range(4 * KEPT):
        pair = procore.exchange().body
        procore.refresh(pair["refresh_token"])
        procore.own_token()
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        asked = Request.to("GET", "https://sandbox.procore.com/rest/v1.0/me", headers=headers)
        answer_for(procore.world, replace(asked, connection=number + 1))
    assert max(sizes(procore)) <= KEPT
    assert len(procore.world.counts) < 20


def test_ids_are_not_given_twice() -> None:
    procore = desk()
    given = [procore.own_token() and procore.realm.issued for _ in range(3 * KEPT)]
    assert given == list(range(1, 3 * KEPT + 1))
    assert set(procore.realm.by_access.values()) == set(procore.realm.tokens)


def test_the_dead_are_forgotten_before_the_living() -> None:
    procore = desk()
    oldest = procore.exchange().body
    for _ in range(3 * KEPT):
        procore.post("/oauth/revoke", token=procore.access())
    assert procore.get("/rest/v1.0/me", oldest["access_token"]).ok
    assert procore.refresh(oldest["refresh_token"]).ok


def test_then_the_oldest_is_forgotten_and_is_unknown() -> None:
    procore = desk()
    oldest = procore.exchange().body
    for _ in range(KEPT):
        newest = procore.exchange().body
    assert procore.get("/rest/v1.0/me", oldest["access_token"]).status == 401
    assert procore.refresh(oldest["refresh_token"]).body["error"] == "invalid_grant"
    assert procore.get("/rest/v1.0/me", newest["access_token"]).ok


def test_the_pair_that_a_forgotten_one_was_refreshed_to_lives_on() -> None:
    procore = desk(old_pair_lives_until_use=True)
    new = procore.refresh(procore.exchange().body["refresh_token"]).body
    first = next(iter(procore.realm.tokens))
    del procore.realm.tokens[first]
    assert procore.get("/rest/v1.0/me", new["access_token"]).ok


def test_a_string_that_a_later_token_has_too_stays_known() -> None:
    nothing_changes = dict.fromkeys(
        ("rotate_access_token", "rotate_refresh_token", "revoke_old_access_token", "revoke_old_refresh_token"), False
    )
    procore = desk().bend(**nothing_changes)
    pair = procore.exchange().body
    for _ in range(2 * KEPT):
        assert procore.refresh(pair["refresh_token"]).ok
    assert procore.get("/rest/v1.0/me", pair["access_token"]).ok


def test_old_answers_are_remembered_without_their_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "WHOLE", 2)
    procore = desk()
    token = procore.access()
    for _ in range(3):
        assert procore.get("/rest/v1.0/companies", token).body
    assert [bool(one.answer.body) for one in procore.world.exchanges] == [False, False, True, True]
    assert [one.answer.status for one in procore.world.exchanges] == [200] * 4


def test_old_refusals_still_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "WHOLE", 2)
    procore = desk()
    for _ in range(4):
        procore.exchange("bogus")
    assert {one.answer.body["error"] for one in procore.world.exchanges} == {"invalid_grant"}
