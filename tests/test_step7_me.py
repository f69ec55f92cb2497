"""Step 7, me: whose token it is."""

import pytest

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, records
from quickstart.run.run import Run


@pytest.mark.requirement("me.status")
def test_me_answers_200(me: Answer) -> None:
    """Whoever has a token may ask who they are."""
    expect.answered(me)


@pytest.mark.requirement("me.json")
def test_me_answers_json(me: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(me)


@pytest.mark.requirement("me.schema")
def test_me_obeys_the_schema(me: Answer) -> None:
    """An object with id, login and name."""
    expect.obeys_schema(me)


@pytest.mark.requirement("me.same-user")
def test_me_and_token_info_agree_on_the_user(me: Answer, token_info: Answer, run: Run) -> None:
    """The user is the one that the login server names as the owner of the token."""
    if run.is_service_account:
        raise CouldNotTest("a service account is another user in each company, and token info names none")
    owner = token_info.json["resource_owner_id"]
    if owner is None:
        raise CouldNotTest("token info names no owner of the token")
    assert me.json["id"] == owner, f"user {me.json['id']} on the API, {owner} at the login server"


@pytest.mark.requirement("me.one-user")
@pytest.mark.judges(
    "me", "me-with-company", "me-client-credentials", "me-after-refused-revoke", "me-after-foreign-revoke"
)  # fmt: skip
def test_me_names_one_user_for_a_token(judged: list[Answer]) -> None:
    """Whoever asks twice is the same one twice: no answer of another user comes in between."""
    objects = [answer for answer in expect.had(judged) if not expect.not_json(answer)]
    users = records.users_by_token(expect.some(objects, "no answer of /me came as JSON"))
    several = [found for found in users.values() if len({*found.values()}) > 1]
    assert not several, expect.listed(f"user {user} in {name}" for found in several for name, user in found.items())


@pytest.mark.requirement("me.without-token")
def test_me_without_token_is_refused(me_without_token: Answer) -> None:
    """No token, nobody."""
    records.withheld(me_without_token)


@pytest.mark.requirement("me.garbage-token")
def test_me_with_a_garbage_token_is_refused(me_garbage_token: Answer) -> None:
    """A token that was never issued is nobody's."""
    records.withheld(me_garbage_token)


@pytest.mark.requirement("me.name-with-company")
def test_me_in_a_company_has_a_name(me: Answer, me_with_company: Answer, run: Run) -> None:
    """With company_id, the name of the user comes."""
    if run.is_service_account:
        raise CouldNotTest("a service account has no name")
    expect.rests_on(me)
    expect.is_right(me_with_company)
    assert me_with_company.json["id"] == me.json["id"], f"the name of user {me_with_company.json['id']}"
    assert me_with_company.json.get("name"), "no name"
