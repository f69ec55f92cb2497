"""POST /oauth/introspect (RFC 7662), as Doorkeeper 5 has it: ``token_introspection.rb``, ``facts/doorkeeper.md`` 10."""

from __future__ import annotations

from standin.http.messages import Answer, Request
from standin.model.behaviour import Flaw
from standin.model.frames import REVALIDATE, bare, json_answer, no_route
from standin.model.world import Realm, Token, World
from standin.oauth.bearer import bearer_of, flaw_of
from standin.oauth.clients import credentials_of, required_client
from standin.oauth.oauth_errors import Refused, not_authorized, refusal, token_refusal


def introspect(world: World, realm: Realm, request: Request) -> Answer:
    """Whether a token lives, and whose it is. Who asks shows a client's credentials, or another token of its own."""
    dialect = world.dialect
    if not dialect.introspection:
        return no_route(request)
    if not request.readable:
        return bare(400)
    value = request.params.get("token", "")
    token = realm.token_of_access(value) or realm.token_of_refresh(value)
    try:
        if credentials_of(world, request).uid:
            client = required_client(world, realm, request)
            return _told(world, token if token and token.application == client.uid else None)
    except Refused as refused:
        return refusal(dialect, refused)
    asking = realm.token_of_access(bearer_of(request))
    if asking is None:
        return not_authorized(dialect).noting("neither client credentials nor a token that is known")
    flaw = flaw_of(world, asking)
    if flaw is None and (token is None or token.id == asking.id or token.application != asking.application):
        flaw = Flaw.UNKNOWN
    if flaw is not None:
        return token_refusal(dialect, flaw).noting("the token may not ask about this one")
    return _told(world, token)


def _told(world: World, token: Token | None) -> Answer:
    """What is dead, unknown or another client's is not active, and no more is said."""
    if token is None or flaw_of(world, token) is not None:
        return json_answer(200, {"active": False}, REVALIDATE)
    dialect = world.dialect
    times = [("exp", token.created_at + token.expires_in), ("iat", token.created_at)]
    body = {
        "active": True,
        "scope": " ".join(dialect.scopes),
        "client_id": token.application,
        "token_type": dialect.token_type,
        **dict(times[::-1] if dialect.introspection_expiry_last else times),
    }
    return json_answer(200, body, REVALIDATE)
