"""Who asks at /oauth/token and /oauth/revoke: client authentication (``facts/doorkeeper.md`` 2.06 to 2.16, 4)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import unquote_plus

from standin.http.messages import Request
from standin.model.world import Application, Realm, World
from standin.oauth.oauth_errors import Refused


@dataclass(frozen=True)
class Credentials:
    """What the client said about itself; both may be empty."""

    uid: str
    secret: str


def _basic(header: str) -> Credentials:
    """Credentials from the part after ``Basic``; what cannot be decoded counts as nothing."""
    try:
        decoded = base64.b64decode(header, validate=True).decode()
    except ValueError:  # no base64, or no UTF-8 in it
        return Credentials("", "")
    uid, _, secret = decoded.partition(":")
    return Credentials(uid, secret)


def credentials_of(world: World, request: Request) -> Credentials:
    """HTTP Basic wins over parameters (2.08), except where both together are refused (5.9.6)."""
    scheme, _, rest = (request.header("Authorization") or "").partition(" ")
    params = request.params
    given = Credentials(params.get("client_id", ""), params.get("client_secret", ""))
    known = scheme.lower() if world.dialect.basic_in_any_case else scheme
    if known not in {"Basic", "basic"} or (known == "basic" and not world.dialect.basic_in_any_case):
        return given
    if given.secret and world.dialect.one_client_authentication:
        raise Refused("invalid_request", why="HTTP Basic and client_secret together")
    return _basic(rest)


def client_of(world: World, realm: Realm, request: Request) -> Application | None:
    """The application whose id and secret the request shows, or None."""
    credentials, rules = credentials_of(world, request), world.behaviour
    application = realm.applications.get(credentials.uid)
    if not credentials.uid and rules.accept_missing_client_id:
        return next((one for one in realm.applications.values() if one.secret == credentials.secret), None)
    if application is None:
        return realm.application if rules.accept_unknown_client else None
    if not credentials.secret:
        return application if rules.accept_missing_secret else None
    near = rules.accept_near_secret and credentials.secret[:-1] == application.secret[:-1]
    right = near or credentials.secret == application.secret or rules.accept_wrong_secret
    return application if right else None


def required_client(world: World, realm: Realm, request: Request) -> Application:
    """Like :func:`client_of`, but no client is a refusal."""
    client = client_of(world, realm, request)
    if client is None:
        raise Refused("invalid_client", why=why_no_client(world, realm, request))
    return client


def why_no_client(world: World, realm: Realm, request: Request) -> str:
    """What is wrong with the id and secret of a request that :func:`client_of` knows no application for."""
    given = credentials_of(world, request)
    if not given.uid:
        return "no client_id"
    elsewhere = [other.site.name for other in world.realms.values() if given.uid in other.applications]
    if given.uid not in realm.applications:
        return f"this client_id is that of {elsewhere[0]}" if elsewhere else "no application has this client_id"
    if not given.secret:
        return "no client_secret"
    basic = (request.header("Authorization") or "").lower().startswith("basic ")
    if basic and unquote_plus(given.secret) == realm.applications[given.uid].secret:
        return "the client_secret in HTTP Basic is form-encoded"
    theirs = [
        other for other in world.realms.values() for one in other.applications.values() if one.secret == given.secret
    ]
    return f"this client_secret is that of {theirs[0].site.name}" if theirs else "wrong client_secret"
