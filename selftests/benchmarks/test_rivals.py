"""The benchmark beside rivals: inputs that are fresh, a neutral set that leaves nothing out, tables of the JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from benchmarks import figures
from benchmarks.rivals import __main__ as command
from benchmarks.rivals import page, schemas
from benchmarks.rivals.catching import Book, caught, orders, series
from benchmarks.rivals.mutations import (
    APPLIED,
    BREACH,
    LEGAL,
    MISSING,
    NULL,
    TYPE,
    Field,
    changes,
    document,
    fields,
    mutations,
    sent,
)
from benchmarks.rivals.page import DOCUMENT, README
from benchmarks.rivals.running import Judge, judge, run
from benchmarks.rivals.tools import HERE, TOOLS, Tool, tool
from selftests.support.project import ROOT
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS
from standin.model.world import World

CASES = {case.id: case for case in (*FAULTS, *VARIATIONS)}


# --- the pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [DOCUMENT, README], ids=lambda path: path.name)
def test_the_tables_are_those_of_the_results(path: Path) -> None:
    fresh = page.pages()[path]
    assert path.read_text(encoding="utf-8") == fresh, "stale: run python -m benchmarks.rivals --table"


def test_a_table_changes_with_the_results() -> None:
    known = figures.read("rivals")
    before = page.section(known), page.short(known)
    known["cases"]["tools"]["newman"]["must"]["wrong"] = []
    known["speed"]["tools"]["newman"]["wall"] = [99.0]
    assert all(new != old for new, old in zip((page.section(known), page.short(known)), before, strict=True))
    assert "99.00" in page.section(known)


def test_a_page_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match="<!-- rivals -->"):
        figures.with_section("# Benchmarks\n", "rivals", "text")


def test_a_section_leaves_the_rest_alone() -> None:
    text = "before\n<!-- one -->\nold\n<!-- /one -->\nafter <!-- two -->\n"
    assert figures.with_section(text, "one", "new\n") == text.replace("old", "new")


def test_a_sample_is_told_as_one() -> None:
    known = figures.read("rivals")
    of_all = known["cases"]["sizes"]["variations"]
    for row in known["cases"]["tools"].values():
        row["variations"] = {"tried": of_all, "wrong": []}
    assert "| 0 % |" in page.short(known)
    known["cases"]["tools"]["newman"]["variations"] = {"tried": 10, "wrong": ["one"]}
    assert "| ~10 % |" in page.short(known)
    assert "| 1 of 10 (10 %) |" in page.section(known)


# --- the inputs of the rivals -------------------------------------------------------------------------------------


def test_the_schemas_of_the_rivals_are_ours() -> None:
    stale = [path.name for path, text in schemas.files().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run python -m benchmarks.rivals --inputs"


@pytest.mark.parametrize("name", schemas.SOURCES)
def test_a_schema_of_the_rivals_needs_nothing_else(name: str) -> None:
    known = schemas.schema(name)
    jsonschema.Draft7Validator.check_schema(known)
    assert "$ref" not in json.dumps(known)
    assert "$defs" not in json.dumps(known)


def test_a_schema_keeps_members_that_are_called_as_its_own_words_are() -> None:
    assert schemas.schema("projects")["allOf"][0]["items"]["properties"]["name"] == {"type": "string"}


@pytest.mark.parametrize("path", ["stepci/workflow.yml", "openapi.yaml"])
def test_an_input_is_yaml(path: str) -> None:
    assert yaml.safe_load((HERE / path).read_text(encoding="utf-8"))


def test_the_inputs_send_the_same_requests() -> None:
    """Method and path of each request, in the same order, in all three that are lists of them."""
    collection = json.loads(schemas.COLLECTION.read_text(encoding="utf-8"))
    newman = [
        (one["request"]["method"], one["request"]["url"].partition("}}/")[2])
        for folder in collection["item"]
        for one in folder["item"]
    ]
    stepci = yaml.safe_load((HERE / "stepci" / "workflow.yml").read_text(encoding="utf-8"))["tests"]["quickstart"]
    steps = [(one["http"]["method"], one["http"]["url"].partition("}}/")[2]) for one in stepci["steps"]]
    tavern = (HERE / "tavern" / "test_quickstart.tavern.yaml").read_text(encoding="utf-8")
    lines = [line.strip() for line in tavern.splitlines()]
    methods = [line.partition(": ")[2] for line in lines if line.startswith("method: ")]
    urls = [line.partition("}/")[2].rstrip('"') for line in lines if line.startswith("url: ")]
    plain = [(method, path.partition("?")[0].partition("{")[0]) for method, path in newman]
    for other in (steps, [*zip(methods, urls, strict=True)]):
        assert [(method, path.partition("?")[0].partition("$")[0].partition("{")[0]) for method, path in other] == plain


@pytest.mark.posix
def test_the_script_is_right_at_the_right_stand_in_and_sees_a_fault() -> None:
    """It needs nothing that is not here; the others are run by the benchmark alone."""
    script = tool("requests")
    right, wrong = run(script, World()), run(script, CASES["projects-one-inactive"].world())
    assert (right.code, right.requests) == (0, 22)
    assert wrong.code == 1
    assert min(right.wall, right.cpu, right.memory) > 0


# --- the neutral set ----------------------------------------------------------------------------------------------


def _named(schema: object) -> set[str]:
    """Every name under ``properties``, at any depth."""
    if isinstance(schema, list):
        return {name for one in schema for name in _named(one)}
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties", {})
    return {*own} | {name for value in schema.values() for name in _named(value)}


def test_every_documented_member_is_a_field() -> None:
    answers = {key: one for key, one in document()["components"]["schemas"].items() if not key.endswith("Request")}
    assert {one.path.rpartition(".")[2] for one in fields()} - {"*"} == _named(answers)


def test_every_answer_with_a_schema_has_fields() -> None:
    assert {one.place for one in fields()} == APPLIED.keys()


def test_every_field_that_is_sent_is_changed_in_each_way_that_changes_anything() -> None:
    made = {(one.field, one.kind) for one in mutations()}
    due = {(one, kind) for one in fields() if sent(one) for kind in (MISSING, NULL, TYPE) if changes(one, kind)}
    assert made == due
    assert {one for one, kind in made if kind == TYPE} == {one for one in fields() if sent(one)}


def test_mutations_have_names_of_their_own() -> None:
    names = [one.case.id for one in mutations()]
    assert sorted({*names}) == sorted(names)


@pytest.mark.parametrize(
    ("field", "kind", "verdict"),
    [
        (Field(("me", "200"), "id", frozenset({"integer"}), True, frozenset()), MISSING, BREACH),
        (Field(("me", "200"), "id", frozenset({"integer"}), False, frozenset()), MISSING, LEGAL),
        (Field(("me", "200"), "id", frozenset({"integer"}), True, frozenset()), NULL, BREACH),
        (Field(("me", "200"), "id", frozenset({"integer", "null"}), True, frozenset()), NULL, LEGAL),
        (Field(("me", "200"), "id", frozenset({"integer", "null"}), True, frozenset({"null"})), NULL, "undecided"),
        (Field(("me", "200"), "id", frozenset({"integer", "null"}), False, frozenset({"null"})), TYPE, BREACH),
    ],
)
def test_a_verdict_follows_from_the_document(field: Field, kind: str, verdict: str) -> None:
    assert field.verdict(kind) == verdict


def test_another_type_is_one_that_is_not_documented() -> None:
    """Every answer that is changed so breaks what the document says of the member, and no legal change does."""
    named: dict[str, Any] = {
        "integer": int,
        "number": (int, float),
        "string": str,
        "boolean": bool,
        "object": dict,
        "array": list,
    }
    for one in fields():
        value = one.other(5)
        fits = [name for name, kind in named.items() if isinstance(value, kind) and not _is_mere_bool(value, name)]
        assert not {*fits} & one.types, one


def _is_mere_bool(value: object, name: str) -> bool:
    return isinstance(value, bool) and name in {"integer", "number"}


# --- the runs -----------------------------------------------------------------------------------------------------


def test_a_book_goes_on_where_it_stopped_and_forgets_what_is_stale(tmp_path: Path) -> None:
    one, of = tool("newman"), series()[0]
    book = Book.opened(tmp_path / "cases.jsonl")
    for case in of.sample(64):
        book.keep(one, of, case, 1)
    again = Book.opened(book.path)
    found = caught(again, one, of)
    assert found is not None
    assert (found.tried, found.wrong) == (len(of.sample(64)), ())
    stale = book.path.read_text(encoding="utf-8").replace(one.digest, "0" * 12)
    book.path.write_text(stale + '{"tool": "cut o', encoding="utf-8")
    assert caught(Book.opened(book.path), one, of) is None


def test_what_ends_otherwise_than_it_should_is_wrong(tmp_path: Path) -> None:
    one, of = tool("newman"), next(one for one in series() if one.right)
    book = Book.opened(tmp_path / "cases.jsonl")
    for number, case in enumerate(of.sample(64)):
        book.keep(one, of, case, number % 2)
    found = caught(book, one, of)
    assert found is not None
    assert found.wrong == tuple(case.id for case in of.sample(64)[1::2])


def test_orders_go_from_coarse_to_fine_and_leave_nothing_out() -> None:
    tools = TOOLS[:2]
    made = [(of.name, case.id) for one, of, case in orders(tools, 1) if one is tools[0]]
    coarse = [(of.name, case.id) for of in series() for case in of.sample(64)]
    assert made[: len(coarse)] == coarse
    assert sorted(made) == sorted((of.name, case.id) for of in series() for case in of.cases)


@pytest.fixture(scope="module")
def judging() -> Iterator[Judge]:
    with judge() as made:
        yield made


@pytest.mark.posix
@pytest.mark.parametrize(
    ("name", "case", "code"),
    [
        ("ours", "projects-one-inactive", 1),
        ("ours, disruptive", "me-name-null", 0),
        ("ours, disruptive, strict", "me-name-null", 1),
    ],
)
def test_a_fork_of_our_suite_ends_as_a_process_does(judging: Judge, name: str, case: str, code: int) -> None:
    one = tool(name)
    assert judging.code(one, CASES[case]) == code
    assert run(one, CASES[case].world()).code == code


def test_a_tool_that_is_not_installed_is_named_with_what_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.rivals.tools.MODULES", ROOT / "nowhere")
    with pytest.raises(LookupError, match=r"newman is not here: run benchmarks/rivals/install\.sh"):
        tool("newman").release()


@pytest.mark.parametrize(("ends", "code"), [(LookupError("newman is not here"), 4), (KeyboardInterrupt(), 2)])
def test_the_command_ends_with_a_sentence(
    ends: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ends

    monkeypatch.setattr(sys, "argv", ["rivals", "--only=requests"])
    monkeypatch.setattr(command, "node", lambda: "0")
    monkeypatch.setattr("benchmarks.rivals.speed.measure", broken)
    assert command.main() == code
    assert capsys.readouterr().err.count("\n") == 1


def test_a_sample_is_a_power_of_two() -> None:
    line = [sys.executable, "-m", "benchmarks.rivals", "--cases", "--every=3"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "must be a power of two" in done.stderr) == (2, True)


@pytest.mark.posix
def test_a_rival_gets_nothing_of_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROCORE_CLIENT_SECRET", "the caller's")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    one = Tool("env", lambda _: ["env"], lambda: "", (), tmp_path)
    said = run(one, World()).said
    assert "the caller's" not in said
    assert "HTTPS_PROXY" not in said
    assert "PROCORE_LOGIN_URL=http://127.0.0.1:" in said
