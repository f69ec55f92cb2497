"""What follows a night: pages, issues and messages, off by default, by scripts that need nothing but gh and curl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from quickstart.history import store
from selftests.support import fake_gh
from selftests.support.nights import night, verdict
from selftests.support.project import ROOT

pytestmark = pytest.mark.posix
WORKFLOW = ROOT / ".github" / "workflows" / "pages.yml"
BAD = {"projects.status": "violated"}
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is missing, which gh has built in")


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    """The folder of a gh that keeps what it is told in files."""
    home = tmp_path / "gh"
    (home / "bin").mkdir(parents=True)
    line = f'exec "{sys.executable}" "{fake_gh.__file__}" "$@"'
    (home / "bin" / "gh").write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    (home / "bin" / "gh").chmod(0o755)
    return home


def script(name: str, *arguments: str, gh: Path | None = None, **variables: str) -> tuple[int, str]:
    """Exit code and output of a script of ``.ci``, with this Python as ``python``."""
    path = [*([str(gh / "bin")] if gh else []), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {"PATH": os.pathsep.join(path), "PYTHONPATH": str(ROOT), "FAKE_GH": str(gh or ""), **variables}
    line = ["bash", str(ROOT / ".ci" / name), *arguments]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def left_by(gh: Path, number: int, account: str, document: Mapping[str, Any]) -> None:
    """The artifact of one night."""
    folder = gh / "artifacts" / str(number) / f"verdict-{account}"
    folder.mkdir(parents=True)
    (folder / "verdict.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    (folder / "report.html").write_text(f"report of {document['started']}", encoding="utf-8")
    (folder / "badge.json").write_text("{}", encoding="utf-8")


def ran(gh: Path, **runs: list[int]) -> None:
    names = {f"{name}.yml": ids for name, ids in runs.items()}
    (gh / "runs.json").write_text(json.dumps(names), encoding="utf-8")


@needs_jq
def test_a_site_has_each_account_with_its_nights(gh: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    for number in range(3):
        left_by(gh, number, "sandbox", verdict(number))
        left_by(gh, number, "monthly", verdict(number, BAD, target="monthly-sandbox"))
    ran(gh, live=[2, 1, 0])
    code, output = script("pages", str(site), gh=gh)
    assert code == 0, output
    assert [one.when for one in store.read(site / "sandbox" / "history.jsonl").records] == [
        night(number).when for number in range(3)
    ]
    assert {path.name for path in (site / "sandbox").glob("[!.]*")} == {
        "index.html", "report.html", "badge.json", "verdict.json", "history.jsonl",
    }  # fmt: skip
    assert (site / "sandbox" / "report.html").read_text(encoding="utf-8") == f"report of {night(2).when.isoformat()}"
    index = (site / "index.html").read_text(encoding="utf-8")
    assert '<a href="monthly/index.html">' in index
    assert "1 of 2 accounts conform in their last run" in index


@needs_jq
def test_nights_whose_artifacts_are_gone_come_from_the_last_site(gh: Path, tmp_path: Path) -> None:
    kept = gh / "artifacts" / "100" / "history" / "sandbox"
    for number in range(3):
        store.append(kept / "history.jsonl", night(number))
    left_by(gh, 7, "sandbox", verdict(2))
    left_by(gh, 8, "sandbox", verdict(3))
    ran(gh, live=[8, 7], pages=[100])
    code, output = script("pages", str(tmp_path / "site"), gh=gh)
    assert code == 0, output
    assert len(store.read(tmp_path / "site" / "sandbox" / "history.jsonl").records) == 4


@needs_jq
def test_what_is_missing_or_odd_costs_no_other_night(gh: Path, tmp_path: Path) -> None:
    left_by(gh, 1, "sandbox", verdict(1))
    left_by(gh, 2, "a b;c", verdict(1))
    (gh / "artifacts" / "3" / "verdict-sandbox").mkdir(parents=True)
    (gh / "artifacts" / "3" / "verdict-sandbox" / "verdict.json").write_text("{", encoding="utf-8")
    ran(gh, live=[4, 3, 2, 1], pages=[99])
    code, output = script("pages", str(tmp_path / "site"), gh=gh)
    assert code == 0, output
    assert "note: run 4 left no verdict" in output
    assert "note: run 99 left no history" in output
    assert [path.name for path in (tmp_path / "site").iterdir() if path.is_dir()] == ["sandbox"]


@needs_jq
def test_no_night_at_all_is_said(gh: Path, tmp_path: Path) -> None:
    ran(gh)
    code, output = script("pages", str(tmp_path / "site"), gh=gh)
    assert code == 4
    assert "holds no history.jsonl of an account" in output


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def filled(site: Path, *nights: Mapping[str, str]) -> None:
    path = site / "sandbox" / "history.jsonl"
    path.unlink(missing_ok=True)
    for number, states in enumerate(nights):
        store.append(path, night(number, states))


def issues(gh: Path) -> list[dict[str, Any]]:
    path = gh / "issues.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


@needs_jq
def test_an_issue_is_opened_kept_and_closed(gh: Path, site: Path) -> None:
    filled(site, {})
    assert script("issue", str(site), gh=gh)[0] == 0
    assert issues(gh) == []

    filled(site, {}, BAD)
    code, output = script("issue", str(site), gh=gh, LINK="https://pages.example/us/")
    assert code == 0, output
    (one,) = issues(gh)
    assert (one["title"], one["state"], one["label"]) == ("Procore quick start: sandbox", "open", "procore-quick-start")
    assert "- violated (1): projects.status" in one["body"]
    assert "[Report](https://pages.example/us/sandbox/)" in one["body"]

    filled(site, {}, BAD, {**BAD, "me.status": "violated"})
    assert script("issue", str(site), gh=gh)[0] == 0
    (one,) = issues(gh)
    assert "- violated (2): " in one["body"]
    assert one["comments"] == []

    filled(site, BAD, {})
    assert script("issue", str(site), gh=gh)[0] == 0
    (one,) = issues(gh)
    assert one["state"] == "closed"
    assert "✅ Conformant" in one["comments"][0]

    filled(site, {}, BAD)
    script("issue", str(site), gh=gh)
    assert [one["state"] for one in issues(gh)] == ["closed", "open"]


class Chat(BaseHTTPRequestHandler):
    """Takes what a webhook is sent."""

    came: list[tuple[str, dict[str, Any]]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.came.append((self.path, json.loads(self.rfile.read(length))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def chat() -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """The address of a chat, and what it was told."""
    came: list[tuple[str, dict[str, Any]]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Ours", (Chat,), {"came": came}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/T000/secret", came
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("form", ["slack", "teams"])
@pytest.mark.parametrize(("nights", "told"), [(({}, BAD), 1), ((BAD, {}), 1), ((BAD, BAD), 0), (({}, {}), 0)])
def test_a_chat_is_told_what_changed(
    site: Path, tmp_path: Path, chat: tuple[str, list[Any]], form: str, nights: Any, told: int
) -> None:
    """The script takes https alone: a curl of ours leads it to the chat in the next room."""
    url, came = chat
    filled(site, *nights)
    real = shutil.which("curl")
    if real is None:
        pytest.skip("curl is missing")
    (tmp_path / "bin").mkdir()
    curl = tmp_path / "bin" / "curl"
    shown = f'printf "%s\\n" "$@" >"{tmp_path}/line"'
    led = f'sed "s#https://chat.example/x#{url}#" | "{real}" "$@"'
    curl.write_text(f"#!/bin/sh\n{shown}\n{led}\n", encoding="utf-8")
    curl.chmod(0o755)
    code, output = script("webhook", str(site), form, gh=tmp_path, WEBHOOK_URL="https://chat.example/x")
    assert code == 0, output
    assert len(came) == told
    assert "https://chat.example" not in output
    if told:
        assert "Procore quick start of sandbox" in json.dumps(came[0][1], ensure_ascii=False)
        assert "chat.example" not in (tmp_path / "line").read_text(encoding="utf-8"), "a list of processes shows it"


@pytest.mark.parametrize("url", ["", "http://chat.example/x", 'https://chat.example/"\noutput = "x'])
def test_a_webhook_that_is_none_is_refused(site: Path, url: str) -> None:
    filled(site, BAD)
    code, output = script("webhook", str(site), "slack", WEBHOOK_URL=url)
    assert code == 4
    assert output.startswith("::error::WEBHOOK_URL ")


@pytest.fixture
def workflow() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return document


def test_each_job_is_off_until_a_variable_asks_for_it(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert "vars.PROCORE_" in job["if"], name


def test_each_job_may_write_one_thing(workflow: dict[str, Any]) -> None:
    written = {
        name: sorted(key for key, value in job["permissions"].items() if value == "write")
        for name, job in workflow["jobs"].items()
    }
    assert written == {"gather": [], "publish": ["id-token", "pages"], "issue": ["issues"], "webhook": []}
