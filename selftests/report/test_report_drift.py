"""What counts as a change of shape, and where a reader sees it."""

import json
import re
from pathlib import Path

import pytest
import yaml

from quickstart.report.drift import ADDITIVE, BREAKING, Change, compare
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
    new = cassette(tmp_path / "new", "<p>", Content_Type="text/html")
    assert changes(old, new) == (
        Change("me", "media type", "application/json", "text/html"),
        Change("me", "header total", "sent", "absent"),
        Change("me", "/", "object", "absent"),
    )
    assert changes(old, cassette(tmp_path / "new", "<p>", status=503, Content_Type="text/html")) == (
        Change("me", "status", "200", "503"),
    )


def test_types_and_members_count_once(tmp_path: Path) -> None:
    """A member that came brings its own members: they are not told again."""
    old = cassette(tmp_path / "old", [{"id": 1, "name": "a"}])
    new = cassette(tmp_path / "new", [{"id": "1", "company": {"id": 5}}])
    assert changes(old, new) == (
        Change("me", "/[]/id", "integer", "string"),
        Change("me", "/[]/name", "string", "absent"),
        Change("me", "/[]/company", "absent", "object"),
    )


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ({"a": 1, "b": "x"}, {"a": 1}, BREAKING),
        ({"a": 1}, {"a": 1, "b": "x"}, ADDITIVE),
        ({"a": "x"}, {"a": None}, BREAKING),
        ([{"a": "x"}, {"a": "y"}], [{"a": "x"}, {"a": None}], BREAKING),
        ({"a": 1}, {"a": "1"}, BREAKING),
        ({"a": 1}, {"a": 1.5}, BREAKING),
        ({"a": {"b": 1}}, {"a": {}}, BREAKING),
        ({"a": [1]}, {"a": ["x"]}, BREAKING),
        ([{"a": 1}], {"items": [{"a": 1}]}, BREAKING),
    ],
)
def test_whom_a_change_breaks(tmp_path: Path, old: object, new: object, kind: str) -> None:
    found = changes(cassette(tmp_path / "old", old), cassette(tmp_path / "new", new))
    assert [one.kind for one in found] == [kind]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([{"a": 1}, {"a": 1, "b": "x"}], [{"a": 1}]),  # a key that some items have
        ([{"a": 1, "b": "x"}], [{"a": 1}, {"a": 1, "b": "x"}]),
        ({"a": None}, {"a": "x"}),  # nobody knew what it is
        ({"a": None}, {"a": {"b": 1}}),
        ([{"a": None}, {"a": "x"}], [{"a": "x"}]),
        ([{"a": 1}], []),  # a list without items has none of another shape
        ({"a": []}, {"a": [{"b": 1}]}),
        ([{"a": {"b": 1}}, {"a": None}], [{"a": None}]),
        ({"a": 1.5}, {"a": 1}),
        ({"custom_fields": {"custom_field_1234": {"value": 1}}}, {"custom_fields": {}}),
        ({"custom_fields": {"custom_field_1234": {"value": 1}}}, {"custom_fields": {"size": {"value": "x"}}}),
    ],
)
def test_what_varies_with_the_same_shape_is_no_change(tmp_path: Path, old: object, new: object) -> None:
    assert changes(cassette(tmp_path / "old", old), cassette(tmp_path / "new", new)) == ()


def test_headers_of_the_way_are_no_change(tmp_path: Path) -> None:
    old = cassette(tmp_path / "old", {}, Date="x", Set_Cookie="a=1", Server="nginx", X_Rate_Limit_Remaining="9")
    new = cassette(tmp_path / "new", {}, CF_Ray="x", X_Request_Id="1", Link="<x>", X_Rate_Limit_Remaining="8")
    assert changes(old, new) == ()


def test_headers_of_the_call_are_told_apart(tmp_path: Path) -> None:
    old, new = cassette(tmp_path / "old", {}, Total="9"), cassette(tmp_path / "new", {}, Per_Page="100")
    assert [(one.what, one.kind) for one in changes(old, new)] == [
        ("header total", BREAKING),
        ("header per-page", ADDITIVE),
    ]


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
    assert re.search(r"projects and \d+ more: /\[\]/rank was absent, is integer \(additive\)", drifted.output)
    assert "<code>/[]/rank</code></td><td>absent</td><td>integer</td>" in drifted.html
    assert "### Drift" in summary
    assert "rank was absent, is integer" in summary
