"""What a waiver may say, when it holds, and what is told of one that is over."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quickstart.judgement import catalogue
from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.verdict import (
    COULD_NOT_TEST,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
    Finding,
    Verdict,
    conformant,
    stale_waivers,
    tolerated_exchanges,
    verdicts,
)
from quickstart.judgement.waivers import Waiver, WaiverError, Waivers, load
from selftests.support.project import ROOT

CATALOGUE: dict[str, Requirement] = catalogue.load(ROOT / "tests" / "catalogue.toml")
ONE = "projects.link"
WHOLE = f'["{ONE}"]\nreason = "r"\nuntil = 2026-12-31\n'
LAST_DAY = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
DAY_AFTER = datetime(2027, 1, 1, tzinfo=UTC)


def read(tmp_path: Path, text: str) -> Waivers:
    """The waivers of a file that was named ``ci/waivers.toml`` and holds ``text``."""
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, CATALOGUE, named="ci/waivers.toml")


def judged(kind: str, name: str = ONE, *exchanges: str) -> Verdict:
    return Verdict(CATALOGUE[name], kind, "", ("t",), exchanges)


def waivers(at: datetime = LAST_DAY, *, targets: tuple[str, ...] = (), target: str = "sandbox") -> Waivers:
    """A run's waivers: one, that ends with LAST_DAY."""
    waiver = Waiver(ONE, "r", date(2026, 12, 31), targets)
    return Waivers("waivers.toml", {ONE: waiver}).at(target, at)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = \n", "ci/waivers.toml cannot be read"),
        (WHOLE + WHOLE, "ci/waivers.toml cannot be read"),
        ('["projects.links"]\n', '["projects.links"] names no requirement: the closest is projects.link.'),
        ('[""]\n', "names no requirement: the closest is"),
        (f"[{ONE}]\n", f'ci/waivers.toml: ["projects"] names no requirement: put the id in quotes, ["{ONE}"]'),
        ("[projects-v1.0.company]\n", 'put the id in quotes, ["projects-v1.0.company"]'),
        (f'"{ONE}" = 1\n', "is no table: give it a reason and a date"),
        (f'[["{ONE}"]]\n', "is no table: give it a reason and a date"),
        (WHOLE.replace('reason = "r"\n', ""), f'ci/waivers.toml: ["{ONE}"] needs a reason'),
        (WHOLE.replace('"r"', '" \\n"'), "needs a reason"),
        (WHOLE.replace('"r"', "4711"), "needs a reason"),
        (WHOLE.replace("until = 2026-12-31\n", ""), "needs the last day on which it waives"),
        (WHOLE.replace("2026-12-31", '"2026-12-31"'), "a date without quotes: until = 2026-12-31"),
        (WHOLE.replace("2026-12-31", "2026-12-31T00:00:00Z"), "needs the last day"),
        (WHOLE.replace("2026-12-31", "2026-13-31"), "cannot be read"),
        (WHOLE + "zz = 1\nuntl = 1\n", "has an unknown member, untl: the members are reason, until, target, expected"),
        (WHOLE + 'target = "sandbx"\n', "has a target that is none: one of replay, sandbox, monthly-sandbox,"),
        (WHOLE + 'target = ["sandbox", "x"]\n', "has a target that is none"),
        (WHOLE + "target = []\n", "has a target that is none"),
        (WHOLE + "target = 1\n", "has a target that is none"),
        (WHOLE + "target = [[]]\n", "has a target that is none"),
        (WHOLE + 'expected = ""\n', "has an expected that says nothing"),
        (WHOLE + "expected = 404\n", "has an expected that says nothing"),
        (WHOLE.replace(ONE, "projects.company"), "protects data or secrets, and cannot be waived: remove it"),
    ],
)  # fmt: skip
def test_waiver_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(WaiverError) as refusal:
        read(tmp_path, text)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", [name for name, one in CATALOGUE.items() if one.basis == "safety"])
def test_what_protects_others_cannot_be_waived(tmp_path: Path, name: str) -> None:
    with pytest.raises(WaiverError, match="cannot be waived"):
        read(tmp_path, WHOLE.replace(ONE, name))


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(WaiverError, match=r"waivers\.toml cannot be read"):
        load(path, CATALOGUE)


def test_file_of_the_default_name_may_be_missing(tmp_path: Path) -> None:
    found = load(tmp_path / "waivers.toml", CATALOGUE)
    assert (found.file, found.known, found.stale(ONE, broken=True)) == ("waivers.toml", {}, "")


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """Docker makes one where a file that is to be mounted is missing."""
    (tmp_path / "waivers.toml").mkdir()
    with pytest.raises(WaiverError, match=r"^waivers.toml is a folder: "):
        load(tmp_path / "waivers.toml", CATALOGUE)


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_file_that_was_named_may_not_be_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(WaiverError, match=rf"^--waivers={name} is no file: "):
        load(tmp_path / name, CATALOGUE, named=name)


def test_waiver_has_all_that_was_written(tmp_path: Path) -> None:
    text = WHOLE.replace('"r"', '"""\nfirst\n  second \\u001b[31m"""') + 'target = "sandbox"\nexpected = " 404 "\n'
    assert read(tmp_path, text).known == {
        ONE: Waiver(ONE, "first second [31m", date(2026, 12, 31), ("sandbox",), "404")
    }


def test_the_example_of_readme_can_be_used(tmp_path: Path) -> None:
    """It has every member, and its requirement is there."""
    example = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (waiver,) = read(tmp_path, example[1]).known.values()
    assert all((waiver.reason, waiver.until, waiver.targets, waiver.expected))


def test_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError("not yours")

    (tmp_path / "waivers.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(WaiverError, match=r"waivers\.toml cannot be read \(not yours\)"):
        load(tmp_path / "waivers.toml", CATALOGUE)


def test_without_requirements_none_is_closest(tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(WaiverError, match="names no requirement: there are none"):
        load(tmp_path / "waivers.toml", {})


def test_waiver_is_told_in_words_without_secrets() -> None:
    one = Waiver(ONE, "a secret reason", date(2026, 12, 31), expected="a secret")
    clean = one.cleaned(lambda text: text.replace("secret", "***"))
    assert (clean.reason, clean.expected, clean.until) == ("a *** reason", "a ***", one.until)
    assert clean.words == "until 2026-12-31: a *** reason"


def test_waiver_holds_through_its_last_day() -> None:
    assert waivers(LAST_DAY).of(ONE) is not None
    assert waivers(DAY_AFTER).of(ONE) is None


def test_waiver_of_a_target_holds_there_alone() -> None:
    assert waivers(targets=("production", "sandbox")).of(ONE) is not None
    assert waivers(targets=("production",)).of(ONE) is None
    assert stale_waivers([judged(SATISFIED)], waivers(DAY_AFTER, targets=("production",))) == []


@pytest.mark.parametrize(
    ("kind", "at", "words"),
    [
        (WAIVED, LAST_DAY, ""),
        (SATISFIED, LAST_DAY, "is not needed any more, the requirement is satisfied: remove it"),
        (SATISFIED, DAY_AFTER, "is past its date (2026-12-31) and is not needed any more"),
        (VIOLATED, DAY_AFTER, "is past its date (2026-12-31) and waives nothing any more"),
        (COULD_NOT_TEST, DAY_AFTER, ""),
        (COULD_NOT_TEST, LAST_DAY, ""),
        (NOT_RUN, DAY_AFTER, ""),
        (NOT_ASKED_FOR, DAY_AFTER, ""),
    ],
)
def test_waiver_that_is_over_or_not_needed_is_told(kind: str, at: datetime, words: str) -> None:
    notes = stale_waivers([judged(kind), judged(SATISFIED, "projects.json")], waivers(at))
    assert len(notes) == (1 if words else 0)
    assert words in "".join(notes)
    assert all(note.startswith(f'waivers.toml: ["{ONE}"] is ') for note in notes)


def test_waiver_that_holds_has_nothing_to_be_told() -> None:
    assert waivers(LAST_DAY).stale(ONE, broken=True) == ""
    assert waivers(LAST_DAY).stale("me.status", broken=True) == ""


def test_verdict_of_a_waived_breach_has_its_waiver() -> None:
    finding = Finding(ONE, "t", WAIVED, "actual", ())
    waived = [one for one in verdicts(CATALOGUE, [finding], waivers()) if one.waiver]
    assert [(one.requirement.id, one.verdict, one.waiver) for one in waived] == [(ONE, WAIVED, waivers().known[ONE])]


def test_waived_breach_alone_is_conformant_and_one_beside_a_violation_is_not() -> None:
    assert conformant([judged(WAIVED), judged(NOT_ASKED_FOR), judged(COULD_NOT_TEST)]) is True
    assert conformant([judged(WAIVED), judged(VIOLATED)]) is False
    assert conformant([judged(NOT_ASKED_FOR), judged(COULD_NOT_TEST)]) is None


@pytest.mark.parametrize(
    ("found", "exchanges"),
    [
        ([judged(WAIVED, "me.status", "me")], {"me"}),
        ([judged(WAIVED, "me.status", "me"), judged(VIOLATED, "me.json", "me")], set()),
        ([judged(WAIVED, "me.same-user", "me", "token-info")], set()),
        ([judged(WAIVED, "me.same-user", "me", "other")], set()),
        ([judged(WAIVED, "me.same-user", "token-info", "other")], {"token-info"}),
        ([judged(SATISFIED, "projects.header-decides", "me")], set()),
        ([judged(SATISFIED, "projects.header-decides", "token-info")], {"token-info"}),
        ([judged(SATISFIED, "projects.header-decides", "token-info", "other")], {"token-info"}),
        ([judged(SATISFIED, "projects.header-decides", "token-info", "one", "other")], set()),
        (
            [judged(WAIVED, "me.status", "me"), judged(COULD_NOT_TEST, "me.same-user", "me", "token-info")],
            {"me", "token-info"},
        ),
        ([judged(COULD_NOT_TEST, "me.same-user", "me", "token-info")], set()),
        ([judged(VIOLATED, "me.status", "me")], set()),
    ],
)
def test_answer_is_put_up_with_where_what_is_said_of_it_is_waived_or_observed(
    found: list[Verdict], exchanges: set[str]
) -> None:
    assert tolerated_exchanges(found, {"me", "token-info"}, {"me"}) == exchanges
