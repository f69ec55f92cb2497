"""What a legal answer leaves nothing to judge of: all else must be judged, or a suite could hide in *not tested*."""

from __future__ import annotations

_LINK = "companies.link companies.walk projects.link projects.link-query projects.walk"
_TOTAL = "companies.total projects.total"
_COMPANY_PAGES = "companies.link companies.page-answers companies.pages companies.walk"
_PAGES = f"{_COMPANY_PAGES} projects.link projects.link-query projects.page-answers projects.pages projects.walk"
_NOT_PAGED = "companies.link companies.pages companies.per-page companies.total companies.walk"
_SERVICE_ACCOUNT = (
    "client-credentials.companies client-credentials.created-at-now client-credentials.json client-credentials.me "
    "client-credentials.foreign-company client-credentials.own-id client-credentials.without-header "
    "client-credentials.missing-secret client-credentials.no-refresh-token client-credentials.no-store "
    "client-credentials.own-principal client-credentials.schema client-credentials.status "
    "client-credentials.token-info client-credentials.wrong-secret revoke.again revoke.companies revoke.effect "
    "revoke.multipart revoke.multipart-effect revoke.other-client revoke.spares-others revoke.status "
    "revoke.token-info revoke.wrong-secret"
)
_NOT_CONNECTED = (
    "client-credentials.companies client-credentials.me client-credentials.own-id revoke.companies revoke.effect "
    "revoke.other-client revoke.wrong-secret"
)
# By variation; one that is not named here leaves nothing untested.
UNTESTED = {
    "paging-companies-not-at-all": _NOT_PAGED,
    "paging-two-companies-not-at-all": _NOT_PAGED,
    "paging-no-link": _LINK,
    "paging-only-total": _LINK,
    "paging-no-total": _TOTAL,
    "info-service-account-unknown": "client-credentials.own-principal",
    "info-service-account-without-owner": "client-credentials.own-principal",
    "paging-none": f"{_LINK} {_TOTAL}",
    "paging-link-of-pages-alone": "projects.walk",
    "paging-link-of-pages-alone-750": "projects.walk",
    "rate-headers-none": "transport.rate-limit",
    "refused-other-app-unknown": "refresh.other-client refusal.other-clients-code",
    "service-account-none": _SERVICE_ACCOUNT,
    "service-account-none-5.5.0": _SERVICE_ACCOUNT,
    "service-account-unauthorized": _SERVICE_ACCOUNT,
    "service-account-invalid-client": _SERVICE_ACCOUNT,
    "service-account-invalid-grant": _SERVICE_ACCOUNT,
    "service-account-gateway": _SERVICE_ACCOUNT,
    "refresh-token-punctuation": "token-info.refresh-token",
    "service-account-not-connected": _NOT_CONNECTED,
    "service-account-of-nobody": _NOT_CONNECTED,
    "service-account-me-404": (
        "client-credentials.me client-credentials.own-id revoke.effect revoke.other-client revoke.wrong-secret"
    ),
    "sizes-1-0": f"{_PAGES} project.same-project project.schema",
    "sizes-1-1": _PAGES,
    "sizes-2-2": "projects.walk",
    "sizes-free-company": f"companies.configured {_COMPANY_PAGES}",
    "sizes-250-750-no-link": _LINK,
    "sizes-250-750-no-pagination-headers": f"{_LINK} {_TOTAL}",
    "sizes-250-750-no-total": _TOTAL,
    "sizes-no-company": f"companies.configured {_COMPANY_PAGES}",
    "token-info-no-owner": "client-credentials.own-principal me.same-user refresh.same-owner",
    "token-info-no-uid": "refresh.same-application token-info.application",
    "token-multipart-not-read": "revoke.multipart revoke.multipart-effect",
}
