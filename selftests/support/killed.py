"""``python killed.py POINT PYTEST_ARGUMENTS...``: a run that dies by SIGKILL at one point of its refresh."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quickstart.credentials import token_cache
from quickstart.exchange import client
from quickstart.exchange.messages import Request

POINTS = (
    "before the note",
    "note half written",
    "note written",
    "request about to be sent",
    "answer received",
    "tokens half written",
    "tokens written, not renamed",
    "tokens renamed",
)


def die() -> None:
    """No clean-up of any kind happens."""
    os.kill(os.getpid(), signal.SIGKILL)


class Killer:
    """Counts saves and sendings, and kills at the point."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.saves = 0

    def arm(self) -> None:
        """Put the point into the product's way."""
        cache: Any = token_cache.TokenCache
        cache.save = self._around_save(cache.save)
        sender: Any = client.Client
        sender.send = self._around_send(sender.send)
        system: Any = os
        system.fsync = self._before_fsync(os.fsync)
        path: Any = Path
        path.replace = self._before_replace(path.replace)

    def _at(self, point: str) -> None:
        if self.point == point:
            die()

    def _around_save(self, save: Callable[..., None]) -> Callable[..., None]:
        def saving(cache: object, state: object) -> None:
            self.saves += 1
            if self.saves == 1:
                self._at("before the note")
            save(cache, state)
            self._at(("note written", "tokens renamed")[self.saves - 1])

        return saving

    def _around_send(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sending(sender: object, request: Request, *more: Any) -> Any:
            refreshing = request.form.get("grant_type") == "refresh_token"
            if refreshing:
                self._at("request about to be sent")
            reply = send(sender, request, *more)
            if refreshing:
                self._at("answer received")
            return reply

        return sending

    def _before_fsync(self, fsync: Callable[[Any], None]) -> Callable[[Any], None]:
        def synchronising(handle: Any) -> None:
            if self.saves and self.point == ("note half written", "tokens half written")[self.saves - 1]:
                os.truncate(handle, os.fstat(handle).st_size // 2)
                die()
            fsync(handle)

        return synchronising

    def _before_replace(self, replace: Callable[..., Path]) -> Callable[..., Path]:
        def replacing(path: Path, target: Path) -> Path:
            if self.saves == 2:
                self._at("tokens written, not renamed")
            return replace(path, target)

        return replacing


if __name__ == "__main__":
    Killer(sys.argv[1]).arm()
    sys.exit(pytest.main(sys.argv[2:]))
