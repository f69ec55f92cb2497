"""A running stand-in, for self-tests in this process and for the command line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from standin.http.messages import Request
from standin.model.hosts import HOSTS, SANDBOX, Site
from standin.model.world import World
from standin.server.certificates import Certificate, write_authority
from standin.server.server import Server

_PROXY_NAMES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
_FORGOTTEN = frozenset({"NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "CURL_CA_BUNDLE"})


@dataclass(frozen=True)
class Procore:
    """A stand-in that answers. ``variables`` are what a client must have in its environment."""

    world: World
    server: Server
    site: Site
    variables: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a child process: ours, without its proxies and PROCORE settings, plus the variables."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in _FORGOTTEN and not name.startswith("PROCORE_")
        }
        return {**kept, **self.variables}

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests so far, in the order they were answered."""
        with self.world.lock:
            return tuple(self.world.requests)

    @property
    def refused(self) -> tuple[str, ...]:
        """Where clients wanted to go that is not Procore: ``host:port``, or a whole http URL."""
        return tuple(self.server.refused)


def _variables(world: World, site: Site, proxy: str, folder: Path) -> dict[str, str]:
    """Credentials of one environment, with a fresh code, and the way to reach it."""
    realm = world.realm(site)
    authority = folder / "authority.pem"
    write_authority(authority)
    cache = folder / "tokens"
    cache.mkdir(mode=0o700)
    with world.lock:
        code = world.issue_code(realm, realm.application)
    first = {"PROCORE_AUTHORIZATION_CODE": code.value} if world.behaviour.gives_code else {}
    return {
        **first,
        **dict.fromkeys(_PROXY_NAMES, proxy),
        "REQUESTS_CA_BUNDLE": str(authority),
        "PROCORE_CLIENT_ID": realm.application.uid,
        "PROCORE_CLIENT_SECRET": realm.application.secret,
        "PROCORE_OTHER_CLIENT_ID": realm.other.uid,
        "PROCORE_OTHER_CLIENT_SECRET": realm.other.secret,
        "PROCORE_COMPANY_ID": str(realm.directory.configured.id),
        "PROCORE_FOREIGN_COMPANY_ID": str(realm.directory.foreign.id),
        "PROCORE_REDIRECT_URI": realm.application.redirect_uri,
        "PROCORE_TOKEN_CACHE": str(cache),
        "PROCORE_EVIDENCE": "the local stand-in",
    }


@contextmanager
def serve(
    world: World | None = None, *, site: Site = SANDBOX, certificate: Certificate = Certificate.RIGHT
) -> Iterator[Procore]:
    """Serve a world until the block ends. ``certificate`` is shown by all hosts; the credentials are ``site``'s."""
    world = world or World()
    server = Server(world, dict.fromkeys(HOSTS, certificate))
    server.start()
    try:
        with tempfile.TemporaryDirectory(prefix="standin-") as folder:
            yield Procore(world, server, site, _variables(world, site, server.url, Path(folder)))
    finally:
        server.stop()
