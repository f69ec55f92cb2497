"""Step 5, generate a code: what a browser is shown before and after the user approves."""

import html
import re
from urllib.parse import SplitResult, parse_qs, urlsplit

import pytest

from quickstart.exchange import fields
from quickstart.exchange.answer import Answer
from quickstart.exchange.targets import is_procores
from quickstart.judgement import expect
from quickstart.run import tokens
from quickstart.run.run import Run
from quickstart.secrecy.patterns import looks_secret

# A code as a page hands it out: Doorkeeper's own.
CODE_ON_PAGE = re.compile(r"""id=["']authorization_code["']|/oauth/authorize/native\?code=""")
# As a page may hand it out: as a parameter of a link, a member, a field or an element; words there are no code.
MAYBE_CODES = re.compile(
    r"""(?:[?&#]code=|["']code["']\s*:\s*["']|name=["']?code["']?\s[^<>]*value=["']|<code\b[^>]*>\s*)([\w-]{16,})""",
    re.IGNORECASE,
)
SCRIPT = re.compile(r"<script\b.*?</script>", re.IGNORECASE | re.DOTALL)  # all words that a page may ever show
REFRESH_ON_PAGE = re.compile(
    r"""<meta\b[^>]*http-equiv=["']?refresh["']?[^>]*content=["'][^"'>]*url=([^"'>]+)""", re.IGNORECASE
)
# Procore's own words for an unknown client and a wrong redirect URI, as they were seen, and Doorkeeper's for any error.
ERROR_ON_PAGE = re.compile(
    r"(?:client authentication failed|invalid redirect[ _]uri|redirect[ _]uri (?:included is not valid|is malformed)"
    r"|missing required parameter|request is missing a required parameter|not support this response (?:type|mode)"
    r"|requested scope is invalid|client is not authorized to perform|authorization server (?:denied|encountered)"
    r"|code challenge is required)[^<.]*",
    re.IGNORECASE,
)
TOKEN_ON_PAGE = re.compile(r"""["']?access_token["']?\s*[:=]\s*["'][A-Za-z0-9._~+/-]{16,}""")
# What a browser shows; without a type it looks at the bytes.
PAGE = frozenset({"", "text/html", "application/xhtml+xml", "text/plain"})
# How a page leads a browser on without asking: a script that goes elsewhere, and a form, which a script may send.
LEADS_ON = re.compile(
    r"""location(?:\.href)?\s*=\s*["']([^"']+)|location\.(?:assign|replace)\(\s*["']([^"']+)"""
    r"""|<form\b[^>]*\baction=["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
AUTHORIZE = ("authorize", "authorize-unknown-client", "authorize-wrong-redirect-uri")
NOWHERE = urlsplit("")


def location(answer: Answer) -> SplitResult:
    """Return where a redirect leads, absolute; nowhere when there is none, or it is no URL.

    A page may redirect as well: by a Refresh header, or by the element that stands for one. Browsers take a backslash
    for a slash (URL Standard, section 4.4).
    """
    on_page = REFRESH_ON_PAGE.search(answer.text)
    told = answer.headers.get("Refresh", "").partition("=")[2] or (on_page[1] if on_page else "")
    reference = (answer.headers.get("Location") or html.unescape(told).strip(" \"'")).replace("\\", "/")
    return (fields.target(answer.sent.url, reference) if reference else None) or NOWHERE


def error_named(answer: Answer) -> str:
    """Return the error that the authorize URL answers, or an empty text: in a redirect, as JSON, or on a page."""
    parts = location(answer)
    codes = {**parse_qs(parts.query), **parse_qs(parts.fragment)}.get("error", [])
    words = ERROR_ON_PAGE.search(SCRIPT.sub("", answer.text))
    return codes[0] if codes else tokens.error_code(answer) or html.unescape(words[0] if words else "")


def shows_a_code(answer: Answer) -> bool:
    """Whether an authorization code is handed out: in a redirect, or on Procore's own page."""
    parts = location(answer)
    in_path = re.fullmatch(r"/oauth/authorize/[\w-]{20,}", parts.path) is not None
    given = "code" in {*parse_qs(parts.query), *parse_qs(parts.fragment)}
    shown = CODE_ON_PAGE.search(answer.text) is not None or any(map(looks_secret, MAYBE_CODES.findall(answer.text)))
    return given or in_path or shown


def leads_to_the_app(answer: Answer, run: Run) -> bool:
    """Whether a redirect leads to the redirect URI of the app."""
    return location(answer)[:3] == urlsplit(run.credentials.redirect_uri)[:3]


def lost(answer: Answer, run: Run) -> str:
    """Return where a redirect leads that is neither Procore's, over https, nor the app's; else an empty text."""
    parts, asked = location(answer), urlsplit(answer.sent.url)
    if not parts.scheme:
        return f"a Location of {answer.name} that is no URL" if answer.headers.get("Location") else ""
    same_site = fields.origin(parts) == fields.origin(asked) and "@" not in parts.netloc
    right = is_procores(parts.geturl()) or same_site or leads_to_the_app(answer, run)
    # To where the request itself named, another requirement judges.
    named = parse_qs(asked.query).get("redirect_uri", [""])[-1]
    return "" if right or parts[:3] == urlsplit(named)[:3] else f"{answer.name}: {parts.scheme}://{parts.netloc}"


def has_token(answer: Answer) -> bool:
    """Whether an access token stands in a redirect, or on a page; the word alone, in a script, is none."""
    parts = location(answer)
    redirected = "access_token" in {*parse_qs(parts.query), *parse_qs(parts.fragment)}
    return redirected or TOKEN_ON_PAGE.search(answer.text) is not None


def led_to(answer: Answer) -> list[str]:
    """Return the hosts to which a redirect, a script or a form leads a browser."""
    texts = [next(filter(None, found)) for found in LEADS_ON.findall(answer.text)]
    targets = [location(answer), *(fields.target(answer.sent.url, html.unescape(text)) for text in texts)]
    return [target.hostname for target in targets if target is not None and target.hostname]


@pytest.mark.requirement("authorize.answers")
def test_authorize_answers_a_browser(authorize: Answer, run: Run) -> None:
    """A page, or a redirect to the login page or back with a code; an empty answer is neither, nor is an error."""
    expect.answered(authorize)
    assert not error_named(authorize), f"{authorize.status} and the error {error_named(authorize)!r}"
    shown = authorize.text.strip() and authorize.media_type in PAGE
    assert shown or authorize.headers.get("Location"), f"{authorize.status} {authorize.media_type}: nothing to look at"
    given = "code" in parse_qs(location(authorize).query)
    assert given or not leads_to_the_app(authorize, run), "a redirect to the app without a code in its query"


@pytest.mark.requirement("authorize.redirect")
@pytest.mark.judges(*AUTHORIZE)
def test_authorize_redirect_stays_with_procore(judged: list[Answer], run: Run) -> None:
    """A redirect leads to Procore over https, or to the app's own redirect URI."""
    wrong = [where for answer in expect.had(judged) if (where := lost(answer, run))]
    assert not wrong, f"a redirect: {expect.listed(wrong)}"


@pytest.mark.requirement("authorize.no-token")
@pytest.mark.judges(*AUTHORIZE)
def test_authorize_hands_out_no_token(judged: list[Answer]) -> None:
    """The code flow never puts an access token into a browser."""
    found = [answer.name for answer in expect.had(judged) if has_token(answer)]
    assert not found, f"access_token: {expect.listed(found)}"


@pytest.mark.requirement("authorize.unknown-client")
def test_authorize_unknown_client_gets_no_code(authorize_unknown_client: Answer) -> None:
    """A Client ID that Procore does not know leads to a login or an error page, never to a code."""
    expect.answered(authorize_unknown_client)
    assert not shows_a_code(authorize_unknown_client), "a code"


@pytest.mark.requirement("authorize.unknown-client-redirect")
def test_authorize_unknown_client_is_not_redirected_to_an_app(authorize_unknown_client: Answer, run: Run) -> None:
    """A redirect URI that comes with an unknown Client ID is nobody's: not even an error goes there."""
    authorize_unknown_client.require_status()
    to_the_app = leads_to_the_app(authorize_unknown_client, run)
    assert not to_the_app, "a redirect to the redirect URI of the request"


@pytest.mark.requirement("authorize.wrong-redirect-uri")
def test_authorize_wrong_redirect_uri_gets_no_code(authorize_wrong_redirect_uri: Answer) -> None:
    """A redirect URI that the app did not register gets neither a code nor a redirect."""
    expect.answered(authorize_wrong_redirect_uri)
    there = [host for host in led_to(authorize_wrong_redirect_uri) if host.endswith(".invalid")]
    assert not shows_a_code(authorize_wrong_redirect_uri), "a code"
    assert not there, f"a redirect to {there[0]}"
