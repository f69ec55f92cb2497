"""The table of causes: which answer shows which, what it means, and what a person must do."""

from dataclasses import dataclass

from quickstart.exchange.answer import FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, UNAUTHORIZED
from quickstart.run.tokens import CACHE, CODE, REFRESH, SERVICE_ACCOUNT

GRANTS = (CODE, REFRESH, SERVICE_ACCOUNT)
AUTHORIZE = "python -m quickstart authorize"
KEYS = "My Apps > your app > OAuth Credentials (guide step 3)"


@dataclass(frozen=True)
class Case:
    """One row: an answer to one of ``exchanges`` (empty: any) that shows all of the rest is explained by ``what``.

    ``failure`` is a kind of ``answer.Failure``, ``statuses`` are HTTP statuses, ``error`` is an OAuth error code,
    ``says`` a pattern in the body, ``source`` the way by which the run got its token. ``what`` and ``remedy`` may name
    ``{login}``, ``{api}``, ``{host}`` (the one asked), ``{target}``, ``{company}``, ``{status}``, ``{redirect_uri}``.
    """

    cause: str
    what: str
    remedy: str
    exchanges: tuple[str, ...] = ()
    failure: str = ""
    statuses: tuple[int, ...] = ()
    error: str = ""
    says: str = ""
    source: str = ""


CASES = (
    Case(
        "dns",
        "{host} cannot be resolved: there is no network, or the name is wrong",
        "look at the network and its DNS; PROCORE_LOGIN_URL and PROCORE_API_URL should be unset, or right",
        failure="dns",
    ),
    Case(
        "proxy",
        "the proxy of HTTPS_PROXY does not let us through to {host}",
        "set HTTPS_PROXY to a proxy that may reach {host}, with its user and password, or add {host} to NO_PROXY",
        failure="proxy",
    ),
    Case(
        "certificate",
        "the certificate that {host} shows is not valid: something between us and Procore may be reading along",
        "where a company's proxy does so on purpose, set REQUESTS_CA_BUNDLE to its certificate authority (PEM)",
        failure="certificate",
    ),
    Case(
        "tls",
        "the TLS handshake with {host} failed",
        "let TLS 1.2 or newer through on the way to {host}; look at the proxy and the firewall",
        failure="tls",
    ),
    Case(
        "time-out",
        "{host} did not answer in time",
        "try again; if it stays, look at the firewall, at status.procore.com, or raise PROCORE_TIMEOUT",
        failure="timeout",
    ),
    Case(
        "connect",
        "{host} refuses connections",
        "look at the firewall and at status.procore.com",
        failure="connect",
    ),
    Case(
        "rate-limit",
        "the rate limit of this account is used up (429)",
        "wait for an hour, and let nothing else use the account at the same time",
        statuses=(TOO_MANY_REQUESTS,),
    ),
    Case(
        "unavailable",
        "{host} is not available ({status})",
        "try again later; look at status.procore.com",
        statuses=(502, 503, 504),
    ),
    Case(
        "invalid-client",
        "Client ID or Client Secret is wrong, or of another environment (invalid_client from {login}, for {api})",
        f"copy both again from {KEYS}: the Sandbox ones for --target=sandbox, the Production ones for production",
        exchanges=GRANTS,
        error="invalid_client",
    ),
    Case(
        "invalid-code",
        "the authorization code is older than ten minutes, was used before, or was given for another redirect URI than "
        "{redirect_uri} (invalid_grant)",
        f"get a new one: {AUTHORIZE}; PROCORE_REDIRECT_URI must equal the app's redirect URI in each character",
        exchanges=(CODE,),
        error="invalid_grant",
    ),
    Case(
        "refresh-refused",
        "the refresh token was refused (invalid_grant): it works once, and someone else has used or revoked it",
        f"authorize again: {AUTHORIZE}; let each job have credentials of its own, or the same token cache",
        exchanges=(REFRESH,),
        error="invalid_grant",
    ),
    Case(
        "no-service-account",
        "the app may not use client credentials: it has no service account",
        f"authorize as a user ({AUTHORIZE}), or add a Data Connection component with service account to the app "
        "(guide step 2) and install it anew",
        exchanges=(SERVICE_ACCOUNT,),
        error=r"unauthorized_client|unsupported_grant_type|invalid_scope",
        source=SERVICE_ACCOUNT,  # a run with a user's token needs no service account
    ),
    Case(
        "dead-cached-token",
        "the cached token was refused (401): it was revoked or replaced elsewhere, or {api} is not the API of {login}",
        f"run again, which refreshes; if that is refused too, authorize again: {AUTHORIZE}",
        exchanges=("companies",),
        statuses=(UNAUTHORIZED,),
        source=CACHE,
    ),
    Case(
        "mixed-hosts",
        "{api} refuses a token that {login} has just issued (401): hosts of two environments are mixed",
        "unset PROCORE_LOGIN_URL and PROCORE_API_URL, and let --target choose both",
        exchanges=("companies",),
        statuses=(UNAUTHORIZED,),
    ),
    Case(
        "not-connected",
        "the app is not connected to company {company} (403)",
        "redo guide step 4 as an administrator of the company: Company Admin > App Management > Install App > "
        "Install Custom App, with the App Version Key of the {target}",
        exchanges=("companies", "projects", "me"),
        statuses=(FORBIDDEN,),
        says=r"(?i)not connected",
    ),
    Case(
        "no-access",
        "this user may not see company {company} or its projects (403)",
        "add the user to the company: Company Directory > Add User, with access to projects (guide step 4)",
        exchanges=("companies", "projects", "me"),
        statuses=(FORBIDDEN,),
    ),
    Case(
        "company-unknown",
        "{host} shows no company {company} to this user (404)",
        "set PROCORE_COMPANY_ID to an id that the list of companies shows (guide step 7.1)",
        exchanges=("companies", "projects", "me"),
        statuses=(NOT_FOUND,),
    ),
)

COMPANY_MISSING = Case(
    "company-missing",
    "the user's companies are listed, and company {company} is not among them",
    "set PROCORE_COMPANY_ID to an id of the list (guide step 7.1), or add the user: Company Directory > Add User",
    exchanges=("companies",),
)
BUDGET = Case(
    "budget",
    "{reason}, so the run could not finish",
    "let nothing else use the account at the same time, and run again when its rate limit is reset",
)
NO_TOKEN = Case("no-token", "{reason}", f"authorize again ({AUTHORIZE}), and see what {{login}} answered")
