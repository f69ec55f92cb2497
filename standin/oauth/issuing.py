"""New tokens, and the answer that hands them out."""

from __future__ import annotations

from typing import Any

from standin.http.messages import Answer
from standin.model.dialects import Shape
from standin.model.frames import json_answer
from standin.model.world import Application, Realm, Token, World
from standin.oauth.oauth_errors import no_store


def _access_string(world: World, realm: Realm, application: Application, user: bool) -> str:
    if world.dialect.access_token is not Shape.JWT:
        return world.mint.secret(world.dialect.access_token)
    # Claim names and the distances between the times as in the one live token seen (facts/procore-api.md 2).
    now = world.clock.now
    caller = realm.directory.user if user else realm.directory.service_account
    claims = {
        "amr": ["pwd"] if user else [],
        "aid": application.uid,
        "aouid": 7301,
        "aouuid": "3f0c2f1e-5d1b-4c0e-9a57-0d6c2b7a1e11",
        "uid": caller.id,
        "uuid": "8a4b7c1d-2e3f-4a5b-8c6d-7e8f9a0b1c2d",
        "siat": now - 20,
        "exp": now + world.behaviour.token_lifetime,
        "last_mfa_check": now,
    }
    return world.mint.jwt(claims)


def _reusable(world: World, realm: Realm, application: Application, user: bool) -> Token | None:
    """The live token that ``reuse_access_token`` hands out again."""
    if not world.behaviour.reuse_access_token:
        return None
    now = world.clock.now
    fitting = (
        token
        for token in realm.tokens.values()
        if token.application == application.uid
        and token.user == user
        and not token.access_revoked
        and token.remaining(now) > 0
    )
    return next(fitting, None)


def issue(world: World, realm: Realm, application: Application, *, user: bool, replaced: Token | None = None) -> Token:
    """A new token. A user's token has a refresh token, the application's own has none.

    ``replaced`` is the token that a refresh puts to death; what is not rotated is taken over from it.
    """
    rules = world.behaviour
    reused = None if replaced else _reusable(world, realm, application, user)
    if reused:
        return reused
    access = _access_string(world, realm, application, user)
    refresh = world.mint.secret(world.dialect.refresh_token or world.dialect.secret) if user else None
    if replaced and not rules.rotate_access_token:
        access = replaced.access
    if replaced and not rules.rotate_refresh_token:
        refresh = replaced.refresh
    realm.issued += 1
    token = Token(
        id=realm.issued,
        access=access,
        refresh=refresh,
        application=application.uid,
        user=user,
        created_at=world.clock.now,
        expires_in=rules.token_lifetime,
        previous=replaced.id if replaced else None,
    )
    if not rules.issue_dead_tokens:
        realm.by_access[access] = token.id
    if refresh:
        realm.by_refresh[refresh] = token.id
    return realm.keep(token)


def token_answer(world: World, token: Token) -> Answer:
    """The body of a successful /oauth/token, key order included (2.01, 5.01)."""
    dialect = world.dialect
    body: dict[str, Any] = {
        "access_token": token.access,
        "token_type": dialect.token_type,
        "expires_in": token.remaining(world.clock.now),
    }
    if token.refresh:
        body["refresh_token"] = token.refresh
    if dialect.scope_in_token:
        body["scope"] = " ".join(dialect.scopes)
    body["created_at"] = token.created_at
    return json_answer(200, body, *no_store(dialect))
