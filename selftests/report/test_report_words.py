"""The words of the report: whom they speak of, what they escape, and in which order they tell what to do."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.verdict import SATISFIED, VIOLATED, Verdict
from quickstart.report import html
from quickstart.report.badge import badge
from quickstart.report.content import Content, Ended, content
from quickstart.report.markdown import text
from quickstart.report.origin import Origin, describe
from quickstart.report.shown import _pruned
from quickstart.report.todo import tasks
from quickstart.secrecy.redaction import Redactor

TODAY = date(2026, 11, 23)


def origin(name: str = "the sandbox", *, live: bool = True) -> Origin:
    return describe(name, f"recorded from {name} on 2026-11-20", live=live, today=TODAY)


def verdict(found: str, step: str = "7 me", remedy: str = "mend it", exchange: str = "me") -> Verdict:
    requirement = Requirement(
        id="me.status",
        level="must",
        basis="rfc",
        evidence="documented",
        step=step,
        sentence="It MUST.",
        expected="200",
        quote="q",
        source="https://example.com/",
        remedy=remedy,
    )
    return Verdict(requirement, found, "404", ("t",), (exchange,), remedy)


def ended(*found: Verdict, **other: Any) -> Content:
    """Return the content of a run of the sandbox that found this."""
    given: dict[str, Any] = {"origin": origin(), "exit_code": 0, **other}
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    run = Ended(found, (), target="sandbox", company_id=1, company="", started=moment, ended=moment, **given)
    return content(run)


@pytest.mark.parametrize(
    ("name", "live", "statement"),
    [
        ("the sandbox", True, "Answered live by the sandbox on 23 November 2026."),
        (
            "the sandbox",
            False,
            "Recorded from the sandbox on 20 November 2026; it says nothing of what Procore’s servers answer today.",
        ),
        (
            "the local stand-in",
            True,
            "Answered live by the local stand-in on 23 November 2026; no statement about Procore’s servers.",
        ),
        (
            "https://localhost (not Procore's hosts)",
            False,
            "Recorded from https://localhost (not Procore's hosts) on 20 November 2026; "
            "no statement about Procore’s servers.",
        ),
    ],
)
def test_evidence_says_how_far_it_reaches(name: str, live: bool, statement: str) -> None:
    assert origin(name, live=live).statement == statement


@pytest.mark.parametrize("name", ["the sandbox", "the local stand-in"])
def test_where_nobody_answered_nobody_is_said_to_have(name: str) -> None:
    said = describe(name, "none: nobody answered", live=True, today=TODAY).statement
    assert said.startswith("None: nobody answered")
    assert "live" not in said


@pytest.mark.parametrize(
    ("name", "found", "colour"),
    [
        ("the sandbox", SATISFIED, "brightgreen"),
        ("the local stand-in", SATISFIED, "blue"),
        ("the sandbox", VIOLATED, "red"),
    ],
)
def test_badge_is_green_for_procores_own_hosts_alone(name: str, found: str, colour: str) -> None:
    assert f'"color": "{colour}"' in badge(ended(verdict(found), origin=origin(name)))


@pytest.mark.parametrize("exit_code", [1, 2, 3, 4])
def test_run_that_broke_is_no_verdict_though_all_that_it_judged_holds(exit_code: int) -> None:
    assert ended(verdict(SATISFIED), exit_code=exit_code).word == "No verdict"


def test_run_that_broke_after_a_violation_is_not_conformant() -> None:
    assert ended(verdict(VIOLATED), exit_code=2).word == "Not conformant"


def test_headline_names_the_first_cause_in_place_of_a_culprit() -> None:
    cause = Diagnosis("invalid-client", "Client ID or Client Secret is wrong", "copy both again", "token")
    found = ended(verdict(VIOLATED), exit_code=1, diagnosis=cause)
    assert found.sentence == (
        "One requirement is violated, of 1 judged. First cause: Client ID or Client Secret is wrong."
    )


def test_tasks_come_in_the_order_of_the_guide_and_equal_ones_once() -> None:
    found = [verdict(VIOLATED, "7 me", "b"), verdict(VIOLATED, "5 authorize", "a"), verdict(VIOLATED, "7 me", "b")]
    assert [task.text for task in tasks(found)] == ["A.", "B."]


def test_diagnosis_is_the_first_task_and_takes_what_it_explains() -> None:
    found = [verdict(VIOLATED, "5 authorize", "a", "authorize"), verdict(VIOLATED, remedy="Redo step 4.")]
    first, second = tasks(found, Diagnosis("not-connected", "the app is not connected", "redo step 4", "projects"))
    assert (first.cause, first.text, first.requirements) == (
        "The app is not connected.",
        "Redo step 4.",
        ("me.status",),
    )
    assert second.text == "A."


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.com/", "JAVASCRIPT:x", " https://x", "data:x"])
def test_only_https_becomes_a_link(url: str) -> None:
    assert not html.is_https(url)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<b>a & b</b>", "&lt;b&gt;a &amp; b&lt;/b&gt;"),
        ("[x](javascript:y)", r"\[x\](javascript&#58;y)"),
        ("a|b\nc", r"a\|b c"),
        ("https://evil.example and www.evil.example", "https&#58;//evil.example and www&#46;evil.example"),
        ("@everyone `rm` **!**", r"&#64;everyone \`rm\` \*\*\!\*\*"),
    ],
)
def test_markdown_shows_an_answer_as_it_is(given: str, shown: str) -> None:
    assert text(given) == shown


def test_deep_answer_is_cut_and_says_so() -> None:
    deep: Any = "end"
    for _ in range(50):
        deep = [deep]
    cuts: list[str] = []
    assert "end" not in str(_pruned(deep, cuts))
    assert cuts == ["what is nested deeper than 12 levels is left out"]


def test_page_escapes_what_the_catalogue_does_not_hold() -> None:
    """One row whose every word is markup."""
    hostile = Verdict(verdict(VIOLATED).requirement, VIOLATED, "<script>ran=1</script>", ("<t>",), ("<x>",))
    page = html.report(ended(hostile, notes=["<img src=x>"], problems=["<svg onload=x>"]))
    assert "<script" not in page
    assert "<img" not in page
    assert "<svg onload" not in page
    assert Redactor().text(page) == page
