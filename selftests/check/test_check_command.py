"""``python -m standin check``: a good client is well, a careless one is told its sins, and the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from selftests.support.processes import python
from selftests.support.project import ROOT
from standin.check.command import shown_command
from standin.check.scenarios import SCENARIOS

HERE = ROOT / "selftests" / "check"
GOOD, PARALLEL, CARELESS = (str(HERE / f"{kind}_client.py") for kind in ("good", "parallel", "careless"))


def check(*arguments: str) -> tuple[int, str]:
    return python("standin", "check", *arguments, environment=os.environ)


def report(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report of a check."""
    path = folder / "check.json"
    code, output = check(f"--json={path}", *arguments)
    assert path.is_file(), output
    return code, json.loads(path.read_text(encoding="utf-8"))


def only(*names: str) -> list[str]:
    return [f"--only={name}" for name in names]


def script(code: str) -> list[str]:
    return ["--", sys.executable, "-c", code]


@pytest.mark.parametrize("scenario", [scenario.id for scenario in SCENARIOS])
def test_a_good_client_is_well_in_each_scenario(scenario: str, tmp_path: Path) -> None:
    code, said = report(tmp_path, *only(scenario), "--", sys.executable, GOOD)
    assert [one["outcome"] for one in said["scenarios"]] == ["well"], said
    assert (code, said["rules"], said["verdict"]) == (0, {}, "well")


def test_a_good_client_of_many_threads_is_well_in_all_scenarios(tmp_path: Path) -> None:
    code, said = report(tmp_path, "--", sys.executable, PARALLEL)
    assert [one["id"] for one in said["scenarios"] if one["outcome"] != "well"] == [], said
    assert (code, said["rules"]) == (0, {})


@pytest.mark.parametrize(
    ("scenario", "sins", "rules"),
    [
        (
            "all-well",
            "",
            "code.reused secret.in-url company.no-header token.in-url transport.http",
        ),
        ("all-well", "no-state", "authorize.no-state"),
        ("all-well", "production", "environment.mixed"),
        ("all-well", "get-token", "token.not-post"),
        ("all-well", "basic-too", "client.two-ways"),
        ("all-well", "code-in-query", "code.in-url"),
        ("all-well", "refresh-in-query", "refresh.in-url"),
        ("all-well", "loop", "loop.tight"),
        ("all-well", "each-call", "token.each-call"),
        ("all-well", "other-redirect", "code.redirect-uri"),
        ("token-expires", "same-refresh", "refresh.reused"),
        ("token-short", "none", "expiry.ignored"),
        ("refresh-used", "same-refresh", "grant.refused-again token.dead-again"),
        ("429-retry-after", "no-wait", "rate.immediate"),
        ("429-retry-after", "little-wait", "rate.early"),
        ("429-bare", "no-wait", "rate.immediate"),
        ("503-once", "no-wait", "busy.early"),
        ("pages", "one-page", "pages.first-only"),
        ("not-installed", "hammer", "refused.hammered"),
        ("header-required", "no-header", "company.no-header"),
        ("clock-behind", "created-at", "token.each-call"),
        ("all-well", "created-at", ""),
        ("certificate", "no-check", "transport.certificate"),
    ],
)
def test_a_careless_client_is_told_its_sins_and_no_others(scenario: str, sins: str, rules: str, tmp_path: Path) -> None:
    _, said = report(tmp_path, *only(scenario), "--", sys.executable, CARELESS, *sins.split())
    assert {*said["rules"]} == {*rules.split()}, said["scenarios"]


@pytest.mark.parametrize(
    ("scenario", "sins", "fault"),
    [
        ("all-well", "fails", "It failed, where a good client succeeds."),
        ("not-installed", "none", "It reports success, though it cannot have had what it needs."),
        ("dropped", "none", "It failed, where a good client succeeds."),
    ],
)
def test_how_a_command_ends_is_judged(scenario: str, sins: str, fault: str, tmp_path: Path) -> None:
    code, said = report(tmp_path, *only(scenario), "--", sys.executable, CARELESS, sins)
    assert (code, said["scenarios"][0]["outcome"], said["scenarios"][0]["fault"]) == (1, "wrong", fault)


def test_a_service_account_is_well_where_it_can_be_tried_and_not_tested_elsewhere(tmp_path: Path) -> None:
    """Client credentials know no refresh token; and what makes no call after the first one meets no end of it."""
    program = tmp_path / "account.py"
    program.write_text(
        "import os, requests\n"
        "form = {'grant_type': 'client_credentials', 'client_id': os.environ['PROCORE_CLIENT_ID'],"
        " 'client_secret': os.environ['PROCORE_CLIENT_SECRET']}\n"
        "access = requests.post('https://login-sandbox.procore.com/oauth/token', data=form).json()['access_token']\n"
        "requests.get('https://sandbox.procore.com/rest/v1.0/me',"
        " headers={'Authorization': 'Bearer ' + access}).raise_for_status()\n",
        encoding="utf-8",
    )
    names = ("all-well", "token-expires", "token-short", "refresh-used", "pages", "not-installed", "header-required")
    code, said = report(tmp_path, *only(*names), "--", sys.executable, str(program))
    assert [one["outcome"] for one in said["scenarios"]] == ["well", *["not-tested"] * 6], said
    assert (code, said["rules"]) == (0, {})


def test_another_grant_may_take_the_place_of_a_refresh_that_is_refused(tmp_path: Path) -> None:
    """An integration that has both may go on, and succeed."""
    program = tmp_path / "both.py"
    text = Path(GOOD).read_text(encoding="utf-8")
    instead = '            self.grant = {"grant_type": "client_credentials"}\n            return self.renew()\n'
    lines = text.splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if "authorize again" in line)
    text = "".join([*lines[:place], instead, *lines[place + 1 :]]).replace('said["refresh_token"]', "said.get('x')")
    text = text.replace('{"grant_type": "refresh_token", "refresh_token": said.get(\'x\')}', "REFRESH(said)")
    refresh = (
        'def REFRESH(said): return {"grant_type": "refresh_token", "refresh_token": said.get("refresh_token", "")}\n'
    )
    program.write_text(text.replace("class Client:", refresh + "\nclass Client:"), encoding="utf-8")
    code, said = report(tmp_path, *only("refresh-used"), "--", sys.executable, str(program))
    assert (code, said["scenarios"][0]["outcome"]) == (0, "well"), said


def test_whoever_fails_where_all_is_well_is_run_no_further(tmp_path: Path) -> None:
    code, said = report(tmp_path, "--", sys.executable, CARELESS, "fails")
    assert code == 1
    assert [one["outcome"] for one in said["scenarios"]] == ["wrong", *["not-run"] * (len(SCENARIOS) - 1)]


def test_the_last_line_says_it_all_and_a_failure_shows_the_last_words() -> None:
    code, output = check(*only("all-well"), *script("import sys; print('my own words'); sys.exit(7)"))
    assert code == 4, "it sent nothing"
    code, output = check(*only("dropped"), "--", sys.executable, CARELESS, "none")
    assert "ProxyError" in output or "ConnectionError" in output
    assert output.splitlines()[-1] == (
        "Something is wrong with the integration: 1 wrong of 1 scenario; 0 kinds of breach, 0 pieces of advice."
    )


def test_advice_fails_only_where_it_is_asked_to() -> None:
    line = (*only("pages"), "--", sys.executable, CARELESS, "one-page")
    assert (check(*line)[0], check("--fail-on=advice", *line)[0]) == (0, 1)


@pytest.mark.posix
def test_what_does_not_end_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(told)!r}, 'w').write(str(child.pid)); import requests;"
        "requests.get('https://sandbox.procore.com/rest/v1.0/me'); time.sleep(60)"
    )
    ended, said = report(tmp_path, "--timeout=3", *only("all-well"), *script(code))
    assert (ended, said["scenarios"][0]["exit_code"]) == (1, None)
    assert said["scenarios"][0]["fault"] == "It did not end by itself within 3 s."
    deadline = time.monotonic() + 5
    while Path(f"/proc/{told.read_text()}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs_on(int(told.read_text()))


def _runs_on(pid: int) -> bool:
    """Whether a process that was killed runs on, seconds later; one that nobody has waited for is dead all the same."""
    deadline = time.monotonic() + 5  # the kernel of a busy machine takes its time
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.01)
    return True


@pytest.mark.posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_and_the_report_says_so(number: signal.Signals, tmp_path: Path) -> None:
    told, path = tmp_path / "pid", tmp_path / "check.json"
    code = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    line = [sys.executable, "-m", "standin", "check", f"--json={path}", *script(code)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + 20
        while not (told.exists() and told.read_text()) and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        output, _ = running.communicate(timeout=20)
    assert running.returncode == 2
    assert output.splitlines()[-1].startswith("Interrupted: ")
    assert json.loads(path.read_text(encoding="utf-8"))["interrupted"] is True
    assert not _runs_on(int(told.read_text()))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no command given: write it after --"),
        (["--"], "no command given: write it after --"),
        (["--", "no-such-command"], "there is no command 'no-such-command' that can be run"),
        (["--only=nonsense", "--", "true"], "there is no scenario 'nonsense'; there are all-well, "),
        (["--timeout=0", "--", "true"], "seconds, more than 0 and at most 86400, not '0'"),
        (["--timeout=nan", "--", "true"], "seconds, more than 0 and at most 86400, not 'nan'"),
        (["--json=/no/such/folder/x.json", "--", "true"], "cannot be written: there is no folder"),
        (["--html=/", "--", "true"], "cannot be written: it is a folder"),
        (["true"], "unrecognized arguments: true"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_4(arguments: list[str], words: str) -> None:
    code, output = check(*arguments)
    assert (code, len(output.splitlines())) == (4, 1), output
    assert words in output


def test_a_command_that_reaches_nobody_is_told_how_to() -> None:
    code, output = check(*script("pass"))
    assert code == 4
    assert "PROCORE_LOGIN_URL" in output.splitlines()[-1]


def test_a_failure_of_ours_is_not_the_integrations() -> None:
    """As if a judge died: exit code 3, and a sentence."""
    broken = (
        "import standin.check.witness as w, standin.check.command as c, sys; w.Witness.end = lambda *_, **__: 1 / 0;"
    )
    line = f"{broken} sys.exit(c.main(['--only=all-well', '--', sys.executable, {GOOD!r}]))"
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert "says nothing about the integration" in done.stderr


def test_all_scenarios_are_listed() -> None:
    code, output = check("--list")
    assert (code, [line.split("\t")[0] for line in output.splitlines()]) == (0, [one.id for one in SCENARIOS])


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["npm", "test"], "npm test"),
        (["x", "--token=abc", "--client-secret", "abc", "-v"], "x --token=… --client-secret … -v"),
        (["env", "API_KEY=abc", "x"], "env API_KEY=… x"),
        (["curl", "https://me:abc@example.com/x"], "curl https://…@example.com/x"),
    ],
)
def test_no_secret_of_the_command_line_is_shown(command: list[str], shown: str) -> None:
    assert shown_command(command) == shown


UNAWARE = """
import json, os, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # knows no proxy
login, api = os.environ["PROCORE_LOGIN_URL"], os.environ["PROCORE_API_URL"]
form = {"grant_type": "client_credentials", "client_id": "mine", "client_secret": "invented"}
asked = urllib.request.Request(login + "/oauth/token", json.dumps(form).encode(), {"Content-Type": "application/json"})
token = json.load(opener.open(asked, timeout=10))["access_token"]
company = os.environ["PROCORE_COMPANY_ID"]
headers = {"Authorization": "Bearer " + token, "Procore-Company-Id": company}
url = api + "/rest/v1.1/projects?per_page=300&company_id=" + company
found = json.load(opener.open(urllib.request.Request(url, headers=headers), timeout=10))
assert [one["name"] for one in found] == ["Tower"] and company == "11", found
"""


def test_a_client_that_knows_no_proxy_is_checked_too_with_its_own_data(tmp_path: Path) -> None:
    data = {"companies": [{"id": 11, "name": "Mine"}], "projects": [{"id": 21, "company_id": 11, "name": "Tower"}]}
    (tmp_path / "data.json").write_text(json.dumps(data), encoding="utf-8")
    options = (f"--data={tmp_path}/data.json", "--client-id=mine", "--client-secret=invented")
    code, said = report(tmp_path, "--direct", *options, *only("all-well"), *script(UNAWARE))
    assert (code, said["rules"]) == (0, {}), "plain http on this machine is no breach"


def test_data_that_cannot_be_used_are_told_before_anything_runs(tmp_path: Path) -> None:
    code, output = check(f"--data={tmp_path}/none.json", *script("print('it ran')"))
    assert (code, len(output.splitlines())) == (4, 1)
    assert "none.json cannot be read" in output
