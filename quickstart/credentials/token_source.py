"""Finds the token of a run: cached, refreshed, exchanged for a code, or of the service account, in this order."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from quickstart.credentials.token_cache import CacheBusyError, CacheError, State, TokenCache, digest
from quickstart.exchange.answer import UNAUTHORIZED, UNREACHABLE, Answer, CouldNotTest
from quickstart.run.tokens import (
    CACHE,
    CODE,
    FRESH_FOR,
    REFRESH,
    REFUSALS_ALLOWED,
    SERVICE_ACCOUNT,
    Credentials,
    Exchanges,
    Pair,
    error_code,
    pair_of,
)

AGAIN = "authorize again (python -m quickstart authorize)"
INTERRUPTED = f"an earlier run ended while it refreshed its token, which may be spent: {AGAIN}"
SPENT = f"PROCORE_REFRESH_TOKEN was used or refused before, and works once: {AGAIN}"


class LiveTokenSource:
    """Tries the ways to a token in order; what it spends, it notes in the cache before it is used.

    Where the cache cannot be used, the run goes on in memory. It spends no refresh token then: the token that comes
    in exchange would be lost with the run.
    """

    def __init__(self, credentials: Credentials, cache: TokenCache, learn: Callable[[str, str], object]) -> None:
        """``learn(kind, secret)`` tells the redactor of what the cache holds, before anything else is done with it."""
        self._credentials = credentials
        self._cache = cache
        self._learn = learn
        self._in_memory = False
        self._state = State()
        self._refusals = 0
        self._pair: Pair | None = None
        self._spending: str | None = None
        self._client_refused = False
        self.notes: list[str] = []
        self.ways: tuple[str, ...] = (REFRESH, CODE, SERVICE_ACCOUNT)
        self._load()
        self.name = self._first_way()
        self._first_refresh_token = self._usable_refresh_token()

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
        self._in_memory = True
        self._note(f"{error} This run keeps its tokens in memory, and spends no refresh token.")

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _first_way(self) -> str:
        pair = self._state.pair
        if pair is not None and pair.expires_at - time.time() > FRESH_FOR:
            return CACHE
        if self._usable_refresh_token() is not None:
            return REFRESH
        return CODE if self._unspent_code() else SERVICE_ACCOUNT

    def _usable_refresh_token(self) -> str | None:
        """The cached refresh token, else the given one, unless it was used or may have been."""
        if self._in_memory:
            return None
        given = self._credentials.refresh_token
        known = (self._state.refresh_token, given if given and not self._state.has_spent(given) else None)
        return next((token for token in known if token and digest(token) != self._state.pending), None)

    def _unspent_code(self) -> str | None:
        code = self._credentials.authorization_code
        tried = code and (self._state.has_spent(code) or self._state.has_spent(self._code_as_sent(code)))
        return None if tried else code

    def _code_as_sent(self, code: str) -> str:
        """A code that was refused may work with the right redirect URI, so both together are remembered."""
        return f"{code} {self._credentials.redirect_uri}"

    def find(self, run: Exchanges) -> Pair:
        """Return the tokens of the run, trying one way after the other; three refusals end it.

        Raises:
            CouldNotTest: no way led to a token.
        """
        with ExitStack() as stack:
            if not self._in_memory:
                self._lock(stack)
            self.name = self._first_way()
            self._first_refresh_token = self._usable_refresh_token()
            if self._state.pending:
                self._note(INTERRUPTED)
            self._pair = self._state.pair if self.name == CACHE else self._search(run)
        if self._pair is None:
            raise CouldNotTest("no token: " + "; ".join(self.notes or ["no credentials worked"]))
        return self._pair

    def _lock(self, stack: ExitStack) -> None:
        try:
            stack.enter_context(self._cache.locked())
        except CacheBusyError as error:
            raise CouldNotTest(str(error)) from None
        except CacheError as error:
            self._go_on_in_memory(error)
        self._load()

    def _search(self, run: Exchanges) -> Pair | None:
        given = self._credentials.refresh_token
        if given and self._state.has_spent(given) and not self._state.refresh_token:
            self._note(SPENT)
        for way in self.ways[self.ways.index(self.name) :]:
            pair = self._try(run, way)
            if pair is not None or self.gave_up() is not None:
                return pair
        return None

    def _try(self, run: Exchanges, way: str) -> Pair | None:
        if way == REFRESH and self._usable_refresh_token() is None:
            return None
        if way == CODE and self._unspent_code() is None:
            return None
        self.name = way
        result = run.obtain(way)
        if isinstance(result, Answer) and result.as_expected:
            try:
                return pair_of(result)
            except CouldNotTest as error:
                self._note(str(error))
                return None
        if isinstance(result, Answer) and result.status is not None:
            self._refusals += 1
            self._client_refused |= error_code(result) == "invalid_client"
        self._note(f"{way}: {result.outcome if isinstance(result, Answer) else result}")
        return None

    def gave_up(self) -> str | None:
        """Say why the token endpoint is not to be asked for tokens any more, or ``None``."""
        if self._client_refused:
            return "the token endpoint refused Client ID and Client Secret (invalid_client), and is not asked again"
        if self._refusals >= REFUSALS_ALLOWED:
            return f"the token endpoint refused {REFUSALS_ALLOWED} times, and is not asked again"
        return None

    def refresh_token(self) -> str | None:
        """Return the refresh token that the run begins with."""
        return self._first_refresh_token

    def may_send(self, name: str) -> str | None:
        """Say why the code or the service account is not tried: another way gave the run its token."""
        if name == "token-wrong-redirect-uri" and self.name != CODE:
            return "the run's token does not come from an authorization code"
        if name == CODE and self.name != CODE:
            spent = self._credentials.authorization_code and not self._unspent_code()
            return (
                "the authorization code given was exchanged or refused in an earlier run"
                if spent
                else f"the run's token comes from {self.name}, so no code is exchanged"
            )
        return None

    @contextmanager
    def before(self, name: str) -> Iterator[None]:
        """Leave a note that a refresh is under way, for the next run should this one die now.

        Raises:
            CouldNotTest: the note cannot be left, or another run has spent the refresh token.
        """
        if name != REFRESH:
            yield
            return
        if self._in_memory:
            if self.name == CACHE:
                raise CouldNotTest("the token cache cannot be written, and would lose the new refresh token")
            yield
            return
        with ExitStack() as stack:
            try:
                # The lock may be nested: `find` holds it already when the refresh is how the run gets its token.
                stack.enter_context(self._cache.locked())
                self._prepare_refresh()
            except CacheError as error:
                raise CouldNotTest(f"the refresh token is not spent: {error}") from None
            yield

    def _prepare_refresh(self) -> None:
        self._read()
        first = self.name == REFRESH
        token = self._first_refresh_token if first else self._pair.refresh_token if self._pair else None
        if token is None or (not first and self._state.refresh_token != token):
            raise CouldNotTest("another run refreshed meanwhile, so this run's refresh token is spent")
        self._spending = token
        self._state = replace(self._state, pending=digest(token))
        self._cache.save(self._state)

    def store(self, answer: Answer) -> None:
        """Keep a user's new tokens before they are used, note what was spent, and forget a cached token that died."""
        if answer.name == CODE:
            self._store_code(answer)
        elif answer.name == REFRESH:
            self._store_refresh(answer)
        elif answer.name == "companies" and self.name == CACHE and answer.status == UNAUTHORIZED:
            self._forget_access_token()

    def _store_code(self, answer: Answer) -> None:
        code = self._credentials.authorization_code or ""
        if answer.as_expected:
            self._save(self._with_pair(answer, State(spent=self._state.and_spent(code))))
        elif error_code(answer) == "invalid_grant":
            self._save(replace(self._state, spent=self._state.and_spent(self._code_as_sent(code))))

    def _store_refresh(self, answer: Answer) -> None:
        token, self._spending = self._spending, None
        if answer.as_expected:
            self._save(self._with_pair(answer, State(spent=self._state.and_spent(token))))
        elif error_code(answer) == "invalid_grant":
            kept = None if self._state.refresh_token == token else self._state.refresh_token
            spent = self._state.and_spent(token)
            self._save(replace(self._state, refresh_token=kept, expires_at=0.0, pending="", spent=spent))
        elif answer.status is not None or (answer.failure and answer.failure.kind in UNREACHABLE):
            self._save(replace(self._state, pending=""))  # refused or never sent: nothing was spent

    def _with_pair(self, answer: Answer, state: State) -> State:
        try:
            pair = pair_of(answer)
        except CouldNotTest:
            return state
        return replace(
            state, access_token=pair.access_token, refresh_token=pair.refresh_token, expires_at=pair.expires_at
        )

    def _forget_access_token(self) -> None:
        """A cached token that the API refuses was revoked elsewhere; the next run must not begin with it."""
        if self._in_memory or self._pair is None:
            return
        try:
            with self._cache.locked():
                state = self._cache.load()
                if state.access_token == self._pair.access_token:
                    self._cache.save(replace(state, access_token=None, expires_at=0.0))
        except CacheError as error:
            self._note(str(error))

    def _save(self, state: State) -> None:
        self._state = state
        if self._in_memory:
            return
        try:
            self._cache.save(state)
        except CacheError as error:
            self._note(f"{error} The new tokens of this run are lost with it.")
