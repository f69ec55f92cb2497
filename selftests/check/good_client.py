"""A good client of Procore's, as small as it can be: what an integration's own test looks like.

Reads PROCORE_* and the proxy from its environment; ends with 0 if it has read all projects of its company, else with 1.
"""

import os
import random
import sys
import time
from typing import Any

import requests

LOGIN = os.environ.get("PROCORE_LOGIN_URL", "https://login-sandbox.procore.com")
API = os.environ.get("PROCORE_API_URL", "https://sandbox.procore.com")
COMPANY = os.environ["PROCORE_COMPANY_ID"]
TIMEOUT, TRIES, LEEWAY = 15, 5, 60
APP = {"client_id": os.environ["PROCORE_CLIENT_ID"], "client_secret": os.environ["PROCORE_CLIENT_SECRET"]}
CODE = {
    "grant_type": "authorization_code",
    "code": os.environ["PROCORE_AUTHORIZATION_CODE"],
    "redirect_uri": os.environ["PROCORE_REDIRECT_URI"],
}


class Client:
    """Holds one pair of tokens, and the time until which it is good by our own clock."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.grant = CODE
        self.access, self.good_until = "", 0.0

    def renew(self) -> None:
        """Exchange the code or the refresh token, once: neither works twice."""
        answer = self.session.post(f"{LOGIN}/oauth/token", data={**APP, **self.grant}, timeout=TIMEOUT)
        if not answer.ok:
            sys.exit(f"authorize again: {answer.status_code} {answer.json().get('error')}")
        said = answer.json()
        self.grant = {"grant_type": "refresh_token", "refresh_token": said["refresh_token"]}
        self.access = said["access_token"]
        self.good_until = time.monotonic() + said["expires_in"] - min(LEEWAY, said["expires_in"] / 2)

    def get(self, url: str, **query: str) -> requests.Response:
        """Ask, wait where one is asked to, refresh once where the token is refused."""
        renewed = False
        for number in range(TRIES):
            if time.monotonic() >= self.good_until:
                self.renew()
            headers = {"Authorization": f"Bearer {self.access}", "Procore-Company-Id": COMPANY}
            try:
                answer = self.session.get(url, params=query or None, headers=headers, timeout=TIMEOUT)
            except requests.ConnectionError as problem:
                if isinstance(problem, requests.exceptions.SSLError):
                    raise
                time.sleep(2**number / 4)
                continue
            if answer.status_code == 401 and not renewed:
                renewed = True
                self.renew()
            elif answer.status_code in (429, 502, 503):
                pause = 2**number / 2 * (1 + random.random() / 2)  # noqa: S311 - jitter
                time.sleep(float(answer.headers.get("Retry-After", pause)))
            else:
                answer.raise_for_status()
                return answer
        sys.exit(f"gave up on {url} after {TRIES} tries")

    def all(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Every item of a list, page after page along the links."""
        answer = self.get(API + path, **query)
        items: list[dict[str, Any]] = answer.json()
        while "next" in answer.links:
            answer = self.get(answer.links["next"]["url"])
            items += answer.json()
        return items


if __name__ == "__main__":
    client = Client()
    client.get(f"{API}/rest/v1.0/me")
    companies = client.all("/rest/v1.0/companies")
    projects = client.all("/rest/v1.1/projects", company_id=COMPANY)
    assert COMPANY in [str(one["id"]) for one in companies]
    print(f"{len(companies)} companies, {len(projects)} projects")
