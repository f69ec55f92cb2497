"""Step 6, token info: what the login server itself says of the token."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import challenges, expect, records
from quickstart.judgement.lifetimes import ISSUED_BY, JITTER, SLACK, remaining, with_grants
from quickstart.run.run import Run

INFOS = tuple(ISSUED_BY)


@pytest.mark.requirement("token-info.status")
def test_token_info_answers_200(token_info: Answer) -> None:
    """A token that works is known."""
    expect.answered(token_info)


@pytest.mark.requirement("token-info.json")
def test_token_info_answers_json(token_info: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(token_info)


@pytest.mark.requirement("token-info.schema")
def test_token_info_obeys_the_schema(token_info: Answer) -> None:
    """Either of the two key sets, each with the right types."""
    expect.obeys_schema(token_info)


@pytest.mark.requirement("token-info.application")
def test_token_belongs_to_our_app(token_info: Answer, run: Run) -> None:
    """The application is the one of our Client ID."""
    uid = token_info.json["application"]["uid"]
    if uid is None:
        raise CouldNotTest("token info names no application")
    assert uid == run.credentials.client_id, "the Client ID of another app"


@pytest.mark.requirement("token-info.remaining")
@pytest.mark.judges(*INFOS)
def test_remaining_lifetime_does_not_exceed_the_issued_one(judged: list[Answer], run: Run) -> None:
    """A token does not grow younger."""
    lives = [(info.name, max(remaining(info)), grant.json["expires_in"]) for info, grant in with_grants(judged, run)]
    wrong = [f"{name}: {left} s of {issued} s" for name, left, issued in lives if left > issued + JITTER]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("token-info.remaining-agrees")
@pytest.mark.judges(*INFOS)
def test_remaining_lifetime_is_what_the_time_since_leaves(judged: list[Answer], run: Run) -> None:
    """What is left, and what has passed since by the server's own clock, make up what was issued."""
    lives = [
        (info.name, grant.json["expires_in"], info.server_time - grant.server_time, min(remaining(info)))
        for info, grant in with_grants(judged, run)
    ]
    wrong = [
        f"{name}: {issued - passed - left:.0f} s less than {issued} s, of which {passed:.0f} s have passed"
        for name, issued, passed, left in lives
        if issued - passed - left > SLACK
    ]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("token-info.falls")
def test_remaining_lifetime_falls_as_time_passes(token_info: Answer, token_info_again: Answer) -> None:
    """Asked twice, the lifetime falls by the time that has passed in between."""
    passed = token_info_again.server_time - token_info.server_time
    fallen = remaining(token_info)[0] - remaining(token_info_again)[0]
    assert abs(fallen - passed) <= JITTER, f"{fallen} s less after {passed:.0f} s"


@pytest.mark.requirement("token-info.stable")
def test_token_info_says_the_same_of_the_same_token(token_info: Answer, token_info_again: Answer) -> None:
    """App, owner and time of issue do not change while a token lives."""
    expect.rests_on(token_info)
    expect.is_right(token_info_again)
    facts = ("resource_owner_id", "created_at")
    before, after = ([answer.json[name] for name in facts] for answer in (token_info, token_info_again))
    same_app = token_info.json["application"]["uid"] == token_info_again.json["application"]["uid"]
    assert before == after, f"{dict(zip(facts, after, strict=True))} after {dict(zip(facts, before, strict=True))}"
    assert same_app, "another application"


@pytest.mark.requirement("token-info.created-at")
@pytest.mark.judges(*INFOS)
def test_token_info_agrees_on_the_time_of_issue(judged: list[Answer], run: Run) -> None:
    """Token info and the exchange say the same of when the token was made."""
    gaps = {info.name: info.json["created_at"] - grant.json["created_at"] for info, grant in with_grants(judged, run)}
    wrong = [f"{name}: {abs(gap)} s apart" for name, gap in gaps.items() if abs(gap) > SLACK]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("token-info.garbage-token")
def test_token_info_refuses_a_garbage_token(token_info_garbage_token: Answer) -> None:
    """A token that was never issued is refused."""
    records.withheld(token_info_garbage_token)


@pytest.mark.requirement("token-info.without-token")
def test_token_info_without_a_token_is_refused(token_info_without_token: Answer) -> None:
    """Nobody is told anything of no token."""
    records.withheld(token_info_without_token)


@pytest.mark.requirement("token-info.near-token")
def test_token_info_refuses_a_token_that_is_nearly_right(token_info_near_token: Answer) -> None:
    """A token that is right but for its last character is wrong."""
    records.withheld(token_info_near_token)


@pytest.mark.requirement("token-info.refresh-token")
def test_token_info_refuses_a_refresh_token(token_info_refresh_token: Answer) -> None:
    """A refresh token is no access token."""
    records.withheld(token_info_refresh_token)


@pytest.mark.requirement("token-info.code")
def test_token_info_refuses_a_code(token_info_code: Answer) -> None:
    """An authorization code is no access token."""
    records.withheld(token_info_code)


REFUSALS = (
    "token-info-garbage-token",
    "token-info-without-token",
    "token-info-near-token",
    "token-info-refresh-token",
    "token-info-code",
    "token-info-after-revoke",
    "token-info-after-multipart-revoke",
)


@pytest.mark.requirement("token-info.challenge")
@pytest.mark.judges(*REFUSALS)
def test_refusals_of_token_info_carry_a_challenge(refusals: list[Answer]) -> None:
    """Who says 401 says how to log in."""
    wrong = [answer.name for answer in challenges.unauthorized(refusals) if not challenges.scheme(answer)]
    assert not wrong, f"401 without WWW-Authenticate: {expect.listed(wrong)}"


@pytest.mark.requirement("token-info.challenge-bearer")
@pytest.mark.judges(*REFUSALS)
def test_challenges_of_token_info_are_of_bearer_tokens(refusals: list[Answer]) -> None:
    """One of the schemes is Bearer, and the error that it names is that of the body."""
    told = [answer for answer in challenges.unauthorized(refusals) if challenges.scheme(answer)]
    schemes = {answer.name: [scheme for scheme, _ in challenges.told(answer)] for answer in told}
    others = [f"{name}: {' and '.join(known)}" for name, known in schemes.items() if "bearer" not in known]
    found = [f"{answer.name}: {problem}" for answer in told if (problem := challenges.contradiction(answer))]
    assert not others, expect.listed(others)
    assert not found, expect.listed(found)
