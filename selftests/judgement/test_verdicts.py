"""From findings to verdicts: which is the worst, what was left, and the document that says it all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import jsonschema
import pytest

from quickstart.exchange.cost import Cost
from quickstart.judgement import catalogue, verdict
from quickstart.judgement.ending import BROKEN_OFF, Ending
from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    CRASHED,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
    Finding,
    Verdict,
)
from quickstart.judgement.waivers import Waiver
from selftests.support.project import ROOT

CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
SCHEMA = json.loads((ROOT / "schemas" / "verdict.schema.json").read_text(encoding="utf-8"))
ORDER = [NOT_RUN, SATISFIED, NOT_ASKED_FOR, COULD_NOT_TEST, WAIVED, ADVISORY, CRASHED, VIOLATED]  # the worst is last


def finding(kind: str, test: str = "t", *exchanges: str) -> Finding:
    return Finding("me.status", test, kind, f"{kind}!", exchanges, f"remedy of {kind}")


def of(name: str, kind: str, **members: Any) -> Verdict:
    return Verdict(CATALOGUE[name], kind, "", ("t",), ("me",), **members)


@pytest.mark.parametrize(("better", "worse"), [*pairwise(ORDER)])
def test_a_requirement_has_the_worst_of_its_findings(better: str, worse: str) -> None:
    for kinds in ((better, worse), (worse, better)):
        found = {one.requirement.id: one for one in verdict.verdicts(CATALOGUE, map(finding, kinds))}
        one = found["me.status"]
        assert (one.verdict, one.detail, one.remedy) == (worse, f"{worse}!", f"remedy of {worse}")
    assert verdict.worse(finding(better), finding(worse)).verdict == worse
    assert verdict.worse(finding(worse), finding(better)).verdict == worse


def test_of_two_findings_that_are_as_bad_the_later_one_counts() -> None:
    early, late = finding(VIOLATED, "early"), finding(VIOLATED, "late")
    assert verdict.worse(early, late) == late
    assert verdict.worse(None, early) == early


def test_a_verdict_names_its_tests_and_its_exchanges_once() -> None:
    findings = [finding(SATISFIED, "b", "me", "token"), finding(SATISFIED, "a", "token", "companies")]
    found = {one.requirement.id: one for one in verdict.verdicts(CATALOGUE, findings)}
    assert [*found] == [*CATALOGUE]
    assert found["me.status"].tests == ("a", "b")
    assert found["me.status"].exchanges == ("me", "token", "companies")
    assert found["me.json"] == Verdict(CATALOGUE["me.json"], NOT_RUN, "", (), ())


@pytest.mark.parametrize(
    ("kinds", "worst"),
    [
        ([], NOT_RUN),
        ([NOT_RUN], NOT_RUN),
        ([NOT_RUN, NOT_ASKED_FOR], NOT_ASKED_FOR),
        ([NOT_ASKED_FOR, SATISFIED], SATISFIED),
        ([NOT_RUN, SATISFIED], SATISFIED),
        ([NOT_ASKED_FOR, SATISFIED, COULD_NOT_TEST], COULD_NOT_TEST),
        ([SATISFIED, VIOLATED, CRASHED], VIOLATED),
    ],
)
def test_the_worst_of_what_was_wanted_is_told(kinds: list[str], worst: str) -> None:
    assert verdict.worst(kinds) == worst


@pytest.mark.parametrize(
    ("kinds", "conforms"),
    [
        ([SATISFIED], True),
        ([ADVISORY], True),
        ([WAIVED], True),
        ([SATISFIED, VIOLATED], False),
        ([VIOLATED], False),
        ([NOT_RUN, NOT_ASKED_FOR, COULD_NOT_TEST, CRASHED], None),
        ([], None),
    ],
)
def test_a_run_conforms_where_nothing_is_violated(kinds: list[str], conforms: bool | None) -> None:
    found = [of("me.status", kind) for kind in kinds]
    assert verdict.conformant(found) is conforms
    assert verdict.conformant(found, drifted=True) is False


@pytest.mark.parametrize("kind", ORDER)
def test_what_a_run_left_is_not_satisfied_yet(kind: str) -> None:
    found = [of("me.status", kind), of("me.json", kind)]
    left, other = verdict.unreached(found, {"me.status"})
    assert other == found[1]
    if kind in {NOT_RUN, SATISFIED}:
        assert (left.verdict, left.detail) == (COULD_NOT_TEST, "the run ended before it was judged")
    else:
        assert left == found[0]
    (told,) = verdict.unreached(found[:1], {"me.status"}, {"me.status": "why", "me.json": "else"})
    assert told.detail == ("why" if kind in {NOT_RUN, SATISFIED} else "")


@pytest.mark.parametrize("kind", [ADVISORY, WAIVED])
def test_of_several_exchanges_the_one_that_is_unexpected_is_put_up_with(kind: str) -> None:
    one = replace(of("me.same-user", kind), exchanges=("companies", "me", "projects"))
    assert verdict.tolerated_exchanges([one], {"me"}) == {"me"}
    assert verdict.tolerated_exchanges([one], {"me"}, {"me"}) == set()
    assert verdict.tolerated_exchanges([one], {"me"}, {"companies"}) == {"me"}
    assert verdict.tolerated_exchanges([one], {"me", "projects"}) == set()
    assert verdict.tolerated_exchanges([replace(one, verdict=SATISFIED)], {"me"}) == set()
    # What rests on it could not be tested for its sake; what the run needs, and what is violated, stays.
    rests = replace(of("me.name", COULD_NOT_TEST), exchanges=("me", "token-info", "project", "project-x"))
    broken = replace(of("me.json", VIOLATED), exchanges=("project",))
    unexpected = {"me", "token-info", "project", "project-x", "elsewhere"}
    only_me = replace(one, exchanges=("me",))
    assert verdict.tolerated_exchanges([only_me, rests, broken], unexpected, {"project-x"}) == {"me", "token-info"}


def document(**members: Any) -> dict[str, Any]:
    """The document of a run that found two verdicts, as the schema has it."""
    made = verdict.document(
        members.pop("found", [of("me.status", SATISFIED)]),
        members.pop("exchanges", []),
        target="replay",
        evidence="recorded",
        started="2026-11-28T00:00:00Z",
        ended="2026-11-28T00:00:01Z",
        exit_code=members.pop("exit_code", 0),
        **members,
    )
    jsonschema.validate(made, SCHEMA)
    return made


def test_the_document_of_a_right_run_says_that_it_conforms() -> None:
    made = document()
    assert (made["format"], made["conformant"], made["complete"], made["exit_code"]) == (1, True, True, 0)
    assert (made["diagnosis"], made["cost"], made["notes"], made["steps"], made["lists"]) == (None, None, [], [], [])
    assert "companies" not in made
    assert (made["target"], made["evidence"]) == ("replay", "recorded")
    assert (made["started"], made["ended"]) == ("2026-11-28T00:00:00Z", "2026-11-28T00:00:01Z")
    (one,) = made["requirements"]
    assert (one["id"], one["verdict"], one["waiver"], one["tests"]) == ("me.status", SATISFIED, None, ["t"])


@pytest.mark.parametrize(
    ("members", "conforms", "complete"),
    [
        ({"exit_code": 1}, None, True),
        ({"exit_code": 2}, None, True),
        ({"exit_code": -1}, None, True),
        ({"diagnosis": {"cause": "dns", "what": "w", "remedy": "r", "exchange": ""}}, None, True),
        ({"end": Ending(BROKEN_OFF, "ctrl-c", 3), "exit_code": 2}, None, False),
        ({"drifted": True, "exit_code": 1}, False, True),
        ({"found": [of("me.status", VIOLATED)], "exit_code": 1}, False, True),
        ({"found": [of("me.status", COULD_NOT_TEST)]}, None, True),
    ],
)
def test_whoever_could_not_do_their_work_has_no_say(
    members: dict[str, Any], conforms: bool | None, complete: bool
) -> None:
    made = document(**members)
    assert (made["conformant"], made["complete"]) == (conforms, complete)
    assert made["diagnosis"] == members.get("diagnosis")


def test_the_document_has_all_that_the_run_knows() -> None:
    waiver = Waiver("me.status", "why", date(2026, 12, 31), expected="404")
    made = document(
        found=[of("me.status", WAIVED, waiver=waiver)],
        notes=["a note"],
        cost=Cost(3, 9, 1.0, 0.0),
        companies={"own": 1, "total": 0, "unfinished": "", "asked": []},
        end=Ending(BROKEN_OFF, "why", 2),
        exit_code=2,
    )
    assert made["requirements"][0]["waiver"] == {"reason": "why", "until": "2026-12-31", "expected": "404"}
    assert made["notes"] == ["a note"]
    assert (made["cost"]["requests"], made["cost"]["most"]) == (3, 9)
    assert made["companies"]["own"] == 1
    assert (made["ending"]["kind"], made["ending"]["not_judged"]) == (BROKEN_OFF, 2)


def test_findings_travel_between_processes_as_plain_data() -> None:
    one = finding(VIOLATED, "t", "me", "token")
    plain = json.loads(json.dumps(verdict.as_plain(one)))
    assert verdict.from_plain(plain) == one
