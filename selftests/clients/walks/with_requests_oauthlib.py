"""requests-oauthlib, as its documentation shows the web application flow."""

from importlib.metadata import version
from typing import Any

import requests
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

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
    absent,
    client,
    company_among,
    distinct,
    step,
)

TOKEN = f"{LOGIN}/oauth/token"
session = OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT_URI)
kept = Kept()


def authorize() -> None:
    url, state = session.authorization_url(f"{LOGIN}/oauth/authorize")
    answer = requests.get(url, allow_redirects=False, timeout=TIMEOUT)
    assert answer.status_code == 302, answer.status_code
    kept["callback"] = answer.headers["Location"]
    assert f"state={state}" in kept["callback"], "the state did not come back"


def exchange() -> None:
    callback = kept["callback"]
    kept["token"] = session.fetch_token(
        TOKEN, authorization_response=callback, client_secret=CLIENT_SECRET, timeout=TIMEOUT
    )
    assert kept["token"]["refresh_token"]


def companies() -> int:
    return company_among(read(f"{API}/rest/v1.0/companies"))


def read(url: str, **query: Any) -> list[Any]:
    assert kept["token"]
    items: list[Any] = []
    query = {"per_page": 100, **query}
    while url:
        answer = session.get(url, params=query, headers=COMPANY_HEADER, timeout=TIMEOUT)
        answer.raise_for_status()
        items += answer.json()
        url, query = answer.links.get("next", {}).get("url", ""), {}
    return items


def projects() -> int:
    return distinct(read(f"{API}/rest/v1.1/projects", company_id=COMPANY_ID))


def me() -> None:
    assert kept["token"]
    answer = session.get(f"{API}/rest/v1.0/me", timeout=TIMEOUT)
    answer.raise_for_status()
    assert answer.json()["login"]


def refresh() -> None:
    old = kept["token"]["access_token"]
    new = session.refresh_token(TOKEN, auth=(CLIENT_ID, CLIENT_SECRET), timeout=TIMEOUT)
    assert new["access_token"] != old, "the access token is the old one"
    me()


def service_account(**how: Any) -> None:
    account = OAuth2Session(client=BackendApplicationClient(CLIENT_ID))
    assert account.fetch_token(TOKEN, timeout=TIMEOUT, **how)["access_token"]


client("requests-oauthlib", version("requests-oauthlib"))
step("authorize", authorize)
step("exchange", exchange)
step("companies", companies)
step("projects", projects)
step("me", me)
step("refresh", refresh)
step(
    "client credentials",
    lambda: service_account(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, include_client_id=True),
)
step("HTTP Basic", lambda: service_account(auth=requests.auth.HTTPBasicAuth(CLIENT_ID, CLIENT_SECRET)))
absent("revoke")
