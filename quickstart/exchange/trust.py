"""Whose certificates a live run believes: the bundle that is named, else the system's and certifi's together.

A company's machines have the authority of its proxy in the system's store, which requests does not look at.
"""

import os
import ssl
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

# requests' own and OpenSSL's own; the first one that is set wins, and nothing is believed beside it.
NAMED = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


def named() -> tuple[str, str] | None:
    """Return the variable that names whom to believe, and its value; ``None`` where none is set."""
    return next(((name, os.environ[name]) for name in NAMED if os.environ.get(name)), None)


def context() -> ssl.SSLContext:
    """Return what all connections believe, made once.

    Raises:
        OSError: the bundle that is named cannot be read.
    """
    given = named()
    return _system() if given is None else _bundle(given[1])


def believe(session: requests.Session) -> None:
    """Let ``session`` believe what a live run believes.

    Raises:
        OSError: the bundle that is named cannot be read.
    """
    session.mount("https://", _Adapter(context()))


@cache
def _system() -> ssl.SSLContext:
    """Return a context that believes the system's store and, where that has nothing, as in small images, certifi's."""
    import truststore  # replay does without

    made: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return made


@lru_cache(maxsize=8)
def _bundle(path: str) -> ssl.SSLContext:
    """Return a context that believes the bundle alone, as urllib3 would make one for each connection."""
    made = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    made.load_verify_locations(**{"capath" if Path(path).is_dir() else "cafile": path})
    return made


class _Adapter(HTTPAdapter):
    """Connects with one context, directly and through proxies: to make one for each connection costs a handshake."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **members: Any) -> None:
        """Make what connects directly."""
        super().init_poolmanager(*arguments, ssl_context=self._context, **members)

    def proxy_manager_for(self, proxy: str, **members: Any) -> Any:
        """Make what connects through ``proxy``, and to it, where it speaks TLS itself."""
        if proxy.lower().startswith("https:"):
            members["proxy_ssl_context"] = self._context
        return super().proxy_manager_for(proxy, ssl_context=self._context, **members)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:  # noqa: ARG002
        """Verify always, and by the context alone: requests would have a bundle read for each connection."""
        return super().build_connection_pool_key_attributes(request, True, cert)

    def cert_verify(self, conn: Any, *_: Any) -> None:
        """Verify always, and by the context alone: it holds all authorities already."""
        conn.cert_reqs = "CERT_REQUIRED"
