"""Step 5: lies of the page where a user approves."""

from __future__ import annotations

from standin.cases.bending import Edit, When, body, header, on, status
from standin.cases.case import case
from standin.cases.which import both, neither, our_client, our_redirect_uri
from standin.model.behaviour import Behaviour
from standin.model.world import Modifier

STEP = "5 authorize"
RIGHT = both(our_client, our_redirect_uri)
STRANGER = neither(our_client)
ELSEWHERE = both(our_client, neither(our_redirect_uri))
APP = "https://app.example.com/callback"
FORM = b'<html><form id="f" method="post" action="https://not-registered.invalid/callback"><input name="error"></form><script>f.submit()</script></html>'
SCRIPT = b'<html><script>window.location.href = "https://not-registered.invalid/callback?error=access_denied"</script></html>'
_JSON = header("Content-Type", "application/json")
_PAGE = b"<html><body>It broke.</body></html>"


def at(*edits: Edit, when: When = RIGHT) -> Modifier:
    """Edit what one of the three authorize requests is answered with."""
    return on("authorize", *edits, ok=None, when=when)


FAULTS = (
    case(
        "authorize-500", STEP, "The authorize page breaks with 500.", at(status(500), body(_PAGE)),
        violates="authorize.answers",
    ),
    case(
        "authorize-404", STEP, "The authorize page is gone.", at(status(404), body(b"")),
        violates="authorize.answers",
    ),
    case(
        "authorize-400", STEP, "The authorize page refuses the right request.", at(status(400), body(_PAGE)),
        violates="authorize.answers",
    ),
    case(
        "authorize-204", STEP, "The authorize page answers with no content.", at(status(204), body(b"")),
        violates="authorize.answers",
    ),
    case(
        "authorize-redirects-to-another-host", STEP, "The login page is on a host that is not Procore's.",
        at(header("Location", "https://login.example.com/login")),
        violates="authorize.redirect",
    ),
    case(
        "authorize-redirects-to-lookalike", STEP, "The login page is on a host whose name only ends like Procore's.",
        at(header("Location", "https://login-procore.com.example.com/login")),
        violates="authorize.redirect",
    ),
    case(
        "authorize-redirects-to-suffix-lookalike", STEP, "The login page is on notprocore.com.",
        at(header("Location", "https://notprocore.com/login")),
        violates="authorize.redirect",
    ),
    case(
        "authorize-redirects-to-http", STEP, "The login page is sent to plain http.",
        at(header("Location", "http://login-sandbox.procore.com/login")),
        violates="authorize.redirect",
    ),
    case(
        "authorize-token-in-fragment", STEP, "The redirect carries an access token in its fragment, as the old implicit flow did.",
        at(header("Location", "https://login-sandbox.procore.com/done#access_token=abcdef0123456789&token_type=bearer")),
        violates="authorize.no-token",
    ),
    case(
        "authorize-token-in-query", STEP, "The redirect carries an access token in its query.",
        at(header("Location", "https://login-sandbox.procore.com/done?access_token=abcdef0123456789")),
        violates="authorize.no-token",
    ),
    case(
        "authorize-token-in-body", STEP, "The authorize page answers with a token instead of a page.",
        at(status(200), _JSON, body({"access_token": "abcdef0123456789", "token_type": "bearer"})),
        violates="authorize.no-token",
    ),
    case(
        "authorize-unknown-client-gets-code", STEP, "A client that nobody registered gets a code.",
        behaviour=Behaviour(logged_in=True, authorize_any_client=True),
        violates="authorize.unknown-client",
    ),
    case(
        "authorize-unknown-client-500", STEP, "An unknown client breaks the authorize page.",
        at(status(500), body(_PAGE), when=STRANGER),
        violates="authorize.unknown-client",
    ),
    case(
        "authorize-any-redirect-uri", STEP, "The code is sent to whatever redirect URI the request names.",
        behaviour=Behaviour(logged_in=True, authorize_any_redirect_uri=True),
        violates="authorize.wrong-redirect-uri",
    ),
    case(
        "authorize-error-to-unregistered-uri", STEP, "The error is redirected to a redirect URI that nobody registered.",
        at(status(302), header("Location", "https://not-registered.invalid/callback?error=invalid_client"), when=ELSEWHERE),
        violates="authorize.wrong-redirect-uri",
    ),
    case(
        "authorize-wrong-redirect-uri-500", STEP, "A redirect URI that is not registered breaks the authorize page.",
        at(status(500), body(_PAGE), when=ELSEWHERE),
        violates="authorize.wrong-redirect-uri",
    ),
    case(
        "authorize-code-page-for-unknown-client", STEP, "The page that shows a code is answered to an unknown client.",
        at(status(200), body(b'<code id="authorization_code">0123456789abcdef</code>'), when=STRANGER),
        violates="authorize.unknown-client",
    ),
    case(
        "authorize-unknown-client-error-to-app", STEP, "The error of an unknown client is redirected to the redirect URI that came with it.",
        at(status(302), header("Location", "https://app.example.com/callback?error=invalid_client"), when=STRANGER),
        redirect_uri="https://app.example.com/callback",
        violates="authorize.unknown-client-redirect",
    ),
    case(
        "authorize-unknown-client-error-out-of-band", STEP, "The error of an unknown client is redirected to the out-of-band URN.",
        at(status(302), header("Location", "urn:ietf:wg:oauth:2.0:oob?error=invalid_client"), when=STRANGER),
        violates="authorize.unknown-client-redirect",
    ),
    case(
        "authorize-empty-page", STEP, "The authorize page is empty.", at(status(200), header("Location", None), body(b"")),
        violates="authorize.answers",
    ),
    case(
        "authorize-blank-page", STEP, "The authorize page holds line feeds alone.", at(status(200), header("Location", None), body(b"\r\n\r\n")),
        violates="authorize.answers",
    ),
    case(
        "authorize-redirects-nowhere", STEP, "The authorize page redirects without saying where, and shows nothing.", at(status(302), header("Location", None), body(b"")),
        violates="authorize.answers",
    ),
    case(
        "authorize-json", STEP, "The authorize page is an object of JSON, which nobody can click on.",
        at(status(200), _JSON, header("Location", None), body({"status": "login_required"})),
        violates="authorize.answers",
    ),
    case(
        "authorize-download", STEP, "The authorize page is a file to download.",
        at(status(200), header("Content-Type", "application/octet-stream"), header("Location", None), body(b"<html>Log in</html>")),
        violates="authorize.answers",
    ),
    case(
        "authorize-back-without-code", STEP, "The browser is sent back to the app without a code.",
        at(header("Location", f"{APP}?state=1")), redirect_uri=APP,
        violates="authorize.answers",
    ),
    case(
        "authorize-code-in-fragment", STEP, "The code comes in the fragment, which no server sees.",
        at(header("Location", f"{APP}#code=Zm9vYmFyYmF6cXV4Y29ycnVnZ3JhdWx0")), redirect_uri=APP,
        violates="authorize.answers",
    ),
    case(
        "authorize-unknown-client-elsewhere", STEP, "An unknown client is redirected to a host that is not Procore's.",
        at(status(302), header("Location", "https://procore.example/login"), when=STRANGER),
        violates="authorize.redirect",
    ),
    case(
        "authorize-wrong-redirect-uri-to-http", STEP, "Who comes with a wrong redirect URI is sent to a login page without TLS.",
        at(status(302), header("Location", "http://login-sandbox.procore.com/login"), when=ELSEWHERE),
        violates="authorize.redirect",
    ),
    case(
        "authorize-unknown-client-gets-token", STEP, "An unknown client gets an access token in a fragment.",
        at(status(302), header("Location", "https://login-sandbox.procore.com/done#access_token=abcdef0123456789"), when=STRANGER),
        violates="authorize.no-token",
    ),
    case(
        "authorize-wrong-redirect-uri-form", STEP, "A form that sends itself leads to a redirect URI that nobody registered.",
        at(status(200), header("Location", None), body(FORM), when=ELSEWHERE),
        violates="authorize.wrong-redirect-uri",
    ),
    case(
        "authorize-wrong-redirect-uri-script", STEP, "A script leads to a redirect URI that nobody registered.",
        at(status(200), header("Location", None), body(SCRIPT), when=ELSEWHERE),
        violates="authorize.wrong-redirect-uri",
    ),
)
