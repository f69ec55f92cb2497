"""How requests are sent: with the credentials alone, no cookie kept, no redirect looked at."""

from base64 import b64encode
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote_plus

import requests
from requests.auth import AuthBase

from quickstart.exchange import trust
from quickstart.upstream import interim


def basic(client_id: str, client_secret: str) -> str:
    """Return what follows ``Basic`` where both are sent so: each as a form has it (RFC 6749 section 2.3.1)."""
    return b64encode(f"{quote_plus(client_id)}:{quote_plus(client_secret)}".encode()).decode()


class Credentials(AuthBase):
    """Sets the bearer, HTTP Basic, or nothing. Handing over any auth keeps a ~/.netrc entry from replacing it."""

    def __init__(self, token: str | None, client: tuple[str, str] | None = None) -> None:
        self._token = token
        self._client = client

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Set the header, or leave it out."""
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        elif self._client is not None:
            request.headers["Authorization"] = f"Basic {basic(*self._client)}"
        return request


class Session(requests.Session):
    """Keeps connections and nothing else: no cookie of an answer goes along with a later request.

    It never looks at a Location: requests would parse it even where it is not followed, and die of a malformed one.
    """

    def __init__(self, *, live: bool) -> None:
        super().__init__()
        # requests would read the whole environment for each request: proxies come from the client, trust from here.
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if live:
            interim.pass_over()
            trust.believe(self)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return that there is nothing to follow."""
