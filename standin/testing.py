"""The stand-in in tests of one's own: :func:`standin`, and the fixture ``procore`` for pytest.

.. code-block:: python

    pytest_plugins = ["standin.testing"]  # in conftest.py

    @pytest.mark.procore(projects=250, faults=["projects-app-not-installed"])
    def test_my_client(procore):
        client = MyClient(procore.url, procore.client_id, procore.client_secret, code=procore.code())
        procore.move_clock(5400)
        assert procore.log[-1]["status"] == 401

This module is the whole of the public interface; what else is in the package may change at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from standin.cases.mixing import Wanted, populating
from standin.model.hosts import site_named
from standin.server import log
from standin.server.running import Procore, serve

__all__ = ["StandIn", "procore", "standin"]


@dataclass(frozen=True)
class StandIn:
    """A stand-in that answers until the test ends."""

    _procore: Procore

    @property
    def url(self) -> str:
        """Base URL of login and REST API, plain http on this machine; also the proxy for Procore's own host names."""
        return self._procore.url

    @property
    def client_id(self) -> str:
        """The Client ID of the registered application."""
        return self._procore.variables["PROCORE_CLIENT_ID"]

    @property
    def client_secret(self) -> str:
        """Its Client Secret."""
        return self._procore.variables["PROCORE_CLIENT_SECRET"]

    @property
    def redirect_uri(self) -> str:
        """The first redirect URI that it registered."""
        return self._procore.variables["PROCORE_REDIRECT_URI"]

    @property
    def company_id(self) -> int:
        """The user's first company, in which the application is installed."""
        return int(self._procore.variables["PROCORE_COMPANY_ID"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a child process: this one's, plus credentials, a code, proxy and certificates."""
        return self._procore.fresh().environment

    @property
    def log(self) -> list[dict[str, Any]]:
        """What was asked and answered so far, oldest first; no secrets.

        Each has ``at`` (ISO 8601), ``method``, ``host``, ``path`` and ``status``, and, where there is one, ``query``,
        ``grant_type``, ``company`` (the header) and ``note``: what was wrong. At most the last 10,000.
        """
        with self._procore.world.lock:
            return [log.entry(exchange) for exchange in self._procore.world.exchanges]

    def code(self) -> str:
        """A fresh authorization code, as after the user clicked Allow. It lives for ten minutes, and works once."""
        return self._procore.code()

    def move_clock(self, seconds: float) -> None:
        """Let so many seconds pass for the stand-in (negative: go back)."""
        with self._procore.world.lock:
            self._procore.world.clock.move(seconds)


@contextmanager
def standin(
    *,
    data: Path | str | None = None,
    companies: int | None = None,
    projects: int | None = None,
    faults: Sequence[str] = (),
    rules: Mapping[str, object] | None = None,
    redirect_uris: Sequence[str] = (),
    dialect: str | None = None,
    site: str = "sandbox",
    clock_offset: float | None = None,
    seed: int = 0,
) -> Iterator[StandIn]:
    """Serve Procore until the block ends.

    Args:
        data: a JSON file with companies, projects and users of your own (``python -m standin serve --help``).
        companies: so many companies of the user's.
        projects: so many projects in the first of them.
        faults: ids of ``python -m standin --list-faults``.
        rules: what ``--set`` bends (``--list-rules``), such as ``{"token_lifetime": 60, "paging.default_size": 2}``.
        redirect_uris: what the application registered; by default the out-of-band one of the guide.
        dialect: ``procore``, or a version of Doorkeeper.
        site: ``sandbox``, ``monthly-sandbox`` or ``production``.
        clock_offset: seconds by which the server's clock is wrong.
        seed: of all ids, tokens and codes.

    Raises:
        ValueError: something of that does not exist or cannot be had together; in one sentence.
    """
    wanted = Wanted(
        faults=faults,
        dialect=dialect,
        settings=[f"{name}={_text(value)}" for name, value in (rules or {}).items()],
        clock_offset=clock_offset,
        populate=populating(None if data is None else Path(data), companies, projects),
        redirect_uris=redirect_uris,
        seed=seed,
    )
    with serve(wanted.world(), site=site_named(site), certificate=wanted.shown_certificate()) as running:
        yield StandIn(running)


def _text(value: object) -> str:
    """A rule's value as ``--set`` takes it."""
    return ",".join(map(str, value)) if isinstance(value, (set, frozenset, list, tuple)) else str(value)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, also with --strict-markers."""
    config.addinivalue_line("markers", "procore(**how): the arguments of standin.testing.standin for the fixture")


@pytest.fixture
def procore(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """A stand-in for one test; ``@pytest.mark.procore(projects=250)`` says how it is to be."""
    mark = request.node.get_closest_marker("procore")
    with standin(**(mark.kwargs if mark else {})) as running:
        yield running
