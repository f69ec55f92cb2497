"""Watches the exchanges of one scenario: what is found, what is noted, and what was met."""

from __future__ import annotations

import queue
from collections import Counter, deque
from dataclasses import dataclass, field

from standin.check.call import Call, Secrets
from standin.check.judges_oauth import Grants, Lifetimes, Places
from standin.check.judges_rest import Company, Loops, Pages, Refusals, Waits
from standin.check.judging import Judge
from standin.check.rules import BY_ID, Rule
from standin.http.messages import Exchange
from standin.model.world import World

_SIGHTS = 3
"""Of each finding, so many are told; all are counted."""
_LINES = 200
"""The last requests of a scenario that a report shows."""


@dataclass
class Finding:
    """What a good client does not do, how often it was seen, and the first few times in words."""

    rule: Rule
    times: int = 0
    sights: list[str] = field(default_factory=list)

    def add(self, sight: str) -> None:
        """One more time."""
        self.times += 1
        if len(self.sights) < _SIGHTS and sight not in self.sights:
            self.sights.append(sight)


@dataclass(frozen=True)
class Line:
    """One request as a report shows it; ``at`` is in seconds since the first one, ``status`` 0 is no answer."""

    number: int
    at: float
    method: str
    host: str
    path: str
    grant: str
    status: int
    note: str


class Witness:
    """Put :meth:`hear` among the world's watchers, and call :meth:`listen` from one thread only."""

    def __init__(self, world: World, *, untrusted: bool = False) -> None:
        self._secrets = Secrets(world)
        self._judges: tuple[Judge, ...] = (
            Grants(self._secrets),
            Places(self._secrets, untrusted=untrusted),
            Lifetimes(),
            Company(),
            Refusals(),
            Waits(),
            Pages(),
            Loops(),
        )
        self._heard: queue.SimpleQueue[Exchange] = queue.SimpleQueue()
        self._began = 0.0
        self._strange: Counter[str] = Counter()
        self.findings: dict[str, Finding] = {}
        self.lines: deque[Line] = deque(maxlen=_LINES)
        self.requests = 0
        self.met: Counter[str] = Counter()
        """How often what happened: ``rest``, ``rest 403``, ``company``, ``list``, ``renewed``, ``silence``…"""

    def hear(self, exchange: Exchange) -> None:
        """Take an exchange, from any thread."""
        self._heard.put(exchange)

    def listen(self, seconds: float = 0.0) -> None:
        """Judge all that was heard; if there is nothing, wait so long for something."""
        try:
            self._judge(self._heard.get(timeout=seconds) if seconds else self._heard.get_nowait())
            while True:
                self._judge(self._heard.get_nowait())
        except queue.Empty:
            return

    def end(self, *, whole: bool) -> None:
        """Judge the whole; ``whole`` is False where the command did not get to its end, and left things undone."""
        self.listen()
        self.met["silence"] = int(self.requests == 0)
        if whole:
            for judge in self._judges:
                for rule, sight in judge.end():
                    self._find(rule, sight)

    @property
    def notes(self) -> list[str]:
        """What is no fault of the integration's, and worth to know."""
        return [f"{kind}: {number}" for kind, number in self._strange.items()]

    def _judge(self, exchange: Exchange) -> None:
        self.requests += 1
        call = Call.of(self.requests, exchange)
        self._began = self._began or call.at
        for judge in self._judges:
            for rule, sight in judge.see(call):
                self._find(rule, sight)
        self._meet(call)
        self.lines.append(self._line(call))
        if call.bearer and not self._secrets.homes(call.bearer):
            self._strange["requests with an access token that this stand-in never gave out"] += 1
        if call.answer.note.endswith(("no such code in this environment", "no such refresh_token in this environment")):
            self._strange["codes or refresh tokens that this stand-in never gave out"] += 1

    def _meet(self, call: Call) -> None:
        """Note what a scenario may want to have happened."""
        said = "lost" if call.lost else str(call.answer.status)
        if call.is_token:
            again = call.grant == "refresh_token" or self.met[f"{call.grant} ok"]
            other = call.grant != "refresh_token" and self.met["refresh_token refused"]
            words = [f"{call.grant} {'ok' if call.ok else 'refused'}", "renewed" * bool(call.ok and again)]
            self.met.update(("token", *words, "another grant" * bool(call.ok and other)))
        elif call.is_rest:
            company = call.answer.endpoint.startswith("project") and call.request.method == "GET"
            listed = company and call.ok and call.answer.header("Total")
            self.met.update(("rest", f"rest {said}", "company" * company, "list" * bool(listed)))

    def _find(self, rule: str, sight: str) -> None:
        self.findings.setdefault(rule, Finding(BY_ID[rule])).add(sight)

    def _line(self, call: Call) -> Line:
        request, answer = call.request, call.answer
        path = "/".join("…" if self._secrets.homes(piece) else piece for piece in request.path.split("/"))
        return Line(
            number=call.number,
            at=call.at - self._began,
            method=request.method[:20],
            host=request.host[:100],
            path=path[:200],
            grant=self._secrets.hide(call.grant[:40]),
            status=0 if answer.wire.drop else answer.status,
            note=self._secrets.hide(answer.note[:200]),
        )
