"""Step 6, exchange the code for an access token, and what the token endpoint must refuse."""

from collections.abc import Callable

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect
from quickstart.run.run import Run

MEMBERS = ("/access_token", "/token_type", "/expires_in", "/refresh_token", "/created_at")


@pytest.mark.requirement("token.status")
@pytest.mark.smoke
def test_code_exchange_answers_200(token: Answer) -> None:
    """A fresh code is exchanged with 200, also after an exchange that failed: only success uses a code up."""
    expect.answered(token)


@pytest.mark.requirement("token.json")
def test_code_exchange_answers_json(token: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(token)


@pytest.mark.requirement("token.schema")
def test_code_exchange_answers_an_object(token: Answer) -> None:
    """The answer is one JSON object, not a list and not an envelope, and scope is a string if it is there."""
    assert isinstance(token.document, dict), f"{type(token.document).__name__} instead of an object"
    assert {name.strip("/") for name in MEMBERS} & token.document.keys(), f"only {sorted(token.document)}"
    expect.obeys_schema(token, elsewhere=MEMBERS)


@pytest.mark.requirement("token.access-token")
def test_access_token_can_be_sent_as_a_bearer(token: Answer) -> None:
    """The access token is a string that a bearer header can carry."""
    expect.member_obeys_schema(token, "/access_token")


@pytest.mark.requirement("token.token-type")
def test_token_type_is_bearer(token: Answer) -> None:
    """The type is bearer, in any case."""
    expect.member_obeys_schema(token, "/token_type")


@pytest.mark.requirement("token.expires-in")
def test_expires_in_is_a_lifetime(token: Answer) -> None:
    """The lifetime is a positive integer of at most two hours."""
    expect.member_obeys_schema(token, "/expires_in")


@pytest.mark.requirement("token.expires-in-documented")
def test_expires_in_is_as_documented(token: Answer) -> None:
    """A fresh token lives for the 5400 s that the guide shows."""
    lifetime = token.json["expires_in"]
    assert 5300 <= lifetime <= 5400, f"{lifetime} s"


@pytest.mark.requirement("token.refresh-token")
def test_refresh_token_is_there(token: Answer) -> None:
    """A refresh token comes with the access token."""
    expect.member_obeys_schema(token, "/refresh_token")


@pytest.mark.requirement("token.distinct")
def test_access_and_refresh_token_differ(token: Answer) -> None:
    """The refresh token is another secret than the access token."""
    assert token.json["access_token"] != token.json["refresh_token"], "the same value twice"


@pytest.mark.requirement("token.created-at")
def test_created_at_is_unix_seconds(token: Answer) -> None:
    """The time of issue is Unix time in seconds."""
    expect.member_obeys_schema(token, "/created_at")


@pytest.mark.requirement("token.created-at-now")
def test_created_at_agrees_with_the_servers_clock(token: Answer) -> None:
    """A token was made now, or as long ago as its remaining lifetime says."""
    expect.made_now(token)


@pytest.mark.requirement("token.no-store")
def test_token_is_not_to_be_stored(token: Answer) -> None:
    """Caches on the way must not keep the tokens."""
    token.require_status()
    assert "no-store" in token.headers.get("Cache-Control", "").lower(), (
        f"Cache-Control {token.headers.get('Cache-Control')!r}"
    )


@pytest.mark.requirement("token.works")
@pytest.mark.smoke
def test_token_is_accepted_by_the_api(companies: Answer) -> None:
    """The first call with the token is not refused for the token's sake."""
    if companies.failure:
        raise CouldNotTest(f"companies had {companies.outcome}")
    assert companies.status != 401, expect.described(companies)


@pytest.mark.requirement("refusal.bogus-code")
def test_bogus_code_is_refused(token_bogus_code: Answer) -> None:
    """A code that was never given is an invalid grant."""
    expect.refused(token_bogus_code)


@pytest.mark.requirement("refusal.wrong-redirect-uri")
def test_wrong_redirect_uri_is_refused(token_wrong_redirect_uri: Answer, run: Run) -> None:
    """A real code with another redirect URI than it was given for is an invalid grant."""
    token = run.obtain("token")
    if isinstance(token, Answer) and expect.says(token, "invalid_client"):
        raise CouldNotTest("the client itself is refused: see token.status")
    expect.refused(token_wrong_redirect_uri)


@pytest.mark.requirement("refusal.reused-code")
def test_reused_code_is_refused(token_reused_code: Answer) -> None:
    """A code works once."""
    expect.refused(token_reused_code)


@pytest.mark.requirement("refusal.wrong-secret")
def test_wrong_secret_is_refused(token_wrong_secret: Answer) -> None:
    """A wrong secret is an invalid client."""
    expect.refused(token_wrong_secret)


@pytest.mark.requirement("refusal.missing-secret")
def test_missing_secret_is_refused(token_missing_secret: Answer) -> None:
    """A Client ID without its secret is an invalid client."""
    expect.refused(token_missing_secret)


@pytest.mark.requirement("refusal.unknown-client")
def test_unknown_client_is_refused(token_unknown_client: Answer) -> None:
    """A Client ID of nobody is an invalid client."""
    expect.refused(token_unknown_client)


@pytest.mark.requirement("refusal.missing-grant-type")
def test_missing_grant_type_is_refused(token_missing_grant_type: Answer) -> None:
    """A request that does not say what it wants is invalid."""
    expect.refused(token_missing_grant_type)


@pytest.mark.requirement("refusal.unsupported-grant-type")
def test_unsupported_grant_type_is_refused(token_unsupported_grant_type: Answer) -> None:
    """A grant type of nobody is not supported."""
    expect.refused(token_unsupported_grant_type)


REFUSALS = (
    "token-bogus-code",
    "token-wrong-redirect-uri",
    "token-reused-code",
    "token-wrong-secret",
    "token-missing-secret",
    "token-unknown-client",
    "token-missing-grant-type",
    "token-unsupported-grant-type",
    "refresh-bogus-token",
    "refresh-reused",
    "client-credentials-wrong-secret",
)


@pytest.mark.requirement("refusal.json")
@pytest.mark.judges(*REFUSALS)
def test_refusals_are_json(refusals: list[Answer]) -> None:
    """Every refusal of the token endpoint says that it is JSON, and is."""
    wrong = [f"{answer.name}: {problem}" for answer in refusals if (problem := expect.not_json(answer))]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("refusal.schema")
@pytest.mark.judges(*REFUSALS)
def test_refusals_obey_the_schema(refusals: list[Answer]) -> None:
    """Every refusal of the token endpoint has an error code, as RFC 6749 words it."""
    readable = [answer for answer in refusals if not expect.not_json(answer)]
    wrong = [f"{answer.name}: {answer.violations[0]}" for answer in readable if answer.violations]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("refusal.no-store")
@pytest.mark.judges(*REFUSALS)
def test_refusals_are_not_to_be_stored(refusals: list[Answer]) -> None:
    """Refusals of the token endpoint are not to be cached either."""
    wrong = [answer.name for answer in refusals if "no-store" not in answer.headers.get("Cache-Control", "").lower()]
    assert not wrong, f"no no-store: {expect.listed(wrong)}"


@pytest.mark.requirement("refusal.client-status")
@pytest.mark.judges(
    "token-wrong-secret", "token-missing-secret", "token-unknown-client", "client-credentials-wrong-secret"
)
def test_status_of_an_invalid_client_is_reported(refusals: list[Answer], observe: Callable[[str], None]) -> None:
    """RFC 6749 lets a server choose between 400 and 401 for a client that it does not know."""
    statuses = sorted({answer.status for answer in refusals if answer.status})
    observe(f"an invalid client is answered {expect.listed(statuses)}")
