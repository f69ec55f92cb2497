"""A list that changes while it is read is read once more, and the second reading is what counts and is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from quickstart.exchange import definitions
from quickstart.plugin import session
from selftests.support.command import pytest_in
from standin.cases.bending import body, header, on
from standin.cases.faults.pages import growing
from standin.cases.variations.links import changing
from standin.http.messages import Request
from standin.model.world import Modifier, World
from standin.server.running import serve

OURS = "4265001"

BUDGET = session.Wish("sandbox", record=False, disruptive=False).requests(definitions.load())


def whole(requests: Sequence[Request]) -> int:
    """How often the list of projects was asked for as the guide does."""
    right = [one for one in requests if one.path == "/rest/v1.1/projects" and one.query == {"company_id": OURS}]
    return len([one for one in right if one.header("Procore-Company-Id") == OURS and one.header("Authorization")])


@pytest.mark.parametrize(
    ("modifiers", "times"),
    [((), 1), (changing("projects", 1, projects=1), 2), ((growing,), 2)],
    ids=["still", "one changes", "one comes"],
)
def test_a_list_is_read_again_once_at_most(project: Path, modifiers: tuple[Modifier, ...], times: int) -> None:
    with serve(World(modifiers=modifiers)) as procore:
        outcome = pytest_in(project, "--target=sandbox", environment=procore.environment)
        assert whole(procore.requests) == times, outcome.text
        assert len(procore.requests) <= BUDGET
        assert ("projects.pages" in outcome.ids("violated")) == (growing in modifiers)


def test_what_is_not_ours_is_not_read_away(project: Path) -> None:
    """No change of the list explains it, so that the reading that shows it is judged."""
    theirs = body(lambda old: [{**old[0], "id": 991, "company": {"id": 4265099, "name": "Somebody Else's Company"}}])
    second_of_the_walk = on("projects", theirs, when=lambda _, world: world.counts["projects"] == 5)
    with serve(World(modifiers=(second_of_the_walk,))) as procore:
        outcome = pytest_in(project, "--target=sandbox", environment=procore.environment)
        assert whole(procore.requests) == 1, outcome.text
        assert "projects.company" in outcome.ids("violated")


def test_a_company_that_is_not_ours_is_not_read_away(project: Path) -> None:
    more = body(lambda old: [*old, {**old[0], "id": 4265099, "my_company": False}])
    with serve(World(modifiers=(on("companies", more, first=1),))) as procore:
        outcome = pytest_in(project, "--target=sandbox", environment=procore.environment)
        assert "companies.foreign" in outcome.ids("violated"), outcome.text


def test_what_a_first_reading_forbade_is_sent_after_the_second(project: Path) -> None:
    """A company that was missing once, and is there, has projects."""
    others = (body(lambda old: [one for one in old if one["id"] != int(OURS)]), header("Total", "2"))
    with serve(World(modifiers=(on("companies", *others, first=1),))) as procore:
        outcome = pytest_in(project, "--target=sandbox", environment=procore.environment)
        assert whole(procore.requests) == 1, outcome.text
        assert outcome.code == 0, outcome.text
        assert {"companies.configured", "projects.status", "projects.pages"} <= outcome.ids("satisfied")


def test_what_was_read_again_is_recorded_once_and_plays(project: Path) -> None:
    with serve(World(modifiers=changing("projects", 1, projects=1))) as procore:
        arguments = ("--target=sandbox", "--disruptive", "--record-mode=rewrite")
        outcome = pytest_in(project, *arguments, environment=procore.environment)
        assert outcome.code == 0, outcome.text
    replayed = pytest_in(project)
    assert replayed.code == 0, replayed.text
    assert replayed.ids("satisfied") == {one["id"] for one in replayed.verdict["requirements"]}


def test_the_order_of_the_tests_changes_nothing(project: Path) -> None:
    with serve(World(modifiers=changing("projects", 1, projects=1))) as procore:
        arguments = ("--target=sandbox", "-p", "randomly", "-p", "no:cacheprovider")
        outcome = pytest_in(project, *arguments, environment=procore.environment)
        assert outcome.code == 0, outcome.text
        assert not outcome.ids("violated")
