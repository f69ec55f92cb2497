"""What a run says to GitHub, where it runs in a workflow."""

from __future__ import annotations

from pathlib import Path

from selftests.support.bench import NO_CODE, QUIET, suite
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import serve


def test_violations_become_annotations_in_a_workflow_alone() -> None:
    with serve(World(behaviour=Behaviour(app_installed=False))) as procore:
        code, outside = suite(procore, *QUIET, "--tb=no")
        assert code == 1
        assert "::error" not in outside
        _, inside = suite(procore, *QUIET, "--tb=no", changes={"GITHUB_ACTIONS": "true", **NO_CODE})
        lines = [line for line in inside.splitlines() if line.startswith("::error title=")]
        assert lines[0].startswith("::error title=Diagnosis%3A not-connected::")
        assert lines[1].startswith("::error title=companies.status::")


def test_notes_on_tokens_become_annotations_in_a_workflow_of_a_green_run(tmp_path: Path) -> None:
    """Tokens that are kept nowhere are no violation of today: the next night will miss them."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    changes = {"GITHUB_ACTIONS": "true", "PROCORE_TOKEN_CACHE": str(tmp_path / "file" / "tokens")}
    with serve(World()) as procore:
        code, text = suite(procore, *QUIET, "tests/test_step7_me.py", changes=changes)
    assert code == 0, text
    warnings = [line for line in text.splitlines() if line.startswith("::warning title=Note::")]
    assert len(warnings) == 1
    assert "This run keeps its tokens in memory" in warnings[0]
