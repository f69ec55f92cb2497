"""Faults, rules, dialect, clock and data in one stand-in."""

from __future__ import annotations

import itertools

import pytest

from standin.cases.listing import CASES
from standin.cases.mixing import Wanted
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.directory import with_projects
from standin.model.hosts import SANDBOX
from standin.server.certificates import Certificate


def test_nothing_wanted_is_the_right_stand_in() -> None:
    world = Wanted().world()
    assert (world.behaviour, world.modifiers, world.dialect.name) == (Behaviour(), (), "procore")
    assert Wanted().shown_certificate() is Certificate.RIGHT


@pytest.mark.parametrize("name", CASES)
def test_one_case_alone_is_that_case(name: str) -> None:
    case, wanted = CASES[name], Wanted(faults=[name])
    world, right = wanted.world(), case.world()
    assert (world.behaviour, world.modifiers, world.dialect) == (right.behaviour, right.modifiers, right.dialect)
    assert wanted.shown_certificate() is case.certificate
    for site, realm in right.realms.items():
        assert world.realms[site].directory == realm.directory
        assert world.realms[site].application == realm.application


def test_a_fault_no_longer_cancels_what_else_is_asked_for() -> None:
    wanted = Wanted(
        faults=["projects-app-not-installed"],
        dialect="5.5.0",
        settings=["token_lifetime=60", "paging.default_size=2"],
        clock_offset=3600,
        populate=[lambda known: with_projects(known, 7)],
        redirect_uris=["https://example.com/a", "https://example.com/b"],
    )
    world = wanted.world()
    assert world.behaviour.app_installed is False
    assert (world.behaviour.token_lifetime, world.behaviour.paging.default_size) == (60, 2)
    assert world.dialect.name == "5.5.0"
    assert world.clock.now - Clock().now in {3599, 3600}
    realm = world.realm(SANDBOX)
    assert len([one for one in realm.directory.projects_of(realm.directory.configured) if one.active]) == 7
    assert realm.application.redirect_uris == ("https://example.com/a", "https://example.com/b")


def test_what_the_caller_says_wins_over_the_fault() -> None:
    assert (
        Wanted(faults=["projects-app-not-installed"], settings=["app_installed=true"]).world().behaviour.app_installed
    )


def test_two_that_contradict_each_other_are_one_sentence() -> None:
    """Found, not named: any two cases that set one rule to two values."""
    by_rule: dict[int, str] = {case.behaviour.token_lifetime: case.id for case in CASES.values()}
    one, other = [name for value, name in by_rule.items() if value != Behaviour().token_lifetime][:2]
    with pytest.raises(
        ValueError, match=f"--fault: {one} and {other} cannot be had together: both change token_lifetime"
    ):
        Wanted(faults=[one, other]).world()


def test_most_pairs_can_be_had() -> None:
    pairs = list(itertools.islice(itertools.combinations(list(CASES)[::23], 2), 800))
    possible = 0
    for pair in pairs:
        try:
            Wanted(faults=pair).world()
        except ValueError as problem:
            assert "cannot be had together" in str(problem)  # noqa: PT017 - many pairs, one test
        else:
            possible += 1
    assert possible > 0.9 * len(pairs)
