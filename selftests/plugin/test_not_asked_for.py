"""What only --disruptive asks for is neither tested nor missing: a state of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from quickstart.exchange import contract, definitions
from quickstart.exchange.answer import NotAskedFor
from quickstart.judgement import expect
from quickstart.run.run import Run
from selftests.support.bench import NO_CODE, plant
from selftests.support.command import Outcome, pytest_in
from standin.cases.bending import on, status
from standin.cases.listing import case_named
from standin.model.world import World
from standin.server.running import serve

DISRUPTIVE = {name for name, one in definitions.load().items() if one.disruptive}


def live(
    project: Path, *arguments: str, world: World | None = None, changes: Mapping[str, str] | None = None
) -> Outcome:
    with serve(world or World()) as procore:
        environment = {**procore.environment, **(changes or {})}
        return pytest_in(project, "--target=sandbox", *arguments, environment=environment)


def behind(outcome: Outcome, verdict: str) -> list[set[str]]:
    """The exchanges behind each requirement with this verdict."""
    return [set(one["exchanges"]) for one in outcome.verdict["requirements"] if one["verdict"] == verdict]


def test_a_trial_company_is_asked_for_where_ours_is_not_listed(project: Path) -> None:
    """It harms nobody, and without it a legal list would be a breach."""
    for name, code, found in (("free-companies-ours", 0, "satisfied"), ("companies-without-ours", 1, "violated")):
        outcome = live(project, "--requirement=companies.*", world=case_named(name).world())
        assert (outcome.code, "companies.configured" in outcome.ids(found)) == (code, True), outcome.text


def test_what_was_not_asked_for_is_told_in_every_report(project: Path) -> None:
    files = ("--html=r.html", "--summary-md=s.md", "--junitxml=j.xml")
    outcome = live(project, *files)
    count = len(outcome.ids("not-asked-for"))
    assert outcome.code == 0, outcome.text
    assert count >= 20
    assert not outcome.ids("could-not-test")
    assert all(names & DISRUPTIVE for names in behind(outcome, "not-asked-for"))
    assert f"not asked for ({count}): it rotates, revokes or provokes something; sent with --disruptive alone" in (
        outcome.text
    )
    assert re.search(r"CONFORMANT: \d+ requirements are satisfied; \d+ not asked for \(--disruptive\)\.", outcome.text)
    assert not contract.violations(outcome.verdict, "verdict")
    page, summary, junit = ((project / name).read_text(encoding="utf-8") for name in ("r.html", "s.md", "j.xml"))
    skipped = [one.get("message", "") for one in ElementTree.fromstring(junit).iter("skipped")]  # noqa: S314 - our own
    assert len(skipped) >= count, "some requirements have two tests"
    assert all(message.startswith("not asked for: ") for message in skipped)
    assert re.search(r"<span class=\"count\">\d+ not asked for</span></h3>", page)
    assert len(re.findall(r'id="[\w.-]+" data-verdict="not-asked-for"', page)) == count
    assert f"{count} were not asked for" in page
    assert "| satisfied | advisory | violated | not tested | not asked for |" in summary


def test_step_whose_asked_for_checks_passed_is_green(project: Path) -> None:
    assert live(project, "--html=r.html").code == 0
    page = (project / "r.html").read_text(encoding="utf-8")
    steps = re.findall(r'<li class="([\w-]+)">\s*<span class="disc" aria-hidden="true">(\d)', page)
    assert [kind for kind, number in steps if number in "567"] == ["satisfied"] * 3
    assert '<li class="not-asked-for"><a href="#step-6-revoke">' in page


@pytest.mark.parametrize("changes", [{}, NO_CODE], ids=["code", "service account"])
def test_whatever_token_a_run_has_the_same_is_not_asked_for(project: Path, changes: dict[str, str]) -> None:
    """Also where something else, such as a missing refresh token, would keep it from being sent."""
    first = live(project, changes=changes)
    assert not [names for names in behind(first, "could-not-test") if names & DISRUPTIVE and len(names) == 1]
    assert "refresh.old-refresh-token" in first.ids("not-asked-for")


def test_refresh_that_the_run_needs_is_judged(project: Path) -> None:
    """With a cached pair that is about to expire, the run refreshes."""
    with serve() as procore:
        plant(procore)
        outcome = pytest_in(project, "--target=sandbox", environment={**procore.environment, **NO_CODE})
    assert outcome.code == 0, outcome.text
    assert "refresh.status" in outcome.ids("satisfied")
    assert "revoke.status" in outcome.ids("not-asked-for")


def test_violation_beside_what_was_not_asked_for_fails_the_run(project: Path) -> None:
    outcome = live(project, world=World(modifiers=(on("me", status(500)),)))
    assert outcome.code == 1
    assert "me.status" in outcome.ids("violated")
    assert "refresh.status" in outcome.ids("not-asked-for")


def test_with_disruptive_all_is_asked_for(project: Path) -> None:
    assert not live(project, "--disruptive").ids("not-asked-for")


def test_replay_knows_no_such_state(project: Path) -> None:
    assert not pytest_in(project).ids("not-asked-for")


def test_run_of_nothing_else_has_judged_nothing(project: Path) -> None:
    outcome = live(project, "tests/test_step6_revoke.py")
    assert outcome.code == 5, outcome.text
    assert outcome.verdict["conformant"] is None
    assert re.search(r"Nothing was judged; \d+ not asked for \(--disruptive\); \d+ were not selected\.", outcome.text)


def test_several_exchanges_are_not_asked_for_where_each_of_them_is_not() -> None:
    """One that may be sent is judged without the others."""

    class Withholding:
        def withholds(self, name: str) -> bool:
            return name in DISRUPTIVE

        def answer(self, name: str) -> str:
            if name in DISRUPTIVE:
                raise NotAskedFor
            return name

    run = cast(Run, Withholding())
    disruptive, *_ = sorted(DISRUPTIVE)
    assert [str(answer) for answer in expect.gathered(run, ["me", disruptive, "companies"])] == ["me", "companies"]
    with pytest.raises(NotAskedFor):
        expect.gathered(run, [disruptive])
