"""How the versions of the login service differ, as data: the columns of ``facts/doorkeeper.md``.

``procore`` is what Procore publishes: the frame of Doorkeeper 4.x, with newer texts and JWT access tokens
(``facts/procore-api.md`` 0 and 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """What an opaque string looks like."""

    HEX_64 = "64 hex digits"
    BASE64URL_43 = "43 base64url characters"
    JWT = "three base64url parts, ES512"
    PRINTABLE = "any visible ASCII, spaces inside"


@dataclass(frozen=True)
class Dialect:
    """One version's habits. Case numbers are those of ``facts/doorkeeper.md``; defaults are those of 5.5.0."""

    name: str
    access_token: Shape = Shape.BASE64URL_43
    secret: Shape = Shape.BASE64URL_43
    """Refresh tokens and codes."""
    refresh_token: Shape | None = None
    """Of refresh tokens, where they look different."""
    token_type: str = "Bearer"  # noqa: S105 - a name, no secret
    scopes: tuple[str, ...] = ("public",)
    scope_in_token: bool = True
    info_scope_key: str = "scope"
    info_expiry_key: str = "expires_in"
    refusal_status: int = 400
    """Of every OAuth error but invalid_client (section 4)."""
    info_error: str = "invalid_token"
    info_error_state: bool = True
    pragma: bool = True
    names_missing_parameter: bool = True
    missing_code_error: str = "invalid_request"
    """3.09; in 4.2.6 a missing code is a wrong grant, found after the client was checked (4.15)."""
    invalid_redirect_text: str = "The requested redirect uri is malformed or doesn't match client redirect URI."
    authorize_client_error_status: int = 200
    authorize_error_status: int = 200
    native_code_path: str = "/oauth/authorize/native?code="
    oob_for_any_client: bool = False
    """1.22."""
    one_client_authentication: bool = False
    """2.07 and 2.08: Basic and body credentials together are refused."""
    basic_in_any_case: bool = False
    """2.16."""
    refresh_without_client: bool = False
    """5.17 and 5.18."""
    revoke_refusal: bool = True
    """7.07 to 7.12: 403, or else 200 without effect."""
    revoke_honours_hint: bool = False
    """7.25 and 7.26."""
    revoke_expired_by_refresh: bool = False
    """7.28 and 7.29."""
    introspection: bool = True
    """10.01 to 10.03."""
    introspection_expiry_last: bool = False
    """10.01: whether iat comes before exp."""
    pkce: bool = True
    """RFC 7636 is checked; else its parameters are ignored."""
    challenge_text: str = "The code challenge method must be plain or S256."
    challenge_by_line: bool = True
    """5.5.0 looks for a line that is ``plain`` or ``S256``; later ones compare the whole value."""
    compares_redirect_uris: bool = True
    """Doorkeeper 5's URIChecker: a registered query counts in any order, a port of 127.0.0.1 does not."""


DOORKEEPER_4_2_6 = Dialect(
    name="4.2.6",
    access_token=Shape.HEX_64,
    secret=Shape.HEX_64,
    token_type="bearer",  # noqa: S106 - a name, no secret
    scopes=("public",),
    scope_in_token=False,
    info_scope_key="scopes",
    info_expiry_key="expires_in_seconds",
    refusal_status=401,
    info_error="invalid_request",
    info_error_state=False,
    names_missing_parameter=False,
    missing_code_error="invalid_grant",
    invalid_redirect_text="The redirect uri included is not valid.",
    native_code_path="/oauth/authorize/",
    oob_for_any_client=True,
    refresh_without_client=True,
    revoke_refusal=False,
    introspection=False,
    pkce=False,
    compares_redirect_uris=False,
)
DOORKEEPER_5_5_0 = Dialect(name="5.5.0")
DOORKEEPER_5_9_6 = Dialect(
    name="5.9.6",
    pragma=False,
    authorize_client_error_status=401,
    authorize_error_status=400,
    one_client_authentication=True,
    basic_in_any_case=True,
    revoke_honours_hint=True,
    revoke_expired_by_refresh=True,
    introspection_expiry_last=True,
    challenge_text="The code_challenge_method must be one of plain, S256.",
    challenge_by_line=False,
)
PROCORE = Dialect(
    name="procore",
    access_token=Shape.JWT,
    secret=Shape.HEX_64,
    token_type="bearer",  # noqa: S106 - a name, no secret
    scopes=(),
    scope_in_token=False,
    info_scope_key="scopes",
    info_expiry_key="expires_in_seconds",
    refusal_status=401,
    info_error="invalid_request",
    info_error_state=False,
    native_code_path="/oauth/authorize/",
    revoke_refusal=False,
    introspection=False,
    pkce=False,
    compares_redirect_uris=False,
)

DIALECTS = {each.name: each for each in (PROCORE, DOORKEEPER_4_2_6, DOORKEEPER_5_5_0, DOORKEEPER_5_9_6)}
