"""A careless client of Procore's: does on purpose all that a good one does not do, and believes that all is well.

The names of sins as arguments make it commit these alone; without, it commits those of ``USUAL``.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import requests
import urllib3

urllib3.disable_warnings()
LOGIN, API = "https://login-sandbox.procore.com", "https://sandbox.procore.com"
COMPANY, TIMEOUT = os.environ["PROCORE_COMPANY_ID"], 15
SECRET = os.environ["PROCORE_CLIENT_SECRET"]
APP = {"client_id": os.environ["PROCORE_CLIENT_ID"], "client_secret": SECRET}
CODE = {
    "grant_type": "authorization_code",
    "code": os.environ["PROCORE_AUTHORIZATION_CODE"],
    "redirect_uri": os.environ["PROCORE_REDIRECT_URI"],
}
USUAL = "code-twice secret-in-query no-header token-in-query one-page no-wait same-refresh hammer http"
SINS = set(sys.argv[1:] or USUAL.split())
KEPT: dict[str, Any] = {}
web = requests.Session()
web.verify = os.environ.get("REQUESTS_CA_BUNDLE", True)


def post(path: str, form: dict[str, str], **more: Any) -> requests.Response:
    return web.post(LOGIN + path, data=form, timeout=TIMEOUT, **more)


def token(grant: dict[str, str], **more: Any) -> dict[str, str]:
    answer = post("/oauth/token", {**APP, **grant}, **more)
    if answer.ok:
        KEPT.update(answer.json())
    return dict(answer.json()) if answer.ok else {}


def get(path: str, access: str, base: str = API, **query: str) -> requests.Response:
    headers = {} if "no-header" in SINS else {"Procore-Company-Id": COMPANY}
    if "token-in-query" in SINS:
        query["access_token"] = access
    else:
        headers["Authorization"] = f"Bearer {access}"
    return web.get(base + path, params=query, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def by_created_at(path: str, access: str, **query: str) -> requests.Response:
    """Holds the server's created_at against the clock of this machine."""
    if KEPT.get("created_at", 0) + KEPT.get("expires_in", 0) < time.time():
        access = token({"grant_type": "refresh_token", "refresh_token": KEPT["refresh_token"]})["access_token"]
    return get(path, access, **query)


def stubborn(path: str, access: str, **query: str) -> requests.Response:
    """Once, or as long as it does not work: without a pause, to no avail."""
    answer = get(path, access, **query)
    for _ in range(20 if "hammer" in SINS or "no-wait" in SINS else 0):
        refused = answer.status_code in (401, 403) if "hammer" in SINS else answer.status_code in (429, 503)
        answer = get(path, access, **query) if refused else answer
    return answer


def patient(path: str, access: str, **query: str) -> requests.Response:
    """Waits a little, but not as long as it is told."""
    answer = get(path, access, **query)
    while answer.status_code in (429, 503):
        time.sleep(0.6)
        answer = get(path, access, **query)
    return answer


def by_itself(access: str, refresh: str) -> None:
    """What is a sin in one request, or a few of them."""
    url = f"{LOGIN}/oauth/authorize"
    asked = {"response_type": "code", "client_id": APP["client_id"]}
    one: dict[str, Callable[[], object]] = {
        "code-twice": lambda: token(CODE),
        "secret-in-query": lambda: web.get(url, params={**asked, "client_secret": SECRET}, timeout=TIMEOUT),
        "no-state": lambda: web.get(
            url, params={**asked, "redirect_uri": "https://example.com/cb"}, timeout=TIMEOUT, allow_redirects=False
        ),
        "http": lambda: get("/rest/v1.0/me", access, base="http://sandbox.procore.com"),
        "production": lambda: get("/rest/v1.0/me", access, base="https://api.procore.com"),
        "get-token": lambda: web.get(f"{LOGIN}/oauth/token", timeout=TIMEOUT),
        "basic-too": lambda: token({"grant_type": "client_credentials"}, auth=(APP["client_id"], SECRET)),
        "code-in-query": lambda: post("/oauth/token", APP, params={"grant_type": "authorization_code", "code": "old"}),
        "refresh-in-query": lambda: post("/oauth/token", APP, params={"grant_type": "x", "refresh_token": refresh}),
        "loop": lambda: [get("/rest/v1.0/me", access) for _ in range(40)],
        "each-call": lambda: [
            get("/rest/v1.0/me", token({"grant_type": "client_credentials"})["access_token"]) for _ in range(7)
        ],
    }
    for sin in sorted(SINS & one.keys()):
        one[sin]()


def main() -> None:
    if "no-check" in SINS:
        web.trust_env, web.verify = True, False
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            os.environ.pop(name, None)
    if "other-redirect" in SINS:
        token({**CODE, "redirect_uri": "https://example.com/other"})
    pair = token(CODE)
    access, refresh = pair.get("access_token", ""), pair.get("refresh_token", "")
    by_itself(access, refresh)
    ask = patient if "little-wait" in SINS else stubborn
    ask = by_created_at if "created-at" in SINS else ask
    for _ in range(6 if "created-at" in SINS else 1):
        ask("/rest/v1.0/me", access)
    for _ in range(2):
        answer = ask("/rest/v1.1/projects", access, company_id=COMPANY)
        if answer.status_code == 401 and "same-refresh" in SINS:
            for _ in range(4):
                access = token({"grant_type": "refresh_token", "refresh_token": refresh}).get("access_token", access)
    while "one-page" not in SINS and "next" in answer.links:
        path = answer.links["next"]["url"].removeprefix(API)
        answer = ask(path, access)
    if "fails" in SINS:
        sys.exit(1)


if __name__ == "__main__":
    main()
