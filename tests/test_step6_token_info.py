"""Step 6, token info: what the login server itself says of the token."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect
from quickstart.run.run import Run

SLACK = 60  # seconds


def remaining(info: Answer) -> int:
    """Return the remaining lifetime in seconds under either of its two names."""
    return int(info.json.get("expires_in_seconds", info.json.get("expires_in")))


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
def test_remaining_lifetime_does_not_exceed_the_issued_one(token_info: Answer, token: Answer) -> None:
    """A token does not grow younger."""
    assert remaining(token_info) <= token.json["expires_in"], (
        f"{remaining(token_info)} s of {token.json['expires_in']} s"
    )


@pytest.mark.requirement("token-info.created-at")
def test_token_info_agrees_on_the_time_of_issue(token_info: Answer, token: Answer) -> None:
    """Token info and the exchange say the same of when the token was made."""
    gap = abs(token_info.json["created_at"] - token.json["created_at"])
    assert gap <= SLACK, f"{gap} s apart"


@pytest.mark.requirement("token-info.garbage-token")
def test_token_info_refuses_a_garbage_token(token_info_garbage_token: Answer) -> None:
    """A token that was never issued is refused."""
    expect.answered(token_info_garbage_token)
