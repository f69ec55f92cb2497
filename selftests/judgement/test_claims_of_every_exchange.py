"""Claims of several exchanges judge each: which those are is read from the table, since a mark may have lost one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from functools import partial

import pytest

from quickstart.exchange import definitions
from quickstart.exchange.answer import Answer
from quickstart.run.run import Run
from selftests.support.claims import COULD_NOT_TEST, FAILED, PASSED, judged_with, with_headers, with_members

EXCHANGES = definitions.load()
STRANGER = 4_265_999
# Refusals of the token endpoint that only the claim of their own judges, and one of token info.
ALONE = {
    "token-json", "token-multipart", "token-other-client", "refresh-other-client", "refresh-without-redirect-uri",
    "token-info-after-multipart-revoke",
}  # fmt: skip
TOKEN_REFUSALS = [name for name, one in EXCHANGES.items() if one.schema == "token_error" and name not in ALONE]
INFO_REFUSALS = [
    name for name, one in EXCHANGES.items() if "token/info" in one.path and 401 in one.expect and name not in ALONE
]
# Lists of our own projects, with the header of our own company.
OWN_PROJECTS = [
    name
    for name, one in EXCHANGES.items()
    if one.schema.startswith("projects#/$defs/optional") or one.schema == "projects"
    if one.company == "{company_id}" and (one.query.get("company_id") == "{company_id}" or one.follows)
]
# Where the company is not named, or is not ours: a refusal, or a list.
UNSURE = [
    name
    for name, one in EXCHANGES.items()
    if one.schema.startswith("projects") and name not in OWN_PROJECTS and name != "projects-v1.0"
]
COMPANY_LISTS = ["companies", "companies-page-1", "companies-page-2", "companies-next", "companies-free"]


def unauthorized(answer: Answer, challenge: str | None) -> Answer:
    """The answer as a 401 with a challenge, or with none."""
    return replace(with_headers(answer, {"WWW-Authenticate": challenge}), status=401)


def items(answer: Answer, change: Callable[[dict[str, object]], object]) -> Answer:
    """The list with one item changed, or one made of the first project where the page is empty."""
    listed = json.loads(answer.content)
    change(listed[0])
    return replace(answer, content=json.dumps(listed).encode())


def _put(name: str, value: object, one: dict[str, object]) -> None:
    one[name] = value


@pytest.mark.parametrize("name", TOKEN_REFUSALS)
def test_each_refusal_of_the_token_endpoint_is_judged_by_all_claims_of_refusals(run: Run, name: str) -> None:
    right = run.answer(name)
    html = replace(with_headers(right, {"Content-Type": "text/html"}), content=b"<html></html>")
    assert judged_with(run, "refusal.json", html) == FAILED
    assert judged_with(run, "refusal.schema", with_members(right, {"error": 'a "quoted" word'})) == FAILED
    assert judged_with(run, "refusal.no-store", with_headers(right, {"Cache-Control": None})) == FAILED
    assert judged_with(run, "refusal.challenge", unauthorized(right, None)) == FAILED
    assert judged_with(run, "refusal.challenge-fits", unauthorized(right, 'Bearer error="another"')) == FAILED


@pytest.mark.parametrize("name", INFO_REFUSALS)
def test_each_refusal_of_token_info_is_judged_by_all_claims_of_challenges(run: Run, name: str) -> None:
    right = run.answer(name)
    assert judged_with(run, "token-info.challenge", unauthorized(right, None)) == FAILED
    assert judged_with(run, "token-info.challenge-bearer", unauthorized(right, 'Basic realm="x"')) == FAILED
    assert judged_with(run, "token-info.challenge-bearer", unauthorized(right, 'Bearer error="another"')) == FAILED


@pytest.mark.parametrize("name", COMPANY_LISTS)
def test_a_foreign_company_is_seen_in_each_list(run: Run, name: str) -> None:
    foreign = run.credentials.foreign_company_id
    right = run.answer(name)
    listed = [*json.loads(right.content), {**run.answer("companies").json[0], "id": foreign, "name": "Foreign"}]
    assert judged_with(run, "companies.foreign", replace(right, content=json.dumps(listed).encode())) == FAILED


@pytest.mark.parametrize("name", OWN_PROJECTS)
def test_a_project_of_another_company_is_seen_in_each_list(run: Run, name: str) -> None:
    right = run.answer(name)
    other = {**run.answer("projects").json[0], "company": {"id": STRANGER, "name": "Another"}}
    listed = replace(right, content=json.dumps([*json.loads(right.content), other]).encode())
    assert judged_with(run, "projects.company", listed) == FAILED


@pytest.mark.parametrize("name", ["projects-without-company-id", "projects-wrong-company-id"])
def test_a_project_of_another_company_is_seen_where_the_query_is_wrong(run: Run, name: str) -> None:
    other = {**run.answer("projects").json[0], "company": {"id": STRANGER, "name": "Another"}}
    json_type = with_headers(run.answer(name), {"Content-Type": "application/json"})
    listed = replace(json_type, status=200, content=json.dumps([other]).encode())
    assert judged_with(run, "projects.query-company", listed) == FAILED


@pytest.mark.parametrize("name", [one for one in OWN_PROJECTS if one.startswith(("projects-page", "projects-walk"))])
def test_an_inactive_project_is_seen_on_each_page(run: Run, name: str) -> None:
    right = run.answer(name)
    listed = [*json.loads(right.content), {**run.answer("projects").json[0], "active": False}]
    assert judged_with(run, "projects.active", replace(right, content=json.dumps(listed).encode())) == FAILED


@pytest.mark.parametrize("name", ["projects", "projects-v1.0"])
@pytest.mark.parametrize(
    ("requirement", "member", "value"),
    [
        ("projects.money", "total_value", "1,000"),
        ("projects.money", "estimated_value", "1e3"),
        ("projects.country-code", "country_code", "XX"),
        ("projects.time-zone", "time_zone", "Mars/Olympus"),
        ("projects.optional-members", "zip", 5),
    ],
)
def test_a_wrong_value_is_seen_in_both_versions(
    run: Run, name: str, requirement: str, member: str, value: object
) -> None:
    wrong = items(run.answer(name), lambda one: one.update({member: value}))
    assert judged_with(run, requirement, wrong) == FAILED


@pytest.mark.parametrize("status", [400, 401, 403, 404, 499, 500])
@pytest.mark.parametrize(
    "name", ["projects-without-company-header", "projects-other-company-header", "projects-foreign-company"]
)
def test_a_refusal_without_a_reason_is_seen(run: Run, name: str, status: int) -> None:
    json_type = {"Content-Type": "application/json"}
    empty = replace(with_headers(run.answer(name), json_type), status=status, content=b"{}")
    assert judged_with(run, "projects.refusal-body", empty) == FAILED
    assert judged_with(run, "projects.refusal-body", replace(empty, content=b'{"errors":["No."]}')) == PASSED
    assert judged_with(run, "projects.refusal-body", with_headers(empty, {"Content-Type": "text/html"})) == PASSED
    assert judged_with(run, "projects.refusal-body", replace(empty, status=399)) == PASSED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://x.example/a.png", PASSED),
        ("http://x.example", PASSED),
        ("ftp://x.example/a", FAILED),
        ("//x.example/a", FAILED),
        ("https:///a", FAILED),
        ("https://x.example/a b", FAILED),
        ("a.png", FAILED),
        ("https://[", FAILED),
    ],
)
def test_a_logo_is_a_web_address(run: Run, text: str, said: str) -> None:
    logo = items(run.answer("companies"), lambda one: one.update({"logo_url": text}))
    assert judged_with(run, "companies.logo-url", logo) == said


@pytest.mark.parametrize(("late", "said"), [(0, PASSED), (300, PASSED), (301, FAILED)])
def test_a_project_is_not_changed_in_the_future(run: Run, late: int, said: str) -> None:
    right = run.answer("projects")
    moment = datetime.fromtimestamp(right.server_time + late, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    created, updated = (items(right, partial(_put, name, moment)) for name in ("created_at", "updated_at"))
    assert [judged_with(run, "projects.timestamps-past", one) for one in (created, updated)] == [said, said]
    same = items(right, lambda one: one.update({"created_at": moment, "updated_at": moment}))
    assert judged_with(run, "projects.timestamps-ordered", same) == PASSED


@pytest.mark.parametrize(("seconds", "said"), [(-60, PASSED), (0, PASSED), (60, PASSED), (61, FAILED), (-61, FAILED)])
def test_token_info_agrees_on_the_time_of_issue_within_a_minute(run: Run, seconds: int, said: str) -> None:
    made = run.answer("token").json["created_at"] + seconds
    assert (
        judged_with(run, "token-info.created-at", with_members(run.answer("token-info"), {"created_at": made})) == said
    )


def lifetimes(run: Run, name: str, left: int, later: int) -> Answer:
    """Token info that says how much is left, as many seconds after the exchange."""
    right = run.answer(name)
    members = {"expires_in_seconds": left, "expires_in": left}
    kept = {one: left for one in members if one in json.loads(right.content)}
    dated = with_headers(right, {"Date": formatdate(run.answer("token").server_time + later, usegmt=True)})
    return with_members(dated, kept)


@pytest.mark.parametrize(
    ("less", "later", "said"),
    [(0, 0, PASSED), (60, 0, PASSED), (61, 0, FAILED), (100, 100, PASSED), (160, 100, PASSED), (161, 100, FAILED)],
)
def test_what_is_left_and_what_has_passed_make_up_the_lifetime(run: Run, less: int, later: int, said: str) -> None:
    whole = run.answer("token").json["expires_in"]
    assert judged_with(run, "token-info.remaining-agrees", lifetimes(run, "token-info", whole - less, later)) == said


@pytest.mark.parametrize(
    ("fallen", "later", "said"),
    [
        *((0, 0, PASSED), (5, 0, PASSED), (6, 0, FAILED), (-5, 0, PASSED), (-6, 0, FAILED)),
        *((100, 100, PASSED), (94, 100, FAILED), (106, 100, FAILED)),
    ],
)
def test_the_lifetime_falls_as_time_passes(run: Run, fallen: int, later: int, said: str) -> None:
    first, second = lifetimes(run, "token-info", 5000, 0), lifetimes(run, "token-info-again", 5000 - fallen, later)
    assert judged_with(run, "token-info.falls", first, second) == said


@pytest.mark.parametrize("member", ["resource_owner_id", "created_at", "application"])
def test_token_info_says_the_same_twice(run: Run, member: str) -> None:
    right = run.answer("token-info-again")
    other: object = {"uid": "another"} if member == "application" else json.loads(right.content)[member] + 1
    assert judged_with(run, "token-info.stable", with_members(right, {member: other})) == FAILED


@pytest.mark.parametrize("nobody", [("token-info",), ("token-info-refreshed", "token-info-after-all")])
def test_an_owner_that_token_info_does_not_name_is_not_compared(run: Run, nobody: tuple[str, ...]) -> None:
    unnamed = [with_members(run.answer(name), {"resource_owner_id": None}) for name in nobody]
    assert judged_with(run, "refresh.same-owner", *unnamed) == COULD_NOT_TEST


@pytest.mark.parametrize("name", UNSURE)
def test_what_is_no_refusal_and_no_list_is_seen(run: Run, name: str) -> None:
    right = run.answer("projects")
    there = replace(right, definition=run.answer(name).definition)
    assert judged_with(run, "projects.refusal-or-list", there) == PASSED
    assert judged_with(run, "projects.refusal-or-list", replace(there, content=b'{"x":1}')) == FAILED


@pytest.mark.parametrize("name", ["projects", "companies"])
@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_name_is_seen(run: Run, name: str, blank: str) -> None:
    assert judged_with(run, f"{name}.name", items(run.answer(name), partial(_put, "name", blank))) == FAILED


# --- what no answer may do, whatever was asked

WITH_SECRET = [name for name, one in EXCHANGES.items() if one.form or one.bearer]
OF_THE_API = [name for name, one in EXCHANGES.items() if one.host == "api" and not one.plain_http and 401 in one.expect]
SHOWN_TO_A_TOKEN = [
    name
    for name, one in EXCHANGES.items()
    if one.bearer and 200 in one.expect and (one.host == "api" or "token/info" in one.path)
]
# Which claim judges that an exchange is refused.
REFUSED = {
    **{f"{each}-without-token": f"{each}.without-token" for each in ("companies", "projects", "me", "token-info")},
    **{f"{each}-garbage-token": f"{each}.garbage-token" for each in ("companies", "projects", "me", "token-info")},
    **{f"token-info-{each}": f"token-info.{each}" for each in ("near-token", "refresh-token", "code")},
    "me-after-revoke": "revoke.effect",
    "companies-after-revoke": "revoke.companies",
    "token-info-after-revoke": "revoke.token-info",
    "token-info-after-multipart-revoke": "revoke.multipart-effect",
}


@pytest.mark.parametrize(("name", "requirement"), REFUSED.items())
@pytest.mark.parametrize("source", ["companies", "projects", "me", "token-info"])
def test_a_refusal_shows_nothing_of_what_was_asked_for(run: Run, name: str, requirement: str, source: str) -> None:
    refusal = run.answer(name)
    assert judged_with(run, requirement, replace(refusal, content=run.answer(source).content)) == FAILED
    assert judged_with(run, requirement, replace(refusal, content=b'{"id":"unauthorized","name":"No"}')) == PASSED


@pytest.mark.parametrize("name", WITH_SECRET)
def test_what_was_sent_with_a_secret_is_not_led_away(run: Run, name: str) -> None:
    away = replace(with_headers(run.answer(name), {"Location": "https://procore.example/"}), status=307)
    assert judged_with(run, "transport.redirect", away) == FAILED


@pytest.mark.parametrize("name", OF_THE_API)
def test_each_401_of_the_api_needs_a_challenge(run: Run, name: str) -> None:
    assert judged_with(run, "api.challenge", unauthorized(run.answer(name), None)) == FAILED
    assert judged_with(run, "api.challenge", unauthorized(run.answer(name), 'Bearer realm="x"')) == PASSED


@pytest.mark.parametrize("name", SHOWN_TO_A_TOKEN)
def test_what_a_token_is_shown_is_not_for_shared_caches(run: Run, name: str) -> None:
    public = with_headers(run.answer(name), {"Cache-Control": "public, max-age=60"})
    assert judged_with(run, "api.cache", replace(public, status=200)) == FAILED
