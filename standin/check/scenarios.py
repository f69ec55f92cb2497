"""The scenarios, as a table: what happens, what must come of it, and how one knows that it did happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from standin.check.disturbances import (
    dropped_once,
    held,
    over_the_limit,
    refusals_pause,
    slow,
    tokens_die,
    unavailable_once,
)
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.directory import Directory, with_projects
from standin.model.world import Modifier, World
from standin.server.certificates import Certificate

ALL_WELL = "all-well"
SUCCEED, FAIL = "succeed", "fail"
HOUR = 3600
PROJECTS = 250
"""More than two pages of 100, and one of 300."""


def _as_it_is(known: Directory) -> Directory:
    return known


@dataclass(frozen=True)
class Scenario:
    """One run of the command against a stand-in of its own.

    ``must`` is what the command must do, once ``met`` (any of the words of :attr:`standin.check.witness.Witness.met`)
    was seen; ``unmet`` says why nothing can be judged where it was not. ``rules`` are fields of the behaviour.
    """

    id: str
    title: str
    happens: str
    expected: str
    met: tuple[str, ...]
    unmet: str
    must: str = SUCCEED
    unless: str = ""
    """A word after which the command may do the other thing, too."""
    modifiers: Callable[[], tuple[Modifier, ...]] = tuple
    rules: Mapping[str, Any] = field(default_factory=dict)
    clock_offset: float = 0.0
    certificate: Certificate = Certificate.RIGHT
    populate: Callable[[Directory], Directory] = _as_it_is

    def world(self, seed: int, populate: Callable[[Directory], Directory] = _as_it_is, **more: Any) -> World:
        """A new world in which this happens. ``populate`` and ``more`` are what the user wants of every world."""
        behaviour = more.pop("behaviour", Behaviour())
        # Whoever is authorized by a script is logged in.
        usual = {"logged_in": True}
        return World(
            behaviour=replace(behaviour, **{**usual, **self.rules}),
            modifiers=(*self.modifiers(), refusals_pause),
            clock=Clock(self.clock_offset),
            populate=lambda known: self.populate(populate(known)),
            seed=seed,
            **more,
        )

    def was_met(self, met: Counter[str]) -> bool:
        """Whether what this is about did happen."""
        return any(met[word] for word in self.met)


SCENARIOS = (
    Scenario(
        ALL_WELL,
        "All is well",
        "Nothing is disturbed.",
        "It succeeds.",
        met=("rest", "token"),
        unmet="it sent neither a request for a token nor a call of the REST API",
    ),
    Scenario(
        "token-expires",
        "The token expires in the middle",
        "After the first call that went well, the access token is expired: the next call gets 401.",
        "It refreshes once, sends the call again, and succeeds.",
        met=("rest 401",),
        unmet="it made no call with the expired token",
        modifiers=lambda: (tokens_die(),),
    ),
    Scenario(
        "token-short",
        "The token lives for seconds",
        "expires_in is 3, and passes while the first answer is on its way.",
        "It refreshes before the next call, and succeeds.",
        met=("renewed", "rest 401"),
        unmet="it made no call after the end of the token",
        modifiers=lambda: (held(4.5),),
        rules={"token_lifetime": 3},
    ),
    Scenario(
        "refresh-used",
        "The refresh token was used already",
        "After the first call that went well, the access token is expired, and somebody has used the refresh token.",
        "It ends by itself with a failure: the user must authorize again. Or it goes on with another grant.",
        met=("refresh_token refused",),
        unmet="it did not try to refresh",
        must=FAIL,
        unless="another grant",
        modifiers=lambda: (tokens_die(refresh_tokens=True),),
    ),
    Scenario(
        "429-retry-after",
        "Too many requests, with Retry-After",
        "The first call and all others within 3 s get 429, with Retry-After.",
        "It waits as long as it is told, sends the call again, and succeeds.",
        met=("rest 429",),
        unmet="it made no call that would have gone well",
        modifiers=lambda: (over_the_limit(3, retry_after=True),),
    ),
    Scenario(
        "429-bare",
        "Too many requests, without Retry-After",
        "The first call and all others within 3 s get 429; only X-Rate-Limit-Reset says until when.",
        "It waits until then, or with growing pauses, sends the call again, and succeeds.",
        met=("rest 429",),
        unmet="it made no call that would have gone well",
        modifiers=lambda: (over_the_limit(3, retry_after=False),),
    ),
    Scenario(
        "503-once",
        "Unavailable once",
        "The first call gets 503, with Retry-After: 1.",
        "It waits, sends the call again, and succeeds.",
        met=("rest 503",),
        unmet="it made no call that would have gone well",
        modifiers=lambda: (unavailable_once(1),),
    ),
    Scenario(
        "pages",
        "Two pages and more",
        f"The company has {PROJECTS} projects: three pages of 100.",
        "It reads all that it needs, and succeeds.",
        met=("list",),
        unmet="it listed no projects",
        populate=lambda known: with_projects(known, PROJECTS),
    ),
    Scenario(
        "not-installed",
        "The app is not installed",
        "Token and companies answer as ever; all else of the company is refused with 403 (guide step 4).",
        "It ends by itself with a failure, and does not try again and again.",
        met=("rest 403",),
        unmet="it called nothing that needs the app to be installed",
        must=FAIL,
        rules={"app_installed": False},
    ),
    Scenario(
        "header-required",
        "The company header is required",
        "Calls of a company's data without Procore-Company-Id are refused, as Procore announces it.",
        "It sends the header, and succeeds.",
        met=("company",),
        unmet="it called nothing that needs the header",
        rules={"require_company_header": True},
    ),
    Scenario(
        "clock-ahead",
        "The server's clock is an hour ahead",
        "Date, created_at and the claims of the token are an hour later than the client's clock.",
        "It goes by expires_in alone, and succeeds.",
        met=("rest",),
        unmet="it made no call of the REST API",
        clock_offset=HOUR,
    ),
    Scenario(
        "clock-behind",
        "The server's clock is an hour behind",
        "The token lives for half an hour, and by its created_at it has been over for as long.",
        "It goes by expires_in alone, does not refresh with each call, and succeeds.",
        met=("rest",),
        unmet="it made no call of the REST API",
        clock_offset=-HOUR,
        rules={"token_lifetime": 1800},
    ),
    Scenario(
        "slow",
        "Slow answers",
        "The first token and the first three answers of the REST API take 3 s each.",
        "It waits, and succeeds.",
        met=("rest", "token"),
        unmet="it sent nothing",
        modifiers=lambda: (slow(3.0, tokens=1, calls=3),),
    ),
    Scenario(
        "dropped",
        "The connection is dropped once",
        "The first call is not answered, and its connection closed.",
        "It sends the call again, and succeeds: a GET may be repeated (RFC 9110 9.2.2).",
        met=("rest lost",),
        unmet="it made no GET that would have gone well",
        modifiers=lambda: (dropped_once(),),
    ),
    Scenario(
        "certificate",
        "The certificate is not to be trusted",
        "The server shows a certificate of an authority that nobody knows.",
        "It sends nothing, and ends by itself with a failure.",
        met=("silence",),
        unmet="it speaks plain http with this machine, where there is no certificate",
        must=FAIL,
        certificate=Certificate.UNKNOWN_AUTHORITY,
    ),
)
BY_ID = {scenario.id: scenario for scenario in SCENARIOS}
