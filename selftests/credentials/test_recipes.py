"""The recipes of docs/tokens-in-pipelines.md, as they stand there: three nights each, with fakes of the tools."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet

from selftests.support.bench import asked_for_tokens
from selftests.support.project import ROOT, copy
from selftests.support.stores import night, night_in
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import Procore, serve

PAGE = (ROOT / "docs" / "tokens-in-pipelines.md").read_text(encoding="utf-8")
KEY = Fernet.generate_key().decode()
SHELL = shutil.which("sh") or "sh"
CACHE = Path("home", ".cache", "procore-quick-start")
# Each tool keeps its text in a file and says how it was called. What it does with it is what its documentation says.
TOOL = """#!{python}
import json, os, sys
from pathlib import Path
kept, given = Path({kept!r}), sys.argv[1:]
with open({calls!r}, "a") as calls:
    print(json.dumps(given), file=calls)
held = json.loads(kept.read_text()) if kept.exists() else {{"version": 1, "text": {first!r}}}
def keep(text):
    kept.write_text(json.dumps({{"version": held["version"] + 1, "text": text}}))
{does}
"""
TOOLS = {
    "vault": """
if given[:2] == ["kv", "get"]:
    print(json.dumps({"data": {"data": {"tokens": held["text"]}, "metadata": {"version": held["version"]}}}))
elif "-cas=" + str(held["version"]) in given and "tokens=-" in given:
    keep(sys.stdin.read())
else:
    sys.exit("check-and-set parameter did not match the current version")
""",
    "aws": """
if given[1] == "get-secret-value":
    print(held["text"])
else:
    path = Path(given[given.index("--secret-string") + 1].removeprefix("file://"))
    assert path.stat().st_mode & 0o077 == 0
    keep(path.read_text())
""",
    "gcloud": """
if given[2] == "access":
    print(held["text"], end="")
else:
    keep(sys.stdin.read())
""",
    "gh": "keep(sys.stdin.read())",
    "glab": "keep(sys.stdin.read())",
}
CALLS = {
    "vault": {
        "kv get -mount=secret -format=json procore/sandbox",
        "kv put -mount=secret -cas=N procore/sandbox tokens=-",
    },
    "aws": {
        "secretsmanager get-secret-value --secret-id procore-sandbox --query SecretString --output text",
        "secretsmanager put-secret-value --secret-id procore-sandbox --secret-string file://PATH",
    },
    "gcloud": {
        "secrets versions access latest --secret=procore-sandbox",
        "secrets versions add procore-sandbox --data-file=-",
    },
    "gh": {"secret set KEPT_TOKENS --env sandbox"},
    "glab": {"variable update KEPT_TOKENS"},
}
SNAPSHOTS = {"gh", "glab"}  # of which a job sees what was there when it began


def script(name: str) -> str:
    """The script of the page that is marked so."""
    found = re.search(rf"^<!-- {name} -->\n```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, name
    return found[1]


def workflow() -> dict[str, object]:
    """The job of the page for GitHub."""
    blocks = [yaml.safe_load(one) for one in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
    (found,) = [one["jobs"]["live"] for one in blocks if "jobs" in one]
    return dict(found)


def world() -> World:
    return World(behaviour=Behaviour(token_lifetime=200))


def grants(procore: Procore) -> list[str]:
    return [one.form["grant_type"] for one in asked_for_tokens(procore.requests)]


@pytest.mark.posix
@pytest.mark.parametrize("name", TOOLS)
def test_three_nights_with_a_tool(name: str, tmp_path: Path) -> None:
    tools, kept, calls = tmp_path / "bin", tmp_path / "kept.json", tmp_path / "calls"
    tools.mkdir()
    first = "" if name in SNAPSHOTS else "{}"
    text = TOOL.format(python=sys.executable, kept=str(kept), calls=str(calls), first=first, does=TOOLS[name])
    (tools / name).write_text(text, encoding="utf-8")
    (tools / name).chmod(0o700)
    store = tmp_path / "store.sh"
    store.write_text(script(name), encoding="utf-8")
    with serve(world()) as procore:
        for number in range(3):
            temporary = tmp_path / f"tmp-{number}"
            temporary.mkdir()
            held = json.loads(kept.read_text(encoding="utf-8"))["text"] if kept.exists() else ""
            code, output = night(
                procore,
                tmp_path / f"night-{number}",
                PATH=f"{tools}{os.pathsep}{os.environ['PATH']}",
                TMPDIR=str(temporary),
                PROCORE_TOKEN_STORE=shlex.join(["sh", str(store)]),
                PROCORE_TOKEN_CACHE_KEY=KEY,
                PROCORE_AUTHORIZATION_CODE=procore.variables["PROCORE_AUTHORIZATION_CODE"],
                KEPT_TOKENS=held if name in SNAPSHOTS else "",
            )
            assert (code, "authorize again" in output) == (0, False), output
            assert not [path for path in temporary.iterdir() if b"token" in path.read_bytes()]
        assert grants(procore) == ["authorization_code", "refresh_token", "refresh_token"]
    lines = [" ".join(json.loads(line)) for line in calls.read_text(encoding="utf-8").splitlines()]
    seen = {re.sub(r"-cas=\d+", "-cas=N", re.sub(r"file://\S+", "file://PATH", line)) for line in lines}
    assert seen == CALLS[name]
    assert json.loads(kept.read_text(encoding="utf-8"))["text"].startswith("gAAAA")


@pytest.mark.posix
@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_three_nights_with_a_private_branch_which_locks(tmp_path: Path) -> None:
    def git(*words: str, folder: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        line = ["git", "-c", "user.name=n", "-c", "user.email=n@localhost", *words]
        return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)

    assert git("init", "--quiet", "--bare", "origin").returncode == 0
    store = tmp_path / "store.sh"
    store.write_text(script("git"), encoding="utf-8")
    with serve(world()) as procore:
        for number in range(3):
            checkout = tmp_path / f"night-{number}"
            assert git("clone", "--quiet", "origin", str(checkout)).returncode == 0
            code, output = night_in(
                copy(checkout),
                procore,
                checkout,
                PROCORE_TOKEN_STORE=shlex.join(["sh", str(store)]),
                PROCORE_TOKEN_CACHE_KEY=KEY,
                PROCORE_AUTHORIZATION_CODE=procore.variables["PROCORE_AUTHORIZATION_CODE"],
            )
            assert (code, "authorize again" in output) == (0, False), output
        assert grants(procore) == ["authorization_code", "refresh_token", "refresh_token"]
    late = subprocess.run(
        [SHELL, str(store), "save"], cwd=tmp_path / "night-0", input="old", capture_output=True, text=True, check=False
    )
    assert late.returncode != 0, "what this checkout has seen is not what is there"
    shown = git("show", "refs/heads/procore-tokens:tokens", folder=tmp_path / "origin").stdout
    assert shown.startswith("gAAAA")


@pytest.mark.posix
def test_the_workflow_of_the_page_carries_the_cache_over_three_nights(tmp_path: Path) -> None:
    """Its shell is run; restore and save are played: what has no such key is made, and the newest is given back."""
    job = workflow()
    steps = job["steps"]
    assert isinstance(steps, list)
    restore, save = (
        next(one for one in steps if one.get("uses", "").startswith(f"actions/cache/{word}@"))
        for word in ("restore", "save")
    )
    assert restore["with"]["key"] == save["with"]["key"]
    assert {"${{ github.run_id }}", "${{ github.run_attempt }}"} <= {
        *re.findall(r"\$\{\{[^}]*\}\}", save["with"]["key"])
    }
    assert save["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert restore["with"]["path"] == save["with"]["path"] == "~/.cache/procore-quick-start"
    assert save["if"] == "always()"
    assert job["concurrency"] == {"group": "procore-sandbox", "cancel-in-progress": False}
    order = [steps.index(one) for one in (restore, save)]
    (mode,) = [one for one in steps if one.get("name") == "Only we may read it"]
    (ask,) = [one for one in steps if one.get("name") == "Ask"]
    assert order[0] < steps.index(mode) < steps.index(ask) < order[1]
    with serve(world()) as procore:
        for number in range(3):
            folder = tmp_path / f"night-{number}"
            folder.mkdir()
            if number:
                shutil.copytree(tmp_path / f"night-{number - 1}" / CACHE, folder / CACHE)
                for path in (folder / CACHE).iterdir():
                    path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)  # as an artifact comes back
            subprocess.run([SHELL, "-ec", mode["run"]], env={**os.environ, "HOME": str(folder / "home")}, check=True)
            words = shlex.split(ask["run"])
            assert words[:4] == ["python", "-m", "pytest", "--target=sandbox"]
            code, output = night_in(
                copy(folder),
                procore,
                folder,
                *words[4:],
                "-q",
                "-m",
                "smoke",
                PROCORE_TOKEN_CACHE_KEY=KEY,
                PROCORE_AUTHORIZATION_CODE=procore.variables["PROCORE_AUTHORIZATION_CODE"],
            )
            assert (code, "authorize again" in output) == (0, False), output
            assert (folder / "left" / "report.html").exists()
        assert grants(procore) == ["authorization_code", "refresh_token", "refresh_token"]


def test_the_key_of_the_page_is_one() -> None:
    (line,) = re.findall(r'^python -c "(.*)"$', PAGE, re.MULTILINE)
    made = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout.strip()
    assert Fernet(made)


def test_what_is_not_run_is_marked_so() -> None:
    """Each command of a service that stands in no script is marked."""
    outside = re.sub(r"^<!-- \w+ -->\n```sh\n.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = outside.splitlines()
    alone = re.compile(r"(?:^|`)(?:printf \S+ \| )?(?:gh|vault|aws|gcloud|glab) (?:\w+ ){1,3}[\w-]")
    found = [number for number, line in enumerate(lines) if alone.search(line)]
    assert len(found) >= 5
    assert not [lines[n] for n in found if "not run here" not in " ".join(lines[max(0, n - 4) : n + 1]).lower()]
