"""Step 6, exchange the code for an access token."""

from collections.abc import Callable

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, guessing, members
from quickstart.run import tokens
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
@pytest.mark.judges("token", "client-credentials", "client-credentials-multipart")
def test_expires_in_is_as_documented(judged: list[Answer]) -> None:
    """A fresh token, of a user or of a service account, lives for the 5400 s that the guide shows."""
    lives = {answer.name: answer.json["expires_in"] for answer in expect.readable(judged)}
    wrong = [f"{name}: {lifetime} s" for name, lifetime in lives.items() if lifetime not in expect.FRESH]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("token.refresh-token")
def test_refresh_token_is_there(token: Answer) -> None:
    """A refresh token comes with the access token."""
    expect.member_obeys_schema(token, "/refresh_token")


@pytest.mark.requirement("token.distinct")
@pytest.mark.judges("token", "refresh", "refresh-again")
def test_access_and_refresh_token_differ(judged: list[Answer]) -> None:
    """The refresh token is another secret than the access token."""
    pairs = {answer.name: answer.json for answer in expect.readable(judged)}
    same = [name for name, pair in pairs.items() if pair["access_token"] == pair["refresh_token"]]
    assert not same, f"the same value twice: {expect.listed(same)}"


@pytest.mark.requirement("token.created-at")
def test_created_at_is_unix_seconds(token: Answer) -> None:
    """The time of issue is Unix time in seconds."""
    expect.member_obeys_schema(token, "/created_at")


@pytest.mark.requirement("token.created-at-now")
def test_created_at_agrees_with_the_servers_clock(token: Answer) -> None:
    """A token was made now, or as long ago as its remaining lifetime says."""
    expect.made_now([token])


@pytest.mark.requirement("token.no-store")
def test_token_is_not_to_be_stored(token: Answer) -> None:
    """Caches on the way must not keep the tokens."""
    token.require_status()
    problems = expect.stored([token])
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("token.works")
@pytest.mark.smoke
def test_token_is_accepted_by_the_api(companies: Answer) -> None:
    """The first call with the token is not refused for the token's sake."""
    if companies.failure:
        raise CouldNotTest(f"companies had {companies.outcome}")
    assert companies.status != 401, expect.described(companies)


GRANTS = ("token", "refresh", "refresh-again", "client-credentials", "client-credentials-multipart")


@pytest.fixture
def grants(judged: list[Answer]) -> list[Answer]:
    """Those of the judged answers that hand out a token as a client can read it."""
    return expect.some([answer for answer in judged if members.of_grant(answer)], "no grant was answered with a token")


@pytest.mark.requirement("token.unguessable")
@pytest.mark.judges(*GRANTS)
def test_tokens_cannot_be_guessed(grants: list[Answer]) -> None:
    """Every token is long enough to hold 128 bits, and no two differ by a few characters."""
    tokens = [members.of_grant(answer).get(name) for answer in grants for name in ("access_token", "refresh_token")]
    known = [token for token in tokens if members.is_opaque(token)]
    found = [problem for token in known if (problem := guessing.guessable(token))]
    assert not found, expect.listed(found)
    assert not guessing.alike(known), guessing.alike(known)


@pytest.mark.requirement("token.no-error")
@pytest.mark.judges(*GRANTS)
def test_token_answers_name_no_error(grants: list[Answer]) -> None:
    """An answer is a success or a refusal, never both."""
    wrong = [answer.name for answer in grants if members.of_grant(answer).get("error")]
    assert not wrong, f"error beside access_token: {expect.listed(wrong)}"


@pytest.mark.requirement("token.code-unguessable")
def test_code_cannot_be_guessed(token: Answer, run: Run) -> None:
    """The code that was exchanged is long enough to hold 128 bits."""
    token.require_status()
    problem = guessing.guessable(run.credentials.authorization_code or "")
    assert not problem, problem


@pytest.mark.requirement("token.multipart")
@pytest.mark.judges("token-multipart", "client-credentials-multipart")
def test_token_endpoint_reads_a_multipart_form(
    token_bogus_code: Answer, token_multipart: Answer, judged: list[Answer]
) -> None:
    """A form as curl -F sends it is read: its code is what is refused, and client credentials in it yield a token."""
    expect.answered(token_multipart)
    unread = [f"{answer.name}: {expect.described(answer)}" for answer in judged if not answer.as_expected]
    assert not unread, expect.listed(unread)
    # A 415, or a page, where the urlencoded form gets an error code: no other requirement judges this refusal.
    unlike = tokens.error_code(token_bogus_code) and not tokens.error_code(token_multipart)
    assert not unlike, expect.described(token_multipart)
    expect.refused(token_multipart)


@pytest.mark.requirement("token.basic")
def test_token_endpoint_takes_http_basic(token_bogus_code: Answer, token_basic: Answer) -> None:
    """Id and secret may come by HTTP Basic: then the code is what is refused, as where they come in the body."""
    expect.rests_on_refusal(token_bogus_code)
    expect.refused(token_basic)


@pytest.mark.requirement("token.unknown-parameter")
def test_token_endpoint_ignores_what_it_does_not_know(
    token_bogus_code: Answer, token_unknown_parameter: Answer
) -> None:
    """A parameter that nobody knows changes nothing: the code is what is refused, as without it."""
    expect.rests_on_refusal(token_bogus_code)
    expect.refused(token_unknown_parameter)


@pytest.mark.requirement("token.json-body")
def test_json_body_is_observed(token_json: Answer, observe: Callable[[str], None]) -> None:
    """Whether a JSON body is read is documented both ways."""
    read = tokens.error_code(token_json) == "invalid_grant"
    observe(f"a JSON body is {'read' if read else 'not read'} (status {token_json.outcome})")


@pytest.mark.requirement("token.jwt-agrees")
def test_jwt_claims_are_observed(token: Answer, run: Run, observe: Callable[[str], None]) -> None:
    """A token that is a JWT says for whom it is and when it ends; clients treat it as opaque all the same."""
    claims = guessing.claims(token.json["access_token"])
    if claims is None:
        observe("the access token is no JWT")
        return
    end = token.json["created_at"] + token.json["expires_in"]
    app = "is our app" if claims.get("aid") == run.credentials.client_id else "is not our Client ID"
    gap = members.distance(claims.get("exp"), end)
    observe(f"the access token is a JWT: aid {app}, exp is {gap}")
