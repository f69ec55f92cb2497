"""Lists of many pages, the runs that read them, and what their verdicts say of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quickstart.exchange import contract
from selftests.support.bench import QUIET, suite
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import with_companies, with_projects
from standin.model.world import World
from standin.server.running import Procore

LENGTH = 5  # items on a page
UNPAGED = Paging(100_000, 100_000, honour_per_page=False, honour_page=False, link=False, total=False, per_page=False)
ONE = "--requirement=projects.schema"


def projects(count: int, *modifiers: Any, **rules: Any) -> World:
    """So many projects of the configured company, on pages of five."""
    behaviour = Behaviour(**{"paging": Paging(default_size=LENGTH), "rate_limit": 100_000, **rules})
    return World(behaviour=behaviour, populate=lambda known: with_projects(known, count), modifiers=modifiers)


def companies(count: int, *modifiers: Any, paging: Paging | None = None) -> World:
    """So many companies."""
    behaviour = Behaviour(paging=paging or Paging(), rate_limit=100_000)
    return World(behaviour=behaviour, populate=lambda known: with_companies(known, count), modifiers=modifiers)


def strange(page: int, index: int) -> Any:
    """The id of one item on one page is no number."""

    def bend(request: Request, answer: Answer, _: World) -> Answer:
        if request.query.get("page") != str(page) or request.query.get("per_page") != str(LENGTH) or not answer.ok:
            return answer
        items = list(answer.body)
        items[index] = {**items[index], "id": str(items[index]["id"])}
        return answer.with_body(items)

    return bend


def judged(procore: Procore, tmp_path: Path, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and verdict of a live run with a user's token; the verdict obeys its schema."""
    file = tmp_path / "verdict.json"
    code, output = suite(procore, *QUIET, f"--verdict-json={file}", *arguments, changes={})
    verdict = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    assert [str(one) for one in contract.violations(verdict, "verdict")] == []
    return code, output, verdict


def of(verdict: dict[str, Any], requirement: str) -> dict[str, Any]:
    return next(one for one in verdict["requirements"] if one["id"] == requirement)


def read(verdict: dict[str, Any], name: str = "projects") -> dict[str, Any]:
    return next(one for one in verdict["lists"] if one["name"] == name)
