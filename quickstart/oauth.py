"""Which token a run works with, and in which order the ways to get one are tried."""

import json
from dataclasses import dataclass

from quickstart.answer import Answer

REFUSALS_ALLOWED = 3  # of the token source in a run; more tries could lock an account out
FRESH_FOR = 300.0  # seconds that a cached token must still live to be worth starting a run with


@dataclass(frozen=True)
class Pair:
    """An access token, and the refresh token that came with it where there is one.

    ``expires_at`` is Unix seconds by our clock, computed from the time of receipt: a recorded ``created_at`` is past.
    """

    access_token: str
    refresh_token: str | None = None
    expires_at: float = 0.0


@dataclass(frozen=True)
class Credentials:
    """What a run may log in with. In replay these are the stand-ins that the recording left."""

    client_id: str
    client_secret: str
    redirect_uri: str
    company_id: int
    foreign_company_id: int
    authorization_code: str | None = None
    refresh_token: str | None = None
    cached: Pair | None = None


def error_code(answer: Answer) -> str:
    """Return the OAuth error code of an answer, or an empty text; the body need not be labelled as JSON."""
    try:
        document = json.loads(answer.content)
    except ValueError:
        return ""
    code = document.get("error") if isinstance(document, dict) else None
    return code if isinstance(code, str) else ""
