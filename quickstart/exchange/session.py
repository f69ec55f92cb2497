"""How requests are sent, with the credentials alone, no cookie kept, no redirect looked at, and how answers begin."""

from base64 import b64encode
from email.errors import MissingHeaderBodySeparatorDefect
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote_plus

import requests
import urllib3.connection
from requests.auth import AuthBase

from quickstart.exchange import trust

MOST_INTERIM = 100  # answers before the final one: their text in the buffers of a socket takes seconds to read


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


class FinalResponse(HTTPResponse):
    """The answer that interim ones may come before, whatever they are: http.client knows 100 alone (RFC 9110 §15.2).

    101 is no interim answer: it says that what follows is another protocol, and nobody has asked for one.
    """

    def begin(self) -> None:
        """Read status and headers of the final answer.

        Raises:
            http.client.HTTPException: a line among the headers is none, after which http.client looks at no other; or
                more interim answers came than anybody sends.
        """
        for _ in range(MOST_INTERIM + 1):
            self.headers = None  # type: ignore[assignment]  # so that it begins again
            super().begin()
            if self.status not in range(100, 200) or self.status == HTTPStatus.SWITCHING_PROTOCOLS:
                break
        else:
            raise HTTPException(f"more than {MOST_INTERIM} interim answers")
        if any(isinstance(one, MissingHeaderBodySeparatorDefect) for one in self.headers.defects):
            raise HTTPException("a line among the headers is none")


# Of urllib3's own class: vcrpy records through that one alone, and would not see connections of another.
urllib3.connection.HTTPConnection.response_class = FinalResponse


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
            trust.believe(self)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return that there is nothing to follow."""
