"""What Rails puts round every answer, and the few bodies that many endpoints share.

Source: the headers in ``facts/doorkeeper-5.5.0.json``, and the old raw dump in ``facts/procore-api.md`` 5.
"""

from __future__ import annotations

import html

from standin.http.messages import Answer, Body, Headers, Request
from standin.model.dialects import Shape
from standin.model.mint import Mint

JSON = ("Content-Type", "application/json; charset=utf-8")
HTML = ("Content-Type", "text/html; charset=utf-8")
COOKIE = "_oracle_app_session"
REVALIDATE = ("Cache-Control", "max-age=0, private, must-revalidate")

_SECURITY: Headers = (
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-XSS-Protection", "1; mode=block"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Download-Options", "noopen"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)


def json_answer(status: int, body: Body, *headers: tuple[str, str]) -> Answer:
    """An answer of a Rails controller that renders JSON."""
    return Answer(status, (*_SECURITY, JSON, ("Vary", "Accept"), *headers), body)


def page(status: int, title: str, content: str, *headers: tuple[str, str]) -> Answer:
    """An HTML page; ``content`` is markup, ``title`` is text."""
    text = (
        f"<!DOCTYPE html>\n<html>\n<head>\n  <title>{html.escape(title)}</title>\n"
        f'  <meta charset="utf-8">\n</head>\n<body>\n<div id="container">\n{content}\n</div>\n</body>\n</html>\n'
    )
    return Answer(status, (*_SECURITY, HTML, ("Vary", "Accept"), REVALIDATE, *headers), text.encode())


def redirect(location: str, *headers: tuple[str, str]) -> Answer:
    """A 302 with the page that Rails sends along."""
    text = f'<html><body>You are being <a href="{html.escape(location)}">redirected</a>.</body></html>'
    return Answer(
        302, (*_SECURITY, ("Location", location), HTML, ("Cache-Control", "no-cache"), *headers), text.encode()
    )


def bare(status: int) -> Answer:
    """An empty answer from outside any controller, such as for a body that cannot be parsed (4.18)."""
    return Answer(status, (("Content-Type", "text/html; charset=UTF-8"),))


def no_route(request: Request) -> Answer:
    """The 404 of an unknown path or a wrong method (section 9): empty, or JSON for those who ask for it (9.1)."""
    note = f"there is no {request.method} {request.path} on {request.host}"
    if "application/json" in (request.header("Accept") or ""):
        kind = ("Content-Type", "application/json; charset=UTF-8")
        return Answer(404, (kind,), {"status": 404, "error": "Not Found"}).noting(note)
    return bare(404).noting(note)


def session_cookie(mint: Mint) -> tuple[str, str]:
    """The cookie of a session that nobody keeps: something that must never reach a recording."""
    return cookie(session_id(mint))


def session_id(mint: Mint) -> str:
    """What names a session."""
    return f"{mint.secret(Shape.BASE64URL_43)}--{mint.secret(Shape.BASE64URL_43)}"


def cookie(session: str, *, secure: bool = True) -> tuple[str, str]:
    """The header that gives a browser its session; one without TLS would not send a secure one back."""
    return ("Set-Cookie", f"{COOKIE}={session}; path=/; HttpOnly; {'secure; ' if secure else ''}SameSite=Lax")
