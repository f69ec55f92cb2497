"""The suite judges the real Doorkeeper gem, as Debian has it: what is legal there cries no wolf."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from selftests.support.project import NO_HYPOTHESIS, ROOT, bare_environment

STRICT = {"DOORKEEPER": "hash_token_secrets; enforce_content_type", "PREVIOUS": "1"}


@contextmanager
def served(folder: Path, **configured: str) -> Iterator[str]:
    """Run the server, and yield where it is once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["puma", "-e", "production", "-b", f"tcp://127.0.0.1:{port}", str(Path(__file__).with_name("config.ru"))]
    given = {**os.environ, "RAILS_ENV": "production", "FOLDER": str(folder), **configured}
    with (folder / "puma.log").open("w") as log, subprocess.Popen(command, env=given, stdout=log, stderr=log) as puma:
        try:
            while puma.poll() is None and socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            puma.terminate()


@pytest.mark.posix
@pytest.mark.parametrize(("configured", "advised"), [({}, []), (STRICT, ["token.multipart"])], ids=["usual", "strict"])
def test_the_real_gem_is_conformant(tmp_path: Path, configured: dict[str, str], advised: list[str]) -> None:
    looked = [shutil.which("puma"), shutil.which("ruby")]
    if None in looked or subprocess.run([str(looked[1]), "-e", "gem 'doorkeeper'"], capture_output=True).returncode:
        pytest.skip("ruby-doorkeeper is not here: bash selftests/doorkeeper/install.sh")
    verdict = tmp_path / "verdict.json"
    command = [sys.executable, "-m", "pytest", "--target=sandbox", "--disruptive", "-p", "no:xdist"]
    with served(tmp_path, **configured) as url:
        uid, secret = (tmp_path / "client").read_text().split()
        asked = {"response_type": "code", "client_id": uid, "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
        shown = requests.get(f"{url}/oauth/authorize", params=asked, timeout=60)
        settings = {
            "PROCORE_LOGIN_URL": url,
            "PROCORE_API_URL": url,
            "PROCORE_CLIENT_ID": uid,
            "PROCORE_CLIENT_SECRET": secret,
            "PROCORE_COMPANY_ID": "4265001",
            "PROCORE_AUTHORIZATION_CODE": re.findall(r"[?&]code=([\w-]+)", shown.url)[0],
            "PROCORE_TOKEN_CACHE": str(tmp_path / "tokens"),
        }
        command += ["-p", "no:cacheprovider", f"--verdict-json={verdict}", f"--folder={tmp_path}"]
        env = {**bare_environment(tmp_path), **NO_HYPOTHESIS, **settings}
        subprocess.run(command, cwd=ROOT, env=env, capture_output=True)
    found = {one["id"]: one["verdict"] for one in json.loads(verdict.read_text())["requirements"]}
    assert found["refresh.old-refresh-token"] == "satisfied"
    assert [name for name, one in found.items() if one in {"advisory", "violated"}] == advised
