"""GET /oauth/token/info and POST /oauth/revoke (``facts/doorkeeper.md`` 6 and 7)."""

from __future__ import annotations

from standin.http.messages import Answer, Request
from standin.model.behaviour import Flaw
from standin.model.frames import REVALIDATE, bare, json_answer
from standin.model.world import Realm, Token, World
from standin.oauth.bearer import authenticate, flaw_of
from standin.oauth.clients import client_of, why_no_client
from standin.oauth.oauth_errors import Refused, description, info_refusal, refusal


def info(world: World, realm: Realm, request: Request) -> Answer:
    """What the token is good for. ``resource_owner_id`` is null for client credentials (6.03)."""
    token = authenticate(world, realm, request, "token-info")
    if isinstance(token, Flaw):
        return info_refusal(world.dialect).noting(f"invalid_token: {token.value}")
    dialect = world.dialect
    body = {
        "resource_owner_id": realm.directory.user.id if token.user else None,
        dialect.info_scope_key: list(dialect.scopes),
        dialect.info_expiry_key: token.remaining(world.clock.now),
        "application": {"uid": token.application},
        "created_at": token.created_at,
    }
    return json_answer(200, body, REVALIDATE)


def revoke(world: World, realm: Realm, request: Request) -> Answer:
    """Revoke a token and its partner. Unknown and missing tokens are answered alike (7.05, 7.06)."""
    if not request.readable:
        return bare(400)
    try:
        client = client_of(world, realm, request)
    except Refused as refused:
        return refusal(world.dialect, refused)
    token = _named(world, realm, request)
    rules = world.behaviour
    stranger = client is not None and token is not None and token.application != client.uid
    if rules.revoke_checks_client and (client is None or (stranger and rules.revoke_checks_owner)):
        return _not_yours(world).noting(
            "revoked nothing: "
            + (why_no_client(world, realm, request) if client is None else "another application's token")
        )
    if token is not None:
        for number in realm.tokens if rules.revokes_everything else (token.id,):
            realm.revoke(number, access="access" in rules.revokes, refresh="refresh" in rules.revokes)
    return json_answer(200, {}, REVALIDATE)


def _not_yours(world: World) -> Answer:
    """7.07 to 7.12: a refusal in 5.x, silence without effect in 4.x."""
    if not world.dialect.revoke_refusal:
        return json_answer(200, {}, REVALIDATE)
    refused = Refused("unauthorized_client")
    body = {"error": refused.error, "error_description": description(world.dialect, refused)}
    return json_answer(403, body, ("Cache-Control", "no-cache"))


def _named(world: World, realm: Realm, request: Request) -> Token | None:
    """The token to revoke: by access token or by refresh token. An expired one is left alone (7.21, 7.28)."""
    dialect, value = world.dialect, request.params.get("token", "")
    by_refresh = realm.token_of_refresh(value)
    if by_refresh is not None:
        spare = flaw_of(world, by_refresh) is Flaw.EXPIRED and not dialect.revoke_expired_by_refresh
        return None if spare else by_refresh
    if dialect.revoke_honours_hint and request.params.get("token_type_hint") == "refresh_token":
        return None
    by_access = realm.token_of_access(value)
    spare = by_access is not None and flaw_of(world, by_access) is Flaw.EXPIRED
    return None if spare else by_access
