"""Waivers, what was not asked for, evidence and portal steps, in the words of each form of the report."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from quickstart.judgement import catalogue
from quickstart.judgement.catalogue import UNSEEN_ADVICE, Requirement
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
    Verdict,
    worst,
)
from quickstart.judgement.waivers import Waiver
from quickstart.report import terminal
from quickstart.report.annotations import annotations
from quickstart.report.badge import badge
from quickstart.report.content import Content, Ended, content
from quickstart.report.html import report
from quickstart.report.markdown import markdown
from quickstart.report.origin import describe
from quickstart.report.path import by_hand, stops
from selftests.documents import requirements
from selftests.support.project import ROOT
from selftests.support.reports import Outcome, replay

CATALOGUE: dict[str, Requirement] = catalogue.load(ROOT / "tests" / "catalogue.toml")
WAIVER = Waiver("me.status", "ticket 4711", date(2999, 12, 31), (), "404")
NOT_SEEN = "documented, not yet seen at Procore"
GITHUB = {"GITHUB_ACTIONS": "true"}


def judged(kind: str, name: str = "me.status", *, exchange: str = "me", **other: str) -> Verdict:
    """A verdict on a requirement of the catalogue, changed by ``other``."""
    waiver = WAIVER if kind == WAIVED else None
    return Verdict(replace(CATALOGUE[name], **other), kind, "404", ("t",), (exchange,), waiver=waiver)


def ended(*found: Verdict, exchanges: Any = (), exit_code: int = 0) -> Content:
    moment = datetime(2026, 11, 27, 12, tzinfo=UTC)
    origin = describe("the sandbox", "live, the sandbox", live=True, today=date(2026, 11, 27))
    run = Ended(
        found,
        exchanges,
        origin=origin,
        target="sandbox",
        company_id=1,
        company="",
        started=moment,
        ended=moment,
        exit_code=exit_code,
    )
    return content(run)


def printed(*found: Verdict) -> str:
    """The summary on the terminal."""
    lines: list[str] = []

    class Out:
        def line(self, s: str = "", **_: bool) -> None:
            lines.append(s)

    terminal.write_summary(Out(), [*found], "live", [])
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "CONFORMANT with 1 waiver: "), (2, "CONFORMANT with 2 waivers: "), (0, "CONFORMANT: ")]
)
def test_conclusion_counts_the_waivers(count: int, words: str) -> None:
    found = [judged(SATISFIED), *[judged(WAIVED)] * count]
    assert terminal.conclusion(found) == f"{words}1 requirement is satisfied."
    assert ended(*found).word == words.partition(":")[0].replace("CONFORMANT", "Conformant")
    assert f"conformant{words.partition(':')[0].removeprefix('CONFORMANT')} (sandbox)" in badge(ended(*found))


def test_violation_beside_a_waiver_is_not_conformant() -> None:
    found = [judged(VIOLATED), judged(WAIVED)]
    assert terminal.conclusion(found) == "NOT CONFORMANT with 1 waiver: 1 requirement is violated."
    assert ended(*found, exit_code=1).word == "Not conformant"
    assert "One requirement is violated and one breach is waived, of 2 judged." in ended(*found, exit_code=1).sentence


def test_columns_of_rare_states_are_there_where_they_occur() -> None:
    assert "waived" not in printed(judged(SATISFIED))
    assert "not asked" not in printed(judged(SATISFIED))
    assert "advisory   violated     waived not tested  not asked" in printed(judged(WAIVED), judged(NOT_ASKED_FOR))


def test_annotation_of_a_waived_breach_is_a_notice() -> None:
    lines = [*annotations([judged(WAIVED), judged(NOT_ASKED_FOR)], None, GITHUB)]
    assert len(lines) == 1
    assert lines[0].startswith("::notice title=me.status::")
    assert lines[0].endswith("Actual: 404. Waived until 2999-12-31: ticket 4711")


def test_note_is_a_warning_of_its_own() -> None:
    (line,) = annotations([judged(SATISFIED)], None, GITHUB, notes=["the store has not got the new tokens"])
    assert line == "::warning title=Note::the store has not got the new tokens"


@pytest.mark.parametrize("kind", [VIOLATED, ADVISORY])
def test_what_an_rfc_asks_for_and_nobody_saw_says_so_and_what_then(kind: str) -> None:
    one = judged(kind, basis="rfc", evidence="documented")
    assert f"  basis:      rfc, {NOT_SEEN}. {UNSEEN_ADVICE}" in printed(one)
    assert f"<dt>Basis</dt><dd>rfc, {NOT_SEEN}. {UNSEEN_ADVICE}</dd>" in report(ended(one, exit_code=1))
    assert f"rfc, {NOT_SEEN}. {UNSEEN_ADVICE}" in markdown(ended(one, exit_code=1))
    assert f"rfc, {NOT_SEEN}. {UNSEEN_ADVICE}" in "".join(annotations([one], None, GITHUB))


@pytest.mark.parametrize(
    ("basis", "evidence"), [("rfc", "documented and seen live"), ("guide", "documented"), ("sense", "inferred")]
)
def test_what_was_seen_or_is_procores_own_has_its_basis_alone(basis: str, evidence: str) -> None:
    one = judged(VIOLATED, basis=basis, evidence=evidence)
    whole = [printed(one), report(ended(one, exit_code=1)), markdown(ended(one, exit_code=1))]
    assert f"  basis:      {basis}, {evidence}\n" in whole[0]
    seen = f", {evidence}" if "seen" in evidence else ""  # else the basis says it
    assert f"<i>must, {basis}{seen}</i>" in whole[1]
    assert not [text for text in whole if "not yet seen" in text]


def test_failure_of_a_run_says_basis_and_what_is_not_seen(waived: Outcome) -> None:
    assert waived.exit_code == 1
    assert f"  basis:    rfc, {NOT_SEEN}. {UNSEEN_ADVICE}\n" in waived.output


def test_summary_of_a_run_tells_waivers_and_notes(waived: Outcome, folder: Path) -> None:
    assert waived.exit_code == 1
    text = (folder / "waived.md").read_text(encoding="utf-8")
    assert "&lt;b&gt;switched off&lt;/b&gt; in our sandbox, ticket 4711 |" in text
    assert "Note: " in text
    assert "is past its date (2020-01-01) and is not needed any more" in text


def test_documents_show_basis_and_evidence() -> None:
    page = requirements([CATALOGUE["me.status"]], [])
    assert "| id | level | basis | promise | source | caught |" in page
    assert "| `me.status` | must | reference, documented" in page


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        ([SATISFIED, NOT_ASKED_FOR, NOT_RUN], SATISFIED),
        ([NOT_ASKED_FOR, NOT_RUN], NOT_ASKED_FOR),
        ([NOT_RUN], NOT_RUN),
        ([], NOT_RUN),
        ([SATISFIED, COULD_NOT_TEST, NOT_ASKED_FOR], COULD_NOT_TEST),
        ([SATISFIED, COULD_NOT_TEST, WAIVED], WAIVED),
        ([WAIVED, ADVISORY], ADVISORY),
        ([WAIVED, VIOLATED], VIOLATED),
    ],
)
def test_step_is_as_the_worst_of_what_was_asked_for(kinds: list[str], verdict: str) -> None:
    assert worst(kinds) == verdict


def test_step_counts_what_was_not_asked_for() -> None:
    found = [judged(SATISFIED, "refresh.status"), judged(NOT_ASKED_FOR, "revoke.status")]
    step = next(stop for stop in stops(found, []) if stop.number == "6")
    assert (step.verdict, step.not_asked_for) == (SATISFIED, 1)


def sent(**statuses: int | None) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", "-"), "status": status} for name, status in statuses.items()]


@pytest.mark.parametrize(
    ("found", "exchanges", "proven"),
    [
        (
            [
                judged(SATISFIED, "token.status", exchange="token"),
                judged(SATISFIED, "projects.status", exchange="projects"),
            ],
            sent(token=200, projects=200),
            ["token (200)", "token (200) and projects (200)", "token (200)", "projects (200)"],
        ),
        (
            [
                judged(SATISFIED, "client-credentials.status", exchange="client-credentials"),
                judged(VIOLATED, "projects.status", exchange="projects"),
            ],
            sent(client_credentials=200, projects=403),
            ["client-credentials (200)", "", "", ""],
        ),
        ([judged(WAIVED, "projects.status", exchange="projects")], sent(projects=403), ["", "", "", ""]),
        ([], [], ["", "", "", ""]),
    ],
    ids=["all", "no step 4", "waived", "nothing"],
)  # fmt: skip
def test_step_by_hand_names_the_answer_that_proves_it(
    found: list[Verdict], exchanges: list[dict[str, Any]], proven: list[str]
) -> None:
    steps = by_hand(found, exchanges)
    assert [step.proven_by for step in steps] == proven
    assert [step.words.startswith("Cannot be known: ") for step in steps] == [not one for one in proven]
    assert [step.as_plain()["state"] for step in steps] == ["implied" if one else "not-known" for one in proven]


def test_step_by_hand_is_not_done_where_an_answer_says_so() -> None:
    found = [judged(VIOLATED, "projects.status", exchange="projects")]
    cause = Diagnosis("not-connected", "the app is not connected", "install it", "projects")
    steps = by_hand(found, sent(projects=403), cause)
    assert [step.as_plain()["state"] for step in steps] == ["not-known", "not-known", "not-known", "not-done"]
    assert (steps[3].words, steps[3].proven_by) == ("Not done: the app is not connected.", "projects (403)")


def test_steps_by_hand_are_in_page_and_summary(replayed: Outcome, folder: Path) -> None:
    assert 'Proven by <a href="#x-token">token</a> (200) and <a href="#x-projects">projects</a> (200).' in (
        replayed.html
    )
    text = (folder / "replayed.md").read_text(encoding="utf-8")
    assert "- ✅ 4: Install the app. Projects of the company are answered" in text
    assert "Proven by projects (200)." in text


def test_step_that_cannot_be_known_says_so(tmp_path: Path) -> None:
    outcome = replay(tmp_path, "tests/test_step5_authorize.py", f"--summary-md={tmp_path}/s.md")
    assert outcome.html.count("cannot be known</span>") == 4
    assert (tmp_path / "s.md").read_text(encoding="utf-8").count("Cannot be known: ") == 4
