"""A user's token in a pipeline: night two knows nothing but what the store kept, and is green; so is night three."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from selftests.support.bench import LOGIN, SMOKE, asked_for_tokens, command, ended, started
from selftests.support.processes import python
from selftests.support.stores import Shelf, night, shelf, surroundings
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import Procore, serve

AGAIN = "authorize again (python -m quickstart authorize)"
LINK = f"{LOGIN}/oauth/authorize?response_type=code&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&client_id= ;"
KEY = Fernet.generate_key().decode()
CACHE = "home/.cache/procore-quick-start"


def world() -> World:
    """Access tokens that are over the next night: the suite calls nothing fresh that lives for less than 300 s."""
    return World(behaviour=Behaviour(token_lifetime=200))


def code_of(procore: Procore) -> str:
    return procore.variables["PROCORE_AUTHORIZATION_CODE"]


def refreshes(procore: Procore) -> list[str]:
    """The refresh tokens that were sent, in order."""
    return [one.form.get("refresh_token", "") for one in asked_for_tokens(procore.requests, "refresh_token")]


def grants(procore: Procore) -> list[str]:
    """What the token endpoint was asked for, in order."""
    return [one.form["grant_type"] for one in asked_for_tokens(procore.requests)]


def issued(procore: Procore) -> set[str]:
    """The refresh tokens that were given to anybody."""
    tokens = procore.world.realms["sandbox"].tokens.values()
    return {token.refresh for token in tokens if token.refresh}


def kept(store: Shelf) -> dict[str, object]:
    """What a store of plain text holds."""
    document: dict[str, object] = json.loads(store.kept.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_three_nights_with_a_store_command(key: str | None, tmp_path: Path) -> None:
    store = shelf(tmp_path / "store")
    changes = {"PROCORE_TOKEN_STORE": store.command} | ({"PROCORE_TOKEN_CACHE_KEY": key} if key else {})
    with serve(world()) as procore:
        first = night(procore, tmp_path / "one", **changes, PROCORE_AUTHORIZATION_CODE=code_of(procore))
        second, third = (night(procore, tmp_path / name, **changes) for name in ("two", "three"))
        assert [code for code, _ in (first, second, third)] == [0, 0, 0], first[1] + second[1] + third[1]
        assert grants(procore) == ["authorization_code", "refresh_token", "refresh_token"]
        assert len({*refreshes(procore)}) == 2, "each with what the night before left"
        assert AGAIN not in first[1] + second[1] + third[1]
        assert ("access_token" not in store.kept.read_text(encoding="utf-8")) is (key is not None)
        assert {call.split()[2] for call in store.calls()} == {"False"}, "the Client Secret is not the store's business"


def test_three_nights_with_an_encrypted_cache(tmp_path: Path) -> None:
    """The file goes from machine to machine as a workflow's cache does it, with tar."""
    with serve(world()) as procore:
        given = code_of(procore)
        for number in range(3):
            folder = tmp_path / f"night-{number}"
            (folder / CACHE).mkdir(parents=True)
            if number:
                with tarfile.open(tmp_path / "cache.tar") as carried:
                    carried.extraction_filter = getattr(tarfile, "data_filter", None)  # from Python 3.11.4 on
                    carried.extractall(folder / CACHE)  # noqa: S202 - our own
            code, output = night(procore, folder, PROCORE_TOKEN_CACHE_KEY=KEY, PROCORE_AUTHORIZATION_CODE=given)
            assert (code, AGAIN in output) == (0, False), output
            (path,) = (folder / CACHE).glob("*.sealed")
            assert path.read_bytes().startswith(b"gAAAA")
            with tarfile.open(tmp_path / "cache.tar", "w") as carried:
                carried.add(folder / CACHE, ".")
        assert grants(procore) == ["authorization_code", "refresh_token", "refresh_token"]


def test_who_authorizes_at_a_desk_hands_the_pipeline_its_token(tmp_path: Path) -> None:
    store = shelf(tmp_path / "store")
    with serve(world()) as procore:
        at_the_desk = surroundings(procore, tmp_path / "desk", PROCORE_TOKEN_STORE=store.command)
        code, output = python("quickstart", "authorize", code_of(procore), environment=at_the_desk)
        assert code == 0, output
        assert "and in the token store" in output
        code, output = night(procore, tmp_path / "one", PROCORE_TOKEN_STORE=store.command)
        assert code == 0, output
        assert grants(procore) == ["authorization_code", "refresh_token"]
        code, output = python("quickstart", "status", environment=at_the_desk)
        assert code == 0
        assert "Token store (PROCORE_TOKEN_STORE):\n  sandbox         this app: access token for 3 more min" in output
        assert store.command not in output


def test_a_desk_that_has_tokens_fills_an_empty_store(tmp_path: Path) -> None:
    store = shelf(tmp_path / "store")
    with serve(world()) as procore:
        home = tmp_path / "desk"
        assert python("quickstart", "authorize", code_of(procore), environment=surroundings(procore, home))[0] == 0
        changes = {"HOME": str(home), "PROCORE_TOKEN_STORE": store.command}
        assert night(procore, tmp_path / "one", **changes)[0] == 0
        assert night(procore, tmp_path / "two", PROCORE_TOKEN_STORE=store.command)[0] == 0
        assert grants(procore) == ["authorization_code", "refresh_token", "refresh_token"]


@pytest.mark.parametrize("service_account", [True, False])
def test_a_pipeline_that_lost_its_token_says_once_where_to_get_one(service_account: bool, tmp_path: Path) -> None:
    store = shelf(tmp_path / "store")
    refused = frozenset() if service_account else frozenset({"client_credentials"})
    with serve(World(behaviour=Behaviour(refuse_grants=refused))) as procore:
        code, output = night(procore, tmp_path / "one", PROCORE_TOKEN_STORE=store.command)
        assert (code == 0) is service_account, output
        assert output.count(AGAIN) == 1, output
        assert output.count(LINK) == 1, output
        assert procore.variables["PROCORE_CLIENT_ID"] not in output


def test_a_token_that_died_is_told_once_and_not_sent_again(tmp_path: Path) -> None:
    store = shelf(tmp_path / "store")
    changes = {"PROCORE_TOKEN_STORE": store.command}
    with serve(world()) as procore:
        assert night(procore, tmp_path / "one", **changes, PROCORE_AUTHORIZATION_CODE=code_of(procore))[0] == 0
        realm = procore.world.realms["sandbox"]
        with procore.world.lock:
            for number in [*realm.tokens]:
                realm.revoke(number)
        second, third = (night(procore, tmp_path / name, **changes) for name in ("two", "three"))
        assert [output.count(LINK) for _, output in (second, third)] == [1, 1], second[1] + third[1]
        assert third[1].count(AGAIN) == 1
        assert len(refreshes(procore)) == 1
        with procore.world.lock:
            again = procore.world.issue_code(realm, realm.application)
        desk = surroundings(procore, tmp_path / "desk", **changes)
        assert python("quickstart", "authorize", again.value, environment=desk, at_once=True)[0] == 0
        code, output = night(procore, tmp_path / "four", **changes)
        assert (code, AGAIN in output) == (0, False), output


@pytest.mark.posix
@pytest.mark.parametrize("kind", ["locking", "plain"])
def test_of_two_runs_at_once_one_refreshes_and_the_other_takes_what_it_left(kind: str, tmp_path: Path) -> None:
    """A store that refuses to be overwritten locks; of any other that shows what it holds, a look a second later."""
    store = shelf(tmp_path / "store", kind)
    changes = {"PROCORE_TOKEN_STORE": store.command}
    with serve(world()) as procore:
        assert night(procore, tmp_path / "one", **changes, PROCORE_AUTHORIZATION_CODE=code_of(procore))[0] == 0
        with procore.world.lock:
            procore.world.behaviour = Behaviour()  # what is refreshed lives long enough for both
        running = [
            started(procore, command(*SMOKE), surroundings(procore, tmp_path / name, **changes)) for name in "abc"
        ]
        done = [ended(process) for process in running]
        assert [code for code, _ in done] == [0, 0, 0], done
        assert len(refreshes(procore)) == 1
        assert "client_credentials" not in grants(procore)
        assert AGAIN not in "".join(output for _, output in done)
        assert kept(store)["pending"] == ""
        assert night(procore, tmp_path / "two", **changes)[0] == 0


@pytest.mark.posix
def test_a_store_that_shows_what_was_cannot_lock_and_loses_no_successor(tmp_path: Path) -> None:
    """Two runs with the same secret of a workflow: the token is sent twice, one is refused, and the successor stays.

    That they never run at once is the business of the workflow (``concurrency``).
    """
    store = shelf(tmp_path / "store", "snapshot")
    with serve(world()) as procore:
        changes = {"PROCORE_TOKEN_STORE": store.command}
        assert night(procore, tmp_path / "one", **changes, PROCORE_AUTHORIZATION_CODE=code_of(procore))[0] == 0
        changes["KEPT_TOKENS"] = store.kept.read_text(encoding="utf-8")
        running = [
            started(procore, command(*SMOKE), surroundings(procore, tmp_path / name, **changes)) for name in "ab"
        ]
        done = [ended(process) for process in running]
        assert sorted(code for code, _ in done) == [0, 4], done
        assert len(refreshes(procore)) == 2
        assert len({*refreshes(procore)}) == 1, "the same one"
        assert [LINK in output for code, output in sorted(done)] == [False, True], done
        changes["KEPT_TOKENS"] = store.kept.read_text(encoding="utf-8")
        code, output = night(procore, tmp_path / "two", **changes)
        assert (code, AGAIN in output) == (0, False), output


def test_nights_with_a_store_that_shows_what_was(tmp_path: Path) -> None:
    store = shelf(tmp_path / "store", "snapshot")
    with serve(world()) as procore:
        given = code_of(procore)
        for number in range(3):
            held = store.kept.read_text(encoding="utf-8") if number else ""
            changes = {"PROCORE_TOKEN_STORE": store.command, "KEPT_TOKENS": held, "PROCORE_AUTHORIZATION_CODE": given}
            code, output = night(procore, tmp_path / f"night-{number}", *SMOKE[:-2], "--disruptive", **changes)
            assert "another run" not in output, (code, output)
            assert AGAIN not in output
        right = [one for one in refreshes(procore) if one in issued(procore)]
        assert len({*right}) >= 2 * 3 - 1, "each night twice, with --disruptive"
