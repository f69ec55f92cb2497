"""The environments that can be asked, and their two hosts."""

from dataclasses import dataclass
from urllib.parse import urlsplit

REPLAY = "replay"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
        Target("production", "https://login.procore.com", "https://api.procore.com"),
    )
}
NAMES = (REPLAY, *TARGETS)


def is_procores(url: str) -> bool:
    """Whether ``url`` leads to a host of Procore's over https."""
    parts = urlsplit(url)
    return parts.scheme == "https" and f".{parts.hostname}".endswith(".procore.com")


def base_url_problem(url: str) -> str | None:
    """Say what is wrong with a base URL, or ``None``: https only, plain http for loopback alone, no path."""
    parts = urlsplit(url)
    if not parts.hostname:
        return f"{url!r} is not a URL; it must look like https://login-sandbox.procore.com"
    if parts.username or parts.password:
        return "it must not carry a user name or password"
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return f"{url!r} must begin with https:// (plain http is for 127.0.0.1 and localhost alone)"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return f"{url!r} must be a host without path or query"
    return None
