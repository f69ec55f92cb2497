"""What is reported without being judged: no verdict hangs on it, so nothing else would notice that it is not true."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from quickstart.exchange.answer import Answer
from quickstart.judgement import catalogue
from quickstart.run.run import Run
from selftests.support.claims import PASSED, answering, claims, says, with_headers, with_members
from selftests.support.project import ROOT

CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
OBSERVED = {one.requirement: one for one in claims() if CATALOGUE[one.requirement].level == "observe"}
# What the shipped recordings make of it.
RECORDED = {
    "versions.deprecation": "no version announces its end",
    "transport.hsts": "login host: no Strict-Transport-Security; api host: no Strict-Transport-Security",
    "transport.retried": "every request was sent once",
    "client-credentials.without-header": "/me without Procore-Company-Id answered 200",
    "refusal.client-status": "an invalid client is answered 401",
    "refresh.old-access-token": "the old access token is answered 401",
    "refresh.without-redirect-uri": "a refresh does not ask for redirect_uri (status 401)",
    "token.json-body": "a JSON body is read (status 401)",
    "token.jwt-agrees": "the access token is no JWT",
    "companies.post": "POST /rest/v1.0/companies answered 404",
    "companies.free": "0 companies come with include_free_companies=true alone",
    "companies.pagination-told": "Total and Per-Page, and Link where there is more",
    "projects.header-decides": "header and query name different companies: 404",
    "projects.of-company": "GET /rest/v1.0/companies/…/projects answered 200",
    "projects.header-required": "without the header: 200",
    "me.name": "name is blank, null or absent",
}


def unknown_members(answer: Answer) -> list[str]:
    """The members of projects that their schema names nowhere, in alphabetical order."""
    schema = json.loads((ROOT / "schemas" / "projects.schema.json").read_text(encoding="utf-8"))["$defs"]
    known = {*schema["project"]["properties"], *schema["optional"]["items"]["properties"]}
    return sorted({name for one in answer.json for name in one} - known)


def jwt(**said: Any) -> str:
    """A token that says something of itself."""
    parts = (json.dumps(one).encode() for one in ({"alg": "ES512"}, said))
    return ".".join([*(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts), "c2lnbmF0dXJl"])


def told(run: Run, requirement: str, **answers: Answer) -> str:
    """What a claim reports once these answers, named as fixtures are, took the place of the recorded ones."""
    seen: list[str] = []
    with answering(run, {name.replace("_", "-"): answer for name, answer in answers.items()}):
        assert says(run, OBSERVED[requirement].test, seen) == PASSED
    assert len(seen) == 1
    return seen[0]


@pytest.mark.parametrize("requirement", OBSERVED)
def test_what_is_reported_of_the_recordings_is_so(run: Run, requirement: str) -> None:
    answers = [one for one in run.answers.values() if one.definition.host == "api" and not one.definition.plain_http]
    unknown = unknown_members(run.answer("projects"))
    named = ", ".join(unknown) or "none"
    counted = {
        "api.request-id": f"X-Request-Id on {len(answers)} of {len(answers)} answers of the API",
        "projects.unknown-members": f"{len(unknown)} members that the schema does not name: {named}",
    }
    assert told(run, requirement) == {**RECORDED, **counted}[requirement]


def test_a_json_body_that_is_not_read_is_told_from_one_that_is(run: Run) -> None:
    refused = with_members(run.answer("token-json"), {"error": "invalid_request"})
    assert told(run, "token.json-body", token_json=refused) == "a JSON body is not read (status 401)"


@pytest.mark.parametrize(("ours", "words"), [(True, "is our app"), (False, "is not our Client ID")])
def test_a_jwt_says_whose_it_is_and_when_it_ends(run: Run, ours: bool, words: str) -> None:
    right = run.answer("token")
    end = right.json["created_at"] + right.json["expires_in"]
    token = jwt(aid=run.credentials.client_id if ours else "another", exp=end)
    said = told(run, "token.jwt-agrees", token=with_members(right, {"access_token": token}))
    assert said == f"the access token is a JWT: aid {words}, exp is as expires_in says"


def test_what_was_sent_again_names_the_exchange_and_what_came_first(run: Run) -> None:
    again = replace(run.answer("me"), earlier=("503", "reset"))
    assert told(run, "transport.retried", me=again) == "me: 503, reset first"


def test_requests_without_an_id_are_counted_as_such(run: Run) -> None:
    said = told(run, "api.request-id", me=with_headers(run.answer("me"), {"X-Request-Id": None}))
    with_id, of_all = map(int, re.findall(r"\d+", said))
    assert with_id == of_all - 1


def test_a_policy_of_hsts_is_told_by_host(run: Run) -> None:
    hosts = [name for name, answer in run.answers.items() if answer.definition.host == "login"]
    changed = {name: with_headers(run.answer(name), {"Strict-Transport-Security": "max-age=1"}) for name in hosts}
    assert told(run, "transport.hsts", **changed) == "login host: max-age=1; api host: no Strict-Transport-Security"


@pytest.mark.parametrize("name", ["companies", "projects", "me", "projects-v1.0"])
@pytest.mark.parametrize("header", ["Deprecation", "Sunset"])
def test_a_version_that_announces_its_end_is_told(run: Run, header: str, name: str) -> None:
    ending = with_headers(run.answer(name), {header: "@1796083200"})
    assert told(run, "versions.deprecation", **{name: ending}) == f"{name}: {header} @1796083200"


def test_free_companies_that_come_on_request_alone_are_counted(run: Run) -> None:
    answer = run.answer("companies-free")
    found = json.loads(answer.content)
    more = replace(answer, content=json.dumps([*found, {**found[0], "id": 4_265_999}]).encode())
    assert told(run, "companies.free", companies_free=more) == (
        "1 companies come with include_free_companies=true alone"
    )
    refused = replace(answer, status=404, content=b"")
    assert told(run, "companies.free", companies_free=refused) == "companies-free: 404"


def test_a_name_that_is_there_is_told(run: Run) -> None:
    assert told(run, "me.name", me=with_members(run.answer("me"), {"name": "Quick Start"})) == "name is told"


INVALID_CLIENTS = (
    "token-wrong-secret",
    "token-missing-secret",
    "token-unknown-client",
    "client-credentials-wrong-secret",
)


@pytest.mark.parametrize("name", INVALID_CLIENTS)
def test_each_status_of_an_invalid_client_is_told(run: Run, name: str) -> None:
    other = replace(run.answer(name), status=400)
    assert told(run, "refusal.client-status", **{name: other}) == "an invalid client is answered 400; 401"


def test_members_that_the_schema_does_not_name_are_named(run: Run) -> None:
    right = run.answer("projects")
    listed = [{**one, "rank": 1} for one in json.loads(right.content)]
    said = told(run, "projects.unknown-members", projects=replace(right, content=json.dumps(listed).encode()))
    assert said.startswith(f"{len(unknown_members(right)) + 1} members")
    assert "rank" in re.findall(r"\w+", said)
    bare = [{name: one[name] for name in KNOWN} for one in json.loads(right.content)]
    said = told(run, "projects.unknown-members", projects=replace(right, content=json.dumps(bare).encode()))
    assert said == "0 members that the schema does not name: none"


KNOWN = ("id", "name", "display_name", "active", "company", "created_at", "updated_at")
