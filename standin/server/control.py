"""What a client may ask of the stand-in itself: its variables, its log, its clock (``/.standin/…``).

For tests in any language. Answered to this machine alone, under its own names, and to no page of a browser.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from standin.http.messages import Answer, Request
from standin.model.frames import json_answer
from standin.model.world import World
from standin.server import log
from standin.server.certificates import LOCAL


@dataclass(frozen=True)
class Desk:
    """What is asked of: a world, and what makes the variables of a client anew, with a fresh code."""

    world: World
    variables: Callable[[], Mapping[str, Mapping[str, str]]]

    def answer(self, request: Request, peer: str) -> Answer:
        """The answer to a request for ``/.standin/…`` that came from this address."""
        if not _is_ours(request, peer):
            return _problem(403, "the stand-in is controlled from this machine alone, and by no page of a browser")
        asked = (request.method, request.path.removeprefix("/.standin/").rstrip("/"))
        if asked == ("GET", "env"):
            return json_answer(200, self.variables())
        if asked == ("GET", "requests"):
            with self.world.lock:
                return json_answer(200, [log.entry(exchange) for exchange in self.world.exchanges])
        if asked == ("POST", "clock"):
            return self._clock(request.params.get("move", ""))
        return _problem(404, "there are GET env, GET requests and POST clock with move=SECONDS")

    def _clock(self, move: str) -> Answer:
        try:
            seconds = float(move)
            if not abs(seconds) <= _FARTHEST:  # also what is no number
                raise ValueError
        except ValueError:
            return _problem(400, f"move takes seconds, at most {_FARTHEST}: move=5400")
        with self.world.lock:
            self.world.clock.move(seconds)
            return json_answer(200, {"now": self.world.clock.now})


_FARTHEST = 10 * 365 * 86400


def _problem(status: int, text: str) -> Answer:
    return json_answer(status, {"error": text})


def _is_ours(request: Request, peer: str) -> bool:
    name = request.origin.partition("://")[2].rpartition(":")[0] or request.origin.partition("://")[2]
    return (
        ipaddress.ip_address(peer.partition("%")[0]).is_loopback
        and name.strip("[]") in LOCAL
        and request.header("Origin") is None
    )
