"""Secrets planted wherever there is a place for one are searched in all that a run leaves behind: none is found."""

from __future__ import annotations

import base64
import html
import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from quickstart.secrecy.redaction import Redactor
from selftests.support.bench import NO_CODE, asked_for_tokens, command, ended, plant, quickstart, started
from selftests.support.project import ROOT, take_along_rewritten
from standin.cases.bending import header, on, status
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour
from standin.model.world import OUT_OF_BAND, Application, World
from standin.server.running import Procore, serve

COOKIE = "cookie-canary-" + "7c" * 12
PROXY_PASSWORD = "proxy-canary-" + "a1" * 10
LOCATION_CODE = "location-canary-" + "f3" * 12
# Characters that JSON, HTML, URLs, XML and repr write in ways of their own.
PIECE = 16
ODD = "\"'&<>%+/=\\é"
LOUD = ("-vv", "--showlocals", "--tb=long", "--log-level=debug", "-o", "log_cli=true", "--disruptive", "-W", "always")
LEAKY = (
    "selftests/support/leaky.py",
    "selftests/support/leaky_module.py",
    "--continue-on-collection-errors",
)
PAGE = ("--html=left/report.html", "--self-contained-html", "--junitxml=left/junit.xml", "--verdict-json=left/v.json")
FILES = (*PAGE, "--drift-json=left/drift.json", "--history=left/history.jsonl")


def project(folder: Path) -> Path:
    """A copy of this project, so that recordings and caches are left there."""
    installed = (".venv", "node_modules", ".axe")  # half a gigabyte of other people's, for other self-tests
    rewritten = "*-pytest-*.pyc"  # which name the place where they were made
    ignore = shutil.ignore_patterns(*installed, ".git", ".*_cache", rewritten, ".env*")
    copy = folder / "project"
    shutil.copytree(ROOT, copy, ignore=ignore)
    take_along_rewritten(copy)
    return copy


def world(*, loud: bool) -> World:
    """Credentials of odd characters, which every answer repeats in its fields, headers, cookies and pages."""
    # What must be refused is granted, so that messages quote the tokens.
    made = World(
        behaviour=Behaviour(accept_unknown_code=True, accept_unknown_refresh_token=True) if loud else Behaviour()
    )
    realm = made.realms["sandbox"]
    if loud:
        realm.application = realm.register(Application(f"id-canary-{ODD}-1", f"secret-canary-{ODD}-2", (OUT_OF_BAND,)))
    uid, secret = realm.application.uid, realm.application.secret

    def echo(request: Request, answer: Answer, _: World) -> Answer:
        said = f"{uid} {secret} {request.header('authorization')} {' '.join(request.form.values())}"
        answer = replace(
            answer, headers=(*answer.headers, ("X-Echo", quote(said)), ("Set-Cookie", f"s={COOKIE}; Path=/"))
        )
        if isinstance(answer.body, dict):
            return answer.with_body({**answer.body, "debug": said, "nested": [{"access_token": secret, "why": said}]})
        if isinstance(answer.body, list):
            return answer.with_body([{**item, "name": f"{item['name']} {said}"} for item in answer.body])
        if isinstance(answer.body, bytes) and answer.body and "html" in (answer.header("Content-Type") or ""):
            page = f"<p>{html.escape(said)}</p><p>{base64.b64encode(said.encode()).decode()}</p><!-- {said} -->"
            return answer.with_body(answer.body + page.encode())
        return answer

    away = on("projects-v1.0", status(302), header("Location", f"https://example.com/cb?code={LOCATION_CODE}"), ok=None)
    # Half of the claims fail, with an echo in each message; the recording run has none to fail.
    made.modifiers = (echo, away, on("me", status(418)), on("companies", status(500), first=3)) if loud else (echo,)
    return made


def secrets(procore: Procore) -> Iterator[str]:
    """All that must not be found: what was configured, and every token and code that was ever issued."""
    names = ("PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET", "PROCORE_AUTHORIZATION_CODE")
    yield from (procore.variables[name] for name in names)
    yield from (COOKIE, PROXY_PASSWORD, LOCATION_CODE)
    realm = procore.world.realms["sandbox"]
    yield from (code for code, issued in realm.codes.items() if issued.application == realm.application.uid)
    for token in realm.tokens.values():
        yield from filter(None, (token.access, token.refresh))


def written(secret: str) -> set[bytes]:
    """The forms in which a secret may stand in a file."""
    whole = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        html.escape(secret, quote=False),
        repr(secret)[1:-1],
        html.escape(json.dumps(secret)[1:-1]),
    }
    for offset in range(3):
        plain = base64.b64encode(b"\0" * offset + secret.encode()).decode()
        # What stands at the edges depends on the neighbours.
        inner = plain[4 if offset else 0 : len(plain) - 4]
        whole |= {inner, quote(inner, safe="")}
    # Of a long one, no piece may be left either: what quotes an answer may cut it.
    first = min(60, len(secret) // 3)  # what stands before is the same in every token
    pieces = {secret[at : at + PIECE] for at in range(first, len(secret) - PIECE)} if len(secret) > 40 else set()
    return {form.encode() for form in whole | pieces}


def leaks(places: Iterable[tuple[str, bytes]], hidden: Iterable[str]) -> list[str]:
    """Where something was found, and what."""
    needles = {needle for secret in set(hidden) for needle in written(secret)}
    pieces = {needle for needle in needles if len(needle) == PIECE}
    found = []
    for place, content in places:
        # Thousands of pieces of one length: all windows of the content at once, not one search for each piece.
        windows = {content[at : at + PIECE] for at in range(len(content) - PIECE + 1)}
        for needle in (*(needles - pieces), *(pieces & windows)):
            at = content.find(needle)
            if at >= 0:
                found.append(f"{place}: {needle!r} around {content[max(0, at - 80) : at + 80]!r}")
    return found


def left_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that a run made in the project or wrote to, by name."""
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc"} and not _as_it_was(path, folder):
            yield str(path.relative_to(folder)), path.read_bytes()
            yield f"name of {path.relative_to(folder)}", str(path).encode()


def _as_it_was(path: Path, folder: Path) -> bool:
    """Whether a file is the repository's, which knew no secret, and nobody wrote to it since it was copied."""
    source = ROOT / path.relative_to(folder)
    if not source.is_file():
        return False
    now, then = path.stat(), source.stat()
    return (now.st_mtime_ns, now.st_size) == (then.st_mtime_ns, then.st_size)


class Watch:
    """Reads the command line of every process that this one started, again and again.

    Tests that run beside this one are left out: stand-ins of equal seeds have equal secrets.
    """

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    if _descends_from_us(path.parent):
                        self.seen.add(path.read_bytes())
                except OSError:
                    continue  # it has ended


def _descends_from_us(process: Path) -> bool:
    """Whether the process of this folder of /proc, or one it descends from, was started by this one."""
    while process.name not in {"0", "1"}:
        parent = process.joinpath("stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
        if parent == str(os.getpid()):
            return True
        process = process.with_name(parent)
    return False


def with_password(procore: Procore) -> dict[str, str]:
    """The stand-in's proxy, as a user with a password reaches it."""
    url = procore.server.url.replace("://", f"://user:{PROXY_PASSWORD}@")
    return dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), url)


@pytest.mark.parametrize("capture", ["-s", "--capture=fd"])
def test_a_loud_run_of_leaky_tests_leaks_nothing(capture: str, tmp_path: Path) -> None:
    folder = project(tmp_path)
    with serve(world(loud=True)) as procore:
        changes = with_password(procore) | {"PROCORE_REFRESH_TOKEN": "given-refresh-canary-d41d8cd98f00b204e980"}
        line = command("tests", *LEAKY, capture, *LOUD, *FILES)
        with Watch() as watch:
            code, output = ended(started(procore, line, changes, folder))
        assert code == 1, output[-3000:]
        assert "leaky.py" in output
        assert any(b"leaky.py" in line for line in watch.seen)
        hidden = [*secrets(procore), changes["PROCORE_REFRESH_TOKEN"]]
        places = [("terminal", output.encode()), *(("command line", line) for line in watch.seen), *left_in(folder)]
        names = {name for name, _ in places}
        assert {"left/report.html", "left/junit.xml", "left/v.json", ".pytest_cache/v/cache/lastfailed"} <= names
        assert not leaks(places, hidden)


def test_a_run_with_cached_tokens_leaks_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path)
    with serve(world(loud=True)) as procore:
        plant(procore, expires_at=9e9)
        line = command("tests/test_step7_me.py", *LEAKY, *(word for word in LOUD if word != "--disruptive"), *FILES)
        code, output = ended(started(procore, line, NO_CODE, folder))
        assert code == 1, output[-3000:]
        assert len(asked_for_tokens(procore.requests, "authorization_code")) == 1, "for the planted pair; it is used"
        assert not asked_for_tokens(procore.requests, "refresh_token")
        assert not leaks([("terminal", output.encode()), *left_in(folder)], secrets(procore))


@pytest.mark.parametrize("cut", range(11, 60, 7))
@pytest.mark.parametrize("text", ["Pair(a='{0}...{1}', b=1)", '200 {{"access_token": "{0}', "{0}… (cut)", "{0}"])
def test_a_secret_that_was_cut_is_not_left_in_pieces(text: str, cut: int) -> None:
    secret = "".join(f"{number:x}" for number in range(60))
    redactor = Redactor()
    redactor.learn("access-token", secret)
    left = redactor.text(text.format(secret[:cut], secret[-cut:]))
    assert not [at for at in range(len(secret) - 12) if secret[at : at + 12] in left]
    assert redactor.text(left) == left


def test_a_person_that_pytest_cut_is_not_left_in_pieces() -> None:
    redactor = Redactor()
    redactor.learn("person", "christopher.columbus@example.org")
    left = redactor.text("by 'christopher.col...mbus@example.org', not christopher.robin")
    assert "christopher.col" not in left
    assert "mbus@example" not in left
    assert "christopher.robin" in left


def test_a_secret_of_words_takes_no_words_away() -> None:
    redactor = Redactor()
    redactor.learn("client-secret", "wrong-secret-of-mine-1234567")
    assert redactor.text("token-wrong-secret, cut: wrong-secret-of-mine-12").startswith("token-wrong-secret, cut: ")
    assert "mine-12" not in redactor.text("cut: wrong-secret-of-mine-12")


@pytest.mark.parametrize("before", ["", "x-", "ey-", "a.bcde."])
def test_a_token_that_nobody_announced_is_found(before: str) -> None:
    assert "eyJhbGciOiJF" not in Redactor().text(f"{before}eyJhbGciOiJF.eyJhbXIi.abcdEF12")


def test_recordings_leak_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path)
    with serve(world(loud=False)) as procore:
        line = command("--record-mode=rewrite", "--disruptive", "-q", *FILES)
        code, output = ended(started(procore, line, with_password(procore), folder))
        assert "cassettes recorded from" in output, (code, output[-2000:])
        assert not leaks([("terminal", output.encode()), *left_in(folder)], secrets(procore))


def test_the_cache_of_another_profile_knows_nothing() -> None:
    with serve() as procore:
        realm = procore.world.realms["sandbox"]
        code = procore.variables["PROCORE_AUTHORIZATION_CODE"]
        assert quickstart(procore, "authorize", code)[0] == 0
        hidden = [secret for secret in secrets(procore) if secret != procore.variables["PROCORE_CLIENT_SECRET"]]
        other = realm.register(Application("other-id-" + "1" * 20, "other-secret-" + "2" * 20))
        with procore.world.lock:
            second = procore.world.issue_code(realm, other).value
        changes = {"PROCORE_CLIENT_ID": other.uid, "PROCORE_CLIENT_SECRET": other.secret}
        assert quickstart(procore, "authorize", second, changes=changes)[0] == 0
        folder = Path(procore.variables["PROCORE_TOKEN_CACHE"])
        files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        assert len(files) == 2
        assert not leaks([(files[1].name, files[1].read_bytes())], hidden)


def test_a_secret_is_found_where_there_is_one(tmp_path: Path) -> None:
    """The search itself can fail: each form is found in a file that holds it, be it one of the repository's."""
    secret = f"secret-canary-{ODD}-2"
    for form in (quote(secret, safe=""), json.dumps(secret), html.escape(secret), repr(secret)):
        (tmp_path / "left.txt").write_text(f"before {form} after", encoding="utf-8")
        assert leaks(left_in(tmp_path), [secret])
    (tmp_path / "left.txt").write_bytes(base64.b64encode(f"user:{secret}:x".encode()))
    assert leaks(left_in(tmp_path), [secret])
    (tmp_path / "left.txt").unlink()
    shutil.copy2(ROOT / "README.md", tmp_path)
    assert not [*left_in(tmp_path)]
    with (tmp_path / "README.md").open("a", encoding="utf-8") as file:
        file.write(secret)
    assert leaks(left_in(tmp_path), [secret])
