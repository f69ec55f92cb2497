"""The proxies of the environment: which one stands before a URL, and their passwords, which are secrets of others."""

from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies

from requests.utils import get_environ_proxies, select_proxy


def to(url: str) -> dict[str, str]:
    """Return the environment's proxies for ``url``, by scheme; none where NO_PROXY names its host."""
    return get_environ_proxies(url)


def before(url: str) -> SplitResult | None:
    """Return the proxy that requests to ``url`` go through, or ``None``."""
    parts = urlsplit(select_proxy(url, to(url)) or "")
    return parts if parts.hostname else None


def passwords() -> list[str]:
    """Return the passwords in the environment's proxies, as they are written and as they are meant."""
    found = []
    for url in getproxies().values():
        with suppress(ValueError):  # it is no URL, and is refused where one is needed
            found.append(urlsplit(url).password)
    return [password for quoted in found if quoted for password in (quoted, unquote(quoted))]
