"""Step 6, what every refusal of the token endpoint has in common: JSON, an error code, no-store, a challenge."""

from collections.abc import Callable

import pytest

from quickstart.exchange.answer import Answer
from quickstart.judgement import challenges, expect
from quickstart.run import tokens

REFUSALS = (
    "token-bogus-code",
    "token-wrong-redirect-uri",
    "token-reused-code",
    "token-wrong-secret",
    "token-missing-secret",
    "token-near-secret",
    "token-missing-client-id",
    "token-missing-redirect-uri",
    "token-missing-code",
    "token-unknown-client",
    "token-missing-grant-type",
    "token-unsupported-grant-type",
    "token-basic",
    "token-basic-wrong-secret",
    "token-unknown-parameter",
    "refresh-bogus-token",
    "refresh-reused",
    "refresh-missing-token",
    "refresh-empty-token",
    "refresh-access-token",
    "refresh-wrong-secret",
    "refresh-missing-secret",
    "client-credentials-wrong-secret",
    "client-credentials-missing-secret",
    "token-other-client",
    "refresh-other-client",
)
# What may be answered otherwise, and is refused with 401 by some servers.
OTHERS = (
    "token-multipart",
    "token-json",
    "revoke-wrong-secret",
    "revoke-missing-secret",
    "revoke-other-client",
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
    problems = expect.stored(refusals)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("refusal.client-status")
@pytest.mark.judges(
    "token-wrong-secret", "token-missing-secret", "token-unknown-client", "client-credentials-wrong-secret"
)
def test_status_of_an_invalid_client_is_reported(refusals: list[Answer], observe: Callable[[str], None]) -> None:
    """RFC 6749 lets a server choose between 400 and 401 for a client that it does not know."""
    statuses = sorted({answer.status for answer in refusals if answer.status})
    observe(f"an invalid client is answered {expect.listed(statuses)}")


@pytest.mark.requirement("refusal.challenge")
@pytest.mark.judges(*REFUSALS, *OTHERS)
def test_refusals_with_401_carry_a_challenge(refusals: list[Answer]) -> None:
    """Who says 401 says how to log in; a refusal with 400 need not."""
    wrong = [answer.name for answer in challenges.unauthorized(refusals) if not challenges.scheme(answer)]
    assert not wrong, f"401 without WWW-Authenticate: {expect.listed(wrong)}"


@pytest.mark.requirement("refusal.challenge-fits")
@pytest.mark.judges(*REFUSALS)
def test_challenges_name_the_error_of_the_body(refusals: list[Answer]) -> None:
    """Where challenge and body both name an error, it is the same one; a wrong one in the body is judged elsewhere."""
    right = [answer for answer in refusals if tokens.error_code(answer) in answer.definition.error.split()]
    found = [f"{answer.name}: {problem}" for answer in right if (problem := challenges.contradiction(answer))]
    assert not found, expect.listed(found)
