"""What a good client does not do, each with the document that says so: a table."""

from __future__ import annotations

from dataclasses import dataclass

BREACH, ADVICE = "breach", "advice"


@dataclass(frozen=True)
class Rule:
    """One thing that a good client does not do.

    A *breach*: a document forbids it in so many words (MUST NOT, never, required), and what the server saw leaves no
    innocent reading. All else is *advice*. ``quote`` is verbatim; ``remedy`` says what to change.
    """

    id: str
    kind: str
    sentence: str
    quote: str
    source: str
    remedy: str


_PROCORE = "https://developers.procore.com/documentation/"
_RFC = "https://www.rfc-editor.org/rfc/"

RULES = (
    Rule(
        "refresh.reused",
        BREACH,
        "A refresh token is sent again after the answer that replaced it.",
        "the client MUST discard the old refresh token and replace it with the new refresh token",
        f"{_RFC}rfc6749#section-6",
        "Keep the new refresh token of each answer before the new access token is used, and let one thread refresh.",
    ),
    Rule(
        "code.reused",
        BREACH,
        "An authorization code is sent again after it was exchanged.",
        "The client MUST NOT use the authorization code more than once.",
        f"{_RFC}rfc6749#section-4.1.2",
        "Exchange the code once, keep the tokens, and refresh from then on.",
    ),
    Rule(
        "code.redirect-uri",
        BREACH,
        "A code is exchanged with another redirect_uri than it was asked for with, or with none.",
        'REQUIRED, if the "redirect_uri" parameter was included in the authorization request as described in '
        "Section 4.1.1, and their values MUST be identical.",
        f"{_RFC}rfc6749#section-4.1.3",
        "Send the redirect_uri of the authorize URL, to the letter, trailing slash included.",
    ),
    Rule(
        "grant.refused-again",
        ADVICE,
        "A code or refresh token that was refused is sent again and again.",
        "Once a refresh call is made — even if the response is lost due to a network error — the old refresh token is "
        "permanently invalidated.",
        f"{_PROCORE}troubleshooting",
        "After invalid_grant, stop and have the user authorize again: no further try can succeed.",
    ),
    Rule(
        "secret.in-url",
        BREACH,
        "The client secret is in a URL.",
        "The parameters can only be transmitted in the request-body and MUST NOT be included in the request URI.",
        f"{_RFC}rfc6749#section-2.3.1",
        "Send client_secret in the body of POST /oauth/token, or by HTTP Basic; never in the authorize URL or a query.",
    ),
    Rule(
        "token.in-url",
        BREACH,
        "An access token is in a URL.",
        "Clients MUST NOT pass access tokens in a URI query parameter in the way described in Section 2.3 of "
        "[RFC6750].",
        f"{_RFC}rfc9700#section-4.3.2",
        "Send it in the header: Authorization: Bearer …",
    ),
    Rule(
        "refresh.in-url",
        BREACH,
        "A refresh token is in a URL.",
        "Refresh tokens MUST be kept confidential in transit and storage",
        f"{_RFC}rfc6749#section-10.4",
        "Send it in the body of POST /oauth/token: URLs are kept in logs.",
    ),
    Rule(
        "code.in-url",
        ADVICE,
        "A code is exchanged in a query.",
        "The client makes a request to the token endpoint by sending the following parameters using the "
        '"application/x-www-form-urlencoded" format per Appendix B with a character encoding of UTF-8 in the HTTP '
        "request entity-body",
        f"{_RFC}rfc6749#section-4.1.3",
        "Send it in the body of POST /oauth/token.",
    ),
    Rule(
        "client.two-ways",
        BREACH,
        "The client shows its secret by HTTP Basic and in the body at once.",
        "The client MUST NOT use more than one authentication method in each request.",
        f"{_RFC}rfc6749#section-2.3",
        "Use one of them. Newer versions of Procore's OAuth server (Doorkeeper) refuse both together.",
    ),
    Rule(
        "token.not-post",
        BREACH,
        "A token is asked for with another method than POST.",
        'The client MUST use the HTTP "POST" method when making access token requests.',
        f"{_RFC}rfc6749#section-3.2",
        "POST to /oauth/token.",
    ),
    Rule(
        "authorize.no-state",
        ADVICE,
        "The authorize URL has no state.",
        'The client SHOULD utilize the "state" request parameter to deliver this value to the authorization server '
        "when making an authorization request.",
        f"{_RFC}rfc6749#section-10.12",
        "Send a random state, and refuse a redirect that does not bring it back.",
    ),
    Rule(
        "environment.mixed",
        BREACH,
        "A secret of one environment is sent to a host of another.",
        "only shared among the authorization server, the resource servers the access token is valid for, and the "
        "client to whom the access token is issued",
        f"{_RFC}rfc6749#section-10.3",
        "Take both hosts and all credentials of one environment: login-sandbox and sandbox, or login and api.",
    ),
    Rule(
        "transport.http",
        BREACH,
        "A request goes to Procore over http.",
        "any call you make to a Procore API resource must use the HTTPS scheme in the URL",
        f"{_PROCORE}restful-api-concepts",
        "Use https:// from the first request on: a redirect comes when the token is already on the wire.",
    ),
    Rule(
        "transport.certificate",
        BREACH,
        "A request goes to a server whose certificate nobody vouches for.",
        "The client MUST validate the TLS certificate chain when making requests to protected resources.",
        f"{_RFC}rfc6750#section-5.3",
        "Do not switch the check of certificates off (verify=False, -k, NODE_TLS_REJECT_UNAUTHORIZED, …).",
    ),
    Rule(
        "token.each-call",
        ADVICE,
        "A new token is asked for with nearly every call, while the old one still lives.",
        "The access token expires after 1.5 hours (5400 seconds). To renew it, POST to /oauth/token with the refresh "
        "token",
        f"{_PROCORE}oauth-auth-grant-flow",
        "Keep the token until shortly before expires_in is over, counted by your own clock from when the answer came; "
        "do not compare created_at or Date with your own clock.",
    ),
    Rule(
        "token.dead-again",
        ADVICE,
        "An access token is used again after it was refused (401).",
        "Missing, expired, or invalid access token. […] If the token expired, use your refresh token to obtain a new "
        "access token.",
        f"{_PROCORE}error-reference",
        "After a 401, refresh once and use the new token everywhere; if that is refused, stop.",
    ),
    Rule(
        "expiry.ignored",
        ADVICE,
        "An access token is used after its expires_in is over.",
        "Refresh tokens before they expire rather than waiting for a 401 error.",
        f"{_PROCORE}error-reference",
        "Remember when the token came, and refresh shortly before expires_in is over.",
    ),
    Rule(
        "refused.hammered",
        BREACH,
        "The same request is sent over and over though it is refused (401, 403).",
        "If 401/403 responses persist, don’t keep calling the company until it works.",
        f"{_PROCORE}building-apps-install-arch",
        "Stop, and tell the user: the app is to be installed, or access to be granted, before it can work.",
    ),
    Rule(
        "company.no-header",
        BREACH,
        "A call of a company's data has no Procore-Company-Id header.",
        "Each call your application makes to the Procore API must contain a request header that includes the "
        "Procore-Company-Id field.",
        f"{_PROCORE}tutorial-mpz",
        "Send Procore-Company-Id with every call but /rest/v1.0/me and /rest/v1.0/companies, also where the path or "
        "query names the company.",
    ),
    Rule(
        "rate.immediate",
        BREACH,
        "The same request is sent again at once after 429.",
        "Implement exponential backoff with jitter on retries — never retry a 429 immediately.",
        f"{_PROCORE}integration-health",
        "Wait as long as Retry-After says, else until X-Rate-Limit-Reset, else with a growing pause.",
    ),
    Rule(
        "rate.early",
        ADVICE,
        "The same request is sent again before the Retry-After of a 429 is over.",
        "Honor the Retry-After response header.",
        f"{_PROCORE}integration-health",
        "Wait at least as many seconds as Retry-After says.",
    ),
    Rule(
        "rate.keeps-sending",
        BREACH,
        "Requests go on while the account is over its limit.",
        "Don’t keep sending requests while over the limit.",
        f"{_PROCORE}rate-limiting",
        "After a 429, let all requests of the account wait, not only the one that was refused.",
    ),
    Rule(
        "busy.early",
        ADVICE,
        "The same request is sent again before the Retry-After of a 503 is over.",
        "inspect the Retry-After header, which will specify the number of seconds you should wait before retrying the "
        "request",
        f"{_PROCORE}rate-limiting",
        "Wait at least as many seconds as Retry-After says.",
    ),
    Rule(
        "pages.first-only",
        ADVICE,
        "A list has further pages that nobody read.",
        "If you only read the first page, you may miss records. […] Always implement pagination.",
        f"{_PROCORE}troubleshooting",
        'Follow the link with rel="next" of the Link header until there is none.',
    ),
    Rule(
        "loop.tight",
        ADVICE,
        "The same request is sent many times in a row without a pause.",
        "Cache results whenever possible, especially for public or repeated data.",
        f"{_PROCORE}rate-limiting",
        "Keep the answer, or pause between the tries and end after some.",
    ),
)
BY_ID = {rule.id: rule for rule in RULES}
