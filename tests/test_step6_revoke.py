"""Step 6, revoke: a token that must not work any more. Tried on the service account's token, which is spared easily."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect


@pytest.mark.requirement("revoke.status")
def test_revoke_answers_200(revoke: Answer) -> None:
    """Revoking a token of one's own succeeds."""
    expect.answered(revoke)


@pytest.mark.requirement("revoke.effect")
def test_revoked_token_is_refused(me_after_revoke: Answer) -> None:
    """A revoked token does not work any more."""
    expect.answered(me_after_revoke)


@pytest.mark.requirement("revoke.unknown-token")
def test_revoking_an_unknown_token_answers_200(revoke_unknown_token: Answer) -> None:
    """The caller wanted it gone, and gone it is."""
    expect.answered(revoke_unknown_token)


@pytest.mark.requirement("revoke.wrong-secret")
def test_revoke_with_a_wrong_secret_has_no_effect(me_after_refused_revoke: Answer, me_after_revoke: Answer) -> None:
    """Whatever the status, the token still works: nobody else may revoke it."""
    expect.answered(me_after_refused_revoke)
    if not me_after_revoke.as_expected:
        raise CouldNotTest("the right secret does not end the token either: see revoke.effect")
