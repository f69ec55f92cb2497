"""What the OpenAPI description cannot say: where tokens come from, what is ours, and what a refusal must be."""

import os
from functools import cache
from typing import Any

import requests
import schemathesis

LOGIN = os.environ["PROCORE_LOGIN_URL"]
COMPANY, FOREIGN = os.environ["PROCORE_COMPANY_ID"], os.environ["PROCORE_FOREIGN_COMPANY_ID"]
OURS = {
    "client_id": os.environ["PROCORE_CLIENT_ID"],
    "client_secret": os.environ["PROCORE_CLIENT_SECRET"],
    "redirect_uri": os.environ["PROCORE_REDIRECT_URI"],
}
ANOTHER = 2
"""What the description writes for a company that is not ours."""
pair: dict[str, Any] = {}
"""The tokens that live now."""


def _begin() -> None:
    code = {"grant_type": "authorization_code", "code": os.environ["PROCORE_AUTHORIZATION_CODE"], **OURS}
    pair.update(requests.post(f"{LOGIN}/oauth/token/", data=code, timeout=10).json())


@cache
def _first_project() -> int:
    """The id of a project of ours."""
    if not pair:
        _begin()
    headers = {"Authorization": f"Bearer {pair['access_token']}", "Procore-Company-Id": COMPANY}
    url = f"{os.environ['PROCORE_API_URL']}/rest/v1.1/projects?company_id={COMPANY}"
    return int(requests.get(url, headers=headers, timeout=10).json()[0]["id"])


@schemathesis.auth(refresh_interval=None, retry_on=[])
class Bearer:
    """The user's access token."""

    def get(self, case: Any, context: Any) -> str:  # noqa: ARG002 - their interface
        """Exchange the code, once."""
        if not pair:
            _begin()
        return "current"

    def set(self, case: Any, data: Any, context: Any) -> None:  # noqa: ARG002
        """Send what lives now: a refresh replaces it."""
        case.headers["Authorization"] = f"Bearer {pair['access_token']}"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ARG001
    """Write what is ours for the placeholders of the examples, and ids that exist."""
    if "id" in case.path_parameters:
        case.path_parameters["id"] = _first_project()
    if "company_id" in case.query:
        company = FOREIGN if case.query["company_id"] == ANOTHER else COMPANY
        case.query["company_id"] = case.headers["Procore-Company-Id"] = company
    if isinstance(case.body, dict):
        case.body = {name: _filled_in(name, value) for name, value in case.body.items()}


def _filled_in(name: str, value: Any) -> Any:
    if value == "current":
        if not pair:
            _begin()
        return pair["refresh_token"]
    return OURS[name] if value == "ours" else value


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001
    """Keep the pair that a refresh yields: the old one is dead."""
    if case.operation.path == "/oauth/token/" and response.status_code == 200:
        pair.update(response.json())


def _judge_grant(form: dict[str, Any], response: Any) -> None:
    member = {"authorization_code": "code", "refresh_token": "refresh_token"}.get(form.get("grant_type", ""), "")
    given = form.get(member)
    if member == "code" and "redirect_uri" not in form:
        return  # wrong in two ways
    if form.get("client_secret") == "wrong":
        error = "invalid_client"
    elif given in {"no-such-code", "no-such-token"}:
        error = "invalid_grant"
    else:
        return
    assert response.status_code in {400, 401}, f"accepted: {response.status_code}"
    assert response.json()["error"] == error, response.json()["error"]


@schemathesis.check
def refuses(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001
    """A wrong secret, a wrong code or refresh token, and somebody else's company are refused."""
    if case.operation.path.startswith("/oauth/token") and isinstance(case.body, dict):
        _judge_grant(case.body, response)
    company = str((case.query or {}).get("company_id", ""))
    if company == FOREIGN:
        assert response.status_code in {403, 404}, f"shown: {response.status_code}"


@schemathesis.check
class Works:
    """What is right is answered with 200, at least once."""

    def __init__(self) -> None:
        self.tried: set[str] = set()
        self.worked: set[str] = set()

    def after_response(self, ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG002
        """Remember what worked."""
        self.tried.add(case.operation.label)
        if response.status_code == 200:
            self.worked.add(case.operation.label)

    def after_run(self, ctx: Any) -> None:  # noqa: ARG002
        """Say what never did."""
        assert self.tried <= self.worked, f"never answered with 200: {sorted(self.tried - self.worked)}"


@schemathesis.check
def ours(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001
    """Our company is listed, and our projects are active and ours."""
    if response.status_code != 200:
        return
    if case.operation.path == "/rest/v1.0/companies":
        assert COMPANY in [str(one["id"]) for one in response.json()]
    if case.operation.path == "/rest/v1.1/projects":
        projects = response.json()
        assert all(one["active"] and str(one["company"]["id"]) == COMPANY for one in projects)
        assert len({one["id"] for one in projects}) == len(projects)
