"""The stubs of a new check: where they stand, what is left to do, and that nothing is left of them in our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from quickstart.exchange import definitions
from quickstart.judgement import catalogue
from selftests import scaffold
from selftests.support.command import pytest_in

PATH = "/rest/v1.0/projects/{first_project}"
LINE = ("show-project", "--path", PATH)


def stubs(project: Path, capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int, str]:
    code = scaffold.main(line, project)
    said = capsys.readouterr()
    return code, said.out + said.err


def test_nothing_is_left_to_do() -> None:
    assert scaffold.left() == []


def test_stubs_stand_where_they_belong(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in (project / "tests").iterdir() if path.is_file()}
    code, said = stubs(project, capsys, *LINE)
    assert code == 0, said
    exchanges = definitions.load(project / "tests" / "exchanges.toml")
    assert exchanges["show-project"].path == PATH
    requirements = catalogue.load(project / "tests" / "catalogue.toml")
    assert {"show-project.schema", "show-project.TODO"} <= requirements.keys()
    changed = {path.name for path, text in before.items() if path.read_text(encoding="utf-8") != text}
    assert changed == {"exchanges.toml", "catalogue.toml", "test_step7_projects.py"}
    assert (project / "schemas" / "show_project.schema.json").is_file()
    assert 'on("project", status(404)' in (project / "standin" / "cases" / "faults" / "projects.py").read_text("utf-8")


def test_what_is_left_is_said_in_one_sentence_each(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, said = stubs(project, capsys, *LINE)
    lines = said.splitlines()
    assert lines[: len(scaffold.left(project))] == scaffold.left(project)
    for place in ("tests/catalogue.toml:", "tests/test_step7_projects.py:", "schemas/show_project.schema.json:"):
        assert any(line.startswith(place) for line in lines), place
    assert "standin/cases/faults/projects.py:" in said
    assert "--record-only=show-project" in said
    assert "add a Route" not in said  # the stand-in answers this path


def test_a_path_that_the_stand_in_does_not_answer_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, said = stubs(project, capsys, "rfis", "--path", "/rest/v1.0/projects/{first_project}/rfis")
    assert "add a Route that answers /rest/v1.0/projects/{first_project}/rfis" in said


def test_the_suite_says_that_there_is_no_recording(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stubs(project, capsys, *LINE)
    outcome = pytest_in(project)
    assert outcome.code == 4
    assert "the exchange show-project has no recording yet: record it, alone with --record-only=show-project" in (
        " ".join(outcome.text.split())
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("companies", "--path", PATH), "there is an exchange or a schema companies already"),
        (("Show", "--path", PATH), "is no name of an exchange"),
        (("show", "--path", "/rest/v1.0/projects/{nobody}"), "{nobody} stands for nothing"),
        (("show", "--path", "/rest/v1.0/projects/{first-project}"), "a brace that belongs to no {placeholder}"),
        (("show", "--path", "/oauth/token"), "does not begin with /rest/"),
        (("show", "--path", PATH, "--step", "8 rfis"), "there is no step '8 rfis'"),
    ],
    ids=["taken", "name", "placeholder", "brace", "path", "step"],
)
def test_what_cannot_be_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], line: tuple[str, ...], words: str
) -> None:
    before = (project / "tests" / "exchanges.toml").read_bytes()
    code, said = stubs(project, capsys, *line)
    assert code == 4
    assert words in said
    assert said.count("\n") == 1
    assert (project / "tests" / "exchanges.toml").read_bytes() == before
