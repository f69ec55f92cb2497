"""Step 6, revoke: a token that must not work any more. Tried on the service account's token, which is spared easily."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, records


@pytest.mark.requirement("revoke.status")
def test_revoke_answers_200(revoke: Answer) -> None:
    """Revoking a token of one's own succeeds."""
    expect.answered(revoke)


@pytest.mark.requirement("revoke.effect")
def test_revoked_token_is_refused(me_after_revoke: Answer) -> None:
    """A revoked token does not work any more."""
    records.withheld(me_after_revoke)


@pytest.mark.requirement("revoke.unknown-token")
def test_revoking_an_unknown_token_answers_200(revoke_unknown_token: Answer) -> None:
    """The caller wanted it gone, and gone it is."""
    expect.answered(revoke_unknown_token)


@pytest.mark.requirement("revoke.wrong-secret")
def test_revoke_with_a_wrong_secret_has_no_effect(me_after_refused_revoke: Answer, me_after_revoke: Answer) -> None:
    """Whatever the status, the token still works: nobody may revoke it with a wrong secret, or with none."""
    expect.answered(me_after_refused_revoke)
    if not me_after_revoke.as_expected:
        raise CouldNotTest("the right secret does not end the token either: see revoke.effect")


@pytest.mark.requirement("revoke.token-info")
def test_token_info_refuses_a_revoked_token(token_info_after_revoke: Answer) -> None:
    """The login server, which took the revocation, does not know the token any more."""
    records.withheld(token_info_after_revoke)


@pytest.mark.requirement("revoke.companies")
def test_companies_refuse_a_revoked_token(companies_after_revoke: Answer) -> None:
    """A revoked token works nowhere."""
    records.withheld(companies_after_revoke)


@pytest.mark.requirement("revoke.again")
def test_revoking_a_token_twice_answers_200(revoke_again: Answer) -> None:
    """A token that is revoked is an invalid one, and revoking that succeeds."""
    expect.answered(revoke_again)


@pytest.mark.requirement("revoke.multipart")
def test_revoke_reads_a_multipart_form(revoke_multipart: Answer) -> None:
    """The form that the reference shows, as curl -F sends it, is taken."""
    expect.answered(revoke_multipart)


@pytest.mark.requirement("revoke.multipart-effect")
def test_token_revoked_by_a_multipart_form_is_refused(token_info_after_multipart_revoke: Answer) -> None:
    """What was revoked in the documented way is revoked."""
    records.withheld(token_info_after_multipart_revoke)


@pytest.mark.requirement("revoke.spares-others")
@pytest.mark.judges("token-info", "token-info-refreshed")
def test_revoking_one_token_spares_the_others(token_info_after_all: Answer, judged: list[Answer]) -> None:
    """The user's own token lives on when the service account's is revoked, and is answered as it was before."""
    expect.answered(token_info_after_all)
    wrong = expect.wrong([token_info_after_all])
    assert not wrong or expect.wrong(judged), expect.listed(wrong)


@pytest.mark.requirement("revoke.other-client")
def test_another_app_cannot_revoke(me_after_foreign_revoke: Answer, me_after_revoke: Answer) -> None:
    """Whatever the status, the token still works: only the app that it was given to may revoke it."""
    if not me_after_revoke.as_expected:
        raise CouldNotTest("the token's own app does not end it either: see revoke.effect")
    expect.answered(me_after_foreign_revoke)
