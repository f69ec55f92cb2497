"""What ``doctor`` and ``authorize`` are answered has the causes and remedies of a run: one table for all three."""

from __future__ import annotations

import json

import pytest

from selftests.support.bench import NO_CODE, quickstart
from standin.cases.bending import Edit, body, header, on, status
from standin.cases.faults.token import HTML, PAGE
from standin.model.world import World
from standin.server.running import serve

LOGIN, API = "login-sandbox.procore.com", "sandbox.procore.com"
AT_TOKEN: dict[str, tuple[tuple[Edit, ...], str]] = {
    "firewall": ((status(403), PAGE, HTML), f"{LOGIN} refuses token with a page (403), as a firewall does"),
    "portal": ((status(200), PAGE, HTML), f"a page came from {LOGIN} where token promises JSON"),
    "maintenance": ((status(503), PAGE, HTML), f"{LOGIN} is not available (503)"),
    "too many": ((status(429), header("Retry-After", "400")), "the rate limit of this account is used up (429)"),
    "redirect": ((status(301), header("Location", "https://example.org/")), f"{LOGIN} redirects token to example.org"),
    "its own fault": ((status(500),), f"{LOGIN} failed on its own side at token (500"),
    "wrong client": ((status(401), body({"error": "invalid_client"})), "Client ID or Client Secret is wrong"),
    "old code": ((status(400), body({"error": "invalid_grant"})), "the authorization code is older than ten minutes"),
    "no users": ((status(400), body({"error": "unauthorized_client"})), "Data Connector Components"),
    "unheard of": ((status(418), body({"error": "teapot"})), f"{LOGIN} refuses token (418 teapot), although"),
    "no token": ((body({"token_type": "Bearer"}),), f"{LOGIN} answered 200 without an access token: report it"),
}
AT_COMPANIES: dict[str, tuple[tuple[Edit, ...], str, str]] = {
    "not installed": (
        (status(403), body({"errors": ["App is not connected to this company."]})),
        "the app is not connected to company 4265001 (403)",
        "Install Custom App",
    ),
    "its own fault": ((status(500),), f"{API} failed on its own side at companies (500)", "try again"),
    "portal": ((PAGE, HTML), f"a page came from {API} where companies promises JSON", "in a browser"),
    "too many": ((status(429), header("Retry-After", "400")), "the rate limit of this account is used up", "wait"),
    "refused": ((status(401), body({"errors": "?"})), f"{API} answered companies with 401", "run once more"),
    "nested without end": ((body(b"[" * 100_000),), f"{API} answered 200, and no list of companies", "report it"),
    "no list": ((body({"id": 7}),), f"{API} answered 200, and no list of companies", "report it"),
}


@pytest.mark.parametrize("name", AT_TOKEN)
def test_authorize_says_what_the_answer_to_a_code_means(name: str) -> None:
    edits, words = AT_TOKEN[name]
    with serve(World(modifiers=(on("token", *edits, ok=None),))) as procore:
        given = procore.variables["PROCORE_AUTHORIZATION_CODE"]
        code, output = quickstart(procore, "authorize", given, at_once=True)
    said = output.strip().splitlines()[-1]
    assert code == 1, output
    assert words.casefold() in said.casefold()
    assert said.endswith(".")
    assert "with a new code" not in said


@pytest.mark.parametrize("name", AT_COMPANIES)
def test_doctor_says_what_the_answer_to_companies_means(name: str) -> None:
    edits, words, remedy = AT_COMPANIES[name]
    with serve(World(modifiers=(on("companies", *edits, ok=None),))) as procore:
        code, output = quickstart(procore, "doctor", "--json", changes=NO_CODE)
    (found,) = [one for one in json.loads(output) if one["check"] == "company"]
    assert code == 1, output
    assert (found["state"], words in found["words"], remedy in found["remedy"]) == ("ill", True, True), found


def test_authorize_names_no_company_that_nobody_named() -> None:
    refused = on("companies", status(403), body({"errors": ["App is not connected to this company."]}))
    with serve(World(modifiers=(refused,))) as procore:
        given = procore.variables["PROCORE_AUTHORIZATION_CODE"]
        code, output = quickstart(procore, "authorize", given, changes={"PROCORE_COMPANY_ID": ""})
    assert code == 0, output
    assert "The companies cannot be listed. The app is not connected to the company (403): have" in output
