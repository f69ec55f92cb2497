"""Procore's environments and their host names.

Source: procore/documentation ``platform_concepts/development_environments.md`` and ``facts/procore-api.md`` 2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """One environment: where one logs in, and where the REST API answers."""

    name: str
    login_host: str
    api_hosts: tuple[str, ...]
    web_hosts: tuple[str, ...] = ()
    """Hosts of the web application, which answer both: clients of all ages use them for OAuth and for REST."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host of this environment."""
        return (self.login_host, *self.api_hosts, *self.web_hosts)


SANDBOX = Site("sandbox", "login-sandbox.procore.com", ("sandbox.procore.com",))
MONTHLY_SANDBOX = Site(
    "monthly-sandbox",
    "login-sandbox-monthly.procore.com",
    # The docs name api-monthly for calls; older clients still call api-sandbox-monthly.
    ("api-monthly.procore.com", "api-sandbox-monthly.procore.com"),
)
# js-sdk's default for OAuth, and where ProPyCore and the docs' own tutorials of old call both (facts/sightings.md).
PRODUCTION = Site("production", "login.procore.com", ("api.procore.com",), ("app.procore.com",))

SITES = (SANDBOX, MONTHLY_SANDBOX, PRODUCTION)
HOSTS = tuple(host for site in SITES for host in site.hosts)


def site_named(name: str) -> Site:
    """The environment of that name; KeyError when there is none."""
    return {site.name: site for site in SITES}[name]


def site_of(host: str) -> Site | None:
    """The environment that a host belongs to, or None."""
    return next((site for site in SITES if host in site.hosts), None)
