"""What is right at first, and wrong later: after a refresh, for the service account, in another list of the same."""

from __future__ import annotations

from standin.cases.bending import Edit, When, body, drop, header, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, multipart, refreshed, refreshing_again, service_account, with_query
from standin.http.messages import Answer, Request
from standin.model.world import World

REFRESH, SERVICE, INFO = "6 refresh", "6 client credentials", "6 token info"
COMPANIES, PROJECTS, ME = "7 companies", "7 projects", "7 me"
CHALLENGE = header("WWW-Authenticate", 'Bearer realm="Doorkeeper", error="invalid_token"')
FOREIGN = {"id": 4265099, "name": "Somebody Else"}
FORGOTTEN = 4265099  # a company that is not the user's


def after_refresh(name: str, sentence: str, endpoint: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """A refreshed token is answered otherwise than the first one."""
    return case(f"later-{name}", REFRESH, sentence, on(endpoint, *edits, when=refreshed), violates=violates, advises=advises)


def refresh_again(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """The second refresh alone is wrong."""
    return case(f"later-refresh-again-{name}", REFRESH, sentence, on("token", *edits, grant="refresh_token", when=refreshing_again), violates=violates, advises=advises)


def service(name: str, sentence: str, endpoint: str, *edits: Edit, when: When = service_account, grant: str = "", violates: str = "", advises: str = "") -> Case:
    """The service account is answered wrongly."""
    return case(f"later-service-{name}", SERVICE, sentence, on(endpoint, *edits, when=when, grant=grant), violates=violates, advises=advises)


def same_refresh_token(request: Request, answer: Answer, world: World) -> Answer:
    """The second refresh hands the refresh token back that it was shown."""
    if answer.endpoint == "token" and answer.ok and refreshing_again(request, world):
        return put("refresh_token", request.params["refresh_token"])(answer)
    return answer


def same_access_token(request: Request, answer: Answer, world: World) -> Answer:
    """The second refresh hands out the access token of the first."""
    if answer.endpoint == "token" and answer.ok and refreshing_again(request, world):
        realm = next(one for one in world.realms.values() if one.token_of_refresh(request.params["refresh_token"]))
        token = realm.token_of_refresh(request.params["refresh_token"])
        return put("access_token", token.access if token else "")(answer)
    return answer


_ONE_SECRET = body(lambda old: {**old, "refresh_token": old["access_token"]})
_BY_FORM = both(multipart, lambda request, _: request.params.get("grant_type") == "client_credentials")
FAULTS = (
    after_refresh("companies-401", "Companies refuses a refreshed token.", "companies", status(401), body({"errors": ["Unauthorized"]}), CHALLENGE, violates="refresh.works"),
    after_refresh("companies-500", "Companies breaks for a refreshed token.", "companies", status(500), body({}), violates="refresh.works"),
    after_refresh("companies-html", "Companies answers a refreshed token with a page.", "companies", HTML, PAGE, violates="refresh.works"),
    after_refresh("companies-id-text", "Companies answers a refreshed token ids that are text.", "companies", put("*.id", str), violates="refresh.works"),
    after_refresh("companies-foreign", "A refreshed token sees a company that the user has no part in.", "companies", put("0.id", FORGOTTEN), violates="companies.foreign", advises="refresh.same-companies"),
    after_refresh("info-401", "Token info does not know a refreshed token.", "token-info", status(401), body({"error": "invalid_token"}), CHALLENGE, violates="refresh.works", advises="revoke.spares-others"),
    after_refresh("info-html", "Token info answers a refreshed token with a page.", "token-info", HTML, PAGE, violates="refresh.works"),
    after_refresh("info-without-created-at", "Token info does not say when a refreshed token was made.", "token-info", drop("created_at"), violates="refresh.works"),
    after_refresh("info-too-long", "Token info leaves a refreshed token more than it was issued.", "token-info", put("expires_in_seconds", 7100), violates="token-info.remaining"),
    after_refresh("info-too-short", "Token info leaves a refreshed token five minutes.", "token-info", put("expires_in_seconds", 300), advises="token-info.remaining-agrees"),
    after_refresh("info-created-at", "Token info has a refreshed token as old as the one before.", "token-info", put("created_at", lambda old: old - 4000), advises="token-info.created-at"),
    after_refresh("me-without-login", "Me does not tell a refreshed token the login.", "me", drop("login"), violates="refresh.works"),
    after_refresh("me-html", "Me answers a refreshed token with a page.", "me", HTML, PAGE, violates="refresh.works"),
    refresh_again("stored", "Caches may keep what a second refresh yields.", header("Cache-Control", "private"), violates="refresh.no-store"),
    refresh_again("created-at", "What a second refresh yields was made an hour ago.", put("created_at", lambda old: old - 3600), violates="refresh.created-at-now", advises="token-info.created-at"),
    case("later-refresh-again-same-refresh-token", REFRESH, "The second refresh does not rotate the refresh token.", same_refresh_token, violates="refresh.new-refresh-token"),
    case("later-refresh-again-same-access-token", REFRESH, "The second refresh yields the access token of the first.", same_access_token, violates="refresh.new-access-token", advises="revoke.spares-others"),
    refresh_again("one-secret", "The refresh token of a second refresh is its access token.", _ONE_SECRET, violates="token.distinct"),
    service("multipart-html", "Client credentials in a multipart form are answered with a page.", "token", HTML, PAGE, when=_BY_FORM, violates="client-credentials.json"),
    service("multipart-stored", "Caches may keep the token that a multipart form yields.", "token", header("Cache-Control", "no-cache"), when=_BY_FORM, violates="client-credentials.no-store"),
    service("multipart-lifetime", "The lifetime of the token that a multipart form yields is text.", "token", put("expires_in", "5400"), when=_BY_FORM, violates="client-credentials.schema"),
    service("multipart-created-at", "The token that a multipart form yields was made an hour ago.", "token", put("created_at", lambda old: old - 3600), when=_BY_FORM, violates="client-credentials.created-at-now"),
    service("lifetime", "The service account's token lives for a minute.", "token", put("expires_in", 60), when=lambda *_: True, grant="client_credentials", advises="token.expires-in-documented client-credentials.token-info"),
    service("info-other-app", "Token info names another app for the service account's token.", "token-info", put("application.uid", "another-app-0123456789"), advises="client-credentials.token-info"),
    service("info-too-long", "Token info leaves the service account's token more than it was issued.", "token-info", put("expires_in_seconds", 7199), advises="client-credentials.token-info"),
    service("info-too-short", "Token info leaves the service account's token a minute.", "token-info", put("expires_in_seconds", 60), advises="client-credentials.token-info"),
    service("info-created-at", "Token info has the service account's token older than it is.", "token-info", put("created_at", lambda old: old - 5000), advises="client-credentials.token-info"),
    service("companies-foreign", "The service account's list of companies has one that is not ours.", "companies", put("0.id", FORGOTTEN), violates="companies.foreign"),
    case("later-info-names-disagree", INFO, "Token info has both names of the lifetime, and the newer one is longer than what was issued.", on("token-info", put("expires_in", 7100), put("scope", [])), violates="token-info.remaining", advises="client-credentials.token-info"),
    case("later-info-names-disagree-short", INFO, "Token info has both names of the lifetime, and the newer one is a minute.", on("token-info", put("expires_in", 60), put("scope", [])), advises="client-credentials.token-info token-info.remaining-agrees"),
    case("later-project-of-another-company", PROJECTS, "Asked for by its id, a project is of another company.", on("project", put("company", FOREIGN)), violates="project.same-project"),
    case("later-of-company-foreign", PROJECTS, "The list under the path of a company has a project of another one.", on("projects-of-company", status(200), header("Content-Type", "application/json"), body([{"id": 1, "name": "Tower", "company": FOREIGN}]), ok=None), violates="projects.company"),
    case("later-me-with-company-is-another", ME, "With company_id, me is somebody else.", on("me", put("id", 98155), when=with_query), violates="me.one-user", advises="me.name-with-company"),
)
