"""The environments that can be asked, and their two hosts."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

REPLAY, PRODUCTION = "replay", "production"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LIKE = "must look like https://login-sandbox.procore.com"
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")  # containers have names with _
_LONGEST_NAME = 253


@dataclass(frozen=True)
class Target:
    """An environment: where to log in and where to call the API.

    Sandbox hosts: guide steps 5 to 7. The others: procore/documentation, marketplace_checklist.md and
    development_environments.md (06dad9d). Credentials and tokens of one are useless in another.
    """

    name: str
    login_url: str
    api_url: str

    def url(self, host: str) -> str:
        """Return the base URL of ``host``, which is ``"login"`` or ``"api"``."""
        return {"login": self.login_url, "api": self.api_url}[host]

    @property
    def hosts(self) -> frozenset[str]:
        """The host names that may be sent a secret."""
        return frozenset(urlsplit(url).hostname or "" for url in (self.login_url, self.api_url))


TARGETS = {
    target.name: target
    for target in (
        Target("sandbox", "https://login-sandbox.procore.com", "https://sandbox.procore.com"),
        Target("monthly-sandbox", "https://login-sandbox-monthly.procore.com", "https://api-monthly.procore.com"),
        Target(PRODUCTION, "https://login.procore.com", "https://api.procore.com"),
    )
}
NAMES = (REPLAY, *TARGETS)


def is_procores(url: str) -> bool:
    """Whether ``url`` leads to a host of Procore's over https."""
    parts = urlsplit(url)
    return parts.scheme == "https" and "@" not in parts.netloc and f".{parts.hostname}".endswith(".procore.com")


def of_two_environments(one: str, other: str) -> bool:
    """Whether two URLs lead to different hosts of the table above: a token of the one serves nothing at the other."""
    known = {host for target in TARGETS.values() for host in target.hosts}
    hosts = {urlsplit(url).hostname or "" for url in (one, other)}
    return len(hosts) > 1 and hosts <= known


def may_be_production(target: Target) -> bool:
    """Whether one of the hosts may be of Procore's production: what is Procore's and not known to be a sandbox is."""
    sandboxes = {host for known in TARGETS.values() if known.name != PRODUCTION for host in known.hosts}
    urls = [url for url in (target.login_url, target.api_url) if urlsplit(url).hostname not in sandboxes]
    return target.name == PRODUCTION or any(is_procores(url) for url in urls)


def base_url_problem(url: str) -> str | None:
    """Say what is wrong with a base URL, without it, or ``None``: https, plain http for loopback alone, no path."""
    if not url.isascii():
        return f"it has letters that a host name cannot have; write them as xn--…; it {_LIKE}"
    if any(c.isspace() or not c.isprintable() for c in url):
        return f"it has spaces or control characters; it {_LIKE}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"it is not a URL; it {_LIKE}"
    if not parts.hostname:
        return f"it is not a URL; it {_LIKE}"
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return f"it must begin with https://, as plain http is for 127.0.0.1 and localhost alone; it {_LIKE}"
    problem = split_problem(parts)
    if problem:
        return f"{problem}; it {_LIKE}"
    if parts.path.strip("/") or "?" in url or "#" in url:
        return f"it must be a host without path or query; it {_LIKE}"
    return None


def split_problem(parts: SplitResult) -> str | None:
    """Say what is wrong with user, host or port of a URL, or ``None``."""
    if "@" in parts.netloc:
        return "it must not carry a user name or password"
    if not _is_host(parts.hostname or "") or ("[" in parts.netloc and ":" not in (parts.hostname or "")):
        return "its host is no host name and no IP address"
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0 or parts.netloc.endswith(":"):
        return "its port is not a number from 1 to 65535"
    return None


def _is_host(name: str) -> bool:
    """Whether ``name`` is a host name (RFC 1123 section 2.1), or an IP address in full."""
    if ":" in name or name.rpartition(".")[2].isdigit():
        try:
            return "%" not in name and bool(ipaddress.ip_address(name))
        except ValueError:
            return False
    return len(name) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in name.split("."))


def normal_base_url(url: str) -> str:
    """Return a right base URL as the table above writes them: lower case, no slash, no needless port."""
    parts = urlsplit(url)
    default = {"https": ":443", "http": ":80"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"
