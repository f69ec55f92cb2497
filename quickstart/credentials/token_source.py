"""Finds the token of a run: cached, refreshed, exchanged for a code, or of the service account, in this order."""

from collections.abc import Iterator
from contextlib import contextmanager

from quickstart.credentials.ledger import Ledger
from quickstart.credentials.token_cache import AGAIN
from quickstart.exchange.answer import UNAUTHORIZED, Answer, CouldNotTest
from quickstart.run import signals
from quickstart.run.tokens import (
    CACHE,
    CODE,
    REFRESH,
    REFRESH_AGAIN,
    REFUSALS_ALLOWED,
    SERVICE_ACCOUNT,
    Credentials,
    Exchanges,
    Pair,
    error_code,
    pair_of,
)

INTERRUPTED = f"an earlier run did not end its refresh with new tokens, so that its token may be spent: {AGAIN}"
SPENT = f"PROCORE_REFRESH_TOKEN was used or refused before, and works once: {AGAIN}"


class LiveTokenSource:
    """Tries the ways to a token in order; the ledger keeps what comes of it."""

    def __init__(self, credentials: Credentials, ledger: Ledger) -> None:
        self._credentials = credentials
        self._ledger = ledger
        self._refusals = 0
        self._pair: Pair | None = None
        self._refreshed: Pair | None = None
        self._client_refused = False
        self.notes = ledger.notes
        self.ways: tuple[str, ...] = (REFRESH, CODE, SERVICE_ACCOUNT)
        self.name = self._first_way()
        self._first_refresh_token = ledger.usable_refresh_token()

    def _first_way(self) -> str:
        if self._ledger.has_fresh_pair():
            return CACHE
        if self._ledger.usable_refresh_token() is not None:
            return REFRESH
        return CODE if self._ledger.unspent_code() else SERVICE_ACCOUNT

    def find(self, run: Exchanges) -> Pair:
        """Return the tokens of the run, trying one way after the other; three refusals end it.

        Raises:
            CouldNotTest: no way led to a token.
        """
        with self._ledger.locked():
            self.name = self._first_way()
            self._first_refresh_token = self._ledger.usable_refresh_token()
            if self._ledger.is_interrupted:
                self._ledger.note(INTERRUPTED)
            self._pair = self._ledger.pair if self.name == CACHE else self._search(run)
            reasons = "; ".join(self.notes or ["no credentials worked"])
            if self._pair is None or self.name == SERVICE_ACCOUNT:
                self._ledger.note_lost()
        if self._pair is None:
            raise CouldNotTest(f"no token: {reasons}")
        return self._pair

    def _search(self, run: Exchanges) -> Pair | None:
        if self._ledger.lacks_refresh_token():
            self._ledger.note(SPENT)
        for way in self.ways[self.ways.index(self.name) :]:
            pair = self._try(run, way)
            if pair is not None or self.gave_up() is not None:
                return pair
        return None

    def _try(self, run: Exchanges, way: str) -> Pair | None:
        if way == REFRESH and self._ledger.usable_refresh_token() is None:
            return None
        if way == CODE and self._ledger.unspent_code() is None:
            return None
        self.name = way
        result = run.obtain(way)
        if isinstance(result, Answer) and result.as_expected:
            try:
                return pair_of(result)
            except CouldNotTest as error:
                self._ledger.note(str(error))
                return None
        if way == REFRESH and self._ledger.was_refreshed_elsewhere():
            self.name = CACHE
            return self._ledger.pair
        if isinstance(result, Answer) and result.status is not None:
            self._refusals += 1
            self._client_refused |= error_code(result) == "invalid_client"
        self._ledger.note(f"{way}: {result.outcome if isinstance(result, Answer) else result}")
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
            spent = self._credentials.authorization_code and not self._ledger.unspent_code()
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
        if name == CODE:
            with signals.held():
                yield
        elif name not in {REFRESH, REFRESH_AGAIN}:
            yield
        elif self._ledger.in_memory:
            if self.name == CACHE:
                raise CouldNotTest("the token cache cannot be written, and would lose the new refresh token")
            yield
        else:
            first = self.name == name
            pair = self._refreshed if name == REFRESH_AGAIN else self._pair
            token = self._first_refresh_token if first else pair.refresh_token if pair else None
            with self._ledger.spending(token, must_be_cached=not first):
                yield

    def store(self, answer: Answer) -> None:
        """Keep a user's new tokens before they are used, note what was spent, and forget a cached token that died."""
        if answer.name == CODE:
            self._ledger.exchanged(answer)
        elif answer.name in {REFRESH, REFRESH_AGAIN}:
            self._ledger.refreshed(answer)
            self._refreshed = self._ledger.pair
        elif answer.name == "companies" and self.name == CACHE and answer.status == UNAUTHORIZED and self._pair:
            self._ledger.forget_access_token(self._pair)
