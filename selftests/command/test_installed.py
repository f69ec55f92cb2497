"""Without a clone: what is installed holds all that a run needs, and works from any folder."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from selftests.command.conftest import Quickstart
from selftests.support.project import ROOT

MACHINERY = ("quickstart", "standin")
CLAIMS = ("conftest.py", "pytest.ini", "tests", "schemas", "cassettes")
pytestmark = pytest.mark.posix  # the installed script is started by its path


def files(*parts: str) -> set[str]:
    """The files of these parts of the clone, by their place in it."""
    found = [
        path for part in parts for path in ([ROOT / part] if (ROOT / part).is_file() else (ROOT / part).rglob("*"))
    ]
    return {str(path.relative_to(ROOT)) for path in found if path.is_file() and "__pycache__" not in path.parts}


def test_a_wheel_holds_machinery_and_claims_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == files(*MACHINERY) | {f"quickstart_claims/{name}" for name in files(*CLAIMS)}


def test_a_run_in_an_empty_folder_replays_and_leaves_nothing(quickstart: Quickstart, elsewhere: Path) -> None:
    code, output = quickstart("run")
    assert code == 0, output
    assert "CONFORMANT: 2" in output
    assert "\ntests/test_step7_projects.py ..." in output, "the way to site-packages says nothing to a reader"
    assert [*elsewhere.iterdir()] == []


def test_a_live_run_against_the_stand_in_reads_and_writes_in_the_working_folder(
    quickstart: Quickstart, elsewhere: Path
) -> None:
    waiver = '["projects.active"]\nreason = "known"\nuntil = 2999-01-01\n'
    (elsewhere / "waivers.toml").write_text(waiver, encoding="utf-8")
    (elsewhere / ".env").write_text("PROCORE_TIMEOUT=29\nPROCORE_TIMEOUTS=1\n", encoding="utf-8")
    live = (
        "procore-quickstart",
        "run",
        "--target=sandbox",
        "--html=left/report.html",
        "--verdict-json=left/verdict.json",
    )
    code, output = quickstart("standin", "--fault=projects-one-inactive", "--", *live)
    assert code == 0, output
    assert "PROCORE_TIMEOUTS (set in .env) is no setting" in output
    assert {path.name for path in (elsewhere / "left").iterdir()} == {"report.html", "verdict.json"}
    verdict = json.loads((elsewhere / "left" / "verdict.json").read_text(encoding="utf-8"))
    waived = [one["id"] for one in verdict["requirements"] if one["verdict"] == "waived"]
    assert (verdict["target"], waived) == ("sandbox", ["projects.active"])


def test_a_broken_claim_is_called_as_in_a_clone(quickstart: Quickstart) -> None:
    live = ("procore-quickstart", "run", "--target=sandbox", "tests/test_step7_projects.py")
    code, output = quickstart("standin", "--fault=projects-one-inactive", "--", *live)
    assert code == 1, output
    assert "\nFAILED tests/test_step7_projects.py::" in output
    assert "crashed" not in output.lower(), "an assertion in installed judgement is a judgement"


def test_smoke_sends_what_smoke_is(quickstart: Quickstart) -> None:
    code, output = quickstart("standin", "--", "procore-quickstart", "smoke", "--target=sandbox")
    assert code == 0, output
    assert "were not selected" in output


def test_workers_find_the_claims(quickstart: Quickstart) -> None:
    code, output = quickstart("run", "-n", "2", "tests/test_step7_me.py")
    assert code == 0, output


def test_a_run_that_misses_its_settings_names_the_working_folder(quickstart: Quickstart) -> None:
    code, output = quickstart("run", "--target=sandbox")
    assert code == 4
    assert "PROCORE_CLIENT_ID is not set" in output


def test_recordings_are_not_made_among_installed_files(quickstart: Quickstart) -> None:
    live = ("procore-quickstart", "run", "--target=sandbox", "--record-mode=rewrite")
    code, output = quickstart("standin", "--", *live)
    assert code == 4
    assert "recordings are made in a clone of the suite" in output


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--md",)])
def test_requirements_are_listed_with_all_that_is_known(quickstart: Quickstart, arguments: tuple[str, ...]) -> None:
    code, output = quickstart("requirements", *arguments)
    assert code == 0, output
    assert "projects.active" in output


def test_requirements_as_json_name_tests_and_cases(quickstart: Quickstart) -> None:
    _, output = quickstart("requirements", "--json")
    listed = {one["id"]: one for one in json.loads(output)}
    assert listed["projects.active"]["cases"], "what breaks it"
    assert [name for name, one in listed.items() if not one["tests"]] == []
    assert [name for name, one in listed.items() if one["level"] == "must" and not one["cases"]] == []


def test_the_exit_code_of_a_refused_command_line_is_4(quickstart: Quickstart) -> None:
    code, output = quickstart("walk")
    assert code == 4
    assert "invalid choice: 'walk'" in output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("procore-quickstart s", {"smoke", "standin", "status"}),
        ("procore-quickstart run --targ", {"--target"}),
        ("procore-quickstart run --target mon", {"monthly-sandbox"}),
        ("procore-quickstart authorize --no", {"--no-browser"}),
    ],
)
def test_shells_are_told_what_could_be_typed_next(
    quickstart: Quickstart, elsewhere: Path, typed: str, offered: set[str]
) -> None:
    answer = elsewhere.parent / "offered"
    variables = {"_ARGCOMPLETE": "1", "COMP_LINE": typed, "COMP_POINT": str(len(typed)), "_ARGCOMPLETE_IFS": "\n"}
    quickstart(**variables, _ARGCOMPLETE_STDOUT_FILENAME=str(answer))
    assert {word.strip() for word in answer.read_text(encoding="utf-8").splitlines()} == offered
