"""Whoever answers in Procore's place names itself in its certificate as it likes: by a secret that it saw, say."""

from __future__ import annotations

from pathlib import Path

from selftests.secrecy.test_nothing_leaks import FILES, LOUD, leaks, secrets
from selftests.support.bench import NO_CODE, suite
from standin.server.certificates import Certificate
from standin.server.running import serve

NAMED = """
import os
from quickstart.exchange import certificate
certificate._described = lambda _: f"issued to {os.environ['PROCORE_CLIENT_SECRET']} by itself"
"""


def test_a_certificate_that_is_named_like_a_secret_leaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "named.py").write_text(NAMED, encoding="utf-8")
    left = tmp_path / "left"
    left.mkdir()
    files = [one.replace("left/", f"{left}/") for one in FILES]
    with serve(certificate=Certificate.SELF_SIGNED) as procore:
        changes = {**NO_CODE, "PYTHONPATH": str(tmp_path)}
        code, output = suite(procore, *LOUD, *files, "-p", "named", "-p", "no:cacheprovider", changes=changes)
        assert code != 0
        assert "by itself" in output
        assert (left / "v.json").exists()
        texts = [(path.name, path.read_bytes()) for path in left.iterdir()]
        assert not leaks([("terminal", output.encode()), *texts], secrets(procore))
