"""Recordings from the stand-in are the same unless something changed, and one exchange is recorded alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selftests.support.bench import NO_CODE, user_pair
from selftests.support.command import Outcome, pytest_in
from standin.cases.bending import on, put
from standin.cases.mixing import Wanted
from standin.model.clock import Clock
from standin.model.directory import with_companies
from standin.model.world import World
from standin.server.running import serve

NOON = 1795780800  # 2026-11-27T12:00:00Z, as the shipped recordings have it
REWRITE = ("--target=sandbox", "--disruptive", "--record-mode=rewrite")


def still(**members: Any) -> World:
    """A stand-in as ``--clock-at`` makes it."""
    world = Wanted(clock_at=NOON).world()
    for name, value in members.items():
        setattr(world, name, value)
    return world


def record(project: Path, *arguments: str, world: World | None = None) -> Outcome:
    with serve(world or still()) as procore:
        return pytest_in(project, *REWRITE, *arguments, environment=procore.environment)


def contents(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project / "cassettes").iterdir()}


def changed(before: dict[str, bytes], project: Path) -> set[str]:
    after = contents(project)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def evidence(project: Path) -> dict[str, Any]:
    return dict(json.loads((project / "cassettes" / "evidence.json").read_text(encoding="utf-8")))


def test_the_shipped_recordings_are_what_the_stand_in_answers(project: Path) -> None:
    before = contents(project)
    outcome = record(project)
    assert outcome.code == 0, outcome.text
    assert changed(before, project) == set()


EXTRA = """
[extra]
step = "7 projects"
method = "GET"
host = "api"
path = "/rest/v1.1/projects"
query = { company_id = "{company_id}", view = "extended" }
bearer = "access"
company = "{company_id}"
expect = [200]

[me]
"""


def with_one_more(project: Path) -> None:
    """Add an exchange between others, and a test that judges it."""
    table = project / "tests" / "exchanges.toml"
    table.write_text(table.read_text(encoding="utf-8").replace("\n[me]\n", EXTRA, 1), encoding="utf-8")
    module = project / "tests" / "test_step7_projects.py"
    old, new = "answers_200(projects: Answer)", "answers_200(projects: Answer, extra: Answer)"
    text = module.read_text(encoding="utf-8")
    assert old in text
    module.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("alone", [(), ("--record-only=extra",)], ids=["all", "alone"])
def test_one_more_exchange_changes_no_other_recording(project: Path, alone: tuple[str, ...]) -> None:
    with_one_more(project)
    before, entries = contents(project), evidence(project)["exchanges"]
    outcome = record(project, *alone)
    assert outcome.code == 0, outcome.text
    assert changed(before, project) == {"extra.yaml", "evidence.json"}
    after = evidence(project)["exchanges"]
    assert after.pop("extra")["clock"] == "2026-11-27T12:00:00+00:00"
    assert after == entries
    assert pytest_in(project).code == 0


def test_what_changed_is_recorded_anew_and_dated(project: Path) -> None:
    before, entries = contents(project), evidence(project)["exchanges"]
    record(project, world=still(modifiers=(on("me", put("name", "Someone Else")),)))
    assert {"me.yaml", "me-with-company.yaml"} & changed(before, project)
    assert "companies.yaml" not in changed(before, project)
    after = evidence(project)["exchanges"]
    assert after["companies"] == entries["companies"]
    assert after["me-with-company"]["recorded"] != entries["me-with-company"]["recorded"]


def test_what_is_recorded_alone_leaves_the_others_and_their_evidence(project: Path) -> None:
    before, entries = contents(project), evidence(project)["exchanges"]
    world = World(clock=Clock(), modifiers=(on("companies", put("0.name", "Renamed")),))
    with serve(world) as procore:
        environment = {**procore.environment, "PROCORE_EVIDENCE": "another stand-in"}
        outcome = pytest_in(project, *REWRITE, "--record-only=companies", environment=environment)
    assert outcome.code == 0, outcome.text
    assert changed(before, project) == {"companies.yaml", "evidence.json"}
    after = evidence(project)
    assert after["origin"] == "the local stand-in"
    assert after["exchanges"].pop("companies")["origin"] == "another stand-in"
    assert after["exchanges"] == {name: made for name, made in entries.items() if name != "companies"}
    replayed = pytest_in(project)
    assert replayed.code == 0, replayed.text
    told = {one["name"]: one["evidence"] for one in replayed.verdict["exchanges"]}
    assert told["companies"].startswith("recorded from another stand-in on ")
    assert told["projects"].startswith("recorded from the local stand-in on ")


def test_stand_ins_stay_the_same_where_one_is_recorded_alone(project: Path) -> None:
    """Who is called Person in all recordings is called so in the one that is new, and the token is the same."""
    before = contents(project)
    record(project, "--record-only=projects-again")
    record(project, "--record-only=token-info-again")
    assert changed(before, project) == set()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--target=sandbox", "--record-only=me"), "--record-only records nothing by itself"),
        ((*REWRITE, "--record-only=nobody"), "there is no such exchange"),
        (("--target=sandbox", "--record-mode=rewrite", "--record-only=refresh"), "it is disruptive"),
    ],
    ids=["no recording", "no such exchange", "disruptive"],
)
def test_what_cannot_be_recorded_alone_is_refused(project: Path, arguments: tuple[str, ...], words: str) -> None:
    before = contents(project)
    with serve() as procore:
        outcome = pytest_in(project, *arguments, environment=procore.environment)
    assert outcome.code == 4, outcome.text
    assert words in outcome.text
    assert changed(before, project) == set()
    assert not procore.requests


@pytest.mark.parametrize(("name", "fits"), [("refresh-reused", False), ("me", True)])
def test_what_sends_tokens_of_another_kind_of_run_is_not_mixed(project: Path, name: str, fits: bool) -> None:
    before = contents(project)
    with serve(still()) as procore:
        environment = {
            **procore.environment,
            **NO_CODE,
            "PROCORE_REFRESH_TOKEN": user_pair(procore).refresh_token or "",
        }
        outcome = pytest_in(project, *REWRITE, f"--record-only={name}", environment=environment)
    words = "refresh-reused sends tokens of the run, and theirs began with token, this run with refresh"
    assert (words in outcome.text) is not fits, outcome.text
    assert changed(before, project) <= ({"me.yaml", "evidence.json"} if fits else set())
    assert pytest_in(project).code == 0


def test_recordings_of_another_company_are_not_mixed(project: Path) -> None:
    before = contents(project)
    with serve(World(populate=lambda known: with_companies(known, 2))) as procore:
        environment = {**procore.environment, "PROCORE_COMPANY_ID": "77"}
        outcome = pytest_in(project, *REWRITE, "--record-only=me", environment=environment)
    assert outcome.code == 4, outcome.text
    assert "the other recordings were made with another company_id: record all anew" in outcome.text
    assert changed(before, project) == set()
    assert not list(project.glob(".recording-*"))
