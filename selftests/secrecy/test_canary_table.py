"""Secrets and people, by places, dresses and outputs: the number that was looked for is printed, and none is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from selftests.secrecy.canaries import dressed, found, pieces
from selftests.secrecy.test_nothing_leaks import Watch, with_password
from selftests.support.bench import command, ended, started, suite
from selftests.support.canary_world import CREATOR, PEOPLE, Canaries, canary_world
from selftests.support.project import copy
from standin.model.world import World
from standin.server.running import Procore, serve

LOUD = (
    "-vv", "-rA", "--showlocals", "--tb=long", "--log-level=DEBUG", "-o", "log_cli=true", "--disruptive",
    "-W", "always", "--log-file=left/log.txt", "--log-file-level=DEBUG",
)  # fmt: skip
FILES = (
    "--html=left/report.html", "--self-contained-html", "--junitxml=left/junit.xml", "--verdict-json=left/verdict.json",
    "--summary-md=left/summary.md", "--badge=left/badge.json", "--drift-json=left/drift.json",
    "--history=left/history.jsonl",
)  # fmt: skip
WRITTEN = {
    "left/log.txt",
    "left/report.html",
    "left/junit.xml",
    "left/verdict.json",
    "left/summary.md",
    "left/badge.json",
    "left/drift.json",
    "left/history.jsonl",
}


def own_secrets(world: World) -> dict[str, str]:
    """What the stand-in issued, and the credentials."""
    realm = world.realms["sandbox"]
    tokens = [token for one in realm.tokens.values() for token in (one.access, one.refresh) if token]
    codes = [code for code, issued in realm.codes.items() if issued.application == realm.application.uid]
    many = {f"token {number}": secret for number, secret in enumerate([*tokens, *codes])}
    return {"client id": realm.application.uid, "client secret": realm.application.secret, **many}


def stamps(folder: Path) -> dict[Path, float]:
    """When each file was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def written(folder: Path, before: Mapping[Path, float]) -> Iterator[tuple[str, str]]:
    """What is new or was changed, and what it is called."""
    for path, stamp in stamps(folder).items():
        if before.get(path) != stamp:
            name = str(path.relative_to(folder))
            yield name, path.read_text(encoding="utf-8", errors="replace")
            yield f"name of {name}", name


def judge(
    what: str, canaries: Canaries, procore: Procore, places: list[tuple[str, str]], tell: pytest.CaptureFixture[str]
) -> None:
    """Say how much was looked for, and refuse what was found."""
    hidden = [*canaries.secrets.values(), *own_secrets(procore.world).values(), *PEOPLE.values(), CREATOR]
    forms = sum(1 for one in hidden for _ in (*dressed(one), *pieces(one)))
    leaks = found(places, hidden)
    with tell.disabled():
        tried = f"{len(hidden)} canaries, {forms} forms, {len(places)} outputs: {forms * len(places):,} tried"
        print(f"\n{what}: {tried}, {len(leaks)} found")
    assert not leaks, "\n".join(leaks[:12])


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def test_nothing_is_found_of_a_loud_run(canaries: Canaries, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy(tmp_path)
    before = stamps(folder)
    with serve(canary_world(canaries, own_secrets, loud=True)) as procore, Watch() as watch:
        code, output = ended(started(procore, command(*LOUD, *FILES), with_password(procore), folder))
        assert code == 1, output[-3000:]
        lines = [("command line", line.decode("utf-8", "replace")) for line in watch.seen]
        places = [("terminal", output), *lines, *written(folder, before)]
        assert {name for name, _ in places} >= {*WRITTEN, ".pytest_cache/v/cache/lastfailed", "command line"}
        judge("a loud run", canaries, procore, places, capsys)


def test_nothing_is_found_of_a_recording(
    canaries: Canaries, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy(tmp_path)
    before = stamps(folder)
    with serve(canary_world(canaries, own_secrets, loud=False)) as procore:
        code, output = ended(
            started(procore, command("--record-mode=rewrite", *LOUD, "--log-cli-level=DEBUG", *FILES), {}, folder)
        )
        assert "cassettes recorded from" in output, (code, output[-3000:])
        places = [("terminal", output), *written(folder, before)]
        names = {name for name, _ in places}
        assert names >= {*WRITTEN, "cassettes/companies.yaml", "cassettes/me.yaml", "cassettes/token.yaml"}
        judge("a recording", canaries, procore, places, capsys)


CRASHING = """
PLUGINS = []

def pytest_configure(config):
    PLUGINS.append(config.pluginmanager)

def crash():
    suite = PLUGINS[0].get_plugin("procore-quick-start")
    raise RuntimeError(repr([answer.content for answer in suite.run.answers.values()]))
"""
# pytest shows the one, Python the other.
CRASHES = {
    "a hook of a report": """
def pytest_runtest_logreport(report):
    if report.when == "teardown" and "test_transport" in report.nodeid:
        crash()
""",
    "the end of the session": """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish():
    crash()
""",
}


@pytest.mark.parametrize("where", CRASHES)
def test_nothing_is_found_of_a_crash(
    where: str, canaries: Canaries, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crashing.py").write_text(CRASHING + CRASHES[where], encoding="utf-8")
    with serve(canary_world(canaries, own_secrets, loud=False)) as procore:
        line = ("-p", "crashing", "-p", "no:cacheprovider", "--disruptive", "--tb=short", "-q")
        _, output = suite(procore, *line, changes={"PYTHONPATH": str(tmp_path)})
        assert "RuntimeError: [b'" in output, output[-3000:]
        judge(f"a crash in {where}", canaries, procore, [("terminal", output)], capsys)
