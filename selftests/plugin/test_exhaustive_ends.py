"""How exhaustive reading ends: by a person, the rate limit, or a list without an end; what was judged stays."""

from __future__ import annotations

import json
import re
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from selftests.support.bench import NO_CODE, QUIET, command, ended, started
from selftests.support.lists import LENGTH, ONE, judged, of, projects, read, strange
from standin.http.messages import Answer, Request
from standin.model.behaviour import Paging
from standin.model.directory import LARGE_ID
from standin.model.world import World
from standin.server.running import serve


@pytest.mark.posix
def test_ctrl_c_in_the_middle_keeps_what_was_judged(tmp_path: Path) -> None:
    file = tmp_path / "verdict.json"

    def slow(request: Request, answer: Answer, _: World) -> Answer:
        time.sleep(0.1 if int(request.query.get("page", "0")) > 5 else 0)
        return answer

    with serve(projects(500, strange(3, 1), slow)) as procore:
        line = command(*QUIET, ONE, "--requirement=projects.name", "--exhaustive", f"--verdict-json={file}")
        process = started(procore, line, NO_CODE)
        begun = time.monotonic()
        while len(procore.requests) < 12:
            assert time.monotonic() - begun < 60
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        code, output = ended(process)
        verdict = json.loads(file.read_text(encoding="utf-8"))
        assert code == 1, output
        assert of(verdict, "projects.schema")["verdict"] == "violated", "what was found stays"
        name = of(verdict, "projects.name")
        assert name["verdict"] == "could-not-test"
        how_far = re.search(r"projects: ([\d,]+) of 500 items were judged, on .* of 100 \(broken off\)", name["detail"])
        assert how_far is not None
        assert 30 <= int(how_far[1]) == read(verdict)["items"]["judged"] < 450
        assert verdict["ending"]["kind"] == "broken-off"


def test_the_rate_limit_is_waited_for_in_the_middle(tmp_path: Path) -> None:
    with serve(projects(100, rate_limit=12, rate_window=2)) as procore:
        code, output, verdict = judged(procore, tmp_path, ONE, "--exhaustive")
        assert code == 0, output
        assert "the rate limit is used up; waiting" in output
        assert read(verdict)["items"] == {"judged": 100, "of": 100}


def test_a_tenth_of_the_hour_is_left_to_others(tmp_path: Path) -> None:
    with serve(projects(500, rate_limit=50)) as procore:
        code, output, verdict = judged(procore, tmp_path, ONE, "--exhaustive")
        assert code == 2, output
        assert re.search(r"99 requests more, .*; the hour leaves 44, a tenth kept for others: not enough", output)
        spent = [one for one in procore.requests if one.path.startswith("/rest/")]
        assert len(spent) == 45
        assert (
            "the hour's requests are used up, but for the tenth that is left to others" in verdict["ending"]["reason"]
        )
        assert read(verdict)["items"]["judged"] == 45 * LENGTH
        assert "225 of 500 items were judged" in of(verdict, "projects.schema")["detail"]


def test_a_429_that_does_not_end_keeps_what_was_judged(tmp_path: Path) -> None:
    def busy(request: Request, answer: Answer, _: World) -> Answer:
        late = request.query.get("page") == "9"
        return replace(answer, status=429, headers=(("Retry-After", "0"),), body=b"") if late else answer

    with serve(projects(100, busy)) as procore:
        code, _, verdict = judged(procore, tmp_path, ONE, "--exhaustive")
        assert code == 2
        assert "the rate limit of this account is used up (projects page 9 was answered 429)" in str(verdict["ending"])
        assert read(verdict)["items"]["judged"] == 8 * LENGTH


def fresh(request: Request, answer: Answer, _: World) -> Answer:
    """Behind every page is another one, with items that nobody saw before."""
    page = int(request.query.get("page", "1"))
    if not isinstance(answer.body, list) or page < 3 or request.query.get("per_page") != str(LENGTH):
        return answer
    first = {"active": True, "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z"}
    company = {"id": int(request.query["company_id"]), "name": "x"}
    ids = (LARGE_ID + 900_000 + page * LENGTH + number for number in range(LENGTH))
    items = [{"id": one, "name": "x", "display_name": "x", "company": company, **first} for one in ids]
    following = f"{request.base}{request.path}?company_id={company['id']}&page={page + 1}&per_page={LENGTH}"
    return answer.with_body(items if page > 3 else answer.body).with_header("Link", f'<{following}>; rel="next"')


@pytest.mark.parametrize(
    ("world", "says", "asked"),
    [
        (projects(15, fresh), "page 8 has items, and page 3 was to be the last: the list does not end", 12),
        (projects(50, paging=Paging(LENGTH, honour_page=False)), "page 2 repeats page 1: the list does not end", 12),
    ],
)
def test_a_list_that_does_not_end_is_told_in_one_sentence(tmp_path: Path, world: World, says: str, asked: int) -> None:
    with serve(world) as procore:
        code, output, verdict = judged(procore, tmp_path, ONE, "--requirement=projects.pages", "--exhaustive")
        assert code == 1, output
        assert says in output
        assert of(verdict, "projects.pages")["verdict"] == "violated"
        assert of(verdict, "projects.schema")["verdict"] == "could-not-test"
        assert len(procore.requests) <= asked


def test_next_links_that_loop_are_broken_and_lead_nobody_astray(tmp_path: Path) -> None:
    with serve(projects(50, paging=Paging(LENGTH, next_loops=True))) as procore:
        code, output, verdict = judged(procore, tmp_path, "--requirement=projects.link", ONE, "--exhaustive")
        assert code == 1
        assert "note: projects: all 50 items on 10 pages were judged" in output
        assert of(verdict, "projects.link")["detail"].endswith("; and on 8 pages more")
