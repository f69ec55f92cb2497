"""POST /oauth/token: the three grants and the order of their checks (``facts/doorkeeper.md`` 2 to 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from standin.http.messages import Answer, Request
from standin.model.frames import bare
from standin.model.world import Application, Code, Realm, Token, World
from standin.oauth import pkce
from standin.oauth.clients import client_of, credentials_of, required_client, why_no_client
from standin.oauth.issuing import issue, token_answer
from standin.oauth.oauth_errors import Refused, refusal
from standin.oauth.redirect_uris import same_as_asked

Grant = Callable[[World, Realm, Request], Token]


def exchange(world: World, realm: Realm, request: Request) -> Answer:
    """Answer a token request; what is refused changes nothing (3.06, 4.25)."""
    if not request.readable:
        return bare(400)
    try:
        token = _grant(world, request)(world, realm, request)
    except Refused as refused:
        return refusal(world.dialect, refused)
    return token_answer(world, token)


def _grant(world: World, request: Request) -> Grant:
    """The grant asked for. Its absence and a wrong name win over wrong credentials (4.12, 4.13)."""
    rules = world.behaviour
    name = request.params.get("grant_type", "")
    if not name and not rules.accept_missing_grant_type:
        raise Refused("invalid_request", "grant_type")
    if name in rules.refuse_grants:
        raise Refused("unsupported_grant_type", why=name)
    if name and name not in _GRANTS and not rules.accept_unknown_grant_type:
        raise Refused("unsupported_grant_type", why=name)
    return _GRANTS.get(name, _client_credentials)


def _authorization_code(world: World, realm: Realm, request: Request) -> Token:
    rules, params = world.behaviour, request.params
    value = params.get("code", "")
    if not value and world.dialect.missing_code_error == "invalid_request":
        raise Refused("invalid_request", "code")
    code = realm.codes.get(value)
    pkce.require_verifier(code, params)
    if not params.get("redirect_uri") and not rules.accept_missing_redirect_uri:
        raise Refused("invalid_request", "redirect_uri")
    client = required_client(world, realm, request)
    if code is None and value and rules.accept_unknown_code:
        return issue(world, realm, client, user=True)
    if code is None or not _redeemable(world, client, code, params.get("redirect_uri")):
        if code is not None and rules.burn_code_on_failure:
            realm.codes[value] = replace(code, used=True)
        raise Refused("invalid_grant", why=_why_not(world, client, code, params.get("redirect_uri")))
    if world.dialect.pkce and not pkce.fits(code, params.get("code_verifier", "")):
        raise Refused("invalid_grant", why="the code_verifier does not fit the code_challenge")
    realm.codes[value] = replace(code, used=True)
    return issue(world, realm, client, user=True)


def _redeemable(world: World, client: Application, code: Code, redirect_uri: str | None) -> bool:
    """Whether this client may have a token for this code now (section 3; ten minutes: 3.03, 3.04)."""
    rules = world.behaviour
    unused = not code.used or rules.accept_used_code
    fresh = world.clock.now <= code.created_at + rules.code_lifetime or rules.accept_expired_code
    own = code.application == client.uid or rules.accept_other_clients_code
    # A missing redirect_uri got this far only where that is accepted.
    matching = (
        not redirect_uri
        or same_as_asked(world.dialect, redirect_uri, code.redirect_uri)
        or rules.accept_wrong_redirect_uri
    )
    return unused and fresh and own and matching


def _why_not(world: World, client: Application, code: Code | None, redirect_uri: str | None) -> str:
    """What is wrong with a code that is not redeemable."""
    if code is None:
        return "no such code in this environment"
    if code.used:
        return "the code was used before"
    age = world.clock.now - code.created_at
    if age > world.behaviour.code_lifetime:
        return f"the code is {age} s old, and lives for {world.behaviour.code_lifetime}"
    if code.application != client.uid:
        return "the code was given to another application"
    return f"the code was asked for with redirect_uri {code.redirect_uri}, not {redirect_uri}"


def _refresh_token(world: World, realm: Realm, request: Request) -> Token:
    """The old pair dies at once (5.07, 5.08). The redirect_uri is ignored (5.21, 5.22), the token's age too (5.23)."""
    rules = world.behaviour
    value = request.params.get("refresh_token", "")
    if not value:
        raise Refused("invalid_request", "refresh_token")
    old = realm.token_of_refresh(value)
    if old is None and rules.accept_access_token_as_refresh:
        old = realm.token_of_access(value)
    if old is None and rules.accept_unknown_refresh_token:
        return issue(world, realm, required_client(world, realm, request), user=True)
    if old is None:
        raise Refused("invalid_grant", why="no such refresh_token in this environment")
    if old.refresh_revoked:
        raise Refused("invalid_grant", why="the refresh_token was used or revoked before")
    client = _refreshing_client(world, realm, request, old)
    if old.application != client.uid and not rules.accept_other_clients_refresh_token:
        raise Refused("invalid_grant", why="the refresh_token was given to another application")
    _check_scope(world, request)
    new = issue(world, realm, client, user=old.user, replaced=old)
    if not rules.old_pair_lives_until_use:
        retire(world, realm, old.id)
    return new


def _refreshing_client(world: World, realm: Realm, request: Request, old: Token) -> Application:
    """Who refreshes. No credentials at all is a wrong grant rather than a wrong client (5.17, 5.18)."""
    given = credentials_of(world, request)
    incomplete = not given.uid or not given.secret
    if incomplete and world.dialect.refresh_without_client:
        return realm.applications[old.application]
    client = client_of(world, realm, request)
    if client is None:
        raise Refused("invalid_client" if given.uid else "invalid_grant", why=why_no_client(world, realm, request))
    return client


def retire(world: World, realm: Realm, token_id: int) -> None:
    """Put the pair to death that a refresh replaced."""
    rules = world.behaviour
    realm.revoke(token_id, access=rules.revoke_old_access_token, refresh=rules.revoke_old_refresh_token)


def _client_credentials(world: World, realm: Realm, request: Request) -> Token:
    client = required_client(world, realm, request)
    _check_scope(world, request)
    return issue(world, realm, client, user=False)


def _check_scope(world: World, request: Request) -> None:
    """Scopes that the server does not know are refused (4.24, 5.25)."""
    asked = set(request.params.get("scope", "").split())
    if not asked <= set(world.dialect.scopes):
        raise Refused("invalid_scope", why=" ".join(sorted(asked - set(world.dialect.scopes))))


_GRANTS: dict[str, Grant] = {
    "authorization_code": _authorization_code,
    "refresh_token": _refresh_token,
    "client_credentials": _client_credentials,
}
