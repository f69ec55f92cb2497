"""The stand-in's conduct: every rule of its state logic that a fault or a variation may bend.

Each field has its right value as default and is consulted in exactly one place. What can be said by changing an
answer (a field, a status, a header) is not here: that is a modifier on the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from standin.http.messages import Answer


class Flaw(Enum):
    """What may be wrong with a bearer token, in the words of WWW-Authenticate (``facts/doorkeeper.md`` 8)."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Hiccup:
    """An answer given *instead* of the right one, the first ``times`` times; the request has no effect on the state.

    ``endpoint`` is the name in :data:`standin.server.procore.ROUTES`, or empty for all of them.
    """

    answer: Answer
    endpoint: str = ""
    times: int = 1


@dataclass(frozen=True)
class Paging:
    """How lists are cut into pages (``facts/procore-api.md`` 5 and 6: default 100, at most 300)."""

    default_size: int = 100
    largest_size: int = 300
    honour_per_page: bool = True
    honour_page: bool = True
    repeated: int = 0
    """Items of the page before that every later page shows again."""
    lost: int = 0
    """Items that fall out between one page and the next."""
    next_loops: bool = False
    """The ``next`` link points at the page one is on."""
    next_forever: bool = False
    """There is a ``next`` link on the last page too."""
    next_missing: bool = False
    """There is no ``next`` link though more pages follow."""
    last_error: int = 0
    """By how many pages the ``last`` link leads too far."""
    first_error: int = 0
    """By how many pages the ``first`` link leads too far."""
    links_forget: frozenset[str] = frozenset()
    """Parameters of the query that links leave out."""
    total_error: int = 0
    """By how much Total is too large."""
    link: bool = True
    total: bool = True
    per_page: bool = True


@dataclass(frozen=True)
class Behaviour:
    """All rules at once; ``dataclasses.replace`` or keyword arguments bend one."""

    # what a client begins with
    gives_code: bool = True
    """The client is given a fresh authorization code; without one it has id and secret alone: a service account."""

    # authorize
    logged_in: bool = False
    """The browser has a session, as after a login: only then are codes handed out, rightly or wrongly."""
    authorize_any_client: bool = False
    authorize_any_redirect_uri: bool = False

    # the client at /oauth/token
    accept_wrong_secret: bool = False
    accept_missing_secret: bool = False
    accept_unknown_client: bool = False
    accept_near_secret: bool = False
    """The last character of the secret is not looked at."""
    accept_missing_client_id: bool = False
    """The secret alone tells who asks."""
    ignore_multipart_at: frozenset[str] = frozenset()
    """Endpoints where a multipart form counts as an empty one."""

    # the grant
    accept_missing_grant_type: bool = False
    accept_unknown_grant_type: bool = False
    refuse_grants: frozenset[str] = frozenset()
    """Grant types answered with unsupported_grant_type though they are right."""

    # the authorization code
    code_lifetime: int = 600
    code_length: int = 0
    """Characters of a code; 0: as many as the dialect has."""
    accept_used_code: bool = False
    accept_expired_code: bool = False
    accept_unknown_code: bool = False
    accept_other_clients_code: bool = False
    accept_wrong_redirect_uri: bool = False
    accept_missing_redirect_uri: bool = False
    burn_code_on_failure: bool = False

    # the tokens that are issued
    token_lifetime: int = 5400
    issue_dead_tokens: bool = False
    reuse_access_token: bool = False
    """Doorkeeper's ``reuse_access_token``: one live token per user and application (legal)."""

    # refresh
    rotate_access_token: bool = True
    rotate_refresh_token: bool = True
    revoke_old_access_token: bool = True
    revoke_old_refresh_token: bool = True
    old_pair_lives_until_use: bool = False
    """Doorkeeper's ``previous_refresh_token`` column: the old pair dies when the new one is first used (legal)."""
    accept_unknown_refresh_token: bool = False
    accept_other_clients_refresh_token: bool = False
    accept_access_token_as_refresh: bool = False

    # revocation
    revokes: frozenset[str] = frozenset({"access", "refresh"})
    revoke_checks_client: bool = True
    revoke_checks_owner: bool = True
    """False: any client that shows its own secret may revoke any token."""
    revokes_everything: bool = False
    """Revoking one token ends all of the application's."""

    # bearer tokens
    accept_bearer: frozenset[Flaw] = frozenset()
    bearer_kinds: frozenset[str] = frozenset()
    """What serves as an access token besides one: ``refresh``, ``code``, ``near`` (its last character is wrong)."""
    accept_bearer_at: frozenset[str] = frozenset()
    """Endpoints where ``accept_bearer`` and ``bearer_kinds`` hold; empty: at all of them."""
    accept_other_sites_tokens: bool = False
    connections_remember_token: bool = False
    """Whoever sends no token is taken for the last one on the same connection."""

    # companies and projects
    app_installed: bool = True
    """False: step 4 of the guide was skipped for the configured company."""
    hide_uninstalled_companies: bool = False
    list_foreign_company: bool = False
    list_configured_company: bool = True
    require_company_header: bool = False
    """True: what the documents announce. Today a request without the header is answered (``facts/sightings.md``)."""
    require_company_query: bool = True
    refuse_company_mismatch: bool = True
    company_from: str = "header"
    """Whose projects come when header and query disagree and that is not refused: ``header`` or ``query``."""
    serve_foreign_company: bool = False
    serve_uninstalled_company: bool = False
    foreign_projects: int = 0
    """So many projects of the foreign company among ours."""
    list_inactive: bool = False
    service_account_needs_header: bool = False
    """True: as the documents have it; today a service account without the header was seen to be answered."""
    service_account_sees_everything: bool = False
    """The service account of an application sees the companies that it is not installed in."""
    paging: Paging = field(default_factory=Paging)

    # traffic
    rate_limit: int = 3600
    rate_window: int = 3600
    rate_headers: bool = True
    rate_counts: bool = True
    """False: X-Rate-Limit-Remaining says what it says after a first request, so that recordings do not count along."""
    retry_after: bool = True
    hiccups: tuple[Hiccup, ...] = ()
    oauth_on_api_hosts: bool = True
    """Whether the API's hosts answer OAuth too, as clients of Procore rely on."""
    redirect_http: bool = True
    """False: port 80 answers requests itself instead of sending them to https."""
