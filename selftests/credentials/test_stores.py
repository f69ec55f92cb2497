"""Whatever a store does, one sentence says it, no refresh token is lost or sent twice, and no secret gets out."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from quickstart.credentials import store as command_module
from quickstart.credentials import stored_cache
from quickstart.credentials.stored_cache import StoredCache
from quickstart.credentials.token_cache import CacheError, State, UnsharedError, digest
from quickstart.run.tokens import REFRESH, SERVICE_ACCOUNT
from selftests.support.machines import Machine, another
from selftests.support.refreshing import FIRST
from selftests.support.stores import Shelf, shelf

AGAIN = "authorize again (python -m quickstart authorize)"


HANG = 3.0  # seconds: what a hang costs, and what starting a command may take on a busy machine


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nobody waits longer than a test needs."""
    if "hang" in request.node.name:
        monkeypatch.setattr(command_module, "LIMIT", HANG)
    monkeypatch.setattr(stored_cache, "SETTLE", 0.05)
    monkeypatch.setattr(stored_cache, "POLL", 0.05)
    monkeypatch.setattr(stored_cache, "PAUSES", (0.0, 0.05, 0.1))
    monkeypatch.setattr(stored_cache, "LOCK_TIMEOUT", 1.0)


@pytest.fixture
def store(tmp_path: Path) -> Shelf:
    return shelf(tmp_path / "store")


@pytest.fixture
def first(tmp_path: Path, store: Shelf) -> Machine:
    made = Machine(tmp_path, "first", store)
    made.keep()
    return made


LOADS = {
    "hangs on load": f"asked to load, did not end within {HANG:g} s",
    "leaves a child that hangs": f"asked to load, did not end within {HANG:g} s",
    "fails on load": 'asked to load, failed with exit code 1 ("permission denied")',
    "prints garbage": "the token store (PROCORE_TOKEN_STORE) holds is damaged: empty the store and authorize again",
    "prints bytes": "printed bytes that are no text",
    "prints without end": "printed more than 64000 bytes",
}


@pytest.mark.parametrize("kind", LOADS)
def test_a_store_that_does_not_load_is_told_and_nothing_is_spent(kind: str, first: Machine) -> None:
    first.store.become(kind)
    held, began = first.store.kept.read_bytes(), time.monotonic()
    found = another(first).find()
    assert (found.way, first.endpoint.sent) == (SERVICE_ACCOUNT, ["client_credentials"])
    assert found.said.count(LOADS[kind]) == 1
    assert "spends no refresh token" in found.said
    assert found.said.count(AGAIN) == (kind == "prints garbage")
    assert first.store.kept.read_bytes() == held
    assert time.monotonic() - began < 6 * HANG
    first.store.become("plain")
    assert another(first, "third").find().way == REFRESH


@pytest.mark.parametrize("kind", ["fails on save", "hangs on save"])
def test_a_note_that_cannot_be_saved_keeps_the_token_from_being_sent(kind: str, first: Machine) -> None:
    first.store.become(kind)
    machine = another(first)
    found = machine.find()
    assert (found.way, first.endpoint.sent) == (SERVICE_ACCOUNT, ["client_credentials"])
    assert "the refresh token is not spent: The token store (PROCORE_TOKEN_STORE), asked to save, " in found.said
    assert not machine.cache.load().pending, "nothing was sent, so nothing may be spent"
    first.store.become("plain")
    assert machine.find().way == REFRESH, "here"
    assert first.endpoint.sent == ["client_credentials", FIRST]


def test_a_note_that_was_saved_in_spite_of_an_error_is_one(first: Machine) -> None:
    first.store.become("saves and says that it did not")
    found = another(first).find()
    assert found.way == REFRESH
    assert first.endpoint.sent == [FIRST]


def test_new_tokens_that_cannot_be_saved_are_told_kept_here_and_saved_the_next_time(first: Machine) -> None:
    first.store.become("fails on the second save")
    machine = another(first)
    found = machine.find()
    assert (found.way, found.said.count("\n")) == (REFRESH, 0)
    assert 'asked to save, failed with exit code 1 ("quota exceeded")' in found.said
    assert f"are in {machine.cache.path} alone, and the store has not got them" in found.said
    assert [call.split()[0] for call in first.store.calls()].count("save") == 1 + 1 + 3, "new tokens are tried thrice"
    kept = machine.cache.load()
    assert (kept.refresh_token, kept.unsaved) == (f"{FIRST}+", True)
    found = another(first, "third").find()
    assert AGAIN in found.said, "another machine finds the note that the token may be spent"
    assert first.endpoint.sent == [FIRST, "client_credentials"]
    first.store.become("plain")
    assert machine.find().way == "cache"
    assert not machine.cache.load().unsaved
    assert another(first, "fourth").find().way == "cache", "the store has got them now"


def test_tokens_that_are_here_alone_are_told_again_while_the_store_refuses_them(first: Machine) -> None:
    first.store.become("fails on the second save")
    machine = another(first)
    assert machine.find().way == REFRESH
    found = machine.find()
    assert found.way == "cache"
    assert "alone, and the store has not got them" in found.said
    assert first.endpoint.sent == [FIRST]


def test_the_first_night_finds_nothing_and_fills_the_store(tmp_path: Path, store: Shelf) -> None:
    machine = Machine(tmp_path, "first", store)
    assert machine.find().way == SERVICE_ACCOUNT
    assert not store.kept.exists(), "a service account leaves nothing behind"
    machine.keep()
    assert json.loads(store.kept.read_text(encoding="utf-8"))["refresh_token"] == FIRST


def test_a_run_that_died_while_it_refreshed_makes_the_next_night_say_so(
    first: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_cache, "LOCK_TIMEOUT", 60.0)
    first.keep(pending=digest(FIRST), pending_at=time.time() - 3600)
    began = time.monotonic()
    found = another(first).find()
    assert found.way == SERVICE_ACCOUNT
    assert found.said.count(AGAIN) == 1
    assert time.monotonic() - began < 30, "what is an hour old is not waited for"
    assert FIRST not in first.endpoint.sent


def elsewhere(first: Machine) -> None:
    """Have another run's note ready, and what it comes to."""
    cache, now = first.cache, time.time()
    assert isinstance(cache, StoredCache)
    note = State("an-old-token", FIRST, pending=digest(FIRST), pending_at=now)
    done = State("a-new-token", f"{FIRST}+", now + 5400, kept_at=now)
    for name, state in (("theirs", note), ("done", done)):
        Path(f"{first.store.kept}.{name}").write_text(cache._text(state), encoding="utf-8")


@pytest.mark.parametrize("kind", ["another is first", "another is last"])
def test_of_two_notes_at_once_the_run_whose_note_is_not_there_gives_way(kind: str, first: Machine) -> None:
    elsewhere(first)
    first.store.become(kind)
    machine = another(first)
    found = machine.find()
    assert (found.way, found.said, first.endpoint.sent) == ("cache", "", [])
    assert machine.cache.load().refresh_token == f"{FIRST}+"


def test_a_run_that_refreshes_elsewhere_is_waited_for_and_its_token_used(first: Machine) -> None:
    elsewhere(first)
    first.store.kept.write_bytes(Path(f"{first.store.kept}.theirs").read_bytes())
    first.store.become("another is first")
    found = another(first).find()
    assert (found.way, found.said, first.endpoint.sent) == ("cache", "", [])
    assert [call.split()[0] for call in first.store.calls()].count("save") == 1, "what the first machine kept"


def test_what_a_store_showed_before_does_not_undo_what_came_since(
    first: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPT_TOKENS", first.store.kept.read_text(encoding="utf-8"))
    first.store.become("snapshot")
    machine = another(first)
    with machine.cache.locked():
        machine.cache.save(replace(machine.cache.load(), access_token=None))
    with (cache := machine.cache).locked():
        assert (cache.load().access_token, cache.load().refresh_token) == (None, FIRST)


TOKENS = {
    "access_token": "eyJhbGciOiJFUzUxMiJ9.eyJhbXIiOltdLCJh.abcdEF1234567890",
    "refresh_token": "kQ7zX2wM9tB4rR5vY8cN",
}


@pytest.mark.parametrize("kind", ["shouts what it is given", "shouts what it holds"])
def test_what_a_store_shouts_is_shown_without_secrets(
    kind: str, tmp_path: Path, store: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "hvs.CAESIJ9k2mQ0xVb3")
    machine = Machine(tmp_path, "first", store)
    state = machine.keep(**TOKENS)
    store.become(kind)
    fresh = Machine(tmp_path, "second", store)
    said = [fresh.find().said]
    with pytest.raises(CacheError) as failed, machine.cache.locked():
        machine.cache.save(
            replace(state, access_token="another-token-2-of-nobody", refresh_token="another-3-of-nobody")
        )
    said.append(str(failed.value))
    assert all("failed with exit code 7" in one for one in said), said
    for secret in (*TOKENS.values(), os.environ["VAULT_TOKEN"]):
        assert not [one for one in said if secret in one or secret[4:16] in one]


def test_a_refused_refresh_leaves_in_the_store_what_another_run_may_have_put_there(first: Machine) -> None:
    (first.folder / "live").write_text("another", encoding="utf-8")
    saves = [call.split()[0] for call in first.store.calls()].count("save")
    machine = another(first)
    machine.find()
    assert first.endpoint.sent[0] == FIRST
    assert [call.split()[0] for call in first.store.calls()].count("save") == saves + 1, "the note alone"
    assert machine.find().said.count(AGAIN) == 1
    assert another(first, "third").find().said.count(AGAIN) == 1
    assert first.endpoint.sent.count(FIRST) == 1


def test_tokens_that_the_store_has_not_got_are_a_kind_of_error_of_their_own(first: Machine) -> None:
    first.store.become("fails on save")
    with pytest.raises(UnsharedError, match="permission denied"), first.cache.locked():
        first.cache.save(State("a-new-token", "a-new-refresh-token"))
    assert first.cache.load().refresh_token == "a-new-refresh-token"


def test_without_a_file_of_its_own_a_machine_spends_nothing(first: Machine) -> None:
    (first.folder / "file").write_text("not a folder", encoding="utf-8")
    found = another(first, "file/tokens").find()
    assert "set PROCORE_TOKEN_CACHE to a folder you can write" in found.said
    assert first.endpoint.sent == ["client_credentials"]
