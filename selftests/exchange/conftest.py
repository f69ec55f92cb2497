"""What the tests of the client share: a client of a scripted host."""

from __future__ import annotations

from typing import Any

import pytest

from quickstart.exchange import client, proxies, reading
from quickstart.exchange.client import Client
from selftests.support.scripted import Host, Scripted


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of a scripted host, and the host: to be called with its answers."""

    def made(*script: Scripted, limit: int = 9, timeout: float = 20.0, **more: Any) -> tuple[Client, Host]:
        host = Host(script or [(200, {})])
        monkeypatch.setattr(client, "time", host)
        monkeypatch.setattr(reading, "time", host)
        monkeypatch.setattr(client, "Session", host.session)
        monkeypatch.setattr(proxies, "to", lambda url: {"https": f"http://proxy.of/{url}"})
        hosts = frozenset({"sandbox.procore.com", "127.0.0.1"})
        return Client(hosts=hosts, limit=limit, timeout=timeout, say=host.said.append, **more), host

    return made
