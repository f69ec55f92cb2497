"""OAuth refusals: error codes, texts, statuses and the WWW-Authenticate header (``facts/doorkeeper.md`` 3 to 7)."""

from __future__ import annotations

from standin.http.messages import Answer, Headers
from standin.model.behaviour import Flaw
from standin.model.dialects import Dialect
from standin.model.frames import json_answer

_TEXTS = {
    "invalid_request": (
        "The request is missing a required parameter, includes an unsupported parameter value, "
        "or is otherwise malformed."
    ),
    "invalid_client": (
        "Client authentication failed due to unknown client, no client authentication included, "
        "or unsupported authentication method."
    ),
    "invalid_grant": (
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in "
        "the authorization request, or was issued to another client."
    ),
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization server.",
    "unsupported_response_type": "The authorization server does not support this response type.",
    "access_denied": "The resource owner or authorization server denied the request.",
    "unauthorized_client": "You are not authorized to revoke this token",
}
_NOT_AUTHORIZED = (
    "Request needs to be authorized. Required parameter for authorizing the request is missing or invalid."
)

_FLAWS = {
    Flaw.MISSING: "The access token is invalid",
    Flaw.UNKNOWN: "The access token is invalid",
    Flaw.EXPIRED: "The access token expired",
    Flaw.REVOKED: "The access token was revoked",
}


class Refused(Exception):
    """The server refuses, with an OAuth error code and, for invalid_request, the parameter that is missing.

    ``why`` is what the server knows and does not tell: it goes into the log of the stand-in.
    """

    def __init__(self, error: str, missing: str = "", *, why: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.missing = missing
        self.why = why

    @property
    def note(self) -> str:
        """The refusal as the log has it."""
        said = self.why or (f"{self.missing} is missing" if self.missing else "")
        return f"{self.error}: {said}" if said else self.error


def description(dialect: Dialect, refused: Refused) -> str:
    """The error_description; only newer versions name the missing parameter."""
    if refused.missing and dialect.names_missing_parameter:
        return f"Missing required parameter: {refused.missing}."
    if refused.error == "invalid_redirect_uri":
        return dialect.invalid_redirect_text
    if refused.error == "invalid_code_challenge_method":
        return dialect.challenge_text
    return _TEXTS[refused.error]


def no_store(dialect: Dialect) -> Headers:
    """The caching headers of tokens and refusals; Pragma is not sent by every version."""
    store = (("Cache-Control", "no-store"),)
    return (*store, ("Pragma", "no-cache")) if dialect.pragma else store


def challenge(error: str, text: str) -> tuple[str, str]:
    """The WWW-Authenticate header (RFC 6750 3)."""
    return ("WWW-Authenticate", f'Bearer realm="Doorkeeper", error="{error}", error_description="{text}"')


def refusal(dialect: Dialect, refused: Refused) -> Answer:
    """The answer of /oauth/token to a request it refuses."""
    text = description(dialect, refused)
    status = 401 if refused.error == "invalid_client" else dialect.refusal_status
    body = {"error": refused.error, "error_description": text}
    return json_answer(status, body, *no_store(dialect), challenge(refused.error, text)).noting(refused.note)


def info_refusal(dialect: Dialect) -> Answer:
    """The answer of /oauth/token/info to a token it does not like: no reason is told (6.04 to 6.07)."""
    known = dialect.info_error == "invalid_token"
    text = _FLAWS[Flaw.UNKNOWN] if known else _TEXTS[dialect.info_error]
    body = {"error": dialect.info_error, "error_description": text}
    if dialect.info_error_state:
        body["state"] = "unauthorized"
    return json_answer(401, body, *no_store(dialect), challenge(dialect.info_error, text))


def not_authorized(dialect: Dialect) -> Answer:
    """The answer of /oauth/introspect to somebody who shows neither client credentials nor a token."""
    body = {"error": "invalid_request", "error_description": _NOT_AUTHORIZED}
    return json_answer(400, body, *no_store(dialect), challenge("invalid_request", _NOT_AUTHORIZED))


def token_refusal(dialect: Dialect, flaw: Flaw) -> Answer:
    """The answer of /oauth/introspect to a bearer token that may not ask."""
    body = {"error": "invalid_token", "error_description": _FLAWS[flaw], "state": "unauthorized"}
    return json_answer(401, body, *no_store(dialect), challenge("invalid_token", _FLAWS[flaw]))


def bearer_refusal(dialect: Dialect, flaw: Flaw) -> Answer:
    """The answer of a protected resource: an empty body, and the reason in the header (section 8)."""
    body_type = ("Content-Type", "text/html")
    return Answer(401, (*no_store(dialect), challenge("invalid_token", _FLAWS[flaw]), body_type))
