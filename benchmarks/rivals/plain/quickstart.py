"""The quick start with requests and jsonschema alone, as one would write it in an afternoon."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import requests

SCHEMAS = Path(__file__).parents[1] / "schemas"
LOGIN, API = os.environ["PROCORE_LOGIN_URL"], os.environ["PROCORE_API_URL"]
ID, SECRET = os.environ["PROCORE_CLIENT_ID"], os.environ["PROCORE_CLIENT_SECRET"]
COMPANY, FOREIGN = os.environ["PROCORE_COMPANY_ID"], os.environ["PROCORE_FOREIGN_COMPANY_ID"]
CODE, REDIRECT_URI = os.environ["PROCORE_AUTHORIZATION_CODE"], os.environ["PROCORE_REDIRECT_URI"]
session = requests.Session()


def right(answer: requests.Response, schema: str, status: tuple[int, ...] = (200,)) -> Any:
    """Return the body of an answer that has this status and fits this schema."""
    assert answer.status_code in status, f"{answer.url}: {answer.status_code}"
    body = answer.json()
    known = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    jsonschema.validate(body, known, format_checker=jsonschema.FormatChecker())
    return body


def post(path: str, **form: str) -> requests.Response:
    """Ask the login service."""
    return session.post(LOGIN + path, data={"client_id": ID, "client_secret": SECRET, **form}, timeout=10)


def get(base: str, path: str, token: str = "", company: str = "") -> requests.Response:
    """Ask with a token and for a company, or without."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Procore-Company-Id": company} if company else {}
    return session.get(base + path, headers=headers, timeout=10)


def refused(error: str, **form: str) -> None:
    """Assert that a request for a token is refused with this error."""
    body = right(post("/oauth/token", **form), "token_error", (400, 401))
    assert body["error"] == error, f"{body['error']} instead of {error}"


by_code = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}
refused("invalid_client", **by_code, code="no-such-code", client_secret="wrong")
refused("invalid_grant", **by_code, code="no-such-code")
given = post("/oauth/token", **by_code, code=CODE)
assert "no-store" in given.headers["Cache-Control"]
pair = right(given, "token")
access = pair["access_token"]
assert right(get(LOGIN, "/oauth/token/info", access), "token_info")["application"]["uid"] == ID
assert get(LOGIN, "/oauth/token/info").status_code == 401

right(get(API, "/rest/v1.0/me", access), "me")
assert COMPANY in [str(one["id"]) for one in right(get(API, "/rest/v1.0/companies", access), "companies")]
assert get(API, "/rest/v1.0/companies").status_code == 401
projects = right(get(API, f"/rest/v1.1/projects?company_id={COMPANY}", access, COMPANY), "projects")
assert all(one["active"] and str(one["company"]["id"]) == COMPANY for one in projects)
assert len({one["id"] for one in projects}) == len(projects)
first = projects[0]["id"]
assert right(get(API, f"/rest/v1.0/projects/{first}?company_id={COMPANY}", access, COMPANY), "project")["id"] == first
assert get(API, f"/rest/v1.1/projects?company_id={COMPANY}", company=COMPANY).status_code == 401
assert get(API, f"/rest/v1.1/projects?company_id={FOREIGN}", access, FOREIGN).status_code in {403, 404}

fresh = right(post("/oauth/token", grant_type="refresh_token", refresh_token=pair["refresh_token"]), "token")
assert fresh["access_token"] != access
assert fresh["refresh_token"] != pair["refresh_token"]
right(get(API, "/rest/v1.0/me", fresh["access_token"]), "me")
refused("invalid_grant", grant_type="refresh_token", refresh_token=pair["refresh_token"])
refused("invalid_grant", grant_type="refresh_token", refresh_token="no-such-token")
service = right(post("/oauth/token", grant_type="client_credentials"), "service_token")["access_token"]
refused("invalid_client", grant_type="client_credentials", client_secret="wrong")
right(get(API, "/rest/v1.0/me", service, COMPANY), "me")
assert post("/oauth/revoke", token=service).status_code == 200
assert get(API, "/rest/v1.0/me", service, COMPANY).status_code == 401
refused("invalid_grant", **by_code, code=CODE)
