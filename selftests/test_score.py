"""README's score is what the tables promise, and the matrix proves the tables."""

import re

import pytest

from selftests import score


def test_readme_tells_the_score() -> None:
    if not score.README.exists():
        pytest.skip("README.md is not there yet")
    text = score.README.read_text(encoding="utf-8")
    lines = score.score(frozenset()).lines()
    assert text == score.written(text, lines), "stale: run python -m selftests.score"


def test_score_counts_what_went_wrong() -> None:
    fault, variation = score.FAULTS[0].id, score.VARIATIONS[0].id
    found, right = score.score(frozenset({fault, variation})), score.score(frozenset())
    assert (found.caught, found.false_alarms) == (right.caught - 1, 1)
    assert right.lines().startswith(f"faults caught {len(score.FAULTS)} of {len(score.FAULTS)}, false alarms 0 of ")


def test_breakdown_counts_every_case_and_requirement_once() -> None:
    numbers = [int(number) for line in score.breakdown(frozenset()) for number in re.findall(r"of (\d+) ", line)]
    assert sum(numbers) == len(score.FAULTS) + len(score.VARIATIONS)
    first = score.FAULTS[0]
    assert score.breakdown(frozenset({first.id})) != score.breakdown(frozenset())


def test_score_replaces_what_stands_between_the_markers() -> None:
    text = f"a\n{score.BEGIN}\nold\n{score.END}\nb\n"
    assert score.written(text, "new") == f"a\n{score.BEGIN}\nnew\n{score.END}\nb\n"


def test_score_needs_its_markers() -> None:
    with pytest.raises(ValueError, match="has no"):
        score.written("a", "new")
