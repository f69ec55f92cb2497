"""Proof key for code exchange: checked as Doorkeeper 5.5.0 and 5.9.6 check it, ignored as 4.2.6 ignores it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Answer
from standin.model.dialects import DIALECTS, Dialect

# RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
CHECKING = pytest.mark.parametrize("dialect", [DIALECTS["5.5.0"], DIALECTS["5.9.6"]], ids=lambda one: one.name)
IGNORING = pytest.mark.parametrize("dialect", [DIALECTS["4.2.6"], DIALECTS["procore"]], ids=lambda one: one.name)


def authorize(procore: Desk, **query: str) -> Answer:
    application = procore.application
    right = {"response_type": "code", "client_id": application.uid, "redirect_uri": application.redirect_uri}
    return procore.get(f"/oauth/authorize?{urlencode({**right, **query})}")


def code_for(procore: Desk, **query: str) -> str:
    location = authorize(procore, **query).header("Location") or ""
    return location.rpartition("=" if "code=" in location else "/")[2]


@CHECKING
@pytest.mark.parametrize(("method", "challenge"), [("S256", CHALLENGE), ("plain", VERIFIER)])
def test_the_verifier_of_the_challenge_is_right(dialect: Dialect, method: str, challenge: str) -> None:
    procore = desk(dialect, logged_in=True)
    code = code_for(procore, code_challenge=challenge, code_challenge_method=method)
    assert procore.exchange(code, code_verifier=VERIFIER).ok


@CHECKING
@pytest.mark.parametrize(("method", "challenge"), [("S256", CHALLENGE), ("plain", VERIFIER)])
@pytest.mark.parametrize("verifier", [VERIFIER[:-1], CHALLENGE[:-1], f"{VERIFIER}="])
def test_another_verifier_is_an_invalid_grant_and_burns_no_code(
    dialect: Dialect, method: str, challenge: str, verifier: str
) -> None:
    procore = desk(dialect, logged_in=True)
    code = code_for(procore, code_challenge=challenge, code_challenge_method=method)
    refused = procore.exchange(code, code_verifier=verifier)
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert refused.note == "invalid_grant: the code_verifier does not fit the code_challenge"
    assert procore.exchange(code, code_verifier=VERIFIER).ok


@CHECKING
@pytest.mark.parametrize("verifier", [None, ""])
def test_a_missing_verifier_is_named_before_the_client_is_looked_at(dialect: Dialect, verifier: str | None) -> None:
    procore = desk(dialect, logged_in=True)
    code = code_for(procore, code_challenge=CHALLENGE, code_challenge_method="S256")
    for form in ({}, {"client_secret": "wrong"}, {"redirect_uri": None}):
        refused = procore.exchange(code, code_verifier=verifier, **form)
        assert refused.body == {
            "error": "invalid_request",
            "error_description": "Missing required parameter: code_verifier.",
        }


@CHECKING
def test_a_verifier_without_a_challenge_fits_nothing(dialect: Dialect) -> None:
    procore = desk(dialect, logged_in=True)
    code = code_for(procore)
    assert procore.exchange(code, code_verifier=VERIFIER).body["error"] == "invalid_grant"
    assert procore.exchange(code).ok


@CHECKING
@pytest.mark.parametrize("method", ["", "s256", "S512", "S256 "])
def test_a_challenge_names_a_method_that_is_known(dialect: Dialect, method: str) -> None:
    answer = authorize(desk(dialect, logged_in=True), code_challenge=CHALLENGE, code_challenge_method=method)
    assert (answer.status, answer.header("Location")) == (dialect.authorize_error_status, None)
    assert dialect.challenge_text in answer.body.decode()


@CHECKING
def test_a_method_without_a_challenge_is_nothing(dialect: Dialect) -> None:
    procore = desk(dialect, logged_in=True)
    assert procore.exchange(code_for(procore, code_challenge="", code_challenge_method="S512")).ok


@pytest.mark.parametrize(("version", "status", "buys"), [("5.5.0", 302, False), ("5.9.6", 400, False)])
def test_a_method_of_several_lines_got_past_5_5_0_and_buys_nothing(version: str, status: int, buys: bool) -> None:
    procore = desk(DIALECTS[version], logged_in=True)
    query = {"code_challenge": CHALLENGE, "code_challenge_method": "x\nS256"}
    assert authorize(procore, **query).status == status
    assert procore.exchange(code_for(procore, **query), code_verifier=VERIFIER).ok is buys


@IGNORING
@pytest.mark.parametrize("verifier", [None, "another"])
def test_where_it_is_not_known_nothing_is_looked_at(dialect: Dialect, verifier: str | None) -> None:
    procore = desk(dialect, logged_in=True)
    code = code_for(procore, code_challenge=CHALLENGE, code_challenge_method="S512")
    assert procore.exchange(code, code_verifier=verifier).ok


@pytest.mark.parametrize(("name", "length"), [("procore", 64), ("4.2.6", 64), ("5.5.0", 43), ("5.9.6", 43)])
def test_codes_are_as_long_as_the_versions(name: str, length: int) -> None:
    procore = desk(DIALECTS[name], logged_in=True)
    assert len(code_for(procore)) == length


@CHECKING
def test_the_challenge_goes_through_login_and_consent(dialect: Dialect) -> None:
    procore = desk(dialect)
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    cookie = (authorize(procore, **asked).header("Set-Cookie") or "").partition(";")[0]
    browser = {"Cookie": cookie}
    wanted = procore.login("POST", "/login", browser, email="a@example.com").header("Location") or ""
    page = procore.login("GET", wanted.removeprefix(f"https://{procore.site.login_host}"), browser).body.decode()
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.partition("</form>")[0]))
    code = (procore.login("POST", "/oauth/authorize", browser, **form).header("Location") or "").rpartition("=")[2]
    assert procore.exchange(code).body["error_description"] == "Missing required parameter: code_verifier."
    assert procore.exchange(code, code_verifier=VERIFIER).ok
