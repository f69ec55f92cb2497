"""Reports of runs that end in all the ways that runs end, and the other forms of the report."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from selftests.support.bench import PROXIES
from selftests.support.project import copy
from selftests.support.reports import Outcome, replay
from standin.model.hosts import SANDBOX
from standin.model.world import World

MEGABYTE = 1_000_000
# All that may differ between two reports of the same recordings: when, for how long, and in what order tests ended.
_TIMES = re.compile(r"\d{1,2} \w+ \d{4}, \d\d:\d\d UTC|\b\d+(\.\d+)? (s|ms)\b|\d\d:\d\d:\d\d")
_TABLE = re.compile(r'data-jsonblob="[^"]*"')


def headline(outcome: Outcome) -> str:
    """Return the verdict and the sentence under it."""
    found = re.search(r'class="word">(.*?)<.*?class="lead">(.*?)</p>', outcome.html, re.DOTALL)
    assert found, outcome.output
    return f"{found[1]}: {found[2]}"


def masked(outcome: Outcome) -> str:
    """Return our part of the page without its times."""
    return _TIMES.sub("‹time›", _TABLE.sub("", outcome.html))


def test_replay_is_conformant_and_no_statement_about_procore(replayed: Outcome) -> None:
    assert replayed.exit_code == 0, replayed.output
    assert headline(replayed).startswith("Conformant: The local stand-in keeps")
    assert re.search(
        r"Recorded from the local stand-in on \d+ \w+ \d{4};[^<]* no statement about Procore’s servers", replayed.html
    )


def test_no_secret_of_a_live_run_is_in_any_report(broken: Outcome, broken_world: World, folder: Path) -> None:
    """The stand-in knows what it gave out: tokens, codes, Client ID and Client Secret."""
    realm = broken_world.realm(SANDBOX)
    secrets = {realm.application.uid, realm.application.secret, *realm.codes, *realm.by_access, *realm.by_refresh}
    written = [broken.html, *((folder / f"broken.{kind}").read_text(encoding="utf-8") for kind in ("md", "xml"))]
    assert broken.exit_code == 1
    assert len(secrets) > 6
    assert [secret for secret in secrets if any(secret in text for text in written)] == []


def test_long_answers_are_cut_and_say_so(long: Outcome) -> None:
    assert long.exit_code == 1
    assert "Cut: a list of 3,000 items, of which the first 10 are shown" in long.html
    assert long.page.stat().st_size < 3 * MEGABYTE


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The summary of a workflow to which some earlier step wrote a line."""
    path = tmp_path_factory.mktemp("workflow") / "summary.md"
    path.write_text("before\n")
    return path


@pytest.fixture(scope="module")
def several(summary: Path) -> Outcome:
    """The report of two processes, in a workflow."""
    return replay(summary.parent, "-n", "2", variables={"GITHUB_STEP_SUMMARY": str(summary)})


def test_processes_make_the_same_report(replayed: Outcome, several: Outcome) -> None:
    """Exchanges travel from the workers; no stand-in of a secret depends on who ran what."""
    assert several.exit_code == 0, several.output
    assert masked(several) == masked(replayed)


def test_order_in_which_tests_end_changes_no_report(replayed: Outcome, tmp_path: Path) -> None:
    """Several processes end in any order: here the last test is the first to end."""
    (tmp_path / "reversed_order.py").write_text("def pytest_runtestloop(session):\n    session.items.reverse()\n")
    turned = replay(tmp_path, "-p", "reversed_order", variables={"PYTHONPATH": str(tmp_path)})
    assert turned.exit_code == 0, turned.output
    assert masked(turned) == masked(replayed)


@pytest.mark.usefixtures("several")
def test_workflow_gets_the_summary_by_itself(summary: Path) -> None:
    """Once, from the process that concludes, after what was there."""
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n## ✅ Conformant: the local stand-in, not Procore\n")
    assert text.count("## ✅") == 1
    assert "no statement about Procore’s servers" in text


def test_nothing_selected_is_no_verdict(tmp_path: Path) -> None:
    outcome = replay(tmp_path, "-k", "no_test_has_this_name")
    assert outcome.exit_code == 5
    assert headline(outcome).startswith("No verdict: Nothing was judged.")


def test_run_that_nobody_answered_has_no_evidence(tmp_path: Path) -> None:
    """The way to Procore is closed: neither page nor verdict says that it was answered live."""
    nowhere = dict.fromkeys(PROXIES, "http://127.0.0.1:9")
    settings = {"PROCORE_CLIENT_ID": "a", "PROCORE_CLIENT_SECRET": "b" * 20, "PROCORE_COMPANY_ID": "7"}
    cache = {"PROCORE_TOKEN_CACHE": str(tmp_path / "cache")}
    files = (f"--summary-md={tmp_path}/s.md", f"--verdict-json={tmp_path}/v.json")
    outcome = replay(tmp_path, "--target=sandbox", *files, variables={**nowhere, **settings, **cache})
    verdict = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert outcome.exit_code in {1, 4}, outcome.output
    assert "evidence: none: nobody answered" in outcome.output
    assert verdict["evidence"] == "none: nobody answered"
    assert [one["status"] for one in verdict["exchanges"] if one["status"]] == []
    assert "None: nobody answered." in outcome.html
    assert "Answered live" not in outcome.html + (tmp_path / "s.md").read_text(encoding="utf-8")


def test_failure_at_collection_is_no_verdict(tmp_path: Path) -> None:
    root = copy(tmp_path / "suite")
    (root / "tests" / "test_step5_authorize.py").write_text("import no_such_module\n")
    outcome = replay(tmp_path, root=root)
    assert outcome.exit_code == 3
    assert headline(outcome).startswith("No verdict: The suite itself failed (tests/test_step5_authorize.py: ")
    assert "No module named &#39;no_such_module&#39;" in outcome.html


def test_recording_that_does_not_serve_is_no_verdict(tmp_path: Path) -> None:
    root = copy(tmp_path / "suite")
    (root / "cassettes" / "me.yaml").write_text("interactions: nonsense\n")
    outcome = replay(tmp_path, root=root)
    assert outcome.exit_code == 4
    assert headline(outcome).startswith("Not usable: Not usable: cassettes/me.yaml is damaged")
    assert "cassettes/me.yaml is damaged" in outcome.html


def test_interrupted_run_is_no_verdict(tmp_path: Path) -> None:
    """The plugin presses Ctrl-C after twenty tests."""
    (tmp_path / "impatient.py").write_text(
        "seen = []\n"
        "def pytest_runtest_logreport(report):\n"
        "    seen.append(report)\n"
        "    if len(seen) == 60:\n"
        "        raise KeyboardInterrupt\n"
    )
    outcome = replay(tmp_path, "-p", "impatient", variables={"PYTHONPATH": str(tmp_path)})
    assert outcome.exit_code == 2, outcome.output
    assert headline(outcome).startswith("No verdict: The run was broken off (it was interrupted); ")


@pytest.mark.usefixtures("replayed")
def test_badge_is_green_for_procore_alone(folder: Path) -> None:
    badge = json.loads((folder / "replayed.json").read_text(encoding="utf-8"))
    assert badge == {
        "schemaVersion": 1,
        "label": "Procore quick start",
        "message": "conformant (local stand-in)",
        "color": "blue",
    }


@pytest.mark.usefixtures("replayed")
def test_junit_tells_requirement_level_and_step(folder: Path) -> None:
    cases = ElementTree.parse(folder / "junit.xml").getroot().findall(".//testcase")  # noqa: S314 - our own file
    properties = [{one.get("name"): one.get("value") for one in case.iter("property")} for case in cases]
    assert len(properties) > 100
    assert all(each.keys() >= {"requirement", "level", "step"} for each in properties)


@pytest.mark.usefixtures("broken")
def test_summary_says_what_to_do(folder: Path) -> None:
    text = (folder / "broken.md").read_text(encoding="utf-8")
    assert "### What to do\n\n1. **First cause:** The app is not connected to company" in text
    assert "`projects.status`" in text


@pytest.mark.usefixtures("hostile")
def test_summary_has_no_markup_of_an_answer(folder: Path) -> None:
    assert "<" not in (folder / "hostile.md").read_text(encoding="utf-8")
