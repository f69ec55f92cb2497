"""Whose certificates a live run believes: the bundle that is named, else the system's and certifi's together.

A company's machines have the authority of its proxy in the system's store, which requests does not look at.
"""

import os
import ssl
from functools import cache
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # requests looks at them by itself
OPENSSL = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # OpenSSL's own
NAMED = (*REQUESTS, *OPENSSL)  # the first one that is set wins, and nothing is believed beside it


def named() -> tuple[str, str] | None:
    """Return the variable that names whom to believe, and its value; ``None`` where none is set."""
    return next(((name, os.environ[name]) for name in NAMED if os.environ.get(name)), None)


def context() -> ssl.SSLContext:
    """Return what a connection outside of requests believes, which is the same.

    Raises:
        OSError: the bundle that is named cannot be read.
    """
    given = named()
    if given is None:
        return _system()
    if Path(given[1]).is_dir():
        return ssl.create_default_context(capath=given[1])
    return ssl.create_default_context(cafile=given[1])


def believe(session: requests.Session) -> None:
    """Let ``session`` believe what a live run believes."""
    given = named()
    if given is None:
        session.mount("https://", _Adapter())
    elif given[0] in OPENSSL:
        session.verify = given[1]


@cache
def _system() -> ssl.SSLContext:
    """Return a context that believes the system's store and, where that has nothing, as in small images, certifi's."""
    import truststore  # replay does without

    made: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return made


class _Adapter(HTTPAdapter):
    """Connects with the system's trust, directly and through proxies."""

    def init_poolmanager(self, *arguments: Any, **members: Any) -> None:
        """Make what connects directly."""
        super().init_poolmanager(*arguments, ssl_context=_system(), **members)

    def proxy_manager_for(self, proxy: str, **members: Any) -> Any:
        """Make what connects through ``proxy``."""
        return super().proxy_manager_for(proxy, ssl_context=_system(), **members)

    def cert_verify(self, conn: Any, *_: Any) -> None:
        """Verify always, and by the context alone: it holds certifi's authorities already."""
        conn.cert_reqs = "CERT_REQUIRED"
