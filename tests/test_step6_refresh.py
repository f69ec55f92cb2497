"""Step 6, refresh: a new pair, and the end of the old one."""

from collections.abc import Callable

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, members
from quickstart.run import tokens
from quickstart.run.run import Run

REFRESHES = ("refresh", "refresh-again")


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
@pytest.mark.judges(*REFRESHES)
def test_refreshed_token_is_not_to_be_stored(judged: list[Answer]) -> None:
    """Caches on the way must not keep the tokens."""
    problems = expect.stored(expect.had(judged))
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("refresh.new-access-token")
def test_refresh_changes_the_access_token(refresh: Answer, spent_access_token: str) -> None:
    """The access token is another one than before."""
    assert refresh.json["access_token"] != spent_access_token, "the same access token again"


@pytest.mark.requirement("refresh.new-refresh-token")
def test_refresh_rotates_the_refresh_token(refresh: Answer, spent_refresh_token: str) -> None:
    """The refresh token is another one than the one that was spent."""
    assert refresh.json["refresh_token"] != spent_refresh_token, "the same refresh token again"


@pytest.mark.requirement("refresh.new-access-token")
def test_each_refresh_changes_the_access_token(refresh: Answer, refresh_again: Answer) -> None:
    """So does the second refresh."""
    assert refresh_again.json["access_token"] != refresh.json["access_token"], "the same access token a second time"


@pytest.mark.requirement("refresh.new-refresh-token")
def test_each_refresh_rotates_the_refresh_token(refresh: Answer, refresh_again: Answer) -> None:
    """So does the second refresh."""
    assert refresh_again.json["refresh_token"] != refresh.json["refresh_token"], "the same refresh token a second time"


@pytest.mark.requirement("refresh.new-access-token")
def test_second_refresh_goes_back_to_no_earlier_access_token(refresh_again: Answer, spent_access_token: str) -> None:
    """Two access tokens do not take turns."""
    assert refresh_again.json["access_token"] != spent_access_token, "the first access token again"


@pytest.mark.requirement("refresh.new-refresh-token")
def test_second_refresh_goes_back_to_no_earlier_refresh_token(refresh_again: Answer, spent_refresh_token: str) -> None:
    """Two refresh tokens do not take turns."""
    assert refresh_again.json["refresh_token"] != spent_refresh_token, "the first refresh token again"


@pytest.mark.requirement("refresh.created-at-now")
@pytest.mark.judges(*REFRESHES)
def test_refreshed_token_was_made_now(judged: list[Answer]) -> None:
    """The time of issue agrees with the server's own clock."""
    expect.made_now(expect.readable(judged))


@pytest.mark.requirement("refresh.same-user")
def test_refreshed_token_belongs_to_the_same_user(me: Answer, me_refreshed: Answer) -> None:
    """A refresh changes the token, never whose it is."""
    assert me_refreshed.json["id"] == me.json["id"], f"user {me_refreshed.json['id']} after user {me.json['id']}"


@pytest.mark.requirement("refresh.works")
@pytest.mark.judges("me-refreshed", "token-info-refreshed", "companies-refreshed")
def test_refreshed_token_is_accepted(judged: list[Answer], run: Run) -> None:
    """The new access token gets right answers wherever the old one did."""
    before = (run.answer(answer.name.removesuffix("-refreshed")) for answer in judged)
    problems = expect.worse(before, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("refresh.old-access-token")
def test_old_access_token_is_reported(me_spent_access_token: Answer, observe: Callable[[str], None]) -> None:
    """What the old access token is answered once the new one was used: a token that encodes itself may live on."""
    observe(f"the old access token is answered {me_spent_access_token.outcome}")


@pytest.mark.requirement("refresh.old-refresh-token")
def test_old_refresh_token_is_refused(refresh_reused: Answer) -> None:
    """A refresh token works once."""
    expect.refused(refresh_reused)


@pytest.mark.requirement("refresh.old-refresh-token")
@pytest.mark.judges("refresh-reused", "refresh-without-redirect-uri")
def test_old_refresh_token_buys_nothing(judged: list[Answer]) -> None:
    """With redirect_uri or without, it yields no token a second time."""
    bought = members.handed_out(judged)
    assert not bought, expect.listed(bought)
    expect.had(judged)


@pytest.mark.requirement("refresh.bogus-token")
def test_bogus_refresh_token_is_refused(refresh_bogus_token: Answer) -> None:
    """A refresh token that was never given is an invalid grant."""
    expect.refused(refresh_bogus_token)


@pytest.mark.requirement("refresh.missing-token")
def test_refresh_without_a_refresh_token_is_refused(refresh_missing_token: Answer) -> None:
    """Without a refresh token there is nothing to refresh."""
    expect.refused(refresh_missing_token)


@pytest.mark.requirement("refresh.missing-token")
def test_refresh_with_an_empty_refresh_token_is_refused(refresh_empty_token: Answer) -> None:
    """An empty one is none: it is no key to those tokens that have no refresh token."""
    expect.refused(refresh_empty_token)


@pytest.mark.requirement("refresh.access-token")
def test_access_token_is_no_refresh_token(refresh_access_token: Answer) -> None:
    """An access token, which every resource server sees, buys no new one."""
    expect.refused(refresh_access_token)


@pytest.mark.requirement("refresh.wrong-secret")
def test_refresh_with_a_wrong_secret_is_refused(refresh_wrong_secret: Answer) -> None:
    """A wrong secret is refused; a spent refresh token besides, so that no real one is at risk."""
    expect.refused(refresh_wrong_secret)


@pytest.mark.requirement("refresh.missing-secret")
def test_refresh_without_a_secret_is_refused(refresh_missing_secret: Answer) -> None:
    """A missing secret is refused; a spent refresh token besides, so that no real one is at risk."""
    expect.refused(refresh_missing_secret)


@pytest.mark.requirement("refresh.other-client")
def test_refresh_token_of_another_client_is_refused(refresh_other_client: Answer) -> None:
    """A refresh token is good for the app that it was given to, and for no other one."""
    if tokens.error_code(refresh_other_client) == "invalid_client":
        raise CouldNotTest("the other app itself is refused: PROCORE_OTHER_CLIENT_ID, PROCORE_OTHER_CLIENT_SECRET")
    expect.refused(refresh_other_client)


@pytest.mark.requirement("refresh.without-redirect-uri")
def test_refresh_without_redirect_uri_is_observed(
    refresh_without_redirect_uri: Answer, observe: Callable[[str], None]
) -> None:
    """One page sends redirect_uri along with a refresh, another one does not."""
    code = tokens.error_code(refresh_without_redirect_uri)
    needed = "asks for redirect_uri" if code == "invalid_request" else "does not ask for redirect_uri"
    observe(f"a refresh {needed} (status {refresh_without_redirect_uri.outcome})")
