"""``python -m standin``, and the rule about who may know whom."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import takewhile
from pathlib import Path

import pytest

from selftests.support.project import ROOT

SOURCES = sorted((ROOT / "standin").rglob("*.py"))
OUTSIDE = {
    "werkzeug",
    "trustme",
    "cryptography",
    "platformdirs",  # the user's data folder
    "jsonschema",  # data of the user's own
    "pytest",  # the fixture
}
ME = "https://sandbox.procore.com/rest/v1.0/me"


def _standin(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "standin", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def _python(code: str) -> list[str]:
    return ["--", sys.executable, "-c", code]


@pytest.mark.parametrize("code", [0, 1, 4, 5])
def test_the_commands_exit_code_is_passed_through(code: int) -> None:
    assert _standin(*_python(f"raise SystemExit({code})")).returncode == code


@pytest.mark.posix
def test_a_command_that_a_signal_ends_is_reported_as_a_shell_would() -> None:
    assert _standin(*_python("import os; os.kill(os.getpid(), 9)")).returncode == 137


def test_stdout_belongs_to_the_command() -> None:
    done = _standin(*_python(f"import requests; requests.get('{ME}'); print('its own words')"))
    assert done.stdout == "its own words\n"
    assert len(done.stderr.splitlines()) == 1


def test_the_first_line_says_how_a_client_that_ignores_the_proxy_gets_here() -> None:
    code = "import os, sys; print(os.environ['HTTPS_PROXY'], file=sys.stderr)"
    told, url, warned = _standin(*_python(code)).stderr.splitlines()
    assert told.endswith(f"point its base URLs to {url}")
    assert "nothing was asked of the stand-in" in warned
    assert "the real hosts" in warned


def test_the_callers_own_settings_get_through_unless_they_lead_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCORE_TIMEOUT", "7")
    monkeypatch.setenv("PROCORE_CLIENT_SECRET", "a real one")
    monkeypatch.setenv("PROCORE_API_URL", "https://api.procore.com")
    names = "PROCORE_TIMEOUT", "PROCORE_CLIENT_SECRET", "PROCORE_API_URL"
    done = _standin(*_python(f"import os; print([os.environ.get(name) for name in {names}])"))
    timeout, secret, url = ast.literal_eval(done.stdout)
    assert (timeout, url) == ("7", None)
    assert secret != "a real one"
    assert "your own PROCORE_API_URL, PROCORE_CLIENT_SECRET are kept from the command" in done.stderr
    assert "a real one" not in done.stderr


@pytest.mark.parametrize(("program", "arguments"), [("curl", ["-sSf", "-o", "/dev/null", "-w", "%{http_code}"])])
def test_other_clients_trust_it_and_find_it(program: str, arguments: list[str]) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program}")
    url = "https://login-sandbox.procore.com/login"
    assert _standin("--", program, *arguments, url).stdout == "200"


def test_the_command_reaches_the_sandbox() -> None:
    code = "import requests; print(requests.get('https://sandbox.procore.com/rest/v1.0/me').status_code)"
    assert _standin(*_python(code)).stdout == "401\n"


def test_options_reach_the_world() -> None:
    code = "import requests; r = requests.get('https://sandbox.procore.com/rest/v1.0/me'); print(r.status_code)"
    assert _standin("--set", "accept_bearer=missing", *_python(code)).stdout == "200\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no command given"),
        (("--",), "no command given"),
        (("--", "no-such-command"), "there is no command 'no-such-command'"),
        (("--dialect=6.0", "--", "true"), "invalid choice: '6.0'"),
        (("--set", "nonsense=1", "--", "true"), "there is no field 'nonsense'"),
        (("--set", "logged_in=perhaps", "--", "true"), "logged_in is true or false"),
        (("--set", "paging", "--", "true"), "FIELD=VALUE"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_4(arguments: tuple[str, ...], words: str) -> None:
    done = _standin(*arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (4, "", 1)
    assert words in done.stderr


@pytest.mark.posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_command_and_cleans_up(number: signal.Signals, tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = (
        "import os, pathlib, signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL);"
        f"pathlib.Path({str(told)!r}).write_text(f\"{{os.getpid()}} {{os.environ['PROCORE_TOKEN_CACHE']}}\");"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-m", "standin", *_python(code)], cwd=ROOT) as running:
        deadline = time.monotonic() + 20
        while not (told.exists() and told.read_text()) and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        assert running.wait(20) == 128 + number
    pid, cache = told.read_text().split()
    assert not Path(cache).parent.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


@pytest.mark.posix
def test_print_env_serves_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "standin", "--print-env"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = list(takewhile(lambda line: "PROCORE_EVIDENCE" not in line, running.stdout))
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    assert all(line.startswith("export ") for line in lines)
    assert any(line.startswith("export PROCORE_CLIENT_ID=") for line in lines)


def _imported(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_standin_imports_nothing_of_ours(path: Path) -> None:
    assert _imported(path) - sys.stdlib_module_names - OUTSIDE <= {"standin"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_module_stays_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
