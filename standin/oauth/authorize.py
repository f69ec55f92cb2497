"""GET /oauth/authorize, the page with the code, and the login page (``facts/doorkeeper.md`` 1)."""

from __future__ import annotations

import html
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from standin.http.messages import Answer, Request
from standin.model.frames import bare, page, redirect, session_cookie
from standin.model.world import OUT_OF_BAND, Application, Realm, World
from standin.oauth import pkce
from standin.oauth.oauth_errors import Refused, description
from standin.oauth.redirect_uris import registered

LOGIN = "/login"


def authorize(world: World, realm: Realm, request: Request) -> Answer:
    """Hand out a code to a user who is logged in; send everybody else to the login page, before any check.

    Doorkeeper asks who the user is before it looks at the client (``facts/procore-api.md`` 1).
    """
    if not world.behaviour.logged_in:
        return redirect(f"{request.base}{LOGIN}", session_cookie(world.request_ids))
    try:
        client, redirect_uri = _checked(world, realm, request)
    except Refused as refused:
        return _error_page(world, refused)
    query = request.query if world.dialect.pkce else {}
    code = world.issue_code(
        realm,
        client,
        redirect_uri,
        challenge=query.get("code_challenge", ""),
        challenge_method=query.get("code_challenge_method", ""),
    ).value
    return redirect(_destination(world, request, redirect_uri, code))


def post(_world: World, _realm: Realm, _request: Request) -> Answer:
    """The form of the Approve button, sent by somebody who has no CSRF token (1.24)."""
    return bare(422)


def native(world: World, _realm: Realm, request: Request) -> Answer:
    """The page that shows the code; it shows whatever it is given (1.23)."""
    code = request.query.get("code") or request.path.rpartition("/")[2]
    shown = f'<h1>Authorization code:</h1>\n<code id="authorization_code">{html.escape(code)}</code>'
    return page(200, "OAuth authorization required", shown, session_cookie(world.request_ids))


def login(world: World, _realm: Realm, _request: Request) -> Answer:
    """The form that a browser without a session meets."""
    form = '<h1>Log In</h1>\n<form method="post" action="/login"><input name="email"><input name="password"></form>'
    return page(200, "Log In | Procore", form, session_cookie(world.request_ids))


def _error_page(world: World, refused: Refused) -> Answer:
    """Errors are a page, never a redirect, and in older versions a page with status 200 (1.07 to 1.22)."""
    dialect = world.dialect
    unknown = refused.error == "invalid_client"
    status = dialect.authorize_client_error_status if unknown else dialect.authorize_error_status
    text = html.escape(description(dialect, refused))
    content = f"<h1>An error has occurred</h1>\n<pre>{text}</pre>"
    answer = page(status, "OAuth authorization required", content, session_cookie(world.request_ids))
    return answer.noting(refused.note)


def _checked(world: World, realm: Realm, request: Request) -> tuple[Application, str]:
    """The client and the redirect URI to answer to, or a refusal."""
    rules, query = world.behaviour, request.query
    if not query.get("client_id") and not rules.authorize_any_client:
        raise Refused("invalid_request", "client_id")
    client = realm.applications.get(query.get("client_id", ""))
    if client is None:
        if not rules.authorize_any_client:
            raise Refused("invalid_client", why="no application of this environment has this client_id")
        client = realm.application
    redirect_uri = query.get("redirect_uri", "")
    known = registered(world.dialect, redirect_uri, client.redirect_uri.split())
    if not known and not rules.authorize_any_redirect_uri:
        raise Refused("invalid_redirect_uri", why=f"{redirect_uri or 'none'} is not registered")
    if not query.get("response_type"):
        raise Refused("invalid_request", "response_type")
    if query["response_type"] != "code":
        raise Refused("unsupported_response_type", why=query["response_type"])
    if not set(query.get("scope", "").split()) <= set(world.dialect.scopes):
        raise Refused("invalid_scope")
    if world.dialect.pkce:
        pkce.require_method(world.dialect, query)
    return client, redirect_uri


def _destination(world: World, request: Request, redirect_uri: str, code: str) -> str:
    """Where the code is shown: a page of our own (1.01), or the client's redirect URI with the state (1.15)."""
    if redirect_uri == OUT_OF_BAND or not redirect_uri:
        return f"{request.base}{world.dialect.native_code_path}{quote(code)}"
    parts = urlsplit(redirect_uri)
    query = [*parse_qsl(parts.query), ("code", code)]
    if "state" in request.query:
        query.append(("state", request.query["state"]))
    return parts._replace(query=urlencode(query)).geturl()
