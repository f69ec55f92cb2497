"""What a person should be told first, by case: the column *says* of the tables, kept by what it says.

A cause stands for what it is and what to do about it (``quickstart/judgement/causes.py`` words both). A fault that is
not named here breaks a promise by an answer that came as it must, and the promise itself says what to do. A variation
says nothing.
"""

from __future__ import annotations

_BY_CAUSE = {
    "access-ended": "meanwhile-access-403 meanwhile-access-404",
    "broken-answer": (
        "projects-page-two-dropped companies-page-two-dropped token-reset token-dropped token-cut refresh-dropped "
        "token-info-cut revoke-dropped companies-reset companies-dropped companies-cut projects-cut projects-reset "
        "me-reset companies-coded"
    ),
    "certificate-issuer": "certificate-unknown-authority certificate-self-signed",
    "certificate-name": "certificate-wrong-host",
    "certificate-time": "certificate-expired",
    "code-burnt": "token-code-burnt",
    "companies-refused": "companies-403 service-account-companies-refused",
    "company-missing": "companies-without-ours",
    "invalid-client": "service-account-refused",
    "no-service-account": "service-account-not-supported",
    "not-connected": "meanwhile-app-removed projects-app-not-installed projects-app-never-installed",
    "otherwise-refused": (
        "near-basic-400 "
        "near-client-id-missing-404 near-token-info-without-token-400 near-token-info-refusals-name-nothing "
        "refusal-unknown-grant-type-404 refusal-all-403 token-info-garbage-400 companies-without-token-403 "
        "companies-garbage-token-403 companies-garbage-token-498 projects-without-token-403 "
        "projects-garbage-token-404 me-without-token-403 me-garbage-token-403"
    ),
    "page": (
        "later-companies-html later-info-html later-me-html later-service-multipart-html "
        "projects-page-two-html companies-page-two-html projects-walk-three-html client-credentials-foreign-page "
        "projects-headerless-html projects-foreign-html token-html token-html-as-json refusal-html "
        "refusal-unknown-client-page refresh-html client-credentials-html client-credentials-companies-html "
        "client-credentials-me-html token-info-html "
        "companies-html projects-html me-html"
    ),
    "projects.company": "leak-behind-a-500 leak-behind-a-limit",
    "redirected": (
        "portal-api portal-login "
        "header-redirect-of-a-project header-redirect-of-a-near-secret header-redirect-of-revoke "
        "projects-page-two-redirect companies-page-two-redirect near-token-info-without-token-redirects "
        "token-redirect-to-http token-redirect-to-another-host token-path-without-slash-redirects refusal-all-302 "
        "refresh-redirect token-info-redirect companies-redirect-to-http companies-redirect-to-another-host "
        "companies-without-token-login-page projects-redirect projects-v1.0-redirect me-redirect"
    ),
    "server-error": (
        "later-companies-500 "
        "projects-page-two-500 companies-page-two-500 projects-pages-500 companies-pages-500 projects-walk-two-500 "
        "client-credentials-foreign-500 near-secret-500 near-redirect-uri-missing-500 near-code-missing-500 "
        "near-code-of-another-app-500 near-refresh-token-missing-500 near-access-token-500 "
        "near-refresh-missing-secret-500 near-service-account-without-secret-500 near-revoke-multipart-500 "
        "successor-refresh-500 authorize-500 authorize-unknown-client-500 authorize-wrong-redirect-uri-500 "
        "token-500 refusal-missing-grant-type-500 refusal-all-500 refresh-500 refresh-bogus-token-500 "
        "client-credentials-500 client-credentials-me-500 token-info-garbage-500 revoke-unknown-token-500 "
        "companies-500 projects-500 companies-garbage-token-500 projects-foreign-500 projects-headerless-500 "
        "me-500"
    ),
    "time-out": "token-hang client-credentials-hang companies-hang projects-hang me-hang",
    "token-ended": "meanwhile-token-ends meanwhile-token-revoked",
    "token-refused": "token-refused-by-the-api token-dead service-account-token-of-nobody",
    "token-refused-there": "token-info-401 projects-401 me-401",
    "user-refused": "user-refused",
    "unavailable": "client-credentials-companies-503",
    "unexpected-refusal": (
        "meanwhile-app-connected meanwhile-projects-found projects-404 "
        "pages-links-forget-company projects-page-two-401 projects-page-two-403 projects-page-two-404 "
        "companies-page-two-401 companies-page-two-403 companies-page-two-404 projects-page-one-401 "
        "companies-page-one-401 projects-walk-three-404 projects-link-of-another-company "
        "projects-lower-case-unknown near-revoke-without-multipart authorize-404 authorize-400 token-403 token-404 "
        "token-path-with-slash-404 "
        "refresh-refused refresh-not-supported token-info-404 revoke-404 revoke-refused revoke-unknown-token-400 "
        "revoke-unknown-token-404 me-404"
    ),
    "unexpected-status": (
        "projects-page-two-204 companies-page-two-204 authorize-204 token-201 token-204 token-202 refresh-201 "
        "client-credentials-201 client-credentials-me-201 token-info-201 revoke-201 revoke-204 companies-206 "
        "companies-201 companies-204 projects-201 projects-204 me-201 me-204"
    ),
}
SAYS = {name: cause for cause, names in _BY_CAUSE.items() for name in names.split()}
