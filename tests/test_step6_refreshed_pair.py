"""Step 6, refresh: the new pair is a full successor of the old one, and its refresh token works in turn."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect
from quickstart.run.run import Run


@pytest.mark.requirement("refresh.expires-in-documented")
def test_refreshed_token_lives_as_documented(refresh: Answer) -> None:
    """A refreshed token lives for the 5400 s of the documents."""
    lifetime = refresh.json["expires_in"]
    assert lifetime in expect.FRESH, f"{lifetime} s"


@pytest.mark.requirement("refresh.same-owner")
def test_refreshed_token_has_the_same_owner(token_info: Answer, token_info_refreshed: Answer) -> None:
    """Token info names the same user before and after a refresh."""
    before, after = token_info.json["resource_owner_id"], token_info_refreshed.json["resource_owner_id"]
    if before is None or after is None:
        raise CouldNotTest("token info names no user")
    assert after == before, f"user {after} after user {before}"


@pytest.mark.requirement("refresh.same-application")
def test_refreshed_token_belongs_to_the_same_app(token_info_refreshed: Answer, run: Run) -> None:
    """Token info names our own app after a refresh, too."""
    uid = token_info_refreshed.json["application"]["uid"]
    if uid is None:
        raise CouldNotTest("token info names no application")
    assert uid == run.credentials.client_id, "the Client ID of another app"


@pytest.mark.requirement("refresh.same-companies")
def test_refreshed_token_sees_the_same_companies(companies: Answer, companies_refreshed: Answer) -> None:
    """A refresh changes the token, never what it may see."""
    before, after = ({company["id"] for company in answer.json} for answer in (companies, companies_refreshed))
    assert after == before, f"companies {sorted(before ^ after)} with one of the two tokens alone"


@pytest.mark.requirement("refresh.again")
def test_refreshed_refresh_token_works_in_turn(refresh_again: Answer) -> None:
    """The refresh token of a refresh buys the next pair, also after requests that were refused."""
    expect.is_right(refresh_again)
