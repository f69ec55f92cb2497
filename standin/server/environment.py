"""The environment of a client: which variables lead it here, and which of the caller's own must not get through."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
_DIRECT = ("NO_PROXY", "no_proxy")
_LOCAL = "localhost,127.0.0.1,::1"
_FORGOTTEN = frozenset({"ALL_PROXY", "all_proxy", "SSL_CERT_DIR"})
_TRUST = (
    "SSL_CERT_FILE",  # OpenSSL: Python's ssl, httpx, Ruby, Go, .NET on Linux, PHP's streams
    "REQUESTS_CA_BUNDLE",  # requests
    "CURL_CA_BUNDLE",  # curl
    "NODE_EXTRA_CA_CERTS",  # Node.js, Bun
    "DENO_CERT",
    "HTTPLIB2_CA_CERTS",
    "PERL_LWP_SSL_CA_FILE",
)
"""Variables that hold the path of a CA's certificate, each with who reads it."""
PASSWORD = "changeit"  # noqa: S105 - what Java calls its stores' password everywhere; the store holds a certificate
_OURS = re.compile(r"PROCORE_(.*_)?(URL|URI|HOST|ID|KEY|SECRET|TOKEN|CODE|PASSWORD|USER|STORE|CACHE|EVIDENCE(_AT)?)")
"""Names of credentials and of places: the caller's lead to the real hosts."""


def trusting(authority: Path) -> dict[str, str]:
    """Variables by which clients trust the authority of this file."""
    return dict.fromkeys(_TRUST, str(authority))


def proxied(url: str) -> dict[str, str]:
    """Variables by which clients use this proxy, for all but this machine."""
    # Node.js has read the proxy variables since 24.5, if it is asked to.
    return {**dict.fromkeys(_PROXIES, url), **dict.fromkeys(_DIRECT, _LOCAL), "NODE_USE_ENV_PROXY": "1"}


def java(proxy: str, truststore: Path) -> dict[str, str]:
    """The one variable that every Java program reads; it knows neither proxy variables nor PEM."""
    host, _, port = proxy.removeprefix("http://").rpartition(":")
    kinds = [f"-D{scheme}.proxy{name}" for scheme in ("http", "https") for name in (f"Host={host}", f"Port={port}")]
    store = f"-Djavax.net.ssl.trustStore={truststore}"
    words = [*kinds, store, "-Djavax.net.ssl.trustStoreType=PKCS12", f"-Djavax.net.ssl.trustStorePassword={PASSWORD}"]
    theirs = os.environ.get("JAVA_TOOL_OPTIONS", "")
    return {"JAVA_TOOL_OPTIONS": " ".join((theirs, *words)).strip()}


def kept_away(given: Mapping[str, str]) -> list[str]:
    """The caller's PROCORE_ variables that a client of the stand-in must not get, sorted."""
    return sorted(name for name in given if _OURS.fullmatch(name))


def environment(variables: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child process: the caller's, without what leads to the real hosts, plus the variables."""
    lost = {*_FORGOTTEN, *kept_away(given)}
    return {**{name: value for name, value in given.items() if name not in lost}, **variables}
