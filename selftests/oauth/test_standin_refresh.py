"""Refresh and revocation in the stand-in (facts/doorkeeper.md 5 and 7)."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from selftests.support.desk import Desk, desk
from standin.model.dialects import DIALECTS
from standin.model.world import OUT_OF_BAND, Application

ME = "/rest/v1.0/me"


def _pair(procore: Desk) -> tuple[str, str]:
    body = procore.exchange().body
    return body["access_token"], body["refresh_token"]


def test_a_refresh_gives_a_new_pair_and_kills_the_old_one_at_once() -> None:
    procore = desk()
    access, refresh = _pair(procore)
    new = procore.refresh(refresh).body
    assert new["access_token"] != access
    assert new["refresh_token"] != refresh
    assert procore.get(ME, access).status == 401
    assert procore.refresh(refresh).body["error"] == "invalid_grant"
    assert procore.get(ME, new["access_token"]).status == 200


def test_replaying_the_old_refresh_token_leaves_the_new_pair_alive() -> None:
    procore = desk()
    _, refresh = _pair(procore)
    new = procore.refresh(refresh).body["refresh_token"]
    procore.refresh(refresh)
    assert procore.refresh(new).ok


def test_the_old_pair_can_live_until_the_new_one_is_used() -> None:
    procore = desk(old_pair_lives_until_use=True)
    access, refresh = _pair(procore)
    new = procore.refresh(refresh).body["access_token"]
    assert procore.get(ME, access).status == 200
    assert procore.get(ME, new).status == 200
    assert procore.get(ME, access).status == 401
    assert not procore.refresh(refresh).ok


@pytest.mark.parametrize("form", [{"redirect_uri": OUT_OF_BAND}, {"redirect_uri": "https://evil.example.com"}])
def test_a_refresh_ignores_the_redirect_uri(form: dict[str, str]) -> None:
    procore = desk()
    assert procore.refresh(_pair(procore)[1], **form).ok


def test_a_refresh_token_outlives_its_access_token() -> None:
    procore = desk()
    access, refresh = _pair(procore)
    procore.world.clock.move(5401)
    assert "expired" in (procore.get(ME, access).header("WWW-Authenticate") or "")
    assert procore.refresh(refresh).ok


def test_of_concurrent_refreshes_exactly_one_wins() -> None:
    procore = desk()
    _, refresh = _pair(procore)
    statuses: Counter[int] = Counter()
    barrier = threading.Barrier(8)

    def race() -> None:
        barrier.wait()
        statuses[procore.refresh(refresh).status] += 1

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {200: 1, 401: 7}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"refresh_token": "bogus"}, "invalid_grant"),
        ({"refresh_token": ""}, "invalid_request"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"client_id": None, "client_secret": None}, "invalid_grant"),
        ({"scope": "nonsense"}, "invalid_scope"),
    ],
)
def test_a_wrong_refresh_is_refused_and_costs_nothing(wrong: dict[str, str | None], error: str) -> None:
    procore = desk()
    _, refresh = _pair(procore)
    assert procore.refresh(refresh, **wrong).body["error"] == error
    assert procore.refresh(refresh).ok


def test_another_client_cannot_refresh() -> None:
    procore = desk()
    other = procore.realm.register(Application("other", "its secret"))
    answer = procore.refresh(_pair(procore)[1], client_id=other.uid, client_secret=other.secret)
    assert answer.body["error"] == "invalid_grant"


def test_doorkeeper_4_refreshes_without_a_secret() -> None:
    procore = desk(DIALECTS["4.2.6"])
    assert procore.refresh(_pair(procore)[1], client_secret=None).ok


def test_an_access_token_is_no_refresh_token() -> None:
    procore = desk()
    assert procore.refresh(_pair(procore)[0]).body["error"] == "invalid_grant"


@pytest.mark.parametrize("half", [0, 1], ids=["access", "refresh"])
def test_revoking_either_half_kills_both(half: int) -> None:
    procore = desk()
    pair = _pair(procore)
    answer = procore.post("/oauth/revoke", token=pair[half])
    assert (answer.status, answer.body) == (200, {})
    assert "revoked" in (procore.get(ME, pair[0]).header("WWW-Authenticate") or "")
    assert not procore.refresh(pair[1]).ok


@pytest.mark.parametrize("token", ["bogus", None])
def test_revoking_nothing_is_answered_like_success(token: str | None) -> None:
    assert desk().post("/oauth/revoke", token=token).status == 200


@pytest.mark.parametrize(("dialect", "status"), [("procore", 200), ("4.2.6", 200), ("5.5.0", 403), ("5.9.6", 403)])
@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "unknown"}, {"client_secret": None}])
def test_a_stranger_revokes_nothing(dialect: str, status: int, wrong: dict[str, str | None]) -> None:
    procore = desk(DIALECTS[dialect])
    access, _ = _pair(procore)
    assert procore.post("/oauth/revoke", token=access, **wrong).status == status
    assert procore.get(ME, access).status == 200


def test_an_expired_access_token_is_not_revoked() -> None:
    procore = desk()
    access, refresh = _pair(procore)
    procore.world.clock.move(5401)
    procore.post("/oauth/revoke", token=access)
    assert procore.refresh(refresh).ok


@pytest.mark.parametrize(("dialect", "alive"), [("5.5.0", True), ("5.9.6", False)])
def test_revoking_the_refresh_token_of_an_expired_one_depends_on_the_version(dialect: str, alive: bool) -> None:
    procore = desk(DIALECTS[dialect])
    _, refresh = _pair(procore)
    procore.world.clock.move(5401)
    procore.post("/oauth/revoke", token=refresh)
    assert procore.refresh(refresh).ok is alive


@pytest.mark.parametrize(("dialect", "status"), [("5.5.0", 401), ("5.9.6", 200)])
def test_a_wrong_hint_counts_in_newer_versions(dialect: str, status: int) -> None:
    procore = desk(DIALECTS[dialect])
    access, _ = _pair(procore)
    procore.post("/oauth/revoke", token=access, token_type_hint="refresh_token")
    assert procore.get(ME, access).status == status
