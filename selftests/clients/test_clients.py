"""Real clients walk the quick start against the stand-in, and do what docs/clients.md says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from selftests.clients import tools
from selftests.clients.page import PAGE, page
from selftests.clients.proof import differences
from selftests.clients.table import HERE, STEPS, Client, Way, load
from selftests.clients.trials import Trial, trials
from selftests.clients.walking import PROJECTS, REDIRECT_URI, Step, Walk
from selftests.support.desk import Desk
from selftests.support.project import ROOT, bare_environment
from standin.http.messages import Answer, Exchange, Request
from standin.model.behaviour import Behaviour
from standin.model.directory import with_projects
from standin.model.world import World

TABLE = load()
ANYBODY = Client("anybody", "Python", "anybody", "1", True, ("walk",), "", frozenset(), ())


@pytest.mark.posix
@pytest.mark.parametrize("trial", [*trials(TABLE)], ids=lambda trial: trial.title)
def test_a_client_does_what_the_table_says(trial: Trial, tmp_path: Path) -> None:
    if missing := tools.missing(trial.client, trial.way):
        pytest.skip(missing)
    assert trial.wrong(tmp_path) == []


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(TABLE, PROJECTS), "stale: run python -m selftests.clients"


def test_readme_counts_the_clients() -> None:
    """A client that can send in two ways is one."""
    count = len({client.name.partition(",")[0] for client in TABLE.clients})
    assert f"{count} real ones" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_reason_explains_something() -> None:
    used = {
        reason.id
        for client in TABLE.clients
        for way in client.ways
        for reason in (way.stopped, way.unwalked, *way.broken.values(), *client.tomorrow.values())
        if reason
    }
    assert used == TABLE.reasons.keys()


def test_a_reason_for_a_walk_says_how_it_is_known() -> None:
    walked = {reason for _, way in TABLE.walks for reason in (way.stopped, *way.broken.values()) if reason}
    assert [reason.id for reason in walked if not reason.says] == []


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_the_stand_in_did_not_see_does_not_work(step: str) -> None:
    """Whatever a client says: a walk without a request proves nothing."""
    client = next(one for one in TABLE.clients if not one.absent)
    idle = Walk(client.version, {step: Step(ok=True, why="", count=PROJECTS)}, (), (), World().realms["sandbox"])
    assert [one.partition(":")[0] for one in differences(client, client.ways[0], idle)] == [step]


def test_a_list_of_which_the_first_page_was_read_is_not_read() -> None:
    """A client that believes what it has."""
    world = World(populate=partial(with_projects, count=PROJECTS))
    procore = Desk(world)
    assert procore.projects(query="&per_page=100").ok
    seen = Walk("1", {"projects": Step(ok=True, why="", count=100)}, (*world.exchanges,), (), procore.realm)
    [wrong] = differences(ANYBODY, Way("proxy"), seen)
    assert wrong == "projects: 1 page of projects was asked for"


def test_a_request_of_somebody_else_is_no_proof() -> None:
    """Only what the client itself has sent counts."""
    world = World(behaviour=Behaviour())
    procore = Desk(world)
    assert procore.get("/rest/v1.0/me", procore.access()).ok
    seen = Walk("1", {"me": Step(ok=True, why="")}, (*world.exchanges,), (), procore.realm)
    assert differences(ANYBODY, Way("proxy"), seen) == []
    assert differences(replace(ANYBODY, agent="curl/"), Way("proxy"), seen) == ["me: me was not asked for"]


def test_a_token_that_still_works_is_not_revoked() -> None:
    procore = Desk(World(behaviour=Behaviour(revokes=frozenset())))
    access = procore.access()
    assert procore.post("/oauth/revoke", token=access).ok
    assert procore.get("/rest/v1.0/me", access).ok
    seen = Walk("1", {"revoke": Step(ok=True, why="")}, (*procore.world.exchanges,), (), procore.realm)
    assert differences(ANYBODY, Way("proxy"), seen) == ["revoke: no token was revoked and refused afterwards"]


def test_a_request_that_came_another_way_is_named() -> None:
    client = TABLE.clients[0]
    plain = Request(method="GET", host="sandbox.procore.com", path="/", origin="http://127.0.0.1:8080")
    direct = Walk(client.version, {}, (Exchange(plain, Answer(200), 0.0),), (), World().realms["sandbox"])
    assert differences(client, Way("proxy"), direct) == ["http://127.0.0.1:8080/ was not reached by proxy"]
    assert differences(client, Way("plain"), direct) == []


def test_other_hosts_and_versions_are_named() -> None:
    client = TABLE.clients[0]
    lost = Walk("0.1", {}, (), ("example.com:443",), World().realms["sandbox"])
    assert differences(client, client.ways[0], lost) == [
        f"the version is 0.1, not {client.version}",
        "it went to example.com:443",
    ]


def test_what_works_against_the_table_is_named() -> None:
    client, way = next((client, way) for client, way in TABLE.walks if way.stopped and not way.spared)
    walked = Walk(client.version, {"me": Step(ok=True, why="")}, (), (), World().realms["sandbox"])
    assert differences(client, way, walked) == [f"me: it should fail ({way.stopped.id}), and works"]  # type: ignore[union-attr]


def test_secrets_have_the_signs_that_form_encoding_changes() -> None:
    """Else the walks of clients that form-encode them would show nothing."""
    app = World().realms["sandbox"].application
    assert {*"-_"} & {*app.secret}


def test_the_javascript_clients_are_pinned() -> None:
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    named = [*wanted["dependencies"].values(), *wanted["optionalDependencies"].values()]
    assert [one for one in named if not re.fullmatch(r"(npm:[\w-]+@)?\d+\.\d+\.\d+", one)] == []


def test_the_lock_of_the_javascript_clients_names_digests_and_no_place() -> None:
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, one in locked.items() if name and "integrity" not in one] == []
    assert [name for name, one in locked.items() if "resolved" in one] == []


@pytest.mark.posix
def test_a_command_takes_a_client_through(tmp_path: Path) -> None:
    """The walks serve from within; this one is started as a user starts it."""
    client = next(one for one in TABLE.clients if one.name == "curl")
    if missing := tools.missing(client, client.ways[0]):
        pytest.skip(missing)
    options = ["--logged-in", f"--redirect-uri={REDIRECT_URI}", f"--projects={PROJECTS}"]
    line = [sys.executable, "-m", "standin", *options, "--", *tools.command(client, client.ways[0])]
    environment = {**bare_environment(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=True)
    said = {one["step"]: one for one in map(json.loads, done.stdout.splitlines()) if "step" in one}
    assert {step: one["ok"] for step, one in said.items()} == dict.fromkeys(STEPS, True)
    assert said["projects"]["count"] == PROJECTS
