"""Live answers beside the recordings: what breaks a client is told, and what has the same shape is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quickstart.exchange import contract
from selftests.support.matrix_runs import SuiteRunner
from selftests.support.reports import live
from standin.cases.bending import drop, header, on, put
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS
from standin.model.world import Modifier, World

CASES = {case.id: case for case in (*FAULTS, *VARIATIONS)}


def drift(runner: SuiteRunner, folder: Path, world: World, **options: Any) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and drift of a live run."""
    path = folder / "drift.json"
    code, text = runner.run_world(world, drift_json=str(path), **options)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert contract.violations(document, "drift") == []
    return code, text, document


def told(document: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["exchange"], one["what"], one["kind"]) for one in document["changes"]}


@pytest.mark.posix
@pytest.mark.parametrize(
    ("modifier", "change"),
    [
        (on("me", drop("name")), ("me", "/name", "breaking")),
        (on("me", put("badge", 7)), ("me", "/badge", "additive")),
        (on("me", put("name", None)), ("me", "/name", "breaking")),
        (on("me", put("id", str)), ("me", "/id", "breaking")),
        (on("companies", drop("*.is_active")), ("companies", "/[]/is_active", "breaking")),
        (on("projects", put("*.rank", 1)), ("projects", "/[]/rank", "additive")),
        (on("projects", put("*.company.name", None)), ("projects", "/[]/company/name", "breaking")),
        (on("projects", header("Total", None)), ("projects", "header total", "breaking")),
        (on("projects", header("X-Api-Version", "2")), ("projects", "header x-api-version", "additive")),
    ],
)
def test_a_change_of_shape_is_told_with_its_kind(
    runner: SuiteRunner, tmp_path: Path, modifier: Modifier, change: tuple[str, str, str]
) -> None:
    _, _, document = drift(runner, tmp_path, World(modifiers=(modifier,)))
    assert change in told(document)
    assert {kind for _, _, kind in told(document)} == {change[2]}


@pytest.mark.posix
def test_nothing_changed_where_nothing_did(runner: SuiteRunner, tmp_path: Path) -> None:
    code, text, document = drift(runner, tmp_path, World())
    assert (code, document["changes"]) == (0, [])
    assert len(document["compared"]) > 80
    assert "note: drift: no change of shape between the recordings (" in text


@pytest.mark.posix
def test_another_status_is_told_alone(runner: SuiteRunner, tmp_path: Path) -> None:
    _, _, document = drift(runner, tmp_path, CASES["me-404"].world())
    assert ("me", "status", "breaking") in told(document)


@pytest.mark.posix
@pytest.mark.parametrize(("fail_on", "code"), [("must", 0), ("drift", 1)])
def test_what_is_breaking_fails_a_run_that_is_to(runner: SuiteRunner, tmp_path: Path, fail_on: str, code: int) -> None:
    """A date may be null by the schema: no requirement is violated, and whoever read it is broken."""
    verdict = tmp_path / "verdict.json"
    world = World(modifiers=(on("projects", put("*.start_date", None)),))
    ended, text, document = drift(runner, tmp_path, world, fail_on=fail_on, verdict_json=str(verdict))
    found = json.loads(verdict.read_text(encoding="utf-8"))
    assert document["breaking"] > 0
    assert ended == found["exit_code"] == code, text
    assert found["conformant"] is not bool(code)
    assert contract.violations(found, "verdict") == []
    words = "NOT CONFORMANT: answers changed their shape, " if code else "CONFORMANT: "
    assert text.strip().splitlines()[-1].startswith(words)


@pytest.mark.posix
def test_what_is_additive_fails_nothing(runner: SuiteRunner, tmp_path: Path) -> None:
    world = World(modifiers=(on("me", put("badge", 7)),))
    code, text, _ = drift(runner, tmp_path, world, fail_on="drift")
    assert code == 0
    assert text.strip().splitlines()[-1].startswith("CONFORMANT: ")


def test_drift_is_in_the_page_the_summary_and_the_annotations(tmp_path: Path) -> None:
    world = World(modifiers=(on("me", put("name", None), put("<b>badge</b>", 7)),))
    left = live(tmp_path, world, "--drift", "--fail-on=drift", f"--summary-md={tmp_path / 's.md'}", disruptive=False)
    assert left.exit_code == 1
    assert '<code>/name</code></td><td>string</td><td>null</td><td><span class="tag violated">breaking' in left.html
    assert "&lt;b&gt;badge" in left.html
    assert "<b>badge" not in left.html
    assert "mend the clients that rest on it" in left.html
    assert "/name was string, is null (breaking)" in (tmp_path / "s.md").read_text(encoding="utf-8")
