"""/oauth/authorize: the checks, the consent of the user, and the page with the code (``facts/doorkeeper.md`` 1)."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from standin.http.messages import Answer, Request
from standin.model.frames import bare, page, redirect, session_cookie
from standin.model.world import OUT_OF_BAND, Application, Realm, World
from standin.oauth import login, pkce
from standin.oauth.oauth_errors import Refused, description
from standin.oauth.redirect_uris import registered


def authorize(world: World, realm: Realm, request: Request) -> Answer:
    """Hand out a code to a user who is logged in; send everybody else to the login page, before any check.

    Doorkeeper asks who the user is before it looks at the client (``facts/procore-api.md`` 1). Who logged in in a
    browser is asked for consent; ``Behaviour.logged_in`` is a browser in which that was given before.
    """
    session = login.session_of(realm, request)
    known = session is not None and session.logged_in
    if not world.behaviour.logged_in and not known:
        return login.required(world, realm, request)
    try:
        client, redirect_uri = _checked(world, realm, request.query)
    except Refused as refused:
        return _error_page(world, refused)
    if session is not None and known:
        return login.consent(world, realm, request, session)
    return _granted(world, realm, request, client, redirect_uri)


def post(world: World, realm: Realm, request: Request) -> Answer:
    """The form of the consent page; 422 for somebody who has no CSRF token (1.24)."""
    session = login.session_of(realm, request)
    if session is None or not session.logged_in or request.form.get("authenticity_token") != session.csrf:
        return bare(422).noting("no session of a browser that has logged in, or not the token of its form")
    try:
        client, redirect_uri = _checked(world, realm, request.form)
    except Refused as refused:
        return _error_page(world, refused)
    if request.form.get("_method") == "delete":
        return _denied(world, request, redirect_uri)
    return _granted(world, realm, request, client, redirect_uri)


def _granted(world: World, realm: Realm, request: Request, client: Application, redirect_uri: str) -> Answer:
    asked = request.params if world.dialect.pkce else {}
    code = world.issue_code(
        realm,
        client,
        redirect_uri,
        challenge=asked.get("code_challenge", ""),
        challenge_method=asked.get("code_challenge_method", ""),
    ).value
    if redirect_uri == OUT_OF_BAND or not redirect_uri:
        return redirect(f"{request.base}{world.dialect.native_code_path}{quote(code)}")
    return redirect(_back(request, redirect_uri, code=code))


def _denied(world: World, request: Request, redirect_uri: str) -> Answer:
    """Access denied: the client is told (RFC 6749 4.1.2.1), or the user where there is no client to tell."""
    refused = Refused("access_denied", why="the user clicked Deny")
    if redirect_uri == OUT_OF_BAND:
        return _error_page(world, refused)
    text = description(world.dialect, refused)
    return redirect(_back(request, redirect_uri, error=refused.error, error_description=text)).noting(refused.note)


def native(world: World, _realm: Realm, request: Request) -> Answer:
    """The page that shows the code; it shows whatever it is given (1.23)."""
    code = request.query.get("code") or request.path.rpartition("/")[2]
    shown = f'<h1>Authorization code:</h1>\n<code id="authorization_code">{html.escape(code)}</code>'
    return page(200, "OAuth authorization required", f"{login.STYLE}{shown}{login.NOTE}", session_cookie(world.mint))


def _error_page(world: World, refused: Refused) -> Answer:
    """Errors are a page, never a redirect, and in older versions a page with status 200 (1.07 to 1.22)."""
    dialect = world.dialect
    unknown = refused.error == "invalid_client"
    status = dialect.authorize_client_error_status if unknown else dialect.authorize_error_status
    text = html.escape(description(dialect, refused))
    content = f"<h1>An error has occurred</h1>\n<pre>{text}</pre>"
    answer = page(status, "OAuth authorization required", content, session_cookie(world.mint))
    return answer.noting(refused.note)


def _checked(world: World, realm: Realm, query: Mapping[str, str]) -> tuple[Application, str]:
    """The client and the redirect URI to answer to, or a refusal; ``query`` has what was asked for."""
    rules = world.behaviour
    if not query.get("client_id") and not rules.authorize_any_client:
        raise Refused("invalid_request", "client_id")
    client = realm.applications.get(query.get("client_id", ""))
    if client is None:
        if not rules.authorize_any_client:
            raise Refused("invalid_client", why="no application of this environment has this client_id")
        client = realm.application
    redirect_uri = query.get("redirect_uri", "")
    known = registered(world.dialect, redirect_uri, client.redirect_uris)
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


def _back(request: Request, redirect_uri: str, **told: str) -> str:
    """The client's redirect URI with the code or the error, and with the state (1.15)."""
    parts = urlsplit(redirect_uri)
    state = {"state": request.params["state"]} if "state" in request.params else {}
    return parts._replace(query=urlencode([*parse_qsl(parts.query), *told.items(), *state.items()])).geturl()
