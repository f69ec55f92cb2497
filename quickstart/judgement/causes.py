"""The table of causes: which answer shows which, what it means, and what a person must do."""

from dataclasses import replace

from quickstart.exchange.answer import FORBIDDEN, NOT_FOUND, UNAUTHORIZED
from quickstart.judgement.cause import Case
from quickstart.judgement.portal import AUTHORIZE, COMPONENT, DIRECTORY, INSTALL, KEYS, NUMBER, SUPPORT
from quickstart.run.tokens import CACHE, CODE, REFRESH, SERVICE_ACCOUNT

GRANTS = (CODE, REFRESH, SERVICE_ACCOUNT)
CALLS = ("companies", "projects", "me")
LISTS_AGAIN = (
    "projects-page-1",
    "projects-page-2",
    "projects-walk-1",
    "projects-walk-2",
    "projects-walk-3",
    "projects-again",
    "projects-lower-case-header",
)
REFUSALS = tuple(range(400, 500))
OF_SERVICE_ACCOUNT = (SERVICE_ACCOUNT, "me-client-credentials", "companies-client-credentials")
REPORT = f"nothing in your settings explains this: report it to Procore {SUPPORT} with {{request_id}}"

INVALID_CLIENT = Case(
    "invalid-client",
    "Client ID or Client Secret is wrong, or of another environment (invalid_client from {login}, for {api})",
    f"copy both again from {KEYS}: the Sandbox ones for --target=sandbox, the Production ones for production",
    exchanges=GRANTS,
    error="invalid_client",
    known=("no client-accepted",),
)
# The same, shown by what must be refused for something else: a run that began with a cached token asks for none.
CLIENT_LOOKED_AT = replace(INVALID_CLIENT, exchanges=("token-bogus-code", "refresh-bogus-token"))

# What was asked for was not given.
REFUSED = (
    Case(
        "no-service-account",
        "the app has no service account here, or it is not connected ({exchange}: {status}); id and secret are right",
        f"nothing, unless the app should have one: then add it ({COMPONENT}) and install the app anew",
        exchanges=OF_SERVICE_ACCOUNT,
        statuses=REFUSALS,
        known=("user",),
        harmless=True,
    ),
    INVALID_CLIENT,
    Case(
        "code-burnt",
        "the code was refused (invalid_grant): it is older than ten minutes, was used before, was given to another app "
        "or in another environment, or for another redirect URI than {redirect_uri}; or this server lets a code be "
        "tried once, and the suite had tried it with a wrong redirect URI on purpose (--disruptive)",
        f"get a new code ({AUTHORIZE}) and run without --disruptive; PROCORE_REDIRECT_URI must equal the app's "
        "redirect URI in each character",
        exchanges=(CODE,),
        error="invalid_grant",
        known=("code-tried",),
    ),
    Case(
        "invalid-code",
        "the authorization code is older than ten minutes, was used before, was given to another app or in another "
        "environment, or for another redirect URI than {redirect_uri} (invalid_grant)",
        f"get a new one: {AUTHORIZE}; PROCORE_REDIRECT_URI must equal the app's redirect URI in each character",
        exchanges=(CODE,),
        error="invalid_grant",
    ),
    Case(
        "no-user-component",
        "the app may not exchange codes of users ({status})",
        f"add User-level Authentication to the app and create a version: {COMPONENT}; then install it anew: {INSTALL}",
        exchanges=(CODE,),
        error=r"unauthorized_client|unsupported_grant_type",
    ),
    Case(
        "refresh-refused",
        "the refresh token was refused (invalid_grant): it works once, and was used or revoked, or it is of another "
        "app or environment",
        f"authorize again: {AUTHORIZE}; let each job have credentials of its own, or the same token cache",
        exchanges=(REFRESH,),
        error="invalid_grant",
        known=("no code-exchanged",),  # else it was issued by this very run
    ),
    Case(
        "no-service-account",
        "the app may not use client credentials: it has no service account",
        f"authorize as a user ({AUTHORIZE}), or add a component with a service account ({COMPONENT}) and install the "
        "app anew",
        exchanges=(SERVICE_ACCOUNT,),
        error=r"unauthorized_client|unsupported_grant_type|invalid_scope|invalid_grant",
    ),
    Case(
        "dead-cached-token",
        "the cached token was refused (401): it was revoked or replaced elsewhere, or {api} is not the API of {login}",
        f"run again, which refreshes; if that is refused too, authorize again: {AUTHORIZE}",
        exchanges=("token-info", "companies"),
        statuses=(UNAUTHORIZED,),
        source=CACHE,
        known=("no token-accepted",),
    ),
    Case(
        "mixed-hosts",
        "{api} refuses a token that {login} has just issued (401): hosts of two environments are mixed",
        "unset PROCORE_LOGIN_URL and PROCORE_API_URL, and let --target choose both",
        exchanges=("companies",),
        statuses=(UNAUTHORIZED,),
        known=("hosts-overridden", "hosts-differ", "no token-accepted"),
    ),
    Case(
        "token-refused",
        "Procore issued a token and refuses it: {host} answered {exchange} with 401",
        f"run once more; if it stays, {REPORT}",
        exchanges=("token-info", "companies"),
        statuses=(UNAUTHORIZED,),
        known=("no token-accepted",),
    ),
    Case(
        "token-ended",
        "the token was accepted, and is refused since {exchange} (401): it was revoked or replaced meanwhile, or lives "
        "shorter than it was given for",
        f"let nothing else use or refresh the same tokens, and run again; if it stays, {REPORT}",
        statuses=(UNAUTHORIZED,),
        known=("token-ended",),
    ),
    Case(
        "token-refused-there",
        "{exchange} refuses the token (401) that other calls accept",
        REPORT,
        exchanges=("token-info", "companies", "projects", "me", "projects-v1.0"),
        statuses=(UNAUTHORIZED,),
    ),
    Case(
        "not-connected",
        "the app is not connected to {company} (403)",
        f"have an administrator of the company install it, or connect it again: {INSTALL}, with the App Version Key of "
        "the {target}",
        statuses=(FORBIDDEN,),
        says=r"(?i)(not (yet )?(been )?|dis)connected|not (yet )?(been )?installed",
        known=("no projects-answered",),
    ),
    Case(
        "access-ended",
        "the projects of {company} were listed, and are refused since {exchange} ({status}): this user's access ended "
        "meanwhile",
        f"have it given again: {DIRECTORY}; if nobody took it away, {REPORT}",
        exchanges=LISTS_AGAIN,
        statuses=(FORBIDDEN, NOT_FOUND),
        known=("access-ended",),
    ),
    Case(
        "companies-refused",
        "the list of companies is refused ({status}), although the projects of {company} are answered",
        REPORT,
        exchanges=("companies",),
        statuses=(FORBIDDEN, NOT_FOUND),
        known=("projects-answered",),
    ),
    Case(
        "no-company",
        "this user's list of companies is empty, and {company} is refused ({status})",
        f"authorize as a user of that company ({AUTHORIZE}), or add the user to it: {DIRECTORY}",
        exchanges=("projects",),
        statuses=(FORBIDDEN, NOT_FOUND),
        known=("list-empty",),
    ),
    Case(
        "refused-to-all",
        "{host} refuses whoever asks, with a token and without ({status})",
        "have whoever runs the proxy or firewall let this machine through, or put it on the list of addresses that may "
        f"call the API; if there is none, {REPORT}",
        exchanges=CALLS,
        statuses=(FORBIDDEN,),
        known=("refused-without-token", "no projects-answered"),
    ),
    Case(
        "not-permitted",
        "the service account may not see {company} or its projects (403)",
        f"have an administrator permit it: install the app ({INSTALL}) and add projects to its Permitted Projects",
        exchanges=CALLS,
        statuses=(FORBIDDEN,),
        source=SERVICE_ACCOUNT,
        known=("no projects-answered",),
    ),
    Case(
        "user-refused",
        "{host} refuses all that this user asks for, even who it is ({status})",
        "log in as this user, in a browser and from this network, and do what is asked for there (a new password, "
        f"terms, an address that is let through); if it is nothing, {REPORT}",
        exchanges=CALLS,
        statuses=(FORBIDDEN,),
        known=("user-refused", "user"),
    ),
    Case(
        "no-access",
        "this user may not see {company} or its projects (403)",
        f"add the user to the company with access to projects: {DIRECTORY}",
        exchanges=CALLS,
        statuses=(FORBIDDEN,),
        known=("no projects-answered",),
    ),
    Case(
        "hidden",
        "{exchange} answers 404, although the list shows {company} to this user",
        f"where the user has no projects there yet, give access to one ({DIRECTORY}); else {REPORT}",
        exchanges=("projects",),
        statuses=(NOT_FOUND,),
        known=("listed", "no projects-answered"),
    ),
    Case(
        "company-of-nobody",
        "{host} knows no {company} of this service account (404)",
        f"set PROCORE_COMPANY_ID to {NUMBER}; there the app must be installed: {INSTALL}",
        exchanges=("companies", "projects"),
        statuses=(NOT_FOUND,),
        source=SERVICE_ACCOUNT,
        known=("no listed",),
    ),
    Case(
        "company-unknown",
        "{host} shows no {company} to this user (404)",
        f"set PROCORE_COMPANY_ID to an id that the list of companies shows (guide step 7.1), or to {NUMBER}",
        exchanges=("projects",),
        statuses=(NOT_FOUND,),
        known=("no listed",),
    ),
    Case(
        "wrong-host",
        "there is nothing at {host} for {exchange} ({status})",
        "unset PROCORE_LOGIN_URL and PROCORE_API_URL, and let --target choose both",
        statuses=(NOT_FOUND, 405, 410),
        known=("hosts-overridden",),
        alone=True,
    ),
    Case(
        "no-user-component",
        "the app may not ask users for codes ({status})",
        f"add User-level Authentication to the app and create a version: {COMPONENT}; then install it anew: {INSTALL}",
        exchanges=("authorize",),
        statuses=REFUSALS,
        says="not authorized to perform this request|unauthorized_client",  # Doorkeeper's words, on its page or as JSON
    ),
    Case(
        "authorize-refused",
        "{login} refuses the authorize URL ({status})",
        f"set PROCORE_CLIENT_ID and PROCORE_REDIRECT_URI to what stands in {KEYS}, to the letter",
        exchanges=("authorize",),
        statuses=(400, 401),  # so are a wrong client and a wrong redirect URI refused (facts/doorkeeper.md 1)
        known=("no code-exchanged",),  # else both are right; a refresh or a service account proves the id alone
    ),
    Case(
        "unexpected-refusal",
        "{host} refuses {exchange} ({status}), although it is promised",
        REPORT,
        statuses=REFUSALS,
    ),
    Case(
        "unexpected-status",
        "{exchange} is answered {status}, where {expected} is promised",
        REPORT,
    ),
)

# Exchanges that ask to be refused, and are, with another status.
OTHERWISE_REFUSED = Case(
    "otherwise-refused",
    "{exchange} is refused, as it must be, but with {status} where {expected} is promised",
    REPORT,
    statuses=REFUSALS,
)

COMPANY_MISSING = Case(
    "company-missing",
    "the user's companies are listed, and {company} is not among them",
    f"set PROCORE_COMPANY_ID to an id of the list (guide step 7.1), or add the user to the company: {DIRECTORY}",
    exchanges=("companies",),
)
# What Procore alone can mend, or time: a leak is told first. What a user can mend keeps its place.
NOT_OURS = frozenset(
    {
        "broken-answer",
        "companies-refused",
        "otherwise-refused",
        "page",
        "rate-limit",
        "redirected",
        "server-error",
        "time-out",
        "token-refused-there",
        "unavailable",
        "unexpected-refusal",
        "unexpected-status",
    }
)
BUDGET = Case(
    "budget",
    "{reason}, so the run could not finish",
    "let nothing else use the account at the same time, and run again when its rate limit is reset",
)
NO_TOKEN = Case("no-token", "{reason}", f"authorize again ({AUTHORIZE}), and see what {{login}} answered")
