"""A waived breach fails no run and hides in no output."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from quickstart.exchange import contract
from selftests.support.bench import NO_CODE, QUIET, suite
from selftests.support.command import Outcome, pytest_in
from standin.cases.bending import on, status
from standin.model.world import World
from standin.server.running import serve

WHY = "switched off in our sandbox, ticket 4711"
FAR, PAST = "2999-12-31", "2020-01-01"
BROKEN, HINT = "me.status", "me.same-user"  # a must, and a should
ME = "tests/test_step7_me.py"  # which judges both: enough where nothing else is looked at


def waiver(name: str = BROKEN, until: str = FAR, more: str = "") -> str:
    return f'["{name}"]\nreason = "{WHY}"\nuntil = {until}\n{more}\n'


def break_me(project: Path) -> None:
    """Let the recording of /me be a refusal: a must is violated."""
    _edit(project, "code: 200", "code: 404")


def change_me(project: Path) -> None:
    """Let the recordings of /me name another user: a should is broken."""
    for name in ("me", "me-with-company"):
        _edit(project, '"id": 98100', '"id": 98101', name)


def _edit(project: Path, old: str, new: str, name: str = "me") -> None:
    path = project / "cassettes" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(project: Path, text: str, *arguments: str) -> Outcome:
    (project / "waivers.toml").write_text(text, encoding="utf-8")
    return pytest_in(project, *arguments)


def about(outcome: Outcome, name: str = BROKEN) -> dict[str, object]:
    """What the verdict says of one requirement."""
    return next(one for one in outcome.verdict["requirements"] if one["id"] == name)


@pytest.mark.parametrize("arguments", [(), (ME, "-n", "2")], ids=["plain", "n2"])
def test_waived_violation_does_not_fail_the_run(project: Path, arguments: tuple[str, ...]) -> None:
    break_me(project)
    outcome = run(project, waiver(more='expected = "404, as long as it is off"'), *arguments)
    assert outcome.code == 0, outcome.text
    assert outcome.ids("waived") == {BROKEN}
    assert not outcome.ids("violated")
    assert outcome.verdict["conformant"] is True
    assert about(outcome)["waiver"] == {"reason": WHY, "until": FAR, "expected": "404, as long as it is off"}
    assert str(about(outcome)["detail"]).startswith("404")
    assert "CONFORMANT with 1 waiver: " in outcome.text
    assert f"waived: [{BROKEN}] " in outcome.text
    assert f"  waived:     until {FAR}: {WHY}\n  expected instead: 404, as long as it is off\n" in outcome.text
    assert re.search(r"\d+ passed.*1 waived in", outcome.text)
    assert not contract.violations(outcome.verdict, "verdict")


def test_violation_without_a_waiver_fails_the_run(project: Path) -> None:
    break_me(project)
    outcome = pytest_in(project)
    assert outcome.code == 1
    assert outcome.ids("violated") == {BROKEN}
    assert about(outcome)["waiver"] is None


@pytest.mark.parametrize("arguments", [(), ("--fail-on=should",)], ids=["must", "should"])
def test_waived_advisory_is_waived_whatever_fails_the_run(project: Path, arguments: tuple[str, ...]) -> None:
    change_me(project)
    outcome = run(project, waiver(HINT), ME, *arguments)
    assert (outcome.code, outcome.ids("waived")) == (0, {HINT}), outcome.text
    assert not outcome.ids("advisory") | outcome.ids("violated")


def test_waived_test_has_a_letter_and_a_word_of_its_own(project: Path) -> None:
    break_me(project)
    assert "test_me_answers_200 WAIVED" in run(project, waiver(), "-v", ME).text
    assert re.search(r"^[.s]*w[.s]* *\[?", run(project, waiver(), "-q", ME).text)


@pytest.mark.parametrize("arguments", [(ME,), (ME, "-n", "2")], ids=["plain", "n2"])
def test_waiver_past_its_date_waives_nothing_and_is_told(project: Path, arguments: tuple[str, ...]) -> None:
    break_me(project)
    outcome = run(project, waiver(until=PAST), *arguments)
    note = f'waivers.toml: ["{BROKEN}"] is past its date ({PAST}) and waives nothing any more'
    assert (outcome.code, outcome.ids("violated")) == (1, {BROKEN})
    assert f"note: {note}" in outcome.text
    assert [one.startswith(note) for one in outcome.verdict["notes"]] == [True]


def test_waiver_that_is_not_needed_is_told_everywhere(project: Path) -> None:
    outcome = run(project, waiver(), ME, "--html=r.html", "--summary-md=s.md")
    note = f'waivers.toml: ["{BROKEN}"] is not needed any more, the requirement is satisfied: remove it.'
    assert (outcome.code, outcome.ids("waived")) == (0, set())
    assert f"note: {note}" in outcome.text
    assert outcome.verdict["notes"] == [note]
    assert "is not needed any more" in (project / "r.html").read_text(encoding="utf-8")
    assert "is not needed any more" in (project / "s.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("until", [FAR, PAST])
def test_waiver_of_what_was_not_judged_is_silent(project: Path, until: str) -> None:
    """One requirement was not selected, the other could not be tested."""
    break_me(project)
    arguments = ("-k", "me_is_json or me_answers_json or test_me_")
    outcome = run(project, waiver("companies.status", until) + waiver("me.schema", until) + waiver(), *arguments)
    assert outcome.ids("could-not-test") >= {"me.schema"}
    assert outcome.ids("not-run") >= {"companies.status"}
    assert outcome.verdict["notes"] == []


def test_waiver_of_another_target_neither_waives_nor_speaks(project: Path) -> None:
    break_me(project)
    outcome = run(project, waiver(more='target = ["sandbox", "production"]'), ME)
    assert (outcome.code, outcome.ids("violated"), outcome.verdict["notes"]) == (1, {BROKEN}, [])
    assert run(project, waiver(more='target = ["sandbox", "replay"]'), ME).code == 0


def test_file_that_is_named_is_read_in_place_of_the_default(project: Path) -> None:
    break_me(project)
    (project / "waivers.toml").write_text("no toml", encoding="utf-8")
    (project / "mine.toml").write_text(waiver(), encoding="utf-8")
    assert pytest_in(project, ME, "--waivers=mine.toml").code == 0
    assert pytest_in(project, ME, "--waivers=mine.toml", "-n", "2").code == 0
    assert pytest_in(project, ME, "--waivers", str(project / "mine.toml"), "-n", "2").code == 0


def test_all_processes_know_the_day_on_which_the_run_began(project: Path) -> None:
    """The plugin sets the clocks of the workers, and theirs alone, to a day after the waiver's last."""
    break_me(project)
    (project / "late.py").write_text(
        "import pytest\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_configure(config):\n"
        "    if hasattr(config, 'workerinput'):\n"
        "        from quickstart.plugin import suite\n"
        "        suite._now = lambda: '3000-01-02T00:00:00+00:00'\n"
    )
    outcome = run(project, waiver(), ME, "-p", "late", "-n", "2")
    assert (outcome.code, outcome.ids("waived")) == (0, {BROKEN}), outcome.text


@pytest.mark.parametrize(
    ("text", "arguments", "sentence"),
    [
        (waiver("me.statis"), (), 'waivers.toml: ["me.statis"] names no requirement: the closest is me.status.'),
        (waiver("projects.company"), (), 'waivers.toml: ["projects.company"] protects data or secrets'),
        ('["me.status"]\n', (), 'waivers.toml: ["me.status"] needs a reason'),
        ("reason = ", (), "waivers.toml cannot be read"),
        ("", ("--waivers=none.toml",), "--waivers=none.toml is no file"),
        ("", ("--waivers=",), "--waivers= is no file"),
    ],
)
def test_waivers_that_cannot_be_used_end_the_run_before_it_begins(
    project: Path, text: str, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = run(project, text, *arguments)
    assert outcome.code == 4, outcome.text
    assert sentence in outcome.text
    assert "Traceback" not in outcome.text


def test_waived_breach_shows_in_every_report(project: Path) -> None:
    break_me(project)
    files = ("--html=r.html", "--summary-md=s.md", "--badge=b.json", "--junitxml=j.xml")
    assert run(project, waiver(more='expected = "404"'), *files).code == 0
    page, summary, badge, junit = (
        (project / name).read_text(encoding="utf-8") for name in ("r.html", "s.md", "b.json", "j.xml")
    )
    assert f'<li id="{BROKEN}" data-verdict="waived">' in page
    assert "<dt>Instead</dt><dd>404</dd></div><div><dt>Actual</dt>" in page
    assert f"<dt>Waived</dt><dd>until {FAR}: {WHY}</dd>" in page
    assert '<span class="word">Conformant with 1 waiver</span>' in page
    assert "promises, but for one breach that is waived: " in page
    assert summary.startswith("## ✅ Conformant with 1 waiver: ")
    assert "### What is waived" in summary
    assert "| 200; instead: 404 | 404" in summary
    assert f"| {FAR} | {WHY} |" in summary
    assert json.loads(badge)["message"] == "conformant with 1 waiver (local stand-in)"
    skipped = [one.get("message", "") for one in ElementTree.fromstring(junit).iter("skipped")]  # noqa: S314 - our own
    assert [one for one in skipped if one.startswith(f"waived until {FAR}: {WHY} (expected instead: 404); actual: 404")]


def live(tmp_path: Path, world: World, text: str, *arguments: str, changes: dict[str, str]) -> tuple[int, str]:
    file = tmp_path / "waivers.toml"
    file.write_text(text, encoding="utf-8")
    with serve(world) as procore:
        named = text.replace("CLIENT_SECRET", procore.variables["PROCORE_CLIENT_SECRET"])
        file.write_text(named, encoding="utf-8")
        code, output = suite(procore, *QUIET, "--tb=short", f"--waivers={file}", *arguments, changes=changes)
        assert procore.variables["PROCORE_CLIENT_SECRET"] not in output
        return code, output


def test_waived_answer_of_a_live_run_is_no_first_cause(tmp_path: Path) -> None:
    """/me is 404, which is explained by a company of nobody otherwise."""
    world = World(modifiers=(on("me", status(404)),))
    code, output = live(tmp_path, world, waiver(), changes={"GITHUB_ACTIONS": "true"})
    assert code == 0, output
    assert "CONFORMANT with 1 waiver: " in output
    assert "diagnosis:" not in output
    assert f"::notice title={BROKEN}::" in output
    assert f"Waived until {FAR}: {WHY}" in output
    assert "::error" not in output


def test_other_first_cause_is_told_beside_a_waiver(tmp_path: Path) -> None:
    """Waiving that a wrong secret is refused gives nobody a token."""
    changes = {**NO_CODE, "PROCORE_CLIENT_SECRET": "wrong-" + "5" * 20}
    code, output = live(tmp_path, World(), waiver("client-credentials.status"), changes=changes)
    assert code == 4, output
    assert output.strip().splitlines()[-2].startswith("diagnosis: ")


def test_reason_never_shows_a_secret(tmp_path: Path) -> None:
    world = World(modifiers=(on("me", status(404)),))
    text = waiver(more='expected = "CLIENT_SECRET"').replace(WHY, "CLIENT_SECRET")
    files = [tmp_path / name for name in ("r.html", "s.md", "v.json", "j.xml")]
    options = [
        f"{name}={path}"
        for name, path in zip(("--html", "--summary-md", "--verdict-json", "--junitxml"), files, strict=True)
    ]
    _, output = live(tmp_path, world, text, *options, changes={"GITHUB_ACTIONS": "true"})
    secret = re.search(r'reason = "(.*)"', (tmp_path / "waivers.toml").read_text(encoding="utf-8"))
    assert secret
    assert f"waived: [{BROKEN}]" in output
    assert [path.name for path in files if secret[1] in path.read_text(encoding="utf-8")] == []
