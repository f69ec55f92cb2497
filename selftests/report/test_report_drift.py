"""What counts as a change of shape, and where a reader sees it."""

import json
import re
from pathlib import Path

import pytest
import yaml

from quickstart.report.drift import Change, compare
from quickstart.report.shape import ShapeError, members, of_cassette
from selftests.support.reports import Outcome


def cassette(folder: Path, body: object, *, name: str = "me", status: int = 200, **headers: str) -> Path:
    """Write a cassette with one answer, and return its folder."""
    folder.mkdir(exist_ok=True)
    given = {"Content-Type": "application/json", **{key.replace("_", "-"): value for key, value in headers.items()}}
    response = {
        "status": {"code": status, "message": ""},
        "headers": {key: [value] for key, value in given.items()},
        "body": {"string": body if isinstance(body, str) else json.dumps(body)},
    }
    (folder / f"{name}.yaml").write_text(yaml.safe_dump({"interactions": [{"request": {}, "response": response}]}))
    return folder


def changes(old: Path, new: Path, *recorded: str) -> tuple[Change, ...]:
    return compare(old, new, recorded or ("me",), old_words="old", new_words="new").changes


def test_other_values_are_no_change(tmp_path: Path) -> None:
    old = cassette(tmp_path / "old", {"id": 1, "tags": ["a", "b"]}, ETag="1")
    assert changes(old, cassette(tmp_path / "new", {"id": 2, "tags": ["c"]}, ETag="2")) == ()


def test_other_id_in_a_key_is_no_change(tmp_path: Path) -> None:
    old = cassette(tmp_path / "old", {"custom_field_562949953421313": {"value": "a"}})
    assert changes(old, cassette(tmp_path / "new", {"custom_field_598134325": {"value": "b"}})) == ()


def test_status_media_type_and_header_count(tmp_path: Path) -> None:
    old = cassette(tmp_path / "old", "{}", Total="3")
    new = cassette(tmp_path / "new", "<p>", status=503, Content_Type="text/html")
    assert changes(old, new) == (
        Change("me", "status", "200", "503"),
        Change("me", "media type", "application/json", "text/html"),
        Change("me", "header total", "sent", "absent"),
        Change("me", "/", "object", "absent"),
    )


def test_types_and_members_count_once(tmp_path: Path) -> None:
    """A member that came brings its own members: they are not told again."""
    old = cassette(tmp_path / "old", [{"id": 1, "name": "a"}])
    new = cassette(tmp_path / "new", [{"id": "1", "company": {"id": 5}}])
    assert changes(old, new) == (
        Change("me", "/[]/company", "absent", "object"),
        Change("me", "/[]/id", "integer", "string"),
        Change("me", "/[]/name", "string", "absent"),
    )


def test_recording_that_came_or_went_counts(tmp_path: Path) -> None:
    old, new = cassette(tmp_path / "old", {}), cassette(tmp_path / "new", {}, name="projects")
    assert changes(old, new, "projects") == (
        Change("me", "the recording", "there", "not there"),
        Change("projects", "the recording", "not there", "there"),
    )


def test_damaged_recording_is_named(tmp_path: Path) -> None:
    old = cassette(tmp_path / "old", {})
    (old / "me.yaml").write_text("interactions: []\n")
    with pytest.raises(ShapeError, match=r"me\.yaml cannot be read"):
        of_cassette(old / "me.yaml")
    assert "me.yaml cannot be read" in str(changes(old, cassette(tmp_path / "new", {}))[0])


@pytest.mark.parametrize("body", ["", "<p>", "[" * 100_000], ids=["empty", "markup", "too deep"])
def test_body_that_is_no_json_has_no_members(body: str) -> None:
    assert members(body) == {}


def test_drift_is_told_on_the_terminal_in_the_page_and_in_the_summary(drifted: Outcome, folder: Path) -> None:
    summary = (folder / "drifted.md").read_text(encoding="utf-8")
    assert re.search(r"note: drift: \d+ changes of shape between", drifted.output), drifted.output
    assert "projects: /[]/rank was absent, is integer" in drifted.output
    assert "<code>/[]/rank</code></td><td>absent</td><td>integer</td>" in drifted.html
    assert "### Drift" in summary
    assert "rank was absent, is integer" in summary
