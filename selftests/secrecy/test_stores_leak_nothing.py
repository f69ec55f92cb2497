"""A run whose store shouts all that it is given and holds, and the environment's secrets: none is found anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from selftests.secrecy.test_nothing_leaks import FILES, LOUD, leaks, left_in, project, secrets
from selftests.support.bench import NO_CODE, environment, quickstart
from selftests.support.processes import python
from selftests.support.stores import shelf
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import serve

KEY = Fernet.generate_key().decode()
VAULT = "hvs.CAESIJ9k2mQ0xVb3-canary"
IN_COMMAND = "s.7f3d-command-canary-91ab"


@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize("kind", ["shouts what it is given", "shouts what it holds", "shouts and saves"])
def test_a_store_that_shouts_leaks_nothing(kind: str, key: str, tmp_path: Path) -> None:
    folder = project(tmp_path)
    store = shelf(tmp_path / "store")
    changes = {
        **NO_CODE,
        "PROCORE_TOKEN_STORE": f"{store.command} --token={IN_COMMAND}",
        "PROCORE_TOKEN_CACHE_KEY": key,
        "VAULT_TOKEN": VAULT,
    }
    with serve(World(behaviour=Behaviour(token_lifetime=200))) as procore:
        assert (
            quickstart(procore, "authorize", procore.variables["PROCORE_AUTHORIZATION_CODE"], changes=changes)[0] == 0
        )
        store.become(kind)
        fresh = {**changes, "PROCORE_TOKEN_CACHE": str(tmp_path / "fresh")}
        line = ("--target=sandbox", *LOUD, *FILES)
        _, output = python("pytest", *line, environment=environment(procore, fresh), folder=folder)
        assert ("failed with exit code 7" in output) is (kind != "shouts and saves"), output[-3000:]
        _, said = quickstart(procore, "status", changes=fresh)
        with procore.world.lock:
            code = procore.world.issue_code(
                procore.world.realms["sandbox"], procore.world.realms["sandbox"].application
            )
        _, asked = quickstart(procore, "authorize", code.value, changes=fresh)
        hidden = [*secrets(procore), VAULT, IN_COMMAND, *([key] if key else [])]
        places = [("terminal", output), ("status", said), ("authorize", asked)]
        assert not leaks([*((name, text.encode()) for name, text in places), *left_in(folder)], hidden)
