"""Outputs are whole or not there, none keeps another from being written, and none is of an earlier run."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from quickstart.report import files
from selftests.support.ends import FILES, GREEN, is_whole, options, replay
from selftests.support.project import ROOT

SCHEMA = json.loads((ROOT / "schemas" / "verdict.schema.json").read_text(encoding="utf-8"))
REFUSED = {
    "settings": (("--target=sandbox",), "PROCORE_CLIENT_ID is not set"),
    "options": (("--record-mode=rewrite",), "needs somebody to ask"),
    "path": (("tests/no_such_file.py",), "file or directory not found"),
    "style-sheet": (("--css=no-such.css",), "--css=no-such.css is not there"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused_run_leaves_reports_that_say_so(tmp_path: Path, why: str) -> None:
    arguments, sentence = REFUSED[why]
    left = replay(tmp_path, *arguments)
    assert left.code == 4, left.text
    assert sentence in left.verdict["ending"]["reason"]
    assert (left.verdict["conformant"], left.verdict["complete"]) == (None, False)
    assert left.verdict["exit_code"] == 4
    assert json.loads(left.files["b.json"])["message"].startswith("not usable")
    assert left.files["s.md"].startswith("## ❔ Not usable")
    assert '<span class="word">Not usable</span>' in left.files["r.html"]
    assert all("Not usable: " in left.files[name] for name in ("r.html", "j.xml", "s.md"))
    assert "::error title=Not usable::Not usable: " in left.text
    assert is_whole(left)


def test_broken_table_leaves_reports_that_say_so(project: Path, tmp_path: Path) -> None:
    path = project / "tests" / "test_step7_me.py"
    path.write_text(path.read_text(encoding="utf-8").replace('requirement("me.json")', 'requirement("x")'), "utf-8")
    left = replay(tmp_path, root=project)
    assert left.code == 4, left.text
    assert "exactly one known requirement" in left.verdict["ending"]["reason"]
    assert json.loads(left.files["b.json"])["message"].startswith("not usable")
    assert is_whole(left)


@pytest.mark.parametrize("option", [*FILES, "--verdict-json"])
def test_output_that_cannot_be_written_keeps_no_other_from_being(tmp_path: Path, option: str) -> None:
    (tmp_path / "occupied").write_text("", encoding="utf-8")
    asked = [one for one in options(tmp_path) if not one.startswith(f"{option}=")]
    (tmp_path / "v.json").unlink()
    left = replay(tmp_path, asked=[*asked, f"{option}={tmp_path / 'occupied' / 'file'}"])
    assert left.code == 4, left.text
    assert left.text.count(f"{option}={tmp_path / 'occupied' / 'file'} cannot be written (") == 1
    written = {name for key, name in FILES.items() if key != option}
    assert all(GREEN not in left.files[name] for name in written)
    if option != "--verdict-json":
        assert (left.verdict["exit_code"], left.verdict["conformant"]) == (4, None)
        assert any(note.startswith(f"{option}=") for note in left.verdict["notes"])
        Draft202012Validator(SCHEMA).validate(left.verdict)
    assert "CONFORMANT: " in left.text


def test_outputs_of_a_full_disk_are_not_there_rather_than_old_or_half(tmp_path: Path) -> None:
    """The largest do not fit; those that do are written."""
    plugin = (
        "import resource\n"
        "def pytest_collection_finish():\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))\n"
    )
    left = replay(tmp_path, plugin=plugin)
    assert left.code == 4, left.text
    assert {name for name in left.files if GREEN not in left.files[name]} == {"s.md", "b.json", "summary"}
    assert not {"r.html", "j.xml"} & left.files.keys()
    assert not left.verdict
    assert len(re.findall(r"^ERROR: --\S+ cannot be written \(File too large\)\.$", left.text, re.MULTILINE)) == 3


def test_what_is_no_file_is_written_into_and_stays_what_it_is(tmp_path: Path) -> None:
    """Such as /dev/stdout, which is a link to what may be a plain file."""
    pipe, link, output = tmp_path / "pipe", tmp_path / "link", tmp_path / "output"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with output.open("w", encoding="utf-8") as stream:
        stream.write("before ")
        stream.flush()
        link.symlink_to(f"/proc/self/fd/{stream.fileno()}")
        files.write("--badge", link, "after")
        files.write("--badge", pipe, "whole")
        assert files.remove(link)
    assert os.read(reader, 100) == b"whole"
    os.close(reader)
    assert output.read_text(encoding="utf-8") == "before after"
    assert link.is_symlink()
    assert pipe.is_fifo()


def test_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text(GREEN, encoding="utf-8")
    link.symlink_to(target)
    files.write("--badge", link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"target", "link"}


def test_older_outputs_are_gone_while_the_run_goes_on(tmp_path: Path) -> None:
    plugin = "import os\ndef pytest_runtest_setup(item):\n    os.kill(os.getpid(), 9)\n"
    left = replay(tmp_path, plugin=plugin)
    assert left.code == -9
    assert left.files.keys() == {"summary"}
    assert not left.verdict
