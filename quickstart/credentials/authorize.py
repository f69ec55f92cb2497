"""Step 5 by hand: ``python -m quickstart authorize`` turns a browser's code into cached tokens."""

import getpass
import os
import secrets
import sys
import time
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qs, urlsplit

from quickstart.credentials.authorize_url import authorize_url
from quickstart.credentials.listener import PATIENCE, Caught, ListenError, can_catch, listening
from quickstart.credentials.settings import Application
from quickstart.credentials.stored_cache import cache_for
from quickstart.credentials.token_cache import CacheError, TokenCache, UnsharedError, digest
from quickstart.exchange.answer import CouldNotTest
from quickstart.exchange.client import Client
from quickstart.exchange.messages import Request
from quickstart.exchange.targets import TARGETS, Target
from quickstart.judgement import diagnosis, portal
from quickstart.judgement.facts import Circumstances
from quickstart.run.tokens import CODE, Pair, pair_in
from quickstart.secrecy.redaction import Redactor

NO_CODE = "That is no code: paste the code alone, or the whole URL that you were sent to."
ONCE_MORE = "run the command again, for a new code"
LONGEST = 10_000  # characters of a code or a URL
REQUESTS = 3  # one, and again where the server asks to come later


class AuthorizeError(Exception):
    """No tokens came of it; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Desk:
    """What one authorization works with."""

    application: Application
    target: Target
    cache: TokenCache

    @property
    def client_id(self) -> str:
        """The id of the app, which is no secret towards its own user."""
        return self.application.client_id.get_secret_value()

    @property
    def known(self) -> Circumstances:
        """What a diagnosis of an answer must know."""
        return Circumstances(self.target, CODE, company_id=0, redirect_uri=self.application.redirect_uri)

    def url(self, state: str) -> str:
        """Return the URL of guide step 5, with ``state`` against a code of somebody else (RFC 6749 10.12)."""
        return authorize_url(
            self.target.login_url, self.application.redirect_uri, client_id=self.client_id, state=state
        )


def desk(application: Application, target_name: str, redactor: Redactor) -> Desk:
    """Return what is needed to authorize ``application`` at the target."""
    target = application.target(target_name)
    return Desk(application, target, cache_for(target.login_url, application, redactor))


def ask(at: Desk, *, browser: bool) -> str:
    """Print the authorize URL, open it where there is a display, and return what the user pastes.

    Raises:
        AuthorizeError: nothing was pasted.
        token_cache.CacheError: the cache cannot be written, so that tokens would be lost.
    """
    state = secrets.token_urlsafe(16)
    with at.cache.locked():
        at.cache.save(replace(at.cache.load(), asked=digest(state)))
    url = at.url(state)
    print(f"Open this URL, log in and approve (guide step 5):\n\n  {url}\n", flush=True)
    with ExitStack() as stack:
        caught = _listening(at, state, stack)
        if browser and has_display(os.environ):
            webbrowser.open(url)
        text = _given() if not sys.stdin.isatty() else ""
        if not text.strip() and caught is not None:
            text = _caught(at, caught)
    if not text.strip() and sys.stdin.isatty():
        print("Paste the code that is shown, or the whole URL that you were sent to. It is valid for ten minutes.")
        text = getpass.getpass("Code or URL (not shown): ")
    if not text.strip():
        raise AuthorizeError("No code came: run the command again, or give it the code or URL as its argument.")
    return text


def _listening(at: Desk, state: str, stack: ExitStack) -> Caught | None:
    """Listen where the browser is sent to this machine, until ``stack`` ends."""
    if not can_catch(at.application.redirect_uri):
        return None
    try:
        return stack.enter_context(listening(at.application.redirect_uri, lambda came: digest(came) == digest(state)))
    except ListenError as error:
        print(f"Nobody listens at {at.application.redirect_uri} ({error}): paste the URL that you are sent to.")
        return None


def _caught(at: Desk, caught: Caught) -> str:
    """Wait for the browser; whoever has it on another machine ends that with Ctrl-C, and pastes."""
    paste = ", or until Ctrl-C, after which you can paste the URL that you are sent to" if sys.stdin.isatty() else ""
    print(
        f"Waiting for the browser at {at.application.redirect_uri}, for {PATIENCE / 60:g} minutes{paste}.", flush=True
    )
    try:
        return caught.wait() or ""
    except KeyboardInterrupt:
        if not sys.stdin.isatty():
            raise
        print()
        return ""


def _given() -> str:
    print("Then give the code that is shown, or the whole URL that you were sent to. It is valid for ten minutes.")
    sys.stdout.flush()
    return _line()


def _line() -> str:
    try:
        return sys.stdin.readline(LONGEST)
    except UnicodeDecodeError:
        raise AuthorizeError(NO_CODE) from None


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a browser window can be opened for the person at the keyboard."""
    if environment.get("SSH_CONNECTION") or environment.get("CI"):
        return False
    return sys.platform in {"darwin", "win32"} or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def code_from(text: str, at: Desk) -> str:
    """Return the code in what was pasted: the code itself, or the URL that carries it.

    Raises:
        AuthorizeError: there is none, or the URL is of another environment or another attempt.
    """
    text = text.removeprefix("\ufeff").strip()  # PowerShell may put a mark before what it pipes
    if "://" not in text:
        return _refused_unless_code(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise AuthorizeError(NO_CODE) from None
    _refuse_other_environment(parts.hostname or "", at.target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if "error" in query:
        raise AuthorizeError(
            f"Procore refused ({_word(query['error'])}): approve the app, or see that PROCORE_CLIENT_ID "
            f"and PROCORE_REDIRECT_URI are those of {portal.KEYS}."
        )
    if "state" in query and digest(query["state"]) != at.cache.load().asked:
        raise AuthorizeError(
            "The state of that URL is not of the last URL printed here: open that one, and paste anew."
        )
    _refuse_what_no_server_may_send(parts, query, at)
    in_path = parts.path.rpartition("/")[2] if parts.path.startswith("/oauth/authorize/") else ""
    code = query.get("code") or (in_path if in_path != "native" else "")
    if not code:
        raise AuthorizeError("There is no code in that URL: paste the one that you were sent to after approving.")
    return _refused_unless_code(code)


def _refuse_what_no_server_may_send(parts: SplitResult, query: Mapping[str, str], at: Desk) -> None:
    """Refuse a code behind a ``#``, which pages can read, and an answer that lost the state (RFC 6749, 4.1.2)."""
    if {"code", "access_token"} & parse_qs(parts.fragment).keys():
        raise AuthorizeError(
            "That URL carries its secret behind a #, where every page of the browser can read it; the code flow must "
            "not: report it to Procore (apisupport@procore.com), and do not use that code."
        )
    ours = parts[:3] == urlsplit(at.application.redirect_uri)[:3]
    if ours and "state" not in query and at.cache.load().asked:
        raise AuthorizeError(
            "That URL carries no state, although one was sent: it is of another attempt, or Procore lost it. Open the "
            "last URL printed here and paste anew; if it stays, report it, and paste the code alone."
        )


def _refused_unless_code(text: str) -> str:
    """Return ``text`` where it can be a code (RFC 6749, appendix A.11)."""
    if not text or len(text) >= LONGEST or any(not "!" <= c <= "~" for c in text):
        raise AuthorizeError(NO_CODE)
    return text


def _refuse_other_environment(host: str, target: Target) -> None:
    for other in TARGETS.values():
        if host == urlsplit(other.login_url).hostname and other.login_url != target.login_url:
            raise AuthorizeError(f"That code is of {other.name}, not of {target.name}: use --target={other.name}.")


def _word(text: str) -> str:
    """Return an error code as it may be printed: RFC 6749 allows few characters, and a pasted URL all."""
    return "".join(c for c in text if c.isalnum() or c == "_")[:40]


def exchange(at: Desk, code: str) -> Pair:
    """Exchange ``code``, store the tokens, and return them.

    Raises:
        AuthorizeError: Procore refused or did not answer.
        token_cache.CacheError: the cache cannot be used; the code was not spent.
    """
    given = at.application
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": at.client_id,
        "client_secret": given.client_secret.get_secret_value(),
        "redirect_uri": given.redirect_uri,
    }
    client = Client(
        hosts=at.target.hosts, limit=REQUESTS, timeout=given.timeout, say=lambda text: print(f"waiting: {text}")
    )
    with at.cache.locked():
        state = at.cache.load()
        at.cache.save(state)  # a code works once: see that its tokens can be kept before it is sent
        try:
            pair = _pair(Request("POST", f"{at.target.login_url}/oauth/token/", {}, form, {}, None), client, at)
            at.cache.save(replace(state.with_pair(pair), pending="", asked="", spent=state.and_spent(code)))
        except KeyboardInterrupt:
            raise AuthorizeError(f"Interrupted while the code was exchanged, so it may be used: {ONCE_MORE}.") from None
        except UnsharedError:
            raise  # the tokens are kept, and it says where
        except CacheError as error:
            raise CacheError(f"{error} The code is used and its tokens are lost: then {ONCE_MORE}.") from None
    return pair


def _pair(request: Request, client: Client, at: Desk) -> Pair:
    reply = client.send(request)
    known = diagnosis.of_reply(CODE, request, reply, at.known)
    if known:
        raise AuthorizeError(known.sentence)
    try:
        return pair_in(reply.content)
    except CouldNotTest:
        host = urlsplit(at.target.login_url).hostname
        raise AuthorizeError(
            f"{host} answered {reply.status} without an access token: report it {portal.SUPPORT}."
        ) from None


def summary(at: Desk, pair: Pair) -> str:
    """Say what is cached now, and until when it lives."""
    until = time.strftime("%H:%M", time.localtime(pair.expires_at))
    minutes = max(0, round((pair.expires_at - time.time()) / 60))
    refresh = "the refresh token until it is used" if pair.refresh_token else "and no refresh token came with it"
    also = " and in the token store" if at.application.token_store else ""
    return (
        f"Authorized for {at.target.name}. The access token lives until {until} ({minutes} minutes), {refresh}.\n"
        f"Both are in {at.cache.path}{also}. Next: python -m pytest --target={at.target.name}"
    )


__all__ = ["AuthorizeError", "CacheError", "Desk", "ask", "code_from", "desk", "exchange", "summary"]
