"""``--exhaustive``: all pages of a list are judged, in flat memory, and a sample says what it is."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from selftests.support.bench import NO_CODE, QUIET, suite
from selftests.support.lists import LENGTH, ONE, UNPAGED, companies, judged, of, projects, read, strange
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import LARGE_ID, with_companies
from standin.model.world import World
from standin.server.running import serve


def test_a_sample_says_that_it_is_one(tmp_path: Path) -> None:
    """The fault far out is not in it; no more is sent than a run may send."""
    page, summary = tmp_path / "report.html", tmp_path / "summary.md"
    with serve(projects(300, strange(57, 3))) as procore:
        files = (f"--html={page}", f"--summary-md={summary}")
        code, output, verdict = judged(procore, tmp_path, "-k", "projects", *files)
        assert code == 0, output
        told = "projects: 15 of 300 items were judged, on pages 1, 2, 60 of 60: a sample; --exhaustive reads all"
        assert f"note: {told}" in output
        assert told in verdict["notes"]
        assert told in page.read_text()
        assert "15 of 300 items were judged" in summary.read_text()
        assert read(verdict) == {
            "name": "projects",
            "company": procore.world.realms["sandbox"].directory.configured.id,
            "exhaustive": False,
            "items": {"judged": 15, "of": 300},
            "pages": {"read": 3, "of": 60, "numbers": [1, 2, 60]},
            "complete": False,
            "unfinished": "",
        }
        assert len(procore.requests) <= int(re.search(r"of at most (\d+)", output)[1])  # type: ignore[index]


def test_a_fault_far_out_is_found_and_named_by_page_and_index(tmp_path: Path) -> None:
    with serve(projects(300, strange(57, 3))) as procore:
        code, output, verdict = judged(procore, tmp_path, ONE, "--exhaustive")
        assert code == 1, output
        assert of(verdict, "projects.schema")["detail"].startswith("projects page 57: /3/id: ")
        assert "test_projects_obey_the_schema[projects page 57]" in output
        assert "exhaustive: 59 more pages of projects; 59 requests more, at most " in output
        assert "projects: all 300 items on 60 pages were judged" not in output, "one page could not be counted"
        assert read(verdict)["pages"]["read"] == 60
        assert "run again: pytest --target=sandbox --exhaustive --requirement=projects.schema" in output


def test_all_items_are_judged_and_the_budget_is_kept(tmp_path: Path) -> None:
    with serve(projects(103)) as procore:
        code, output, verdict = judged(procore, tmp_path, ONE, "--exhaustive")
        assert code == 0, output
        assert "note: projects: all 103 items on 21 pages were judged" in output
        assert read(verdict)["complete"] is True
        told = int(re.search(r"at most ([\d,]+) requests", output)[1].replace(",", ""))  # type: ignore[index]
        assert 20 < len(procore.requests) <= told


@pytest.mark.posix
def test_memory_is_flat(tmp_path: Path) -> None:
    plugin = tmp_path / "looks.py"
    plugin.write_text(
        "import resource\n"
        "def pytest_sessionfinish(session):\n"
        "    print('PEAK', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n",
        encoding="utf-8",
    )
    peaks = []
    for count in (1_000, 10_000):
        with serve(companies(count)) as procore:
            changes = {**NO_CODE, "PYTHONPATH": str(tmp_path)}
            line = (*QUIET, "-s", "-p", "looks", "--requirement=companies.unique", "--exhaustive")
            _, output = suite(procore, *line, changes=changes)
            assert f"companies: all {count - 1:,} items on {count // 100} pages" in output, "it is as many as were read"
            peaks.append(int(re.search(r"PEAK (\d+)", output)[1]))  # type: ignore[index]
    assert peaks[1] - peaks[0] < 8 * 1024, f"{peaks} KiB"


def test_an_id_that_comes_on_two_pages_is_asked_for_again(tmp_path: Path) -> None:
    """What comes twice once alone is a list that changed."""

    def shows(page: str, whose: str, times: int) -> Any:
        seen: dict[str, Any] = {}
        left = [times]

        def bend(request: Request, answer: Answer, _: World) -> Answer:
            number = request.query.get("page", "")
            if not isinstance(answer.body, list) or request.query.get("per_page") != str(LENGTH):
                return answer
            seen.setdefault(number, answer.body[0])
            if number != page or not left[0]:
                return answer
            left[0] -= 1
            return answer.with_body([seen[whose], *answer.body[1:]])

        return bend

    for times, code in ((99, 1), (1, 0)):
        with serve(projects(50, shows("8", "3", times))) as procore:
            given, output, verdict = judged(procore, tmp_path, "--requirement=projects.pages", ONE, "--exhaustive")
            assert given == code, output
            said = of(verdict, "projects.pages")["detail"]
            assert bool(re.fullmatch(r"projects pages together: id \d+ on pages 3 and 8", said)) == bool(code)


def test_a_list_in_one_answer_is_read_in_flat_memory_and_said_to_be_a_sample(tmp_path: Path) -> None:
    """Twenty thousand companies in one answer: the fault among those that are not kept is found by reading all."""

    def bend(_: Request, answer: Answer, __: World) -> Answer:
        if not isinstance(answer.body, list) or len(answer.body) < 20_000:
            return answer
        return answer.with_body([*answer.body[:15_000], {**answer.body[15_000], "id": "x"}, *answer.body[15_001:]])

    with serve(companies(20_000, bend, paging=UNPAGED)) as procore:
        line = ("--requirement=companies.schema", "--requirement=companies.name")
        code, output, verdict = judged(procore, tmp_path, *line)
        assert code == 0, output
        known = read(verdict, "companies")
        assert known["items"]["of"] == 20_000
        assert 1000 <= known["items"]["judged"] < 10_000
        assert (
            f"companies: {known['items']['judged']:,} of 20,000 items were judged, on page 1 of 1: a sample" in output
        )
        begun = time.monotonic()
        code, output, verdict = judged(procore, tmp_path, *line, "--exhaustive")
        assert code == 1, output
        assert of(verdict, "companies.schema")["detail"].startswith("companies page 1: /15000/id: ")
        assert read(verdict, "companies")["items"]["judged"] == 20_000 - 100, "the wrong hundred cannot be counted"
        assert time.monotonic() - begun < 60


def test_other_companies_are_read_to_their_ends_too(tmp_path: Path) -> None:
    def many(known: Any) -> Any:
        one = known.companies[1]
        more = [replace(known.projects[0], id=LARGE_ID + number, company_id=one.id) for number in range(22)]
        return replace(known, projects=(*known.projects, *more))

    rules = Behaviour(paging=Paging(LENGTH), rate_limit=10_000)
    with serve(World(behaviour=rules, populate=many, modifiers=(strange(4, 1),))) as procore:
        code, output, verdict = judged(procore, tmp_path, ONE, "--companies=all")
        assert code == 0, output
        assert "of the projects of 1 company not all were judged: --exhaustive reads all pages" in output
        code, output, verdict = judged(procore, tmp_path, ONE, "--companies=all", "--exhaustive")
        assert code == 1, output
        second = verdict["companies"]["asked"][0]
        assert second["breaches"][0]["detail"].startswith(
            f"company {second['id']} (Second Company), projects page 4: /1/id"
        )
        assert second["projects"] == 20


def test_the_configured_company_may_be_on_a_later_page(tmp_path: Path) -> None:
    def last(known: Any) -> Any:
        known = with_companies(known, 12)
        return replace(known, companies=(*known.companies[1:-1], known.companies[0], known.companies[-1]))

    rules = Behaviour(paging=Paging(LENGTH), rate_limit=10_000)
    with serve(World(behaviour=rules, populate=last)) as procore:
        line = ("--requirement=companies.configured", "--requirement=companies.schema")
        changes = {"PROCORE_COMPANY_ID": str(procore.world.realms["sandbox"].directory.companies[-2].id)}
        file = tmp_path / "verdict.json"
        for arguments, found in (((), "could-not-test"), (("--exhaustive",), "satisfied")):
            _, output = suite(procore, *QUIET, f"--verdict-json={file}", *line, *arguments, changes=changes)
            assert of(json.loads(file.read_text()), "companies.configured")["verdict"] == found, output


@pytest.mark.parametrize("arguments", [("--target=replay",), ("--record-mode=rewrite",)])
def test_recordings_hold_no_more(arguments: tuple[str, ...]) -> None:
    with serve() as procore:
        code, output = suite(procore, *QUIET, "--exhaustive", *arguments)
        assert code == 4
        assert "--exhaustive reads more than recordings hold: it goes with a live target alone." in output
        assert not procore.requests
