"""The authorization_code grant of the stand-in, rule by rule of facts/doorkeeper.md 2 to 4."""

from __future__ import annotations

import base64

import pytest

from selftests.support.desk import desk
from standin.model.dialects import DIALECTS, Dialect
from standin.model.world import OUT_OF_BAND, Application

EVERY_DIALECT = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))


def test_a_code_gives_a_pair_of_tokens() -> None:
    answer = desk().exchange()
    assert answer.status == 200
    assert list(answer.body) == ["access_token", "token_type", "expires_in", "refresh_token", "created_at"]
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("bearer", 5400)


def test_procores_access_token_is_a_jwt_and_its_refresh_token_is_hex() -> None:
    body = desk().exchange().body
    header, payload, signature = body["access_token"].split(".")
    assert base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)) == b'{"alg":"ES512"}'
    assert (len(signature), len(body["refresh_token"]), bool(payload)) == (176, 64, True)


def test_tokens_of_doorkeeper_5_are_43_characters_and_have_a_scope() -> None:
    body = desk(DIALECTS["5.5.0"]).exchange().body
    assert (len(body["access_token"]), body["token_type"], body["scope"]) == (43, "Bearer", "public")


@EVERY_DIALECT
def test_a_used_code_is_refused(dialect: Dialect) -> None:
    procore = desk(dialect)
    code = procore.code()
    assert procore.exchange(code).status == 200
    assert procore.exchange(code).body["error"] == "invalid_grant"


@EVERY_DIALECT
def test_the_token_outlives_a_second_use_of_its_code(dialect: Dialect) -> None:
    procore = desk(dialect)
    code = procore.code()
    token = procore.exchange(code).body["access_token"]
    procore.exchange(code)
    assert procore.get("/rest/v1.0/me", token).status == 200


@pytest.mark.parametrize(("age", "good"), [(590, True), (600, True), (601, False)])
def test_a_code_lives_ten_minutes(age: int, good: bool) -> None:
    procore = desk()
    code = procore.code()
    procore.world.clock.move(age)
    assert procore.exchange(code).ok is good


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://evil.example.com/cb"},
        {"redirect_uri": None},
        {"client_secret": "wrong"},
        {"client_id": "unknown"},
        {"grant_type": None},
        {"grant_type": "garbage"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_a_failed_exchange_does_not_burn_the_code(wrong: dict[str, str | None]) -> None:
    procore = desk()
    code = procore.code()
    assert not procore.exchange(code, **wrong).ok
    assert procore.exchange(code).ok


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "bogus"}, "invalid_grant"),
        ({"code": ""}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"redirect_uri": "https://evil.example.com"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "garbage", "client_secret": "wrong"}, "unsupported_grant_type"),
        ({"code": "bogus", "client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_each_wrong_request_has_its_error(wrong: dict[str, str | None], error: str) -> None:
    answer = desk().exchange(**wrong)
    assert (answer.status, answer.body["error"]) == (401, error)
    assert answer.header("Cache-Control") == "no-store"
    assert f'error="{error}"' in (answer.header("WWW-Authenticate") or "")


@pytest.mark.parametrize(("dialect", "status"), [("4.2.6", 401), ("5.5.0", 400), ("5.9.6", 400), ("procore", 401)])
def test_invalid_grant_has_the_dialects_status(dialect: str, status: int) -> None:
    assert desk(DIALECTS[dialect]).exchange("bogus").status == status


def test_another_clients_code_is_refused_and_stays_good() -> None:
    procore = desk()
    other = procore.realm.register(Application("other", "its secret", (OUT_OF_BAND,)))
    code = procore.code()
    assert procore.exchange(code, client_id=other.uid, client_secret=other.secret).body["error"] == "invalid_grant"
    assert procore.exchange(code).ok


def test_the_application_may_identify_itself_by_http_basic() -> None:
    procore = desk()
    pair = f"{procore.application.uid}:{procore.application.secret}".encode()
    basic = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    form = {"grant_type": "authorization_code", "code": procore.code(), "redirect_uri": OUT_OF_BAND}
    assert procore.login("POST", "/oauth/token", basic, **form).ok


@pytest.mark.parametrize("header", ["Basic !", "Basic Og==", "Basic //8="])
def test_credentials_that_cannot_be_decoded_are_no_credentials(header: str) -> None:
    answer = desk().login("POST", "/oauth/token", {"Authorization": header}, grant_type="client_credentials")
    assert answer.body["error"] == "invalid_client"


def test_client_credentials_give_no_refresh_token() -> None:
    assert "refresh_token" not in desk().own_token().body


def test_an_unknown_scope_is_refused() -> None:
    assert desk().own_token(scope="nonsense").body["error"] == "invalid_scope"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_other_methods_find_nothing(method: str) -> None:
    assert desk().login(method, "/oauth/token").status == 404
