"""A running stand-in, for tests in this process and for the command line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from standin.http.messages import Request
from standin.model.hosts import HOSTS, SANDBOX, Site
from standin.model.world import World
from standin.server import environment
from standin.server.authority import write_truststore
from standin.server.certificates import Authorities, Certificate, authorities
from standin.server.control import Desk
from standin.server.server import Server


@dataclass(frozen=True)
class Procore:
    """A stand-in that answers. ``variables`` are what a client must have in its environment to find it by proxy."""

    world: World
    server: Server
    site: Site
    variables: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where login and REST API answer for clients that know no proxy, and the proxy of all others."""
        return self.server.url

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a child process: ours, without what leads to the real hosts, plus the variables."""
        return environment.environment(self.variables, os.environ)

    @property
    def direct(self) -> dict[str, str]:
        """What a client needs that is told its base URLs and knows no proxy."""
        mine = {name: value for name, value in self.variables.items() if name.startswith("PROCORE_")}
        return {"PROCORE_LOGIN_URL": self.url, "PROCORE_API_URL": self.url, **mine}

    @property
    def requests(self) -> tuple[Request, ...]:
        """The last 10,000 requests, in the order they were answered."""
        with self.world.lock:
            return tuple(self.world.requests)

    @property
    def refused(self) -> tuple[str, ...]:
        """Where clients wanted to go that is not Procore: ``host:port``, or a whole http URL."""
        return tuple(self.server.refused)

    def code(self) -> str:
        """A fresh authorization code, as after the user clicked Allow."""
        return _code(self.world, self.site)

    def fresh(self) -> Procore:
        """The same stand-in, with a new authorization code among its variables."""
        return replace(self, variables={**self.variables, **_first(self.world, self.site)})


def _code(world: World, site: Site) -> str:
    realm = world.realm(site)
    with world.lock:
        return world.issue_code(realm, realm.application).value


def _first(world: World, site: Site) -> dict[str, str]:
    """What a client begins with."""
    return {"PROCORE_AUTHORIZATION_CODE": _code(world, site)} if world.behaviour.gives_code else {}


def _variables(world: World, site: Site, proxy: str, folder: Path, issuers: Authorities) -> dict[str, str]:
    """Credentials of one environment, with a fresh code, and the way to reach it."""
    trusted, place = issuers.trusted, issuers.folder or folder
    realm = world.realm(site)
    authority, truststore = place / "authority.pem", place / "authority.p12"
    trusted.cert_pem.write_to_path(str(authority))
    write_truststore(trusted, truststore, environment.PASSWORD)
    cache = folder / "tokens"
    cache.mkdir(mode=0o700)
    return {
        **_first(world, site),
        **environment.proxied(proxy),
        **environment.trusting(authority),
        **environment.java(proxy, truststore),
        "PROCORE_CLIENT_ID": realm.application.uid,
        "PROCORE_CLIENT_SECRET": realm.application.secret,
        "PROCORE_OTHER_CLIENT_ID": realm.other.uid,
        "PROCORE_OTHER_CLIENT_SECRET": realm.other.secret,
        "PROCORE_COMPANY_ID": str(realm.directory.configured.id),
        "PROCORE_FOREIGN_COMPANY_ID": str(realm.directory.foreign.id),
        "PROCORE_REDIRECT_URI": realm.application.redirect_uri,
        "PROCORE_TOKEN_CACHE": str(cache),
        "PROCORE_EVIDENCE": "the local stand-in",
        **(
            {"PROCORE_EVIDENCE_AT": datetime.fromtimestamp(world.clock.now, UTC).isoformat()}
            if world.clock.stands
            else {}
        ),
    }


@contextmanager
def serve(
    world: World | None = None,
    *,
    site: Site = SANDBOX,
    certificate: Certificate = Certificate.RIGHT,
    issuers: Authorities | None = None,
    host: str = "127.0.0.1",
    http: int = 0,
    https: int | None = None,
) -> Iterator[Procore]:
    """Serve a world until the block ends. ``certificate`` is shown by Procore's hosts; the credentials are ``site``'s.

    ``http`` is the port of proxy and plain base, ``https`` that of the same over TLS (0: any free one; None: not at
    all). Raises OSError if a port is taken.
    """
    world, issuers = world or World(), issuers or authorities()
    kinds = dict.fromkeys(HOSTS, certificate)
    server = Server(world, kinds, site=site, issuers=issuers, host=host, http=http, https=https)
    try:
        with tempfile.TemporaryDirectory(prefix="standin-") as folder:
            procore = Procore(world, server, site, _variables(world, site, server.url, Path(folder), issuers))
            server.control = Desk(world, lambda: _told(procore.fresh())).answer
            server.start()
            yield procore
    finally:
        server.stop()


def _told(procore: Procore) -> dict[str, Mapping[str, str]]:
    return {"proxy": procore.variables, "direct": procore.direct}
