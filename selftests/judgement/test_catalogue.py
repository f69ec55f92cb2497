"""No level claims more than what it rests on."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from quickstart.judgement import catalogue, portal
from quickstart.judgement.catalogue import FOLLOWS, LEVELS, PROMISED, CatalogueError
from selftests.support.project import ROOT

KNOWN = catalogue.load(ROOT / "tests" / "catalogue.toml")
ENTRY = {
    "level": "must",
    "basis": "guide",
    "evidence": "documented",
    "step": "7 me",
    "sentence": "It MUST.",
    "expected": "200",
    "quote": "It is so.",
    "source": "https://example.com/",
    "remedy": "Mend it.",
}


def load(folder: Path, **changes: str) -> catalogue.Requirement:
    file = folder / "catalogue.toml"
    lines = [f"{name} = {value!r}" for name, value in {**ENTRY, **changes}.items()]
    file.write_text('["me.status"]\n' + "\n".join(lines) + "\n", encoding="utf-8")
    return catalogue.load(file)["me.status"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": "doorkeeper", "evidence": "inferred"}, "is a must on the basis of doorkeeper"),
        ({"basis": "sighting", "evidence": "inferred"}, "is a must on the basis of sighting"),
        ({"basis": "sense", "evidence": "inferred"}, "is a must on the basis of sense"),
        ({"quote": f"{FOLLOWS}It is so."}, "is a must whose quote only leads to it"),
        ({"level": "should", "basis": "sense"}, "so its evidence is inferred"),
        ({"basis": "hearsay"}, "basis must be one of guide, reference, rfc, safety"),
        ({"evidence": "sure"}, "evidence one of documented"),
        ({"level": "shall"}, "unknown level or step"),
        ({"step": "8 else"}, "unknown level or step (must, 8 else)"),
        ({"remedy": "Go to {nowhere}."}, "which portal.py does not know"),
        ({"remedy": "Go to {."}, "which portal.py does not know"),
    ],
)
def test_an_entry_that_claims_too_much_is_refused(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    with pytest.raises(CatalogueError, match=r"me\.status") as refused:
        load(tmp_path, **changes)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = \n", "catalogue.toml cannot be read"),
        ("[me]\nstatus = 1\n", "[me] must have exactly basis, evidence, expected,"),
        ("me = 1\n", 'me is not a table; quote the id: ["me"]'),
        ('["me.status"]\nlevel = "must"\n', "must have exactly basis, evidence,"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        catalogue.load(file)
    assert words in str(refused.value)


def test_a_catalogue_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"^none\.toml cannot be read"):
        catalogue.load(tmp_path / "none.toml")


@pytest.mark.parametrize("level", ["must", "should", "observe"])
@pytest.mark.parametrize("basis", ["guide", "reference", "rfc", "safety"])
@pytest.mark.parametrize("evidence", ["documented", "documented and seen live", "inferred"])
def test_what_a_document_promises_may_have_each_level(tmp_path: Path, level: str, basis: str, evidence: str) -> None:
    assert load(tmp_path, level=level, basis=basis, evidence=evidence).level == level


@pytest.mark.parametrize("basis", ["doorkeeper", "sighting", "sense"])
def test_what_nobody_promises_may_be_a_should(tmp_path: Path, basis: str) -> None:
    found = load(tmp_path, level="should", basis=basis, evidence="inferred")
    assert (found.basis, found.standing) == (basis, f"{basis}, inferred")


def test_safety_may_be_a_must_that_follows(tmp_path: Path) -> None:
    assert load(tmp_path, basis="safety", evidence="inferred", quote=f"{FOLLOWS}It is so.").level == "must"


def test_what_rests_on_its_basis_has_no_problem() -> None:
    assert {catalogue._overstated(one) for one in KNOWN.values()} == {""}


def test_places_are_filled_in(tmp_path: Path) -> None:
    assert load(tmp_path, remedy="Look at {keys}.").remedy == f"Look at {portal.KEYS}."


@pytest.mark.parametrize("name", [name for name, one in KNOWN.items() if one.level == "must"])
def test_every_must_rests_on_a_document_or_on_safety(name: str) -> None:
    assert KNOWN[name].basis in PROMISED


def test_there_is_something_between_red_and_silence() -> None:
    counts = Counter(one.level for one in KNOWN.values())
    assert all(counts[level] for level in LEVELS)


def test_no_quote_is_in_brackets_of_our_own() -> None:
    assert [name for name, one in KNOWN.items() if one.quote.startswith("[")] == []


def test_a_remedy_that_many_share_is_a_word_of_the_portal() -> None:
    """So that it is written once; and each word is used."""
    entries = tomllib.loads((ROOT / "tests" / "catalogue.toml").read_text(encoding="utf-8")).values()
    texts = Counter(entry["remedy"] for entry in entries)
    assert [text for text, count in texts.items() if count > 5 and not re.fullmatch(r"\{\w+\}", text)] == []
    assert {word for text in texts for word in re.findall(r"\{(\w+)\}", text)} == portal.WORDS.keys()


@pytest.mark.parametrize(
    ("basis", "evidence", "unseen"),
    [
        ("rfc", "documented", True),
        ("rfc", "documented and seen live", False),
        ("guide", "documented", False),
        ("reference", "documented", False),
    ],
)
def test_what_an_rfc_alone_asks_for_says_that_nobody_has_seen_it(
    tmp_path: Path, basis: str, evidence: str, unseen: bool
) -> None:
    found = load(tmp_path, basis=basis, evidence=evidence)
    assert found.is_unseen is unseen
    assert (catalogue.NOT_SEEN in found.standing) is unseen
    for remedy in ("", found.remedy, f"Report it to {portal.SUPPORT}."):
        assert found.basis_beside(remedy).endswith(catalogue.UNSEEN_ADVICE) is unseen
    assert found.basis_beside("Copy the secret again.") == found.standing
