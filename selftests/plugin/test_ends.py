"""A run that crashed or was broken off is never conformant, and every output says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from selftests.support.claims import claims
from selftests.support.command import pytest_in
from selftests.support.ends import is_whole, replay

ME = "tests/test_step7_me.py"  # enough claims where it is not they that are looked at
# Where it happens, and what happens there.
CRASHES = {
    "test": "def pytest_pyfunc_call(pyfuncitem):\n    if 'me' in pyfuncitem.name: 1 / 0\n",
    "every-test": "def pytest_pyfunc_call(pyfuncitem):\n    int(float('inf'))\n",
    "fixture": "@pytest.fixture(autouse=True)\ndef broken(request):\n    if 'me' in request.node.name: {}['x']\n",
    "teardown": "@pytest.fixture(autouse=True, scope='session')\ndef broken():\n    yield\n    1 / 0\n",
    "assertion-of-a-library": "import ssl\ndef pytest_runtest_call(item):\n    assert not item\n",
    "exit-in-a-test": "def pytest_pyfunc_call(pyfuncitem):\n    raise SystemExit(0)\n",
    "redactor": "def pytest_runtest_setup(item):\n    from quickstart.secrecy.redaction import Redactor\n"
    "    def text(*_): raise ValueError('SECRET')\n    Redactor.text = text\n",
    "makereport": "@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_makereport(item, call):\n    1 / 0\n",
    "logreport": "def pytest_runtest_logreport(report):\n    1 / 0\n",
    "collection": "def pytest_collection_modifyitems(items):\n    1 / 0\n",
    "session-start": "def pytest_sessionstart(session):\n    1 / 0\n",
    "session-finish": "def pytest_sessionfinish(session):\n    1 / 0\n",
    "terminal-summary": "def pytest_terminal_summary():\n    1 / 0\n",
    "html": "def pytest_collection():\n    from quickstart.report import html\n    html.report = None\n",
    "markdown": "def pytest_collection():\n    from quickstart.report import outputs\n"
    "    m = outputs.markdown\n    def broken(content):\n"
    "        if content.ended.ending.kind == 'finished': raise KeyError(1)\n        return m(content)\n"
    "    outputs.markdown = broken\n",
    "badge": "def pytest_collection():\n    from quickstart.report import outputs\n"
    "    m = outputs.badge\n    def broken(content):\n"
    "        if content.ended.ending.kind == 'finished': raise KeyError(1)\n        return m(content)\n"
    "    outputs.badge = broken\n",
    "conclusion": "def pytest_collection():\n    from quickstart.report import terminal\n"
    "    terminal.write_summary = None\n",
}


@pytest.mark.parametrize("where", CRASHES)
def test_crash_is_no_verdict_in_any_output(tmp_path: Path, where: str) -> None:
    left = replay(tmp_path, ME, plugin=CRASHES[where])
    assert left.code == 3, left.text
    assert left.last.startswith("NO VERDICT: the suite itself failed ("), left.text[-3000:]
    assert "what to do: Report it to those who keep this suite, with the versions and the traceback" in left.text
    assert re.search(r"procore quick start \d+\.\d+\.\d+, pytest [\d.]+, Python [\d.]+", left.text)
    assert re.search(r'^  +(Traceback \(most|(File "|/).*, in )', left.text, re.MULTILINE)
    assert (left.verdict["conformant"], left.verdict["complete"]) == (None, False)
    assert left.verdict["ending"]["kind"] == "crashed"
    assert left.verdict["exit_code"] == 3
    assert json.loads(left.files["b.json"])["message"].startswith("no verdict")
    assert "## ❔ No verdict" in left.files["s.md"]
    assert left.files["j.xml"].count("<error ") + left.files["j.xml"].count("<failure ") > 0
    assert not re.search(r"^CONFORMANT|SECRET", left.text, re.MULTILINE)
    if where != "html":  # it cannot be made at all
        assert '<span class="word">No verdict</span>' in left.files["r.html"]
        assert is_whole(left)


def test_crashed_requirement_has_a_word_of_its_own_and_the_others_are_judged(tmp_path: Path) -> None:
    left = replay(tmp_path, plugin=CRASHES["test"])
    assert "me.status" in left.ids("crashed")
    assert "token.status" in left.ids("satisfied")
    assert all(one["where"] and "ZeroDivisionError" in one["traceback"] for one in left.verdict["ending"]["crashes"])


@pytest.mark.parametrize(
    "plugin",
    [CRASHES["test"], CRASHES["makereport"], "import os\ndef pytest_pyfunc_call(pyfuncitem):\n    os._exit(7)\n"],
    ids=["test", "makereport", "killed"],
)
def test_crash_in_another_process_is_no_verdict(tmp_path: Path, plugin: str) -> None:
    left = replay(tmp_path, ME, "-n", "1", "--max-worker-restart=0", plugin=plugin)
    assert left.code == 3, left.text
    assert left.last.startswith("NO VERDICT: ")
    assert left.verdict["conformant"] is None
    assert is_whole(left)


def test_module_of_claims_that_cannot_be_imported_is_a_crash(project: Path, tmp_path: Path) -> None:
    (project / "tests" / "test_step7_me.py").write_text("import no_such_module\n", encoding="utf-8")
    left = replay(tmp_path, root=project)
    assert left.code == 3, left.text
    assert "No module named 'no_such_module'" in left.last


def test_crash_before_the_run_begins_is_told_without_a_thousand_lines(tmp_path: Path) -> None:
    plugin = "from quickstart.judgement import catalogue\ncatalogue.load = None\n"
    left = replay(tmp_path, plugin=plugin)
    assert left.code == 3, left.text
    assert left.last.startswith("NO VERDICT: the suite itself failed (the start of the run: TypeError")
    assert len(left.text.splitlines()) < 40
    assert left.verdict["conformant"] is None
    assert is_whole(left)


def test_crash_before_the_run_begins_shows_no_secret(tmp_path: Path) -> None:
    plugin = (
        "import os\nfrom quickstart.plugin import session\n"
        "def live_run(*_, **__):\n    raise ValueError('got ' + os.environ['PROCORE_CLIENT_SECRET'])\n"
        "session.live_run = live_run\n"
    )
    secret = "0123456789-canary-abcdef"
    given = {"PROCORE_CLIENT_ID": "an-id-of-nobody", "PROCORE_CLIENT_SECRET": secret, "PROCORE_COMPANY_ID": "7"}
    left = replay(tmp_path, "--target=sandbox", plugin=plugin, variables=given)
    assert left.code == 3, left.text
    assert "ValueError: got " in left.text
    assert secret not in left.text + json.dumps(left.verdict) + "".join(left.files.values())
    assert is_whole(left)


STOPS = {
    "ctrl-c": ((), "seen = []\ndef pytest_runtest_logreport(report):\n    seen.append(1)\n"
               "    if len(seen) == 60: raise KeyboardInterrupt\n"),
    "pytest-exit": ((), "seen = []\ndef pytest_runtest_setup(item):\n    seen.append(1)\n"
                    "    if len(seen) == 20: pytest.exit('enough')\n"),
    "session-timeout": (("--session-timeout=0.05",), ""),
    "stopped": ((), "def pytest_runtest_teardown(item):\n    item.session.shouldstop = 'somebody said so'\n"),
}  # fmt: skip


@pytest.mark.parametrize("how", STOPS)
def test_run_that_was_broken_off_is_no_verdict(tmp_path: Path, how: str) -> None:
    arguments, plugin = STOPS[how]
    left = replay(tmp_path, *arguments, plugin=plugin)
    total = len(claims())  # some requirements have two tests
    assert left.code == 2, left.text
    assert left.last.startswith("NO VERDICT: "), left.text
    assert "The run was broken off (" in left.last
    count = left.verdict["ending"]["not_judged"]
    assert f"; {count} tests were not judged." in left.last
    assert 0 < count < total
    assert (left.verdict["conformant"], left.verdict["complete"]) == (None, False)
    assert not left.ids("not-run")
    assert "not selected" not in left.last
    assert json.loads(left.files["b.json"])["message"].startswith("no verdict")
    assert "::error title=No verdict::The run was broken off" in left.text
    assert is_whole(left)


def test_ctrl_c_with_several_processes_is_no_verdict(tmp_path: Path) -> None:
    left = replay(tmp_path, "-n", "2", plugin=STOPS["ctrl-c"][1])
    assert left.code == 2, left.text
    assert (left.verdict["conformant"], left.verdict["complete"]) == (None, False)
    assert left.verdict["ending"]["not_judged"] > 0
    assert not left.ids("not-run")


@pytest.mark.parametrize("option", ["-x", "--maxfail=1"])
def test_violation_that_broke_the_run_off_is_a_violation_of_an_incomplete_run(
    project: Path, tmp_path: Path, option: str
) -> None:
    path = project / "cassettes" / "companies.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("code: 200", "code: 404"), encoding="utf-8")
    left = replay(tmp_path, option, root=project)
    assert left.code == 1, left.text
    assert (left.verdict["conformant"], left.verdict["complete"]) == (False, False)
    words = r"^NOT CONFORMANT: .*The run was broken off \(.*\); \d+ tests were not judged\.$"
    assert re.search(words, left.text, re.MULTILINE)
    assert is_whole(left)


@pytest.mark.parametrize("selection", [("-k", "test_me"), ("-m", "smoke"), ("tests/test_step7_me.py",)])
def test_what_a_person_selected_is_complete_and_says_what_was_not(tmp_path: Path, selection: tuple[str, ...]) -> None:
    left = replay(tmp_path, *selection)
    assert left.code == 0, left.text
    assert (left.verdict["conformant"], left.verdict["complete"]) == (True, True)
    count = len(left.ids("not-run"))
    assert f"; {count} were not selected." in left.last
    assert f"{count} were not selected." in left.files["s.md"]


def test_recording_that_does_not_serve_is_not_usable(project: Path, tmp_path: Path) -> None:
    (project / "cassettes" / "me.yaml").write_text("interactions: nonsense\n", encoding="utf-8")
    left = replay(tmp_path, root=project)
    assert left.code == 4, left.text
    assert (left.verdict["conformant"], left.verdict["complete"]) == (None, False)
    assert "NOT USABLE: " in left.last
    assert "me.yaml is damaged" in left.last
    assert is_whole(left)


def test_run_that_judged_nothing_leaves_no_older_verdict(project: Path, tmp_path: Path) -> None:
    left = replay(tmp_path, "-k", "no_such_test", root=project)
    assert left.code == 5
    assert left.verdict["conformant"] is None
    assert is_whole(left)


def test_plain_run_is_conformant_and_finished(project: Path) -> None:
    outcome = pytest_in(project)
    assert outcome.verdict["ending"] == {"kind": "finished", "reason": "", "not_judged": 0, "crashes": []}
    assert (outcome.code, outcome.verdict["conformant"], outcome.verdict["complete"]) == (0, True, True)
