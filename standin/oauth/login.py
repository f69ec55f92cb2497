"""What a browser meets before there is a code: the login page, and the page that asks for consent."""

from __future__ import annotations

import html
from urllib.parse import urlencode

from standin.http.messages import Answer, Request
from standin.model.dialects import Shape
from standin.model.frames import COOKIE, bare, cookie, page, redirect, session_id
from standin.model.world import Realm, Session, World

PATH = "/login"
_KEPT = 1000
"""Sessions: who asks for a thousand more has forgotten the first."""
STYLE = """<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f5f6; color: #232729 }
  #container { max-width: 26rem; margin: 3rem auto; padding: 1.5rem 2rem 2rem; background: #fff; border-radius: 8px }
  label { display: block; margin: .75rem 0 }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem }
  button { font: inherit; padding: .5rem 1.5rem; margin: .75rem .5rem 0 0 }
  button { border-radius: 4px; border: 1px solid #6a767c }
  button.main { background: #b23c00; border-color: #b23c00; color: #fff }
  code { overflow-wrap: anywhere }
  .note { font-size: .875rem; color: #56606a } form { display: inline }
</style>"""
NOTE = '<p class="note">This is the local stand-in, not Procore: nothing that you type leaves this machine.</p>'


def session_of(realm: Realm, request: Request) -> Session | None:
    """The session of the browser that asks, if it has one here."""
    pairs = (pair.partition("=") for pair in (request.header("Cookie") or "").split(";"))
    return next((realm.sessions.get(value) for name, _, value in pairs if name.strip() == COOKIE), None)


def required(world: World, realm: Realm, request: Request) -> Answer:
    """Send somebody to the login page, and remember what was wanted."""
    query = f"?{urlencode(request.pairs)}" if request.pairs else ""
    return redirect(f"{request.base}{PATH}", _begin(world, realm, request, f"{request.path}{query}"))


def form(world: World, realm: Realm, request: Request) -> Answer:
    """The login page."""
    session = session_of(realm, request)
    begun = [] if session else [_begin(world, realm, request, "")]
    user = html.escape(realm.directory.user.login)
    content = (
        f'{STYLE}<h1>Log In</h1>\n<form method="post" action="{PATH}">'
        f'<label>Email <input name="email" type="email" autocomplete="username" value="{user}"></label>'
        '<label>Password <input name="password" type="password" autocomplete="off"></label>'
        f'<button class="main">Log In</button></form>{NOTE}<p class="note">Any password will do.</p>'
    )
    return page(200, "Log In | Procore", content, *begun)


def submit(_world: World, realm: Realm, request: Request) -> Answer:
    """The login page was filled in: whoever has a session is logged in, and goes where they wanted to."""
    session = session_of(realm, request)
    if session is None:
        return bare(422).noting("no session: the login page was not asked for in this browser")
    session.logged_in = True
    if session.wanted:
        return redirect(f"{request.base}{session.wanted}")
    return page(200, "Procore", f"{STYLE}<h1>Logged in</h1>{NOTE}")


def consent(_world: World, realm: Realm, request: Request, session: Session) -> Answer:
    """The page with Allow and Deny, for a request that was checked."""
    names = ("client_id", "redirect_uri", "state", "response_type", "scope", "code_challenge", "code_challenge_method")
    asked = {name: request.query[name] for name in names if name in request.query}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in {"authenticity_token": session.csrf, **asked}.items()
    )
    deny = '<input type="hidden" name="_method" value="delete">'
    client, user = html.escape(asked.get("client_id", "")), html.escape(realm.directory.user.login)
    content = (
        f"{STYLE}<h1>Authorize an application</h1>\n"
        f"<p>The application with the Client ID <code>{client}</code> wants to act for {user}.</p>"
        f'<form method="post" action="/oauth/authorize">{hidden}<button class="main">Allow</button></form>'
        f'<form method="post" action="/oauth/authorize">{hidden}{deny}<button>Deny</button></form>{NOTE}'
    )
    return page(200, "OAuth authorization required", content)


def _begin(world: World, realm: Realm, request: Request, wanted: str) -> tuple[str, str]:
    """A new session, as the cookie that names it."""
    name = session_id(world.mint)
    realm.sessions[name] = Session(csrf=realm.secrets_of_forms.secret(Shape.BASE64URL_43), wanted=wanted)
    while len(realm.sessions) > _KEPT:
        del realm.sessions[next(iter(realm.sessions))]
    return cookie(name, secure=request.base.startswith("https:"))
