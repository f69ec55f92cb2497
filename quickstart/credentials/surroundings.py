"""What the environment says of the way out, for every program alike: proxies and certificate authorities."""

import os
import ssl
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from quickstart.credentials.sources import SettingsError
from quickstart.exchange import trust
from quickstart.exchange.targets import split_problem

PROXIES = ("https_proxy", "http_proxy", "all_proxy")  # in lower or upper case


def refuse_broken() -> None:
    """Refuse a proxy or a bundle of certificate authorities that requests could not use, before anything is sent.

    Raises:
        SettingsError: one sentence; it never holds the value of a proxy, which may have a password in it.
    """
    for name in (*PROXIES, *(name.upper() for name in PROXIES)):
        problem = _proxy_problem(os.environ.get(name, ""))
        if problem:
            raise SettingsError(
                f"{name} cannot be used ({problem}): it is where your network's proxy is, "
                "as in http://proxy.example.com:3128, or is unset."
            )
    _refuse_key_log()
    _refuse_authorities()


def _proxy_problem(url: str) -> str | None:
    if not url:
        return None
    if any(c.isspace() or not c.isprintable() for c in url):
        return "it has spaces or control characters"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return "it is not a URL"
    if parts.scheme.startswith("socks") and find_spec("socks") is None:
        return "SOCKS needs the package PySocks"
    if not parts.scheme.startswith(("http", "socks")):
        return "it is no proxy that requests knows"
    if not parts.hostname:
        return "it is not a URL"
    try:
        unquote(parts.netloc.rpartition("@")[0]).encode("latin-1")
    except UnicodeEncodeError:
        return "its user name or password has letters that requests cannot send"
    return split_problem(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _refuse_key_log() -> None:
    """Refuse a file of TLS keys that cannot be written, before each connection fails for it."""
    path = os.environ.get("SSLKEYLOGFILE")
    if not path:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).keylog_filename = path
    except OSError as error:
        raise SettingsError(
            f"SSLKEYLOGFILE names {path}, and it cannot be written ({error.strerror}): "
            "set it to a file that can be, or unset it."
        ) from None


def _refuse_authorities() -> None:
    for name in trust.NAMED:
        path = os.environ.get(name)
        if not path:
            continue
        try:
            if not Path(path).is_dir():
                ssl.create_default_context(cafile=path)
        except (OSError, ValueError) as error:  # SSLError is an OSError
            why = "it does not exist" if isinstance(error, FileNotFoundError) else "no certificate can be read from it"
            raise SettingsError(
                f"{name} names {path}, and {why}: set it to the certificate authority of your proxy (PEM), or unset it."
            ) from None
        return  # the first one that is set is what counts
