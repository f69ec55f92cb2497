"""What goes wrong in a scenario: modifiers that strike once, at calls that would have gone well."""

from __future__ import annotations

import math
import time
from dataclasses import replace

from standin.cases.bending import Edit, body, header, status, wire
from standin.http.messages import Answer, Request, Wire
from standin.model.world import Modifier, World

PAUSE = 0.3
"""Seconds that refusals take, so that what comes after one can be told from what was on its way already."""
_LIST_HEADERS = ("Link", "Total", "Per-Page")


def _is_rest(request: Request) -> bool:
    return request.path.startswith("/rest/")


def _edited(answer: Answer, *edits: Edit) -> Answer:
    for edit in edits:
        answer = edit(answer)
    return answer


def _instead(answer: Answer, number: int, text: str, *headers: tuple[str, str]) -> Answer:
    """An error in place of a list or an object, after a pause."""
    gone = tuple(header(name, None) for name in _LIST_HEADERS)
    new = tuple(header(name, value) for name, value in headers)
    edits = (status(number), body({"errors": [text]}), wire(Wire(delay=PAUSE)))
    return _edited(answer, *edits, *gone, *new).noting(text)


def tokens_die(*, refresh_tokens: bool = False) -> Modifier:
    """After the first call that went well, all access tokens are expired; on demand the refresh tokens are used up."""
    done = False

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        nonlocal done
        if _is_rest(request) and answer.ok and not done:
            done = True
            for realm in world.realms.values():
                for token in list(realm.tokens.values()):
                    dead = token.refresh_revoked or refresh_tokens
                    old = token.created_at - token.expires_in - 1
                    realm.keep(replace(token, created_at=old, refresh_revoked=dead))
        return answer

    return modify


def refusals_pause(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
    """In all scenarios: what is refused takes a moment."""
    plain = answer.wire == Wire()
    return answer.on_wire(Wire(delay=PAUSE)) if answer.status >= 400 and plain else answer


def held(seconds: float) -> Modifier:
    """The first call that goes well, and all that come meanwhile, are answered after so many seconds."""
    until = 0.0

    def modify(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
        nonlocal until
        now = time.monotonic()
        if not _is_rest(request) or not answer.ok:
            return answer
        until = until or now + seconds
        return answer.on_wire(Wire(delay=until - now)) if now < until else answer

    return modify


def over_the_limit(seconds: int, *, retry_after: bool) -> Modifier:
    """The first call that would go well, and all others for so many seconds, get 429."""
    until = 0.0

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        nonlocal until
        now = time.monotonic()
        if not _is_rest(request) or answer.status in {401, 404}:
            return answer
        until = until or now + seconds
        if now >= until:
            return answer
        left = math.ceil(until - now)
        wait = (("Retry-After", str(left)),) if retry_after else ()
        text = "You have surpassed the max number of requests for an hour. Please wait until your limit resets."
        spent = (("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Reset", str(world.clock.now + left)))
        return _instead(answer, 429, text, *spent, *wait)

    return modify


def unavailable_once(retry_after: int) -> Modifier:
    """The first call that would go well gets 503."""
    done = False

    def modify(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
        nonlocal done
        if not _is_rest(request) or not answer.ok or done:
            return answer
        done = True
        return _instead(answer, 503, "The service is temporarily unavailable.", ("Retry-After", str(retry_after)))

    return modify


def dropped_once() -> Modifier:
    """The first call that would go well is not answered, and its connection closed."""
    done = False

    def modify(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
        nonlocal done
        if not _is_rest(request) or request.method not in {"GET", "HEAD"} or not answer.ok or done:
            return answer
        done = True
        return answer.on_wire(Wire(drop=True)).noting("the connection is closed without an answer")

    return modify


def slow(seconds: float, *, tokens: int, calls: int) -> Modifier:
    """The first so many answers with tokens, and as many of the REST API, take their time."""
    left = {True: calls, False: tokens}

    def modify(request: Request, answer: Answer, world: World) -> Answer:  # noqa: ARG001 - the modifier's own signature
        rest = _is_rest(request)
        if (not rest and answer.endpoint != "token") or not answer.ok or not left[rest]:
            return answer
        left[rest] -= 1
        return answer.on_wire(Wire(delay=seconds))

    return modify
