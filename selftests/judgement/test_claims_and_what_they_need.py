"""What claims need first, and what they refuse to judge: an answer that rests on another one, or on nobody."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from quickstart.exchange.answer import Answer
from quickstart.run.run import Run
from selftests.support.claims import COULD_NOT_TEST, FAILED, PASSED, judged, with_headers, with_members


def html(answer: Answer) -> Answer:
    """The answer as a page."""
    return replace(with_headers(answer, {"Content-Type": "text/html"}), content=b"<html></html>")


@pytest.mark.parametrize(("more", "said"), [(0.0, PASSED), (0.1, FAILED)])
def test_an_answer_may_take_as_long_as_a_person_waits(run: Run, more: float, said: str) -> None:
    assert judged(run, "transport.slow", {"me": replace(run.answer("me"), seconds=5.0 + more)}) == said


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://login.example.com/x", PASSED),
        ("/x", PASSED),
        ("http://login.example.com/x", FAILED),
        ("https://other.example.com/x", FAILED),
    ],
)
def test_a_login_host_of_ones_own_leads_to_itself(run: Run, location: str, said: str) -> None:
    right = run.answer("authorize")
    asked = replace(right.sent, url="https://login.example.com/oauth/authorize")
    answer = replace(with_headers(right, {"Location": location}), sent=asked)
    assert judged(run, "authorize.redirect", {"authorize": answer}) == said


@pytest.mark.parametrize(
    ("requirement", "first", "second", "member"),
    [
        ("client-credentials.own-principal", "token-info", "token-info-client-credentials", "resource_owner_id"),
        ("client-credentials.own-id", "me", "me-client-credentials", "id"),
    ],
)
def test_a_service_account_is_nobody_else(run: Run, requirement: str, first: str, second: str, member: str) -> None:
    same = with_members(run.answer(second), {member: json.loads(run.answer(first).content)[member]})
    assert judged(run, requirement, {second: same}) == FAILED
    assert judged(run, requirement, {}) == PASSED


def test_an_owner_that_nobody_names_is_not_compared(run: Run) -> None:
    unnamed = with_members(run.answer("token-info"), {"resource_owner_id": None})
    assert judged(run, "client-credentials.own-principal", {"token-info": unnamed}) == COULD_NOT_TEST
    assert judged(run, "me.same-user", {"token-info": unnamed}) == COULD_NOT_TEST


@pytest.mark.parametrize("requirement", ["token-info.application", "refresh.same-application"])
def test_an_application_that_is_not_named_is_not_compared(run: Run, requirement: str) -> None:
    names = ("token-info",) if requirement.startswith("token") else ("token-info-refreshed", "token-info-after-all")
    for uid, said in ((None, COULD_NOT_TEST), ("another", FAILED)):
        answers = {name: with_members(run.answer(name), {"application": {"uid": uid}}) for name in names}
        assert judged(run, requirement, answers) == said


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("client-credentials.token-info", "token-info-client-credentials"),
        ("refresh.again", "refresh-again"),
        ("projects-v1.0.schema", "projects-v1.0"),
        ("projects.steady", "projects-again"),
        ("projects.header-case", "projects-lower-case-header"),
        ("project.schema", "project"),
        ("me.name-with-company", "me-with-company"),
    ],
)
def test_an_answer_is_json_of_its_schema(run: Run, requirement: str, name: str) -> None:
    right = run.answer(name)
    assert judged(run, requirement, {name: html(right)}) == FAILED
    assert judged(run, requirement, {name: replace(right, content=b"5")}) == FAILED


@pytest.mark.parametrize(
    ("requirement", "rests_on"),
    [
        *(("projects.steady", "projects"), ("projects.header-case", "projects"), ("me.name-with-company", "me")),
        *(("projects.page-answers", "projects"), ("companies.page-answers", "companies")),
        ("companies.walk", "companies-page-2"),
    ],
)
def test_what_rests_on_a_broken_answer_is_not_judged(run: Run, requirement: str, rests_on: str) -> None:
    assert judged(run, requirement, {rests_on: html(run.answer(rests_on))}) == COULD_NOT_TEST


@pytest.mark.parametrize(("status", "said"), [(401, COULD_NOT_TEST), (400, FAILED), (402, FAILED), (403, FAILED)])
def test_a_token_that_is_refused_is_judged_once(run: Run, status: int, said: str) -> None:
    assert judged(run, "companies.status", {"companies": replace(run.answer("companies"), status=status)}) == said


def test_two_companies_cannot_both_be_mine(run: Run) -> None:
    right = run.answer("companies")
    listed = [{**one, "my_company": True} for one in json.loads(right.content)]
    for number, said in ((1, PASSED), (2, FAILED)):
        answer = replace(right, content=json.dumps([*listed[:number], *json.loads(right.content)[3:]]).encode())
        assert judged(run, "companies.one-my-company", {"companies": answer}) == said


@pytest.mark.parametrize("requirement", ["companies.some", "projects.some"])
def test_an_empty_list_is_seen(run: Run, requirement: str) -> None:
    name = requirement.partition(".")[0]
    assert judged(run, requirement, {name: replace(run.answer(name), content=b"[]")}) == FAILED


@pytest.mark.parametrize(
    ("challenge", "said"),
    [('Bearer realm="x"', PASSED), ('Bearer error="invalid_request"', PASSED), (None, PASSED)],
)
def test_a_request_without_a_token_needs_no_invalid_token(run: Run, challenge: str | None, said: str) -> None:
    answer = with_headers(run.answer("me-without-token"), {"WWW-Authenticate": challenge})
    assert judged(run, "api.challenge-error", {answer.name: answer}) == said


@pytest.mark.parametrize("name", ["me-garbage-token", "companies-garbage-token", "projects-garbage-token"])
def test_a_wrong_token_is_an_invalid_token(run: Run, name: str) -> None:
    answer = with_headers(run.answer(name), {"WWW-Authenticate": 'Bearer error="invalid_request"'})
    assert judged(run, "api.challenge-error", {name: answer}) == FAILED


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("refresh.other-client", "refresh-other-client"), ("refusal.other-clients-code", "token-other-client")],
)
def test_another_app_that_is_itself_refused_says_nothing(run: Run, requirement: str, name: str) -> None:
    right = run.answer(name)
    for error, said in (("invalid_client", COULD_NOT_TEST), ("invalid_grant", PASSED), ("invalid_scope", FAILED)):
        assert judged(run, requirement, {name: with_members(right, {"error": error})}) == said


def test_a_client_that_is_itself_refused_says_nothing_of_redirect_uris(run: Run) -> None:
    refused = replace(run.answer("token-wrong-secret"), definition=run.answer("token").definition)
    assert judged(run, "refusal.wrong-redirect-uri", {"token": refused}) == COULD_NOT_TEST
    assert judged(run, "refusal.wrong-redirect-uri", {}) == PASSED


@pytest.mark.parametrize("requirement", ["revoke.wrong-secret", "revoke.other-client"])
def test_a_token_that_nothing_ends_says_nothing_of_who_may_end_it(run: Run, requirement: str) -> None:
    works = replace(run.answer("me"), definition=run.answer("me-after-revoke").definition)
    assert judged(run, requirement, {"me-after-revoke": works}) == COULD_NOT_TEST


@pytest.mark.parametrize(
    ("seconds", "said"), [(5299, FAILED), (5300, PASSED), (5400, PASSED), (5401, FAILED), (7200, FAILED)]
)
def test_a_refreshed_token_lives_as_long_as_documented(run: Run, seconds: int, said: str) -> None:
    answer = with_members(run.answer("refresh"), {"expires_in": seconds})
    assert judged(run, "refresh.expires-in-documented", {"refresh": answer}) == said


def test_a_refreshed_token_sees_other_companies(run: Run) -> None:
    right = run.answer("companies-refreshed")
    fewer = replace(right, content=json.dumps(json.loads(right.content)[1:]).encode())
    assert judged(run, "refresh.same-companies", {right.name: fewer}) == FAILED


def test_a_code_that_can_be_guessed_is_seen(run: Run) -> None:
    kept = run.credentials
    run.credentials = replace(kept, authorization_code="1234")
    try:
        assert judged(run, "token.code-unguessable", {}) == FAILED
    finally:
        run.credentials = kept


@pytest.mark.parametrize("member", ["access_token", "token_type", "expires_in", "refresh_token", "created_at"])
def test_a_member_of_a_token_is_judged_by_its_own_claim_alone(run: Run, member: str) -> None:
    wrong = with_members(run.answer("token"), {member: []})
    assert judged(run, "token.schema", {"token": wrong}) == PASSED
    assert judged(run, f"token.{member.replace('_', '-')}", {"token": wrong}) == FAILED


def test_a_member_that_has_no_claim_of_its_own_is_judged_by_the_schema(run: Run) -> None:
    assert judged(run, "token.schema", {"token": with_members(run.answer("token"), {"scope": 5})}) == FAILED
    assert judged(run, "token.schema", {"token": replace(run.answer("token"), content=b'{"x":1}')}) == FAILED


def test_the_configured_company_may_stand_on_a_later_page(run: Run) -> None:
    right = run.answer("companies")
    others = [one for one in json.loads(right.content) if one["id"] != run.credentials.company_id]
    without = replace(right, content=json.dumps(others).encode())
    later = with_headers(without, {"Total": "500", "Per-Page": str(len(others))})
    all_of_them = with_headers(without, {"Total": str(len(others))})
    empty = replace(right, content=b"[]")
    for answer, said in ((later, COULD_NOT_TEST), (all_of_them, FAILED), (empty, COULD_NOT_TEST), (right, PASSED)):
        assert judged(run, "companies.configured", {"companies": answer, "companies-free": all_of_them}) == said
    assert judged(run, "companies.configured", {"companies": all_of_them, "companies-free": right}) == PASSED


def test_without_a_company_that_is_not_ours_none_is_looked_for(run: Run) -> None:
    kept = run.credentials
    run.credentials = replace(kept, foreign_company_id=None)
    try:
        assert judged(run, "companies.foreign", {}) == COULD_NOT_TEST
    finally:
        run.credentials = kept


def test_a_run_of_a_service_account_alone_compares_no_user(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "is_service_account", True)
    monkeypatch.setattr(Run, "has_user_token", False)
    for requirement in ("client-credentials.own-id", "client-credentials.own-principal", "me.name-with-company"):
        assert judged(run, requirement, {}) == COULD_NOT_TEST
    assert judged(run, "me.same-user", {}) == COULD_NOT_TEST


@pytest.mark.parametrize("name", [None, "", " "])
def test_a_user_without_a_name_is_seen(run: Run, name: str | None) -> None:
    answer = with_members(run.answer("me-with-company"), {"name": name})
    assert judged(run, "me.name-with-company", {answer.name: answer}) == (PASSED if name == " " else FAILED)


@pytest.mark.parametrize("requirement", ["projects.steady", "projects.header-case"])
def test_a_list_that_does_not_say_that_it_is_json_is_no_measure(run: Run, requirement: str) -> None:
    page = with_headers(run.answer("projects"), {"Content-Type": "text/html"})
    assert judged(run, requirement, {"projects": page}) == COULD_NOT_TEST


def test_a_target_without_tls_has_no_certificate_to_judge(run: Run) -> None:
    kept = run.target
    run.target = replace(kept, login_url="http://127.0.0.1:8080")
    try:
        assert judged(run, "transport.certificate", {}) == COULD_NOT_TEST
    finally:
        run.target = kept
