"""Which requests a modifier is meant for: the words after ``when=`` in the tables."""

from __future__ import annotations

from base64 import b64decode

from standin.cases.bending import When
from standin.http.messages import Request
from standin.model.hosts import site_of
from standin.model.world import Realm, Token, World


def _realm(request: Request, world: World) -> Realm | None:
    site = site_of(request.host)
    return world.realm(site) if site else None


def our_client(request: Request, world: World) -> bool:
    """The configured application asks."""
    realm = _realm(request, world)
    return realm is not None and request.params.get("client_id") == realm.application.uid


def our_redirect_uri(request: Request, world: World) -> bool:
    """The redirect URI is the registered one."""
    realm = _realm(request, world)
    return realm is not None and request.params.get("redirect_uri") == realm.application.redirect_uri


def right_secret(request: Request, world: World) -> bool:
    """The client's secret is right."""
    realm = _realm(request, world)
    return realm is not None and request.params.get("client_secret") == realm.application.secret


def other_client(request: Request, world: World) -> bool:
    """The other application asks."""
    realm = _realm(request, world)
    return realm is not None and request.params.get("client_id") == realm.other.uid


def near_secret(request: Request, world: World) -> bool:
    """The client's secret is right but for its last character."""
    realm = _realm(request, world)
    secret = request.params.get("client_secret", "")
    return realm is not None and secret != realm.application.secret and secret[:-1] == realm.application.secret[:-1]


def without(*names: str) -> When:
    """None of these parameters comes along."""
    return lambda request, _: not any(name in request.params for name in names)


def multipart(request: Request, _world: World) -> bool:
    """The form comes as ``curl -F`` sends it."""
    return request.is_multipart


def as_json(request: Request, _world: World) -> bool:
    """The parameters come as a JSON body."""
    return (request.header("Content-Type") or "").startswith("application/json")


def no_secret(request: Request, _world: World) -> bool:
    """The client shows no secret."""
    return "client_secret" not in request.params


def known_refresh_token(request: Request, world: World) -> bool:
    """The refresh token was handed out once."""
    realm = _realm(request, world)
    return realm is not None and realm.token_of_refresh(request.params.get("refresh_token", "")) is not None


def known_code(request: Request, world: World) -> bool:
    """The authorization code was handed out once."""
    realm = _realm(request, world)
    return realm is not None and request.params.get("code") in realm.codes


def known_token(request: Request, world: World) -> bool:
    """The token to revoke was handed out once."""
    realm = _realm(request, world)
    return realm is not None and realm.token_of_access(request.params.get("token", "")) is not None


def asked_before(request: Request, world: World) -> bool:
    """The same path was asked for in an earlier request."""
    return sum(one.path == request.path for one in world.requests) > 1


def revoked_before(request: Request, world: World) -> bool:
    """The same token was revoked with the right secret in an earlier request."""
    token = request.params.get("token", "")
    same = [one for one in world.requests if one.path == request.path and one.params.get("token") == token]
    return right_secret(request, world) and sum(right_secret(one, world) for one in same) > 1


def with_token(request: Request, _world: World) -> bool:
    """Some bearer token comes along."""
    return request.header("Authorization") is not None


def _bearer(request: Request, world: World) -> Token | None:
    realm = _realm(request, world)
    return realm.token_of_access((request.header("Authorization") or "").partition(" ")[2]) if realm else None


def known_bearer(request: Request, world: World) -> bool:
    """The bearer token was handed out once."""
    return _bearer(request, world) is not None


def revoked_bearer(request: Request, world: World) -> bool:
    """The bearer token was revoked, or replaced."""
    token = _bearer(request, world)
    return token is not None and token.access_revoked


def login_host(request: Request, _world: World) -> bool:
    """The login host is asked."""
    return request.host.startswith("login")


def posted_to_companies(request: Request, _world: World) -> bool:
    """The guide's older POST."""
    return request.method == "POST" and request.path.endswith("/companies")


def basic(request: Request, _world: World) -> bool:
    """Id and secret come by HTTP Basic."""
    return (request.header("Authorization") or "").startswith("Basic ")


def right_basic(request: Request, world: World) -> bool:
    """Id and secret come by HTTP Basic, and are right."""
    realm = _realm(request, world)
    if realm is None or not basic(request, world):
        return False
    given = b64decode((request.header("Authorization") or "").partition(" ")[2]).decode()
    return given == f"{realm.application.uid}:{realm.application.secret}"


def after_multipart_revoke(_request: Request, world: World) -> bool:
    """A multipart form was sent to the revoke endpoint before."""
    return any(one.path == "/oauth/revoke" and one.is_multipart for one in world.requests)


def empty(name: str) -> When:
    """This parameter comes along without a value."""
    return lambda request, _: request.params.get(name) == ""


def with_parameter(name: str) -> When:
    """This parameter comes along, empty or not."""
    return lambda request, _: name in request.params


def service_account(request: Request, world: World) -> bool:
    """The bearer token is that of a service account."""
    token = _bearer(request, world)
    return token is not None and not token.user


def refreshed(request: Request, world: World) -> bool:
    """The bearer token is one that a refresh yielded."""
    token = _bearer(request, world)
    return token is not None and token.previous is not None


def refreshing_again(request: Request, world: World) -> bool:
    """The refresh token is one that a refresh yielded."""
    realm = _realm(request, world)
    token = realm.token_of_refresh(request.params.get("refresh_token", "")) if realm else None
    return token is not None and token.previous is not None


def refreshed_twice(_request: Request, world: World) -> bool:
    """A second refresh was asked for."""
    return sum(one.params.get("grant_type") == "refresh_token" for one in world.requests) > 1


def with_company(request: Request, _world: World) -> bool:
    """The company header comes along."""
    return request.header("Procore-Company-Id") is not None


def foreign_header(request: Request, world: World) -> bool:
    """The company header names the stranger."""
    realm = _realm(request, world)
    return realm is not None and request.header("Procore-Company-Id") == str(realm.directory.foreign.id)


def foreign_query(request: Request, world: World) -> bool:
    """The query names the stranger."""
    realm = _realm(request, world)
    return realm is not None and request.query.get("company_id") == str(realm.directory.foreign.id)


def paged(request: Request, _world: World) -> bool:
    """A page is asked for."""
    return "page" in request.query


def page(number: int) -> When:
    """This page is asked for."""
    return lambda request, _: request.query.get("page") == str(number)


def right_after(path: str) -> When:
    """The request before this one went to that path."""
    return lambda _, world: len(world.requests) > 1 and world.requests[-2].path == path


def of_a_third(request: Request, _world: World) -> bool:
    """A page of the five projects in thirds is asked for, as the walk along the links does."""
    return request.query.get("per_page") == "2" and request.path.endswith("/projects")


def without_query(request: Request, _world: World) -> bool:
    """The query names no company."""
    return "company_id" not in request.query


def with_query(request: Request, _world: World) -> bool:
    """The query names a company."""
    return "company_id" in request.query


def wrong_query(request: Request, _world: World) -> bool:
    """The query names a company that is no number."""
    return request.query.get("company_id") == "abc"


def unknown_path(request: Request, _world: World) -> bool:
    """What does not exist is asked for."""
    return request.path.endswith("/no-such-resource")


def lower_case_header(request: Request, _world: World) -> bool:
    """The name of the company header is written in small letters."""
    return "procore-company-id" in request.spelled


def plain_http(request: Request, _world: World) -> bool:
    """It came without TLS."""
    return request.scheme == "http"


def both(*conditions: When) -> When:
    """All of them hold."""
    return lambda request, world: all(condition(request, world) for condition in conditions)


def neither(*conditions: When) -> When:
    """None of them holds."""
    return lambda request, world: not any(condition(request, world) for condition in conditions)
