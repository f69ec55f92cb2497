"""Step 6, refresh: the new pair is a full successor of the old one, and its refresh token works in turn."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect
from quickstart.run.run import Run

INFOS = ("token-info-refreshed", "token-info-after-all")


@pytest.mark.requirement("refresh.expires-in-documented")
@pytest.mark.judges("refresh", "refresh-again")
def test_refreshed_token_lives_as_documented(judged: list[Answer]) -> None:
    """A refreshed token lives for the 5400 s of the documents."""
    lives = {answer.name: answer.json["expires_in"] for answer in expect.readable(judged)}
    wrong = [f"{name}: {lifetime} s" for name, lifetime in lives.items() if lifetime not in expect.FRESH]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("refresh.same-owner")
@pytest.mark.judges(*INFOS)
def test_refreshed_token_has_the_same_owner(token_info: Answer, judged: list[Answer]) -> None:
    """Token info names the same user before and after each refresh."""
    before = token_info.json["resource_owner_id"]
    owners = {answer.json["resource_owner_id"] for answer in expect.readable(judged)} - {None}
    if before is None or not owners:
        raise CouldNotTest("token info names no user")
    assert owners == {before}, f"user {expect.listed(sorted(owners - {before}))} after user {before}"


@pytest.mark.requirement("refresh.same-application")
@pytest.mark.judges(*INFOS)
def test_refreshed_token_belongs_to_the_same_app(judged: list[Answer], run: Run) -> None:
    """Token info names our own app after each refresh, too."""
    uids = {answer.json["application"]["uid"] for answer in expect.readable(judged)} - {None}
    if not uids:
        raise CouldNotTest("token info names no application")
    assert uids == {run.credentials.client_id}, "the Client ID of another app"


@pytest.mark.requirement("refresh.same-companies")
def test_refreshed_token_sees_the_same_companies(companies: Answer, companies_refreshed: Answer) -> None:
    """A refresh changes the token, never what it may see."""
    before, after = ({company["id"] for company in answer.json} for answer in (companies, companies_refreshed))
    assert after == before, f"companies {sorted(before ^ after)} with one of the two tokens alone"


@pytest.mark.requirement("refresh.again")
def test_refreshed_refresh_token_works_in_turn(refresh_again: Answer) -> None:
    """The refresh token of a refresh buys the next pair, also after requests that were refused."""
    expect.is_right(refresh_again)
