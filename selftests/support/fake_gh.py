#!/usr/bin/env python3
"""What ``gh`` does in the scripts of the workflows, on files: runs with artifacts, issues, and what it was asked.

A program. ``FAKE_GH`` is its folder: ``runs.json`` (workflow to ids, the newest first), ``artifacts/ID/NAME/``,
``issues.json``, ``asked.jsonl``.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME = Path(os.environ.get("FAKE_GH", "."))


def _given(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def _load(name: str, nothing: Any) -> Any:
    path = HOME / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else nothing


def _queried(document: Any, query: str) -> int:
    """What --jq gives: jq itself, in raw letters as gh prints them."""
    return subprocess.run(["jq", "-r", query], input=json.dumps(document), text=True, check=False).returncode  # noqa: S607


def _runs(words: list[str]) -> int:
    known = _load("runs.json", {}).get(_given(words, "--workflow"), [])[: int(_given(words, "--limit"))]
    return _queried([{"databaseId": one} for one in known], _given(words, "--jq"))


def _download(words: list[str]) -> int:
    pattern = _given(words, "--pattern") if "--pattern" in words else _given(words, "--name")
    there = sorted((HOME / "artifacts" / words[2]).glob("*"))
    found = [path for path in there if fnmatch.fnmatch(path.name, pattern)]
    for path in found:
        # By pattern each artifact gets a folder of its own, by name it does not.
        into = Path(_given(words, "--dir"), *([path.name] if "--pattern" in words else []))
        shutil.copytree(path, into, dirs_exist_ok=True)
    return 0 if found else 1


def _issue(words: list[str]) -> int:
    issues: list[dict[str, Any]] = _load("issues.json", [])
    if words[1] == "list":
        found = [one for one in issues if one["state"] == "open" and one["label"] == _given(words, "--label")]
        return _queried([{"number": one["number"], "title": one["title"]} for one in found], _given(words, "--jq"))
    body = Path(_given(words, "--body-file")).read_text(encoding="utf-8") if "--body-file" in words else ""
    if words[1] == "create":
        new = {"number": len(issues) + 1, "state": "open", "comments": [], "body": body}
        issues.append({**new, "title": _given(words, "--title"), "label": _given(words, "--label")})
    else:
        (meant,) = [one for one in issues if one["number"] == int(words[2])]
        if words[1] == "edit":
            meant["body"] = body
        if words[1] == "close":
            meant["state"] = "closed"
            meant["comments"].append(_given(words, "--comment"))
    (HOME / "issues.json").write_text(json.dumps(issues), encoding="utf-8")
    return 0


def main(words: list[str]) -> int:
    """Be gh for one command."""
    with (HOME / "asked.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(words) + "\n")
    kinds: dict[str, Callable[[list[str]], int]] = {
        "run list": _runs,
        "run download": _download,
        "label create": lambda _: 0,
        **{f"issue {verb}": _issue for verb in ("list", "create", "edit", "close")},
    }
    return kinds[" ".join(words[:2])](words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
