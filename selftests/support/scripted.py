"""A host that answers a client as a script says, without sockets, and a clock that moves when somebody sleeps."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

Scripted = tuple[int, Mapping[str, str]] | Exception  # status and headers, or what is raised
DATE = {"Date": "Tue, 14 Nov 2023 22:13:20 GMT"}
NOW = 1_700_000_000  # Unix seconds of DATE


class _Body(io.BytesIO):
    """A body that takes its time."""

    def __init__(self, host: Host) -> None:
        super().__init__(host.body)
        self._host = host

    def read(self, size: int | None = -1, /) -> bytes:
        self._host.now += self._host.slow
        return super().read(size)


@dataclass
class Host(BaseAdapter):
    """Answers as the script says, again and again with its last line, and counts; each answer takes a second."""

    script: Sequence[Scripted]
    now: float = 1000.0
    said: list[str] = field(default_factory=list)
    asked: list[tuple[requests.PreparedRequest, dict[str, Any]]] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    body: bytes = b"{}"
    slow: float = 0.0
    """Seconds that each part of a body takes."""

    def __post_init__(self) -> None:
        super().__init__()

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        self.asked.append((request, how))
        self.now += 1
        answer = self.script[min(len(self.asked), len(self.script)) - 1]
        if isinstance(answer, Exception):
            raise answer
        status, headers = answer
        raw = urllib3.HTTPResponse(_Body(self), headers, status, preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        self.closed += 1

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def session(self, *, live: bool) -> requests.Session:
        self.opened += live  # a client that replays opens none
        made = requests.Session()
        made.mount("https://", self)
        made.mount("http://", self)
        return made
