"""token/info and authorize in the stand-in (facts/doorkeeper.md 1 and 6)."""

from __future__ import annotations

import pytest

from selftests.support.desk import Desk, desk
from standin.model.dialects import DIALECTS
from standin.model.world import OUT_OF_BAND, Application

INFO = "/oauth/token/info"


@pytest.mark.parametrize(
    ("dialect", "scope", "expiry"),
    [
        ("procore", "scopes", "expires_in_seconds"),
        ("4.2.6", "scopes", "expires_in_seconds"),
        ("5.5.0", "scope", "expires_in"),
        ("5.9.6", "scope", "expires_in"),
    ],
)
def test_info_has_the_dialects_keys(dialect: str, scope: str, expiry: str) -> None:
    procore = desk(DIALECTS[dialect])
    body = procore.get(INFO, procore.access()).body
    assert list(body) == ["resource_owner_id", scope, expiry, "application", "created_at"]


def test_info_tells_the_time_that_is_left() -> None:
    procore = desk()
    token = procore.access()
    procore.world.clock.move(1000)
    assert procore.get(INFO, token).body["expires_in_seconds"] == 4400


def test_info_names_the_application_and_the_user_of_me() -> None:
    procore = desk()
    token = procore.access()
    body = procore.get(INFO, token).body
    assert body["application"] == {"uid": procore.application.uid}
    assert body["resource_owner_id"] == procore.get("/rest/v1.0/me", token).body["id"]


def test_info_of_client_credentials_has_no_owner() -> None:
    procore = desk()
    assert procore.get(INFO, procore.own_token().body["access_token"]).body["resource_owner_id"] is None


@pytest.mark.parametrize(("dialect", "error"), [("procore", "invalid_request"), ("5.5.0", "invalid_token")])
@pytest.mark.parametrize("token", [None, "garbage"])
def test_info_of_a_bad_token_is_401(dialect: str, error: str, token: str | None) -> None:
    answer = desk(DIALECTS[dialect]).get(INFO, token)
    assert (answer.status, answer.body["error"]) == (401, error)


def test_info_reads_the_token_from_the_query() -> None:
    procore = desk()
    assert procore.get(f"{INFO}/?access_token={procore.access()}").ok


def _authorize(procore: Desk, **query: str) -> str:
    right = {"response_type": "code", "client_id": procore.application.uid, "redirect_uri": OUT_OF_BAND}
    return "/oauth/authorize?" + "&".join(f"{key}={value}" for key, value in {**right, **query}.items())


@pytest.mark.parametrize("query", [{}, {"client_id": "unknown"}, {"redirect_uri": "https://evil.example.com"}])
def test_a_stranger_meets_the_login_page_before_any_check(query: dict[str, str]) -> None:
    procore = desk()
    answer = procore.get(_authorize(procore, **query))
    assert (answer.status, answer.header("Location")) == (302, "https://login-sandbox.procore.com/login")
    assert procore.login("GET", "/login").status == 200


def test_a_logged_in_user_gets_a_code_that_works() -> None:
    procore = desk(logged_in=True)
    location = procore.get(_authorize(procore, state="s1")).header("Location") or ""
    page = procore.login("GET", location.removeprefix("https://login-sandbox.procore.com"))
    code = location.rpartition("/")[2]
    assert code.encode() in page.body
    assert procore.exchange(code).ok


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"client_id": "unknown"}, "Client authentication failed"),
        ({"client_id": ""}, "Missing required parameter: client_id"),
        ({"redirect_uri": "https://evil.example.com"}, "redirect uri"),
        ({"response_type": ""}, "Missing required parameter: response_type"),
        ({"response_type": "token"}, "does not support this response type"),
        ({"scope": "nonsense"}, "scope is invalid"),
    ],
)
def test_a_wrong_authorization_request_is_an_error_page(query: dict[str, str], text: str) -> None:
    procore = desk(logged_in=True)
    answer = procore.get(_authorize(procore, **query))
    assert (answer.status, text in answer.body.decode()) == (200, True)


@pytest.mark.parametrize(("query", "status"), [({"client_id": "unknown"}, 401), ({"response_type": "foo"}, 400)])
def test_the_error_page_of_doorkeeper_5_9_has_a_status(query: dict[str, str], status: int) -> None:
    procore = desk(DIALECTS["5.9.6"], logged_in=True)
    assert procore.get(_authorize(procore, **query)).status == status


def test_a_callback_gets_the_code_and_the_state() -> None:
    procore = desk(logged_in=True)
    callback = procore.realm.register(Application("callback", "its secret", ("https://client.example.com/callback",)))
    query = {"client_id": callback.uid, "redirect_uri": f"{callback.redirect_uri}?a=1", "state": "s1"}
    location = procore.get(_authorize(procore, **query)).header("Location") or ""
    assert location.startswith("https://client.example.com/callback?a=1&code=")
    assert location.endswith("&state=s1")


def test_the_code_page_shows_markup_as_text() -> None:
    assert b"<script>" not in desk().login("GET", "/oauth/authorize/native?code=<script>").body
