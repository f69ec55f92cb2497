"""Many accounts: a process each, one page of them all, and verdicts from anywhere merged into the same."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quickstart.exchange import contract
from selftests.secrecy.canaries import found
from selftests.support.fleets import WELL, Fleet, fleet, run, worlds
from selftests.support.processes import python
from selftests.support.project import ROOT, bare_environment
from standin.model.world import World

SECONDS = 300


def merged(folder: Path, *arguments: str) -> tuple[int, str]:
    return python("quickstart", "merge", *arguments, environment=bare_environment(folder), folder=Path.cwd())


def document(path: Path) -> dict[str, Any]:
    """The merged document, which obeys its schema."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert [str(one) for one in contract.violations(content, "fleet")] == []
    return content


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Fleet, int, str]]:
    """A run of twelve accounts, some of them broken."""
    folder = tmp_path_factory.mktemp("twelve")
    with fleet(folder, worlds()) as at:
        code, output = run(at, "--profiles", ".", "-n", "3", "--", "-q")
        yield folder / "fleet", at, code, output


def test_twelve_accounts_are_twelve_verdicts(twelve: tuple[Path, Fleet, int, str]) -> None:
    out, _, code, output = twelve
    content = document(out / "fleet.json")
    state = {one["name"]: one["conformant"] for one in content["accounts"]}
    assert {name for name, kept in state.items() if kept} == {*WELL}, output
    assert {name for name, kept in state.items() if kept is None} == {"zurich"}
    assert code == content["exit_code"] == 1
    assert content["conformant"] is False
    assert "12 accounts: 4 not conformant, 1 without a verdict, 7 conformant." in output
    assert "zurich: Not usable: PROCORE_CLIENT_SECRET is not set" in output
    assert re.search(r"dallas: Not conformant: the app is not connected to company", output)
    for name in state:
        assert (out / name / "report.html").is_file()


def test_accounts_speak_for_themselves(twelve: tuple[Path, Fleet, int, str]) -> None:
    """Each was asked at its own hosts, and by nobody else."""
    _, at, _, _ = twelve
    assert {name for name, one in at.standins.items() if not one.requests} == {"zurich"}


def test_the_page_links_each_step_of_each_account(twelve: tuple[Path, Fleet, int, str]) -> None:
    out = twelve[0]
    page = (out / "fleet.html").read_text(encoding="utf-8")
    for link in re.findall(r'href="([^"#]+)#([^"]+)"', page):
        report, fragment = link
        assert f'id="{fragment}"' in (out / report).read_text(encoding="utf-8"), link
    assert page.count('href="austin/report.html#step-') == 10
    assert "<script" not in page


def test_no_secret_is_in_the_page_the_document_or_on_the_terminal(twelve: tuple[Path, Fleet, int, str]) -> None:
    out, at, _, output = twelve
    hidden = set()
    for procore in at.standins.values():
        names = ("PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET", "PROCORE_AUTHORIZATION_CODE")
        hidden |= {procore.variables[name] for name in names}
        for token in procore.world.realms["sandbox"].tokens.values():
            hidden |= {*filter(None, (token.access, token.refresh))}
    places = [("terminal", output)]
    places += [
        (str(path), path.read_text(errors="replace"))
        for path in out.rglob("*")
        if path.suffix in {".html", ".json", ".txt", ".xml"}
    ]
    assert len(places) > 12 * 4
    assert found(places, hidden) == []


def test_verdicts_of_a_matrix_are_merged(twelve: tuple[Path, Fleet, int, str], tmp_path: Path) -> None:
    out = twelve[0]
    files = (f"--html={tmp_path / 'all.html'}", f"--json={tmp_path / 'all.json'}")
    code, output = merged(tmp_path, str(out / "austin"), f"north={out / 'berlin' / 'verdict.json'}", *files)
    assert code == 0, output
    assert [one["name"] for one in document(tmp_path / "all.json")["accounts"]] == ["austin", "north"]
    report = document(tmp_path / "all.json")["accounts"][1]["report"]
    assert (tmp_path / report).resolve() == (out / "berlin" / "report.html").resolve()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is no JSON: its run was killed"),
        ('{"format": 2}', "is no verdict of this suite"),
        ("[]", "is no verdict of this suite"),
        (None, "cannot be read (No such file or directory): its run left no verdict"),
    ],
)
def test_an_account_without_a_verdict_is_never_green(tmp_path: Path, text: str | None, says: str) -> None:
    place = tmp_path / "<b>east" / "verdict.json"
    place.parent.mkdir()
    if text is not None:
        place.write_text(text, encoding="utf-8")
    code, output = merged(tmp_path, str(place), f"--html={tmp_path / 'f.html'}", f"--json={tmp_path / 'f.json'}")
    assert code == 4
    assert says in output
    assert document(tmp_path / "f.json")["accounts"][0]["ending"] == "missing"
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "<b>east" not in page
    assert "&lt;b&gt;east" in page


def test_what_a_verdict_says_is_text_on_the_page(twelve: tuple[Path, Fleet, int, str], tmp_path: Path) -> None:
    verdict = json.loads((twelve[0] / "dallas" / "verdict.json").read_text(encoding="utf-8"))
    verdict["diagnosis"]["what"] = verdict["evidence"] = "<script>alert(1)</script>\x1b[31m"
    verdict["requirements"][0].update(id='"><img src=x>', verdict="violated", waiver=None)
    (tmp_path / "verdict.json").write_text(json.dumps(verdict), encoding="utf-8")
    _, output = merged(tmp_path, f"x={tmp_path / 'verdict.json'}", f"--html={tmp_path / 'f.html'}")
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page + output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "fleet needs accounts"),
        (("--profile", "nobody"), "needs the file .env.nobody"),
        (("--profile", "../x"), "is no name of a profile"),
        (("--profile", "a:moon"), "after the colon stands one of sandbox"),
        (("--profiles", "."), "has no file .env.NAME in it"),
    ],
)
def test_what_cannot_run_is_refused_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / ".env.example").touch()  # which README has people copy
    code, output = python(
        "quickstart",
        "fleet",
        *arguments,
        environment={**bare_environment(tmp_path), "PYTHONPATH": str(ROOT)},
        folder=tmp_path,
    )
    assert code == 4
    assert says in output
    assert len(output.splitlines()) == 1


def test_two_profiles_in_one_run_are_refused(tmp_path: Path) -> None:
    line = ("run", "--profile=a", "--profile=b")
    code, output = python("quickstart", *line, environment=bare_environment(tmp_path), folder=Path.cwd())
    assert code == 4
    assert "one run is one account; many are for: procore-quickstart fleet" in output


def test_profiles_of_one_client_run_one_after_the_other(tmp_path: Path) -> None:
    """A rate limit is by account: the same Client ID twice is one of them."""
    with fleet(tmp_path, {"one": World()}) as at:
        (tmp_path / ".env.two").write_text((tmp_path / ".env.one").read_text(encoding="utf-8"), encoding="utf-8")
        line = ("--profile", "one", "--profile", "two", "-n", "4", "--", "-q", "-m", "smoke")
        code, output = run(at, *line)
        assert code == 0, output
        assert "2 accounts, 1 at a time." in output


@pytest.mark.posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_runs_and_keeps_what_was_judged(tmp_path: Path, number: int) -> None:
    def slow(*given: Any) -> Any:
        time.sleep(0.3)
        return given[1]

    with fleet(tmp_path, {"fast": World(), "slow": World(modifiers=(slow,))}) as at:
        line = [sys.executable, "-m", "quickstart", "fleet", "--profile", "fast", "--profile", "slow", "-n", "1"]
        process = subprocess.Popen(
            line, cwd=tmp_path, env=at.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        begun = time.monotonic()
        while len(at.standins["slow"].requests) < 3:
            assert time.monotonic() - begun < 120
            time.sleep(0.05)
        process.send_signal(number)
        output, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 2, output
        accounts = {one["name"]: one for one in document(tmp_path / "fleet" / "fleet.json")["accounts"]}
        assert accounts["fast"]["conformant"] is True
        assert accounts["slow"]["ending"] == "broken-off"
