"""A run whose credentials, cookies and people are called like words of ours says the same as any other run."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from selftests.support.bench import suite
from standin.cases.bending import header, on, put, status
from standin.model.world import OUT_OF_BAND, Application, World
from standin.server.running import serve

FILES = ("--verdict-json={0}/v.json", "--summary-md={0}/s.md", "--junitxml={0}/j.xml", "--badge={0}/b.json")
LINE = ("-vv", "-rA", "--disruptive", "-p", "no:cacheprovider", "--tb=short")
WORDS = ("client-credentials", "requirement-violated", "projects.company", "NOT CONFORMANT", "Grant Companies")
ORDINARY = ("zxcvbn-qwertyuiops", "b71c9e" * 4, "f00d5a" * 4, "0ddba1" * 4, "Xaverinkel Obergurgl")
_VARIES = re.compile(r"[0-9a-f-]{20,}|\d+(?:\.\d+)?|/\S*pytest-\S+|=+")


def said(folder: Path, names: tuple[str, str, str, str, str]) -> list[str]:
    """What a run says in which some requirements are broken, without numbers and places."""
    uid, secret, cookie, scope, person = names
    folder.mkdir()
    made = World()
    realm = made.realms["sandbox"]
    realm.application = realm.register(Application(uid, secret, (OUT_OF_BAND,)))
    made.modifiers = (
        on("", header("Set-Cookie", f"session={cookie}; Path=/"), ok=None),
        on("token", put("accessToken", scope), put("apiKey", "violated"), header("Cache-Control", None)),
        on("me", put("full_name", person), put("first_name", person.partition(" ")[0])),
        on("projects", put("*.created_by.name", person), put("*.active", False)),
        on("companies", status(500), first=2, ok=None),
    )
    with serve(made) as procore:
        files = [one.format(folder) for one in FILES]
        code, output = suite(procore, *LINE, *files, changes={})
    assert code == 1, output[-2000:]
    texts = [output, *(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))]
    lines = [_VARIES.sub("#", line) for text in texts for line in text.splitlines()]
    # What quotes the headers of an answer, or says where files are, is not ours.
    return [line for line in lines if "Set-Cookie" not in line and str(folder.name) + "/j.xml" not in line]


def test_what_a_run_says_does_not_depend_on_what_secrets_are_called(tmp_path: Path) -> None:
    usual, like_ours = said(tmp_path / "a", ORDINARY), said(tmp_path / "b", WORDS)
    assert len(usual) > 300
    assert list(difflib.unified_diff(usual, like_ours, n=0, lineterm="")) == []
