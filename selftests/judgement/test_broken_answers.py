"""What a claim says where its exchanges went wrong: not *satisfied* of nothing, not *violated* of a busy network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from requests.structures import CaseInsensitiveDict

from quickstart.exchange.answer import Answer, Failure
from quickstart.judgement import catalogue
from quickstart.run.run import Run
from selftests.support.claims import CRASHED, FAILED, PASSED, Claim, answering, claims, says, with_headers
from selftests.support.project import ROOT

CLAIMS = tuple(claims())
CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
# A closed port is what plain http must have; whatever else is satisfied without an answer says something of nothing.
SATISFIED_UNANSWERED = {"transport.plain-http", "transport.plain-http-login"}
# These look at single headers, where they came.
OF_HEADERS = {"transport.allow", "transport.validators", "transport.cookies", "transport.hsts-sound"}
# What these say is true of an answer with 500 as well, each for its reason.
SATISFIED_BY_500 = {
    # they judge the way an answer came, whatever it says
    *("transport.slow", "transport.length", "transport.single-headers", "transport.certificate", "transport.redirect"),
    *OF_HEADERS,
    "transport.plain-http-login",
    *("transport.plain-http", "secrets.cookies", "secrets.not-echoed", "secrets.wrong-not-echoed", "api.cache"),
    *("transport.date", "transport.date-form", "transport.clock"),  # it is dated
    # any status but some
    *("token.works", "token.path-without-slash"),
    # nothing that is not ours was shown, and there is no JSON that could say why
    *("projects.header-leaks-nothing", "projects.query-company", "projects.refusal-or-list", "projects.refusal-body"),
}


def _empty(answer: Answer, status: int | None, failure: Failure | None = None) -> Answer:
    lines = tuple(pair for pair in answer.pairs if pair[0].lower() == "date" and failure is None)
    headers = CaseInsensitiveDict(lines)
    return replace(answer, status=status, content=b"", headers=headers, pairs=lines, failure=failure)


def said(run: Run, spoil: Callable[[Answer], Answer]) -> dict[str, set[str]]:
    """What claims say once all their exchanges are spoiled: requirements by what is said."""
    found: dict[str, set[str]] = {}
    for claim in CLAIMS:
        if CATALOGUE[claim.requirement].level != "observe":
            found.setdefault(_with(run, claim, spoil), set()).add(claim.requirement)
    return found


def _with(run: Run, claim: Claim, spoil: Callable[[Answer], Answer]) -> str:
    with answering(run, {name: spoil(one) for name, one in run.answers.items() if name in claim.exchanges}):
        return says(run, claim.test)


def test_every_claim_is_satisfied_by_the_recordings(run: Run) -> None:
    assert [claim.name for claim in CLAIMS if says(run, claim.test) != PASSED] == []


def test_no_claim_is_satisfied_where_nothing_was_answered(run: Run) -> None:
    found = said(run, lambda answer: _empty(answer, None, Failure("timeout", "no answer within 10 s")))
    assert found[PASSED] == SATISFIED_UNANSWERED
    assert CRASHED not in found


def test_no_claim_is_satisfied_where_the_server_broke_down(run: Run) -> None:
    found = said(run, lambda answer: _empty(answer, 500))
    assert found[PASSED] == SATISFIED_BY_500
    assert CRASHED not in found


# What these say is true of an answer with the opposite status as well.
SATISFIED_BY_THE_OPPOSITE = {
    # they judge the way an answer came, whatever it says
    *("transport.slow", "transport.length", "transport.single-headers", "transport.certificate", "transport.redirect"),
    *OF_HEADERS,
    "transport.plain-http-login",
    *("transport.plain-http", "transport.rate-limit", "transport.date", "transport.date-form", "transport.clock"),
    *("secrets.cookies", "secrets.not-echoed", "secrets.wrong-not-echoed", "api.cache"),
    *("json.whole-numbers", "json.unique-names", "json.whole-characters", "token.unique-parameters"),
    # an error page is as right as a login page
    *("authorize.unknown-client", "authorize.unknown-client-redirect", "authorize.wrong-redirect-uri"),
    *("authorize.redirect", "authorize.no-token"),
    "token.works",  # any status but 401
    # nothing that is not ours was shown
    *("projects.header-leaks-nothing", "projects.query-company", "projects.without-header", "projects.refusal-body"),
    "projects.mismatch-answered",
    "refusal.challenge",  # who may not revoke may be answered 404, which needs none
}


def _opposite(run: Run, answer: Answer) -> Answer:
    """A refusal in place of what was answered, and the user's record in place of a refusal."""
    if answer.status is not None and answer.status < 400:
        refused = with_headers(answer, {"Content-Type": "application/json", "Location": None})
        return replace(refused, status=404, content=b'{"error":"no"}')
    return replace(run.answer("me"), definition=answer.definition, sent=answer.sent)


def test_no_claim_is_satisfied_where_what_is_right_is_refused_and_the_reverse(run: Run) -> None:
    found = said(run, partial(_opposite, run))
    assert found[PASSED] == SATISFIED_BY_THE_OPPOSITE
    assert CRASHED not in found


@pytest.mark.parametrize("kind", ["dns", "proxy", "connect", "tls"])
def test_no_claim_is_violated_where_nobody_was_reached(run: Run, kind: str) -> None:
    found = said(run, lambda answer: _empty(answer, None, Failure(kind, "nobody was reached")))
    assert found.get(FAILED, set()) == set()
    assert CRASHED not in found


def test_no_claim_is_violated_where_the_rate_limit_is_used_up(run: Run) -> None:
    found = said(run, lambda answer: _empty(answer, 429))
    assert found.get(FAILED, set()) == set()
    assert CRASHED not in found
