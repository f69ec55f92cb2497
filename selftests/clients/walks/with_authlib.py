"""Authlib: its session on top of requests, or its client on top of httpx2 (``requests`` or ``httpx2`` as argument)."""

import sys
from importlib.metadata import version
from typing import Any

from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session

from selftests.clients.walks.steps import (
    API,
    CLIENT_ID,
    CLIENT_SECRET,
    COMPANY_HEADER,
    COMPANY_ID,
    LOGIN,
    REDIRECT_URI,
    TIMEOUT,
    Kept,
    client,
    company_among,
    distinct,
    step,
)

HTTPX = sys.argv[1] == "httpx2"
STAY = {"follow_redirects": False} if HTTPX else {"allow_redirects": False}
TOKEN, REVOKE = f"{LOGIN}/oauth/token", f"{LOGIN}/oauth/revoke"
kept = Kept()


def made(**how: Any) -> Any:
    kind = OAuth2Client if HTTPX else OAuth2Session
    return kind(CLIENT_ID, CLIENT_SECRET, redirect_uri=REDIRECT_URI, **how)


session = made()


def authorize() -> None:
    url, state = session.create_authorization_url(f"{LOGIN}/oauth/authorize")
    answer = session.request("GET", url, withhold_token=True, timeout=TIMEOUT, **STAY)
    assert answer.status_code == 302, answer.status_code
    kept["callback"] = answer.headers["Location"]
    assert f"state={state}" in kept["callback"], "the state did not come back"


def exchange() -> None:
    kept["token"] = session.fetch_token(TOKEN, authorization_response=kept["callback"], timeout=TIMEOUT)
    assert kept["token"]["refresh_token"]


def read(url: str, **query: Any) -> list[Any]:
    assert kept["token"]
    items: list[Any] = []
    asked: dict[str, Any] = {"params": {"per_page": 100, **query}}
    while url:
        answer = session.get(url, headers=COMPANY_HEADER, timeout=TIMEOUT, **asked)
        answer.raise_for_status()
        items += answer.json()
        url, asked = answer.links.get("next", {}).get("url", ""), {}
    return items


def companies() -> int:
    return company_among(read(f"{API}/rest/v1.0/companies"))


def projects() -> int:
    return distinct(read(f"{API}/rest/v1.1/projects", company_id=COMPANY_ID))


def me() -> None:
    assert kept["token"]
    answer = session.get(f"{API}/rest/v1.0/me", timeout=TIMEOUT)
    answer.raise_for_status()
    assert answer.json()["login"]


def refresh() -> None:
    old = kept["token"]["access_token"]
    new = session.refresh_token(TOKEN, refresh_token=kept["token"]["refresh_token"], timeout=TIMEOUT)
    assert new["access_token"] != old, "the access token is the old one"
    me()


def service_account(method: str) -> None:
    account = made(token_endpoint_auth_method=method)
    assert account.fetch_token(TOKEN, grant_type="client_credentials", timeout=TIMEOUT)["access_token"]


def revoke() -> None:
    assert kept["token"]
    token = session.token["access_token"]
    assert session.revoke_token(REVOKE, token=token, token_type_hint="access_token", timeout=TIMEOUT).status_code == 200
    assert session.get(f"{API}/rest/v1.0/me", timeout=TIMEOUT).status_code == 401, "the token still works"


client("Authlib", version("Authlib"))
step("authorize", authorize)
step("exchange", exchange)
step("companies", companies)
step("projects", projects)
step("me", me)
step("refresh", refresh)
step("client credentials", lambda: service_account("client_secret_post"))
step("HTTP Basic", lambda: service_account("client_secret_basic"))
step("revoke", revoke)
