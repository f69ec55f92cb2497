"""TLS, redirects and rate limits."""

from __future__ import annotations

from standin.cases.bending import Edit, When, body, header, on, status
from standin.cases.case import Case, case
from standin.cases.which import both, login_host, neither, page, plain_http, service_account
from standin.server.certificates import Certificate

STEP = "transport"
LISTS = ("companies", "projects", "me", "projects-v1.0")


def limit(name: str, sentence: str, *edits: Edit) -> Case:
    """The rate-limit headers of every list are wrong."""
    return case(f"rate-limit-{name}", STEP, sentence, *(on(each, *edits) for each in LISTS), advises="transport.rate-limit")


def http(name: str, sentence: str, *edits: Edit) -> Case:
    """Port 80 answers wrongly."""
    return case(f"http-{name}", STEP, sentence, on("", *edits, ok=None, when=both(plain_http, neither(login_host))), violates="transport.plain-http")


def certificate(kind: Certificate, sentence: str) -> Case:
    """Every host shows a bad certificate."""
    return case(f"certificate-{kind.value}", STEP, sentence, certificate=kind, violates="transport.certificate")


def _named(name: str) -> str:
    return f"X-Rate-Limit-{name}"


def away(name: str, sentence: str, when: When, violates: str) -> Case:
    """Whatever a host is asked, it leads to the page of somebody else."""
    edits = (status(307), header("Location", "https://gateway.example.com/auth"), body(b""))
    return case(f"portal-{name}", STEP, sentence, on("", *edits, ok=None, when=both(when, neither(plain_http))), violates=violates)


FAULTS = (
    away("api", "Whatever the API is asked, a portal of the network sends it to its own page.", neither(login_host), "companies.status transport.redirect"),
    away("login", "Whatever the login host is asked, a portal of the network sends it to its own page.", login_host, "authorize.redirect token.status refusal.wrong-redirect-uri transport.redirect"),
    case("rate-limit-of-a-service-account", STEP, "A service account has more requests left than there are.", on("companies", header(_named("Remaining"), "99999"), when=service_account), advises="transport.rate-limit"),
    case("rate-limit-of-pages", STEP, "On a first page, the end of the window is a date.", on("projects", header(_named("Reset"), "2030-01-01T00:00:00Z"), when=page(1)), advises="transport.rate-limit"),
    certificate(Certificate.SELF_SIGNED, "The certificate vouches for itself."),
    certificate(Certificate.EXPIRED, "The certificate expired yesterday."),
    certificate(Certificate.WRONG_HOST, "The certificate is for another host."),
    certificate(Certificate.UNKNOWN_AUTHORITY, "The certificate is from an authority that nobody knows."),
    http("served", "The API is served over plain http.", status(200), header("Content-Type", "application/json"), body([])),
    http("redirect-to-http", "Port 80 redirects to plain http.", header("Location", "http://sandbox.procore.com/")),
    http("redirect-nowhere", "Port 80 redirects without saying where.", header("Location", None)),
    http("204", "Port 80 accepts the request with no content.", status(204), body(b"")),
    limit("remaining-too-large", "More requests remain than are allowed.", header(_named("Remaining"), "999999")),
    limit("remaining-negative", "Fewer than no requests remain.", header(_named("Remaining"), "-1")),
    limit("remaining-missing", "It is not said how many requests remain.", header(_named("Remaining"), None)),
    limit("limit-zero", "No requests are allowed, and yet they are answered.", header(_named("Limit"), "0"), header(_named("Remaining"), "0")),
    limit("limit-text", "The limit is text.", header(_named("Limit"), "unlimited")),
    limit("limit-fraction", "The limit is a fraction.", header(_named("Limit"), "3600.0")),
    limit("reset-milliseconds", "The reset is in milliseconds.", header(_named("Reset"), "1790000000000")),
    limit("reset-iso", "The reset is text.", header(_named("Reset"), "2026-01-02T03:04:05Z")),
    limit("reset-seconds-left", "The reset is in seconds from now.", header(_named("Reset"), "60")),
    limit("reset-missing", "It is not said when the window ends.", header(_named("Reset"), None)),
)
