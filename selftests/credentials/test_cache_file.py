"""A cache that cannot be used never ends a run that could do without it, and never costs a refresh token.

``test_cache_attacked.py`` has all that may stand in its place; here whole runs meet some of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from quickstart.credentials.token_cache import CacheError
from selftests.support.bench import (
    NO_CODE,
    SMOKE,
    asked_for_tokens,
    cache,
    command,
    ended,
    plant,
    started,
    suite,
    write,
)
from standin.server.running import Procore, serve

NOBODY = 65534
AS_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a file somebody else's"
)
UNTOUCHED = "spends no refresh token"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _torn(path: Path) -> None:
    write(path, _text(path)[:40])


def _foreign(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "torn": (_torn, "is damaged"),
    "of another user": (_foreign, "belongs to another user"),
}


@pytest.mark.parametrize("damage", [pytest.param(name, marks=AS_ROOT if "user" in name else ()) for name in DAMAGES])
def test_a_cache_that_cannot_be_used_is_said_and_left_alone(damage: str) -> None:
    spoil, sentence = DAMAGES[damage]
    with serve() as procore:
        plant(procore)
        path = cache(procore).path
        spoil(path)
        before = path.read_bytes()
        code, output = suite(procore, *SMOKE)
        assert code == 0, output
        assert sentence in output
        assert "remove it and authorize again" in output
        assert path.read_bytes() == before
        assert not asked_for_tokens(procore.requests, "refresh_token")
        with pytest.raises(CacheError, match=sentence):
            cache(procore).load()


def mounted(procore: Procore, options: str, then: str = "true") -> tuple[int, str]:
    """A smoke run for which the cache's folder is a small file system of its own, with what is cached in it."""
    folder = procore.variables["PROCORE_TOKEN_CACHE"]
    script = (
        f"cp -a {folder} {folder}.kept && mount -t tmpfs -o size=16k,mode=700 none {folder} && "
        f"cp -a {folder}.kept/. {folder} && cd {folder} && {then}; cd - > /dev/null; "
        f'mount -o remount,{options} {folder} && exec "$@"'
    )
    return ended(started(procore, ["unshare", "-m", "sh", "-c", script, "sh", *command(*SMOKE)], NO_CODE))


def can_mount() -> bool:
    """Whether this machine lets us make a file system for one process alone."""
    if shutil.which("unshare") is None:
        return False
    try_it = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(try_it, capture_output=True, check=False).returncode == 0


MOUNTS = pytest.mark.skipif(not can_mount(), reason="needs the right to mount")
FULL = "dd if=/dev/zero of=filler bs=1k count=16 2> /dev/null"


@MOUNTS
@pytest.mark.parametrize(("options", "then"), [("ro", "true"), ("rw", FULL)], ids=["read-only", "full"])
def test_without_a_place_to_write_the_run_goes_on_and_spends_no_refresh_token(options: str, then: str) -> None:
    with serve() as procore:
        plant(procore)
        code, output = mounted(procore, options, then)
        assert code == 0, output
        assert "PROCORE_TOKEN_CACHE" in output
        assert not asked_for_tokens(procore.requests, "refresh_token")
        assert len(asked_for_tokens(procore.requests, "client_credentials")) == 1


@MOUNTS
def test_a_fresh_token_on_a_read_only_disk_is_used() -> None:
    with serve() as procore:
        plant(procore, expires_at=9e9)
        planted = len(asked_for_tokens(procore.requests))
        code, output = mounted(procore, "ro")
        assert code == 0, output
        assert len(asked_for_tokens(procore.requests)) == planted


def test_a_folder_that_cannot_be_made_is_said() -> None:
    with serve() as procore:
        changes = NO_CODE | {"PROCORE_TOKEN_CACHE": f"{__file__}/tokens"}
        code, output = suite(procore, *SMOKE, changes=changes)
        assert code == 0, output
        assert "set PROCORE_TOKEN_CACHE to a folder you can write" in output


def test_client_credentials_leave_no_token_behind() -> None:
    with serve() as procore:
        assert suite(procore, *SMOKE)[0] == 0
        assert not cache(procore).path.exists()


@pytest.mark.posix
def test_the_cache_is_for_its_owner_alone() -> None:
    with serve() as procore:
        assert suite(procore, *SMOKE, changes={})[0] == 0
        assert cache(procore).path.stat().st_mode & 0o777 == 0o600
