"""Step 6, refresh: a new pair, and the end of the old one."""

from collections.abc import Callable

import pytest

from quickstart.exchange.answer import Answer
from quickstart.judgement import expect


@pytest.mark.requirement("refresh.status")
def test_refresh_answers_200(refresh: Answer) -> None:
    """A refresh token that was not used yet is exchanged with 200."""
    expect.answered(refresh)


@pytest.mark.requirement("refresh.json")
def test_refresh_answers_json(refresh: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(refresh)


@pytest.mark.requirement("refresh.schema")
def test_refresh_obeys_the_token_schema(refresh: Answer) -> None:
    """A refresh answers all that an exchange answers, a new refresh token among it."""
    expect.obeys_schema(refresh)


@pytest.mark.requirement("refresh.no-store")
def test_refreshed_token_is_not_to_be_stored(refresh: Answer) -> None:
    """Caches on the way must not keep the tokens."""
    refresh.require_status()
    assert "no-store" in refresh.headers.get("Cache-Control", "").lower(), (
        f"Cache-Control {refresh.headers.get('Cache-Control')!r}"
    )


@pytest.mark.requirement("refresh.new-access-token")
def test_refresh_changes_the_access_token(refresh: Answer, spent_access_token: str) -> None:
    """The access token is another one than before."""
    assert refresh.json["access_token"] != spent_access_token, "the same access token again"


@pytest.mark.requirement("refresh.new-refresh-token")
def test_refresh_rotates_the_refresh_token(refresh: Answer, spent_refresh_token: str) -> None:
    """The refresh token is another one than the one that was spent."""
    assert refresh.json["refresh_token"] != spent_refresh_token, "the same refresh token again"


@pytest.mark.requirement("refresh.created-at-now")
def test_refreshed_token_was_made_now(refresh: Answer) -> None:
    """The time of issue agrees with the server's own clock."""
    expect.made_now(refresh)


@pytest.mark.requirement("refresh.same-user")
def test_refreshed_token_belongs_to_the_same_user(me: Answer, me_refreshed: Answer) -> None:
    """A refresh changes the token, never whose it is."""
    assert me_refreshed.json["id"] == me.json["id"], f"user {me_refreshed.json['id']} after user {me.json['id']}"


@pytest.mark.requirement("refresh.works")
def test_refreshed_token_is_accepted(me_refreshed: Answer) -> None:
    """The new access token works."""
    expect.answered(me_refreshed)


@pytest.mark.requirement("refresh.old-access-token")
def test_old_access_token_is_reported(me_spent_access_token: Answer, observe: Callable[[str], None]) -> None:
    """What the old access token is answered once the new one was used: a token that encodes itself may live on."""
    observe(f"the old access token is answered {me_spent_access_token.outcome}")


@pytest.mark.requirement("refresh.old-refresh-token")
def test_old_refresh_token_is_refused(refresh_reused: Answer) -> None:
    """A refresh token works once."""
    expect.refused(refresh_reused)


@pytest.mark.requirement("refresh.bogus-token")
def test_bogus_refresh_token_is_refused(refresh_bogus_token: Answer) -> None:
    """A refresh token that was never given is an invalid grant."""
    expect.refused(refresh_bogus_token)
