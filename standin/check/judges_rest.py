"""Judges of step 7: dead tokens, waits, pages, the company header, and loops."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from standin.check.call import TWINS, Call
from standin.check.judging import Found, Recent, seconds

_OPEN_TO_ALL = frozenset({"/rest/v1.0/me", "/rest/v1.0/companies"})
"""What needs no company header (tutorial-mpz)."""
_GRACE = 1.0
"""Seconds after which nothing that was sent before an answer is still on its way."""
_CROWD = 20
"""So many threads may not have heard yet what one of them was told."""
_ON = 5
"""So many new requests, after all have heard of the limit, are no accident."""
_NEXT = re.compile(r"<[^>]*>[^,]*;\s*rel=\"?next\"?", re.IGNORECASE)
_EARLY = {429: "rate.early", 503: "busy.early"}
_SAMPLE = 10
"""Whoever asks for so few items a page wants no whole list."""


class Company:
    """A call of a company's data names the company in the header."""

    def see(self, call: Call) -> Iterator[Found]:
        """A call with a token and without the header; who shows no token asks for no company's data."""
        path = call.request.path.rstrip("/").removesuffix(".json")
        scoped = call.is_rest and call.bearer and path not in _OPEN_TO_ALL and call.request.method != "OPTIONS"
        if scoped and not call.request.header("Procore-Company-Id"):
            yield "company.no-header", f"request {call.number}: {call.request.method} {_kind(path)}"

    def end(self) -> Iterator[Found]:
        """Nothing more."""
        yield from ()


def _kind(path: str) -> str:
    """A path without the numbers in it, so that a hundred calls of one kind are one sight."""
    return re.sub(r"/\d+(?=/|$)", "/…", path)


@dataclass
class _Dead:
    """A token that was answered with 401, by whom first, and what came with it since."""

    first: Call
    since: Counter[tuple[object, ...]] = field(default_factory=Counter)


class Refusals:
    """Whoever is refused stops."""

    _REPEATED = 3
    """Times that the same request may come at once: from as many threads, or from one that does not learn."""
    _HAMMERED, _WITHIN = 6, 10.0

    def __init__(self) -> None:
        self._dead: Recent[tuple[str, str], _Dead] = Recent()
        self._refused: Recent[tuple[object, ...], deque[Call]] = Recent()

    def see(self, call: Call) -> Iterator[Found]:
        """A dead token once more, and the same refusal over and over."""
        if not call.bearer or call.is_token or call.lost:
            return
        # A token that one environment does not know may be a good one in another.
        name = (call.site, call.bearer)
        dead = self._dead.get(name)
        if dead is not None and self._knew(call, dead):
            yield "token.dead-again", f"request {call.number}, after the 401 of request {dead.first.number}"
        if dead is None and call.answer.status == 401:
            self._dead[name] = _Dead(call)
        if call.is_rest and call.answer.status in {401, 403}:
            yield from self._hammering(call)

    def _knew(self, call: Call, dead: _Dead) -> bool:
        """Whether the client had the 401 when it sent this: other threads may not have had it, or the new token."""
        if call.at < dead.first.delivered:
            return False
        if call.at >= dead.first.delivered + _GRACE:
            return True
        dead.since[call.key] += 1
        return dead.since[call.key] > self._REPEATED or dead.since.total() > _CROWD

    def _hammering(self, call: Call) -> Iterator[Found]:
        times = self._refused.setdefault(call.key, deque(maxlen=self._HAMMERED))
        if times and not call.is_retry_of(times[-1]):
            return  # another thread sent it, before the refusal was known
        times.append(call)
        if len(times) == self._HAMMERED and times[-1].at - times[0].at < self._WITHIN:
            took = times[-1].at - times[0].at
            times.clear()  # the next ones are another finding
            yield (
                "refused.hammered",
                f"{call.request.method} {_kind(call.request.path)}: {call.answer.status} "
                f"{self._HAMMERED} times within {seconds(took)}, until request {call.number}",
            )

    def end(self) -> Iterator[Found]:
        """Nothing more."""
        yield from ()


class Waits:
    """Whoever is told to wait waits: 429 and 503.

    Of several threads that ask the same, each waits by itself: a retry is held against the last refusal of its own
    connection, else against the oldest one.
    """

    _TOLERANCE = 0.9
    """The part of a wait that is enough: clocks are not all alike."""

    def __init__(self) -> None:
        self._told: Recent[tuple[object, ...], deque[Call]] = Recent()
        self._limited: Recent[str, Call] = Recent()
        self._through: Recent[str, int] = Recent()

    def see(self, call: Call) -> Iterator[Found]:
        """The same request too soon, and others that go on over the limit."""
        told = self._told.get(call.key)
        retried = told is not None and call.is_retry_of(told[0])
        if told and retried:
            mine = [one for one in told if one.request.connection and one.request.connection == call.request.connection]
            yield from self._again(call, mine[-1] if mine else told[0])
        limit = self._limited.get(call.bearer)
        if limit is not None and call.is_rest and not retried:
            yield from self._going_on(call, limit)
        if call.answer.status in _EARLY and not call.lost:
            self._told.setdefault(call.key, deque(maxlen=_CROWD)).append(call)
            if call.answer.status == 429 and call.bearer:
                self._limited.setdefault(call.bearer, call)
        elif retried:
            del self._told[call.key]

    def _again(self, call: Call, told: Call) -> Iterator[Found]:
        waited, wanted = call.at - told.delivered, _retry_after(told)
        after = f"request {call.number}, {seconds(waited)} after the {told.answer.status} of request {told.number}"
        if told.answer.status == 429 and waited < TWINS and wanted != 0:
            yield "rate.immediate", after
        elif wanted is not None and waited < wanted * self._TOLERANCE:
            yield _EARLY[told.answer.status], f"{after}, which said {wanted:.0f} s"

    def _going_on(self, call: Call, limit: Call) -> Iterator[Found]:
        """New requests of any kind, as long as the Retry-After of the first 429 holds."""
        until = limit.delivered + (_retry_after(limit) or 0.0) * self._TOLERANCE
        if limit.delivered + _GRACE <= call.at < until:
            self._through[call.bearer] = self._through.get(call.bearer, 0) + 1
            if self._through[call.bearer] == _ON + 1:
                yield "rate.keeps-sending", f"{_ON + 1} new requests while the 429 of request {limit.number} held"
        elif call.at >= until:
            del self._limited[call.bearer]
            self._through.pop(call.bearer, None)

    def end(self) -> Iterator[Found]:
        """Nothing more."""
        yield from ()


def _retry_after(call: Call) -> float | None:
    """Seconds that an answer asks to wait; None where it does not say."""
    text = call.answer.header("Retry-After") or ""
    return float(text) if text.isdecimal() else None


@dataclass
class _List:
    """A list that has further pages, and how far it was read."""

    page: int
    last: Call


class Pages:
    """A list is read to its end."""

    def __init__(self) -> None:
        self._open: Recent[tuple[object, ...], _List] = Recent()
        self._whole: Recent[tuple[object, ...], bool] = Recent()

    def see(self, call: Call) -> Iterator[Found]:
        """Note how far each list was read; nothing is wrong before the end."""
        query = dict(call.request.pairs)
        if call.request.method != "GET" or not call.is_rest or not call.ok or not isinstance(call.answer.body, list):
            return
        size, page = query.pop("per_page", ""), query.pop("page", "")
        if size.isdecimal() and int(size) <= _SAMPLE:
            return
        company = call.request.header("Procore-Company-Id")
        name = (call.request.host, call.request.path.rstrip("/"), tuple(sorted(query.items())), company)
        number = int(page) if page.isdecimal() else 1
        known = self._open.get(name)
        if not _NEXT.search(call.answer.header("Link") or ""):
            self._whole[name] = True
        elif known is None or number > known.page:
            self._open[name] = _List(number, call)
        yield from ()

    def end(self) -> Iterator[Found]:
        """Each list of which a page was read that names a next one, and the last page was not."""
        for name, one in self._open.items():
            if name not in self._whole:
                total = one.last.answer.header("Total") or "more"
                yield (
                    "pages.first-only",
                    f"{_kind(one.last.request.path)}: page {one.page} names a next one; there are {total} items in all",
                )


class Loops:
    """Nobody asks the same thing all the time."""

    _OFTEN, _REFUSED, _WITHIN = 30, 15, 10.0

    def __init__(self) -> None:
        self._times: Recent[tuple[object, ...], deque[float]] = Recent()

    def see(self, call: Call) -> Iterator[Found]:
        """The same request with the same kind of answer, often and quickly."""
        if call.is_rest and call.answer.status in {401, 403, 429, 503}:
            return  # others judge these
        good = call.answer.status < 400
        limit = self._OFTEN if good else self._REFUSED
        # A new code or token is another form, and so another key: what is left are loops.
        times = self._times.setdefault((good, *call.key), deque(maxlen=limit))
        times.append(call.at)
        if len(times) == limit and times[-1] - times[0] < self._WITHIN:
            took = seconds(times[-1] - times[0])
            times.clear()
            yield (
                "loop.tight",
                f"{call.request.method} {_kind(call.request.path)}: {limit} times within {took}, "
                f"until request {call.number}",
            )

    def end(self) -> Iterator[Found]:
        """Nothing more."""
        yield from ()
