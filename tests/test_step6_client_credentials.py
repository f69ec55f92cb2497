"""Step 6, client credentials: the token of a service account, which needs no browser."""

from collections.abc import Callable

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, lifetimes, records
from quickstart.run.run import Run

GRANTS = ("client-credentials", "client-credentials-multipart")
REFUSED = frozenset(range(400, 500)) - {429}


def answered(answer: Answer, run: Run) -> None:
    """It was answered as it must be, unless the run has a user's token and the refusal says: no service account.

    The guide's own app has none. Id and secret are known to be right in such a run, and no document says what Procore
    answers then: some servers refuse the grant, others hand out a token that is connected to no company.
    """
    __tracebackhide__ = True
    if not answer.as_expected and answer.status in REFUSED and run.has_user_token:
        raise CouldNotTest(f"the app has no service account here ({expect.described(answer)})")
    expect.answered(answer)


@pytest.mark.requirement("client-credentials.status")
def test_client_credentials_answer_200(client_credentials: Answer, run: Run) -> None:
    """Id and secret alone yield a token, unless the app was not made for that and the run has another one."""
    answered(client_credentials, run)


@pytest.mark.requirement("client-credentials.json")
@pytest.mark.judges(*GRANTS)
def test_client_credentials_answer_json(judged: list[Answer]) -> None:
    """The answer is application/json."""
    problems = [f"{answer.name}: {problem}" for answer in expect.had(judged) if (problem := expect.not_json(answer))]
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("client-credentials.schema")
@pytest.mark.judges(*GRANTS)
def test_client_credentials_obey_the_schema(judged: list[Answer]) -> None:
    """All that an exchange answers but the refresh token, which is not needed."""
    objects = expect.some([one for one in expect.had(judged) if not expect.not_json(one)], "no grant came as JSON")
    problems = [f"{answer.name}: {violation}" for answer in objects for violation in answer.violations]
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("client-credentials.no-refresh-token")
@pytest.mark.judges(*GRANTS)
def test_client_credentials_come_without_a_refresh_token(judged: list[Answer]) -> None:
    """A refresh token would be one more secret for nothing."""
    more = [answer.name for answer in expect.readable(judged) if answer.json.get("refresh_token")]
    assert not more, f"a refresh token: {expect.listed(more)}"


@pytest.mark.requirement("client-credentials.no-store")
@pytest.mark.judges(*GRANTS)
def test_service_account_token_is_not_to_be_stored(judged: list[Answer]) -> None:
    """Caches on the way must not keep the token."""
    problems = expect.stored(expect.had(judged))
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("client-credentials.created-at-now")
@pytest.mark.judges(*GRANTS)
def test_service_account_token_was_made_now(judged: list[Answer]) -> None:
    """The time of issue agrees with the server's own clock."""
    expect.made_now(expect.readable(judged))


@pytest.mark.requirement("client-credentials.me")
def test_service_account_may_ask_who_it_is(me_client_credentials: Answer, run: Run) -> None:
    """With the company header, the token works on /me."""
    answered(me_client_credentials, run)
    expect.is_json(me_client_credentials)
    expect.obeys_schema(me_client_credentials)


@pytest.mark.requirement("client-credentials.companies")
def test_service_account_may_list_companies(companies_client_credentials: Answer, run: Run) -> None:
    """With the company header, the token works on /companies."""
    answered(companies_client_credentials, run)
    expect.is_json(companies_client_credentials)
    expect.obeys_schema(companies_client_credentials)


@pytest.mark.requirement("client-credentials.own-id")
def test_service_account_is_not_the_user(me: Answer, me_client_credentials: Answer, run: Run) -> None:
    """Its token is nobody's but its own."""
    if not run.has_user_token:
        raise CouldNotTest("the run has no token of a user to compare with")
    assert me_client_credentials.json["id"] != me.json["id"], f"both are user {me.json['id']}"


@pytest.mark.requirement("client-credentials.foreign-company")
def test_service_account_sees_no_foreign_company(projects_client_credentials_foreign: Answer) -> None:
    """Of a company that is not ours, nothing comes."""
    leaked = [record["id"] for record in records.let_through(projects_client_credentials_foreign)]
    assert not leaked, f"{len(leaked)} records of a company that is not ours"


@pytest.mark.requirement("client-credentials.without-header")
def test_service_account_without_the_header_is_reported(
    me_client_credentials_without_header: Answer, observe: Callable[[str], None]
) -> None:
    """The documents want the header; some have seen it work without."""
    observe(f"/me without Procore-Company-Id answered {me_client_credentials_without_header.outcome}")


@pytest.mark.requirement("client-credentials.wrong-secret")
def test_service_account_with_a_wrong_secret_is_refused(client_credentials_wrong_secret: Answer) -> None:
    """A wrong secret is an invalid client here too."""
    expect.refused(client_credentials_wrong_secret)


@pytest.mark.requirement("token.path-without-slash")
def test_token_endpoint_answers_without_the_trailing_slash(client_credentials: Answer) -> None:
    """/oauth/token, as the reference writes it, is served like /oauth/token/, as the guide writes it."""
    if client_credentials.failure:
        raise CouldNotTest(f"client-credentials had {client_credentials.outcome}")
    moved = client_credentials.status in {301, 302, 303, 307, 308, 404, 405, 410}
    assert not moved, expect.described(client_credentials)


@pytest.mark.requirement("client-credentials.missing-secret")
def test_service_account_without_a_secret_is_refused(client_credentials_missing_secret: Answer) -> None:
    """A Client ID alone is no credential."""
    expect.refused(client_credentials_missing_secret)


@pytest.mark.requirement("client-credentials.token-info")
def test_token_info_knows_the_service_account(
    client_credentials: Answer, token_info_client_credentials: Answer, run: Run
) -> None:
    """A service account's token is a token like any other: of our app, made when its grant says, of its age."""
    expect.is_right(token_info_client_credentials)
    grant, said = client_credentials.json, token_info_client_credentials.json
    assert said["application"]["uid"] in {None, run.credentials.client_id}, "the Client ID of another app"
    assert abs(said["created_at"] - grant["created_at"]) <= lifetimes.SLACK, "another time of issue"
    left, issued = lifetimes.remaining(token_info_client_credentials), grant["expires_in"]
    passed = token_info_client_credentials.server_time - client_credentials.server_time
    assert max(left) <= issued + lifetimes.JITTER, f"{max(left)} s of {issued} s"
    assert min(left) >= issued - passed - lifetimes.SLACK, f"{min(left)} s of {issued} s after {passed:.0f} s"


@pytest.mark.requirement("client-credentials.own-principal")
def test_token_info_tells_the_service_account_from_the_user(
    token_info: Answer, token_info_client_credentials: Answer, run: Run
) -> None:
    """Token info names nobody, or somebody else than the user who approved the app."""
    user, owner = (answer.json["resource_owner_id"] for answer in (token_info, token_info_client_credentials))
    if user is None or not run.has_user_token:
        raise CouldNotTest("the run has no token of a user that token info names")
    assert owner != user, f"the service account is user {owner}"
