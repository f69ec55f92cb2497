"""Step 6, what the token endpoint must refuse when a code is exchanged: wrong, nearly right, incomplete."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, members
from quickstart.run import tokens
from quickstart.run.run import Run


@pytest.mark.requirement("refusal.bogus-code")
def test_bogus_code_is_refused(token_bogus_code: Answer) -> None:
    """A code that was never given is an invalid grant."""
    expect.refused(token_bogus_code)


@pytest.mark.requirement("refusal.bogus-code")
@pytest.mark.judges("token-bogus-code", "token-multipart", "token-basic", "token-unknown-parameter", "token-json")
def test_bogus_code_buys_nothing_however_it_is_sent(judged: list[Answer]) -> None:
    """As multipart, as JSON, with HTTP Basic, beside what nobody knows: such a code yields no token."""
    bought = members.handed_out(judged)
    assert not bought, expect.listed(bought)
    expect.had(judged)


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


@pytest.mark.requirement("refusal.near-secret")
def test_secret_that_is_nearly_right_is_refused(token_near_secret: Answer) -> None:
    """A secret that is right but for its last character is wrong."""
    expect.refused(token_near_secret)


@pytest.mark.requirement("refusal.basic-wrong-secret")
def test_wrong_secret_by_http_basic_is_refused(token_basic_wrong_secret: Answer) -> None:
    """Whoever comes by HTTP Basic is told of a wrong secret with 401, and of nothing else."""
    expect.refused(token_basic_wrong_secret)


@pytest.mark.requirement("refusal.missing-client-id")
def test_missing_client_id_is_refused(token_missing_client_id: Answer) -> None:
    """A secret does not say whose it is."""
    expect.refused(token_missing_client_id)


@pytest.mark.requirement("refusal.missing-redirect-uri")
def test_missing_redirect_uri_is_refused(token_missing_redirect_uri: Answer) -> None:
    """A code without the redirect URI that it was given for buys nothing."""
    expect.refused(token_missing_redirect_uri)


@pytest.mark.requirement("refusal.missing-redirect-uri-noticed")
def test_missing_redirect_uri_is_noticed(token_missing_redirect_uri: Answer) -> None:
    """It is named as what is missing, also where the code is wrong besides: else a right code might do without."""
    token_missing_redirect_uri.require_status()
    code = expect.error_code(token_missing_redirect_uri)
    assert code == "invalid_request", f"error {code!r}"


@pytest.mark.requirement("refusal.missing-code")
def test_missing_code_is_refused(token_missing_code: Answer) -> None:
    """Without a code there is nothing to exchange."""
    expect.refused(token_missing_code)


@pytest.mark.requirement("refusal.other-clients-code")
def test_code_of_another_client_is_refused(token_other_client: Answer) -> None:
    """A code is good for the app that it was given to, and for no other one."""
    if tokens.error_code(token_other_client) == "invalid_client":
        raise CouldNotTest("the other app itself is refused: PROCORE_OTHER_CLIENT_ID, PROCORE_OTHER_CLIENT_SECRET")
    expect.refused(token_other_client)
