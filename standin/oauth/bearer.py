"""Bearer tokens on protected resources (``facts/doorkeeper.md`` 8; RFC 6750)."""

from __future__ import annotations

import re

from standin.http.messages import Request
from standin.model.behaviour import Flaw
from standin.model.world import Realm, Token, World, trimmed
from standin.oauth.grants import retire

_BEARER = re.compile(r"bearer (.*)", re.IGNORECASE)


def bearer_of(request: Request) -> str:
    """The token that the request shows, or nothing.

    The scheme's case does not matter (8.13, 8.14), one space does (8.15); a query parameter counts only where
    there is no bearer header (8.11, 8.12, 8.21).
    """
    match = _BEARER.fullmatch(request.header("Authorization") or "")
    if match and match[1]:
        return match[1]
    params = request.params
    return params.get("access_token") or params.get("bearer_token") or ""


def flaw_of(world: World, token: Token) -> Flaw | None:
    """What is wrong with a token that exists; revoked wins over expired (8.10)."""
    if token.access_revoked:
        return Flaw.REVOKED
    return Flaw.EXPIRED if token.expired(world.clock.now) else None


def _find(world: World, realm: Realm, access: str, endpoint: str) -> Token | None:
    realms = world.realms.values() if world.behaviour.accept_other_sites_tokens else (realm,)
    found = (
        candidate.token_of_access(access) or _of_another_kind(world, candidate, access, endpoint)
        for candidate in realms
    )
    return next((token for token in found if token is not None), None)


def _of_another_kind(world: World, realm: Realm, shown: str, endpoint: str) -> Token | None:
    """The token that something stands for which is no access token, where a fault lets it serve as one."""
    rules = world.behaviour
    kinds = rules.bearer_kinds if not rules.accept_bearer_at or endpoint in rules.accept_bearer_at else ()
    if "refresh" in kinds and realm.token_of_refresh(shown):
        return realm.token_of_refresh(shown)
    if "code" in kinds and shown in realm.codes:
        return _guest(world, realm)
    near = [number for access, number in realm.by_access.items() if access[:-1] == shown[:-1]]
    return realm.tokens[near[0]] if "near" in kinds and near else None


def authenticate(world: World, realm: Realm, request: Request, endpoint: str) -> Token | Flaw:
    """The live token of the request, or what is wrong with it."""
    access = bearer_of(request)
    if world.behaviour.connections_remember_token and request.connection:
        access = world.bearers[request.connection] = access or world.bearers.get(request.connection, "")
        trimmed(world.bearers)
    token = _find(world, realm, access, endpoint) if access else None
    if token is None:
        flaw = Flaw.UNKNOWN if access else Flaw.MISSING
        return _guest(world, realm) if _accepted(world, flaw, endpoint) else flaw
    worn = flaw_of(world, token)
    if worn is not None:
        return token if _accepted(world, worn, endpoint) else worn
    if token.previous is not None and world.behaviour.old_pair_lives_until_use:
        retire(world, realm, token.previous)
    return token


def _accepted(world: World, flaw: Flaw, endpoint: str) -> bool:
    rules = world.behaviour
    return flaw in rules.accept_bearer and (not rules.accept_bearer_at or endpoint in rules.accept_bearer_at)


def _guest(world: World, realm: Realm) -> Token:
    """Stands for the user where a fault lets anybody in."""
    return Token(0, "", None, realm.application.uid, True, world.clock.now, world.behaviour.token_lifetime)
