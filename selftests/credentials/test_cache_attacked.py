"""Whatever stands where the cache should be: one sentence, and no refresh token is lost or used twice without it."""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from quickstart.__main__ import main
from quickstart.credentials import token_cache
from quickstart.credentials.settings import OUT_OF_BAND
from quickstart.exchange.client import Client
from quickstart.exchange.messages import Reply
from quickstart.run.tokens import REFRESH, SERVICE_ACCOUNT
from selftests.support.refreshing import FIRST, Bench, answered, put

NOBODY = 65534
POSIX = hasattr(os, "geteuid")
ROOT = POSIX and os.geteuid() == 0
AGAIN = "authorize again (python -m quickstart authorize)"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A cache with a refresh token that works."""
    made = Bench(tmp_path)
    made.plant()
    return made


def _with(**changes: object) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        put(path, json.dumps({**json.loads(path.read_bytes()), **changes}).encode())

    return spoil


def _holding(content: bytes) -> Callable[[Path], None]:
    return lambda path: put(path, content)


def _instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.unlink()
        make(path)

    return spoil


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".real"))
    path.symlink_to(path.with_suffix(".real"))


def _huge(path: Path) -> None:
    os.truncate(path, 2**30)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def _device(path: Path) -> None:
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # endless zeros


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (_holding(b""), "is damaged"),
    "torn": (lambda path: put(path, path.read_bytes()[:40]), "is damaged"),
    "a list": (_holding(b"[]"), "is damaged"),
    "null": (_holding(b"null"), "is damaged"),
    "zeros": (_holding(bytes(1000)), "is damaged"),
    "not UTF-8": (_holding(b'{"version": 1, "asked": "\xff"}'), "is damaged"),
    "100,000 levels": (_holding(b'{"version":1,"spent":' + b"[" * 100_000), "has more than 64000 bytes"),
    "30,000 levels": (_holding(b'{"version":1,"spent":' + b"[" * 30_000 + b"]" * 30_000 + b"}"), "is damaged"),
    "a number of 400 digits": (_with(expires_at=10**400), "is damaged"),
    "a number of 9,000 digits": (_holding(b'{"version":1,"expires_at":' + b"9" * 9000 + b"}"), "is damaged"),
    "a version of 400 digits": (_with(version=10**400), "was written by another version"),
    "infinity": (_with(expires_at=float("inf")), "is damaged"),
    "not a number": (_with(kept_at=float("nan")), "is damaged"),
    "a negative time": (_with(expires_at=-1), "is damaged"),
    "a token that is a number": (_with(access_token=7), "is damaged"),
    "a line break in a token": (_with(access_token="a\r\nX-Injected: 1"), "is damaged"),
    "half a character in a token": (_with(refresh_token="\ud800"), "is damaged"),
    "a spent text": (_with(spent="0" * 64), "is damaged"),
    "spent things that are no digests": (_with(spent=["x"]), "is damaged"),
    "a future version": (_with(version=2, more=[]), "was written by another version"),
    "huge": (_huge, "has more than 64000 bytes"),
    "a folder": (_instead(Path.mkdir), "is no file"),
}
IF_POSIX: dict[str, tuple[Callable[[Path], object], str]] = {
    "open to all": (lambda path: path.chmod(0o644), "can be read by other users"),
    "open to a group": (lambda path: path.chmod(0o660), "can be read by other users"),
    "a link": (_link, "is a link"),
    "a link to nothing": (_instead(lambda path: path.symlink_to("nothing")), "is a link"),
    "a link to itself": (_instead(lambda path: path.symlink_to(path)), "is a link"),
    "a link to zeros": (_instead(lambda path: path.symlink_to("/dev/zero")), "is a link"),
    "a pipe": (_instead(lambda path: os.mkfifo(path, 0o600)), "is no file"),
    "a socket": (_instead(_socket), "is no file"),
}
IF_ROOT: dict[str, tuple[Callable[[Path], object], str]] = {
    "of another user": (lambda path: os.chown(path, NOBODY, NOBODY), "belongs to another user"),
    "a device": (_instead(_device), "is no file"),
}
DAMAGES |= (IF_POSIX if POSIX else {}) | (IF_ROOT if ROOT else {})


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_spoiled_cache_is_one_sentence_and_no_refresh_token_is_spent(
    damage: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, words = DAMAGES[damage]
    spoil(bench.cache.path)
    before = os.lstat(bench.cache.path)
    began = time.monotonic()
    found = bench.find()
    assert (found.way, found.said.count("\n"), bench.endpoint.sent) == (SERVICE_ACCOUNT, 0, ["client_credentials"])
    assert f"{bench.cache.path} {words}" in found.said
    assert f"remove it and {AGAIN}" in found.said
    assert "spends no refresh token" in found.said
    assert authorized(bench, monkeypatch) == 4, "no code is spent either"
    said = capsys.readouterr().err
    assert f"{bench.cache.path} {words}" in said
    assert said.count("\n") == 1
    assert main(["status"]) == 0
    assert words in capsys.readouterr().out
    after = os.lstat(bench.cache.path)
    assert (after.st_ino, after.st_size, after.st_mtime) == (before.st_ino, before.st_size, before.st_mtime)
    assert time.monotonic() - began < 2


def authorized(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Reply] | None = None, code: str = "a-code"
) -> int:
    """The exit code of authorize with this cache; nothing may be sent where there is no ``answer``."""

    def send(*_: object) -> Reply:
        assert answer is not None, "a code works once"
        return answer()

    monkeypatch.setattr(Client, "send", send)
    for name, value in {"CLIENT_ID": "an-id-of-nobody", "CLIENT_SECRET": "a-secret-of-nobody"}.items():
        monkeypatch.setenv(f"PROCORE_{name}", value)
    monkeypatch.setenv("PROCORE_TOKEN_CACHE", str(bench.cache.path.parent))
    monkeypatch.setenv("PROCORE_REDIRECT_URI", OUT_OF_BAND)
    monkeypatch.chdir(bench.folder)
    return main(["authorize", code])


LOCKS: dict[str, tuple[Callable[[Path], object], bool]] = {
    "of a dead process": (lambda lock: put(lock, b"4194304\n"), True),
    "a folder": (Path.mkdir, False),
    "a link to a file": (lambda lock: lock.symlink_to(lock.with_suffix(".json")), False),
    "a link to nothing": (lambda lock: lock.symlink_to("nothing"), False),
}


@pytest.mark.skipif(not POSIX, reason="links and names differ")
@pytest.mark.parametrize("kind", LOCKS)
def test_a_planted_lock_holds_nobody_and_overwrites_nothing(kind: str, bench: Bench) -> None:
    plant, usable = LOCKS[kind]
    before = bench.cache.path.read_bytes()
    plant(bench.cache.path.with_suffix(".lock"))
    found = bench.find()
    assert found.way == (REFRESH if usable else SERVICE_ACCOUNT)
    assert ("spends no refresh token" in found.said) is not usable
    assert (bench.cache.path.read_bytes() == before) is not usable
    assert bench.endpoint.sent == [FIRST if usable else "client_credentials"]


def test_a_lock_that_another_run_holds_is_waited_for_and_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_cache, "LOCK_TIMEOUT", 0.2)
    holder = bench.cache
    script = (
        "import sys; from pathlib import Path; from quickstart.credentials.token_cache import TokenCache\n"
        "with TokenCache(*sys.argv[1:3], Path(sys.argv[3])).locked(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "https://login-sandbox.procore.com", "an-id-of-nobody", str(holder.path.parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        found = bench.find()
        process.kill()
    assert found.way is None
    assert "is held by another run for more than 0.2 s: end that run" in found.said
    assert bench.endpoint.sent == []
    assert bench.find().way == REFRESH, "the lock of a process that was killed holds nobody"


@pytest.mark.skipif(not POSIX, reason="there are no modes here")
def test_a_folder_that_all_may_write_is_not_used(bench: Bench) -> None:
    bench.cache.path.parent.chmod(0o777)
    found = bench.find()
    assert "can be written by all users, who could exchange what is in it: set PROCORE_TOKEN_CACHE" in found.said
    assert bench.endpoint.sent == ["client_credentials"]
    bench.cache.path.parent.chmod(0o1777)
    assert bench.find().way == REFRESH, "where nobody can remove a file of others, as in /tmp, it is used"


def test_a_code_whose_tokens_cannot_be_kept_is_told_as_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def answer() -> Reply:
        monkeypatch.setattr(os, "fsync", full)
        return answered({"access_token": "a-new-token", "refresh_token": "another", "expires_in": 5400})

    assert authorized(bench, monkeypatch, answer) == 4
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "The code is used and its tokens are lost: then run the command again, for a new code." in said
    assert said.count("\n") == 1


def test_an_interrupted_exchange_says_that_the_code_may_be_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer() -> Reply:
        raise KeyboardInterrupt

    assert authorized(bench, monkeypatch, answer) == 1
    assert capsys.readouterr().err.startswith("Interrupted while the code was exchanged, so it may be used: ")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://[::1",
        "https://h:x/?code=a b",
        "two words",
        "\x1b[31m",
        "c\u00f6de",
        "x" * 20_000,
        "\udcff",
        "\x00",
        "://",
    ],
)
def test_what_cannot_be_a_code_is_one_sentence(
    pasted: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert authorized(bench, monkeypatch, code=pasted) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "code" in said
    assert "x" * 100 not in said
