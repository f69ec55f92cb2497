"""The books on tokens: which are kept, which are spent, and which may be, in the cache or else in memory."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from quickstart.credentials.authorize_url import authorize_url
from quickstart.credentials.sources import PIPELINES
from quickstart.credentials.token_cache import (
    AGAIN,
    CacheBusyError,
    CacheError,
    State,
    TokenCache,
    UnsharedError,
    digest,
)
from quickstart.exchange.answer import UNREACHABLE, Answer, CouldNotTest
from quickstart.run import signals
from quickstart.run.tokens import FRESH_FOR, Credentials, Pair, error_code, pair_of

LOST = "The new tokens of this run are lost with it."
UNCERTAIN = "The next run cannot know which tokens are spent."
MAY_BE_SPENT = f"the refresh token may be spent: {AGAIN}"
UNAVAILABLE = 503  # nothing was done (RFC 9110 section 15.6.4)


class Ledger:
    """Notes what is spent before it is used, and keeps what came before that is used.

    Where the cache cannot be used, it goes on in memory. No refresh token is spent then: the token that comes in
    exchange would be lost with the run.
    """

    def __init__(self, credentials: Credentials, cache: TokenCache, learn: Callable[[str, str], object]) -> None:
        """``learn(kind, secret)`` tells the redactor of what the cache holds, before anything else is done with it."""
        self._credentials = credentials
        self._cache = cache
        self._learn = learn
        self._state = State()
        self._spending: str | None = None
        self.in_memory = False
        self.notes: list[str] = []
        self._load()

    def note(self, text: str) -> None:
        """Tell the user, once."""
        if text not in self.notes:
            self.notes.append(text)

    def _load(self) -> None:
        try:
            self._read()
        except CacheError as error:
            self._go_on_in_memory(error)

    def _read(self) -> None:
        self._state = self._cache.load()
        for kind, secret in (("access-token", self._state.access_token), ("refresh-token", self._state.refresh_token)):
            if secret:
                self._learn(kind, secret)

    def _go_on_in_memory(self, error: CacheError) -> None:
        self.in_memory = True
        self.note(f"{error} This run keeps its tokens in memory, and spends no refresh token.")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the cache against other runs, and read what they left, where it can be used.

        Raises:
            CouldNotTest: another run holds it for too long.
        """
        with ExitStack() as stack:
            if not self.in_memory:
                try:
                    stack.enter_context(self._cache.locked())
                except CacheBusyError as error:
                    raise CouldNotTest(str(error)) from None
                except CacheError as error:
                    self._go_on_in_memory(error)
                self._load()
            yield

    # --- what there is

    @property
    def pair(self) -> Pair | None:
        """The cached tokens, however old."""
        return self._state.pair

    def has_fresh_pair(self) -> bool:
        """Whether the cached access token is worth starting a run with."""
        if self._state.clock_is_behind and self._state.pair:
            self.note("The clock was set back since the cached token came, so it is not known to live: it is not used.")
        return self._state.pair is not None and self._state.fresh_for() > FRESH_FOR

    @property
    def is_interrupted(self) -> bool:
        """Whether an earlier run ended while it refreshed, so that its token may be spent."""
        return bool(self._state.pending)

    def usable_refresh_token(self) -> str | None:
        """Return the cached refresh token, else the given one, unless it was used or may have been."""
        if self.in_memory:
            return None
        given = self._credentials.refresh_token
        known = (self._state.refresh_token, given if given and not self._state.has_spent(given) else None)
        return next((token for token in known if token and digest(token) != self._state.pending), None)

    def lacks_refresh_token(self) -> bool:
        """Whether the refresh token that was given is spent, and no other one came for it."""
        given = self._credentials.refresh_token
        return bool(given and self._state.has_spent(given) and not self._state.refresh_token)

    def unspent_code(self) -> str | None:
        """Return the authorization code that was given, unless it was exchanged or refused before."""
        code = self._credentials.authorization_code
        tried = code and (self._state.has_spent(code) or self._state.has_spent(self._code_as_sent(code)))
        return None if tried else code

    def _code_as_sent(self, code: str) -> str:
        """A code that was refused may work with the right redirect URI, so both together are remembered."""
        return f"{code} {self._credentials.redirect_uri}"

    def was_refreshed_elsewhere(self) -> bool:
        """Whether another run, whom this one gave way, has left tokens meanwhile."""
        if self.in_memory or not self._cache.gave_way:
            return False
        self._load()
        return self.has_fresh_pair()

    def note_lost(self) -> None:
        """Say, once, how a pipeline that was to have a user's token gets one again, and where step 5 is."""
        said = any(AGAIN in note for note in self.notes)
        if not self._cache.is_for_pipelines or (self.in_memory and not said):
            return
        what = "" if said else f"No user's token is kept for this pipeline, or none any more: {AGAIN}. "
        url = authorize_url(self._cache.login_url, self._credentials.redirect_uri)
        self.note(f"{what}Guide step 5, with your Client ID at its end: {url} ; then {PIPELINES}.")

    # --- what happens to it

    @contextmanager
    def spending(self, token: str | None, *, must_be_cached: bool) -> Iterator[None]:
        """Leave a note that ``token`` is being spent, for the next run should this one die now, and hold the cache.

        Raises:
            CouldNotTest: the note cannot be left, or another run has spent the token.
        """
        with ExitStack() as stack:
            try:
                # The lock may be nested: it is held already when the refresh is how the run gets its token.
                stack.enter_context(self._cache.locked())
                self._read()
                if token is None or (must_be_cached and self._state.refresh_token != token):
                    raise CouldNotTest("another run refreshed meanwhile, so this run's refresh token is spent")
                if digest(token) == self._state.pending:
                    raise CouldNotTest(f"an earlier refresh ended without new tokens, so {MAY_BE_SPENT}")
                stack.enter_context(signals.held())  # from the note until its successor is kept
                noted = replace(self._state, pending=digest(token), pending_at=time.time())
                self._cache.save(noted)
                self._spending, self._state = token, noted
            except CacheError as error:
                raise CouldNotTest(f"the refresh token is not spent: {error}") from None
            yield

    def refreshed(self, answer: Answer) -> None:
        """Keep what came for the refresh token, or note that it is dead, or that it was not spent, or may be."""
        token, self._spending = self._spending, None
        pair = _pair(answer)
        if pair is not None:
            self._save(State(spent=self._state.and_spent(token)).with_pair(pair), LOST)
        elif error_code(answer) == "invalid_grant":
            kept = None if self._state.refresh_token == token else self._state.refresh_token
            spent = self._state.and_spent(token)
            self._save(replace(self._state, refresh_token=kept, expires_at=0.0, pending="", spent=spent), UNCERTAIN)
        elif _spent_nothing(answer):
            self._save(replace(self._state, pending=""), UNCERTAIN)
        elif token is not None:
            # The note that it is being spent stays: to send it again could have the server revoke what came of it.
            self.note(f"the refresh was answered without tokens ({answer.outcome}), so {MAY_BE_SPENT}")

    def exchanged(self, answer: Answer) -> None:
        """Keep what came for the authorization code, or note that it was refused."""
        code = self._credentials.authorization_code or ""
        pair = _pair(answer)
        if pair is not None:
            self._save(State(spent=self._state.and_spent(code)).with_pair(pair), LOST)
        elif answer.as_expected:
            self._save(replace(self._state, spent=self._state.and_spent(code)), UNCERTAIN)
        elif error_code(answer) == "invalid_grant":
            self._save(replace(self._state, spent=self._state.and_spent(self._code_as_sent(code))), UNCERTAIN)

    def forget_access_token(self, pair: Pair) -> None:
        """A cached token that the API refuses was revoked elsewhere; the next run must not begin with it."""
        if self.in_memory:
            return
        try:
            with self._cache.locked():
                state = self._cache.load()
                if state.access_token == pair.access_token:
                    self._cache.save(replace(state, access_token=None, expires_at=0.0))
        except CacheError as error:
            self.note(str(error))

    def _save(self, state: State, otherwise: str) -> None:
        self._state = state
        if self.in_memory:
            return
        try:
            self._cache.save(state)
        except UnsharedError as error:
            self.note(str(error))
        except CacheError as error:
            self.note(f"{error} {otherwise}")


def _pair(answer: Answer) -> Pair | None:
    try:
        return pair_of(answer)
    except CouldNotTest:
        return None


def _spent_nothing(answer: Answer) -> bool:
    """Whether the server refused the refresh, or was never asked.

    A gateway that gave up (500, 502, 504), a page in the server's place or an answer that broke off say nothing of it.
    """
    if answer.status is None:
        return answer.failure is not None and answer.failure.kind in UNREACHABLE
    return 400 <= answer.status < 500 or answer.status == UNAVAILABLE
