"""``--exhaustive``: all pages of a list are judged, in flat memory, within the rate limit; a sample says what it is."""

from __future__ import annotations

import json
import re
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quickstart.exchange import contract
from selftests.support.bench import NO_CODE, QUIET, command, ended, started, suite
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import LARGE_ID, with_companies, with_projects
from standin.model.world import World
from standin.server.running import Procore, serve

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
