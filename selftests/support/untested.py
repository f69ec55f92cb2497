"""What a legal answer leaves nothing to judge of: all else must be judged, or a suite could hide in *not tested*."""

from __future__ import annotations

_LINK, _TOTAL = "companies.link projects.link", "companies.total projects.total"
_COMPANY_PAGES = "companies.link companies.pages companies.per-page companies.total"
_PAGES = f"{_COMPANY_PAGES} projects.link projects.pages projects.per-page projects.total"
_SERVICE_ACCOUNT = (
    "client-credentials.companies client-credentials.created-at-now client-credentials.json client-credentials.me "
    "client-credentials.no-refresh-token client-credentials.no-store client-credentials.schema "
    "client-credentials.status client-credentials.wrong-secret revoke.effect revoke.status revoke.wrong-secret"
)
# By variation; one that is not named here leaves nothing untested.
UNTESTED = {
    "paging-companies-not-at-all": _COMPANY_PAGES,
    "paging-two-companies-not-at-all": _COMPANY_PAGES,
    "paging-no-link": _LINK,
    "paging-only-total": _LINK,
    "paging-no-total": _TOTAL,
    "paging-none": f"{_LINK} {_TOTAL}",
    "rate-headers-none": "transport.rate-limit",
    "service-account-none": _SERVICE_ACCOUNT,
    "service-account-none-5.5.0": _SERVICE_ACCOUNT,
    "service-account-unauthorized": _SERVICE_ACCOUNT,
    "sizes-1-0": _PAGES,
    "sizes-1-1": _PAGES,
    "sizes-250-750-no-link": _LINK,
    "sizes-250-750-no-pagination-headers": f"{_LINK} {_TOTAL}",
    "sizes-250-750-no-total": _TOTAL,
    "sizes-no-company": f"companies.configured {_COMPANY_PAGES}",
    "token-info-no-owner": "me.same-user",
    "token-info-no-uid": "token-info.application",
}
