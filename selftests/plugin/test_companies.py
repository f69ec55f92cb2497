"""``--companies``: every other company is judged by the same claims, within one budget, and what was judged is kept."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from selftests.secrecy.canaries import found
from selftests.support.bench import NO_CODE, QUIET, command, ended, started, suite
from selftests.support.lists import judged
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Hiccup
from standin.model.directory import Directory, with_companies
from standin.model.world import World
from standin.server.running import serve

SECOND = 562949953424313  # of the stand-in's own companies: connected
NOT_INSTALLED = 4265003
SOME = ("-k", "projects or companies_answers")


def companies(count: int, **members: Any) -> World:
    return World(populate=lambda known: with_companies(known, count), **members)


def states(verdict: dict[str, Any]) -> dict[int, str]:
    return {one["id"]: one["state"] for one in verdict["companies"]["asked"]}


def of(verdict: dict[str, Any], requirement: str) -> dict[str, Any]:
    return next(one for one in verdict["requirements"] if one["id"] == requirement)


def test_what_is_not_connected_is_told_and_not_red(tmp_path: Path) -> None:
    with serve() as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all")
        assert code == 0, output
        assert states(verdict) == {SECOND: "judged", NOT_INSTALLED: "not-connected"}
        assert "1 not connected: the app is not installed there" in output
        assert f"company {NOT_INSTALLED} (Not Installed Company): not connected (403)" in output
        assert "CONFORMANT" in output.splitlines()[-1]


@pytest.mark.parametrize("by", ["ids", "file"])
def test_what_was_named_and_is_not_connected_is_red(tmp_path: Path, by: str) -> None:
    file = tmp_path / "ids.txt"
    file.write_text(f"# ours\n{SECOND}\n{NOT_INSTALLED}  # the new one\n", encoding="utf-8")
    named = f"{SECOND},{NOT_INSTALLED}" if by == "ids" else str(file)
    with serve() as procore:
        code, output, verdict = judged(procore, tmp_path, f"--companies={named}")
        assert code == 1
        found = of(verdict, "projects.status")
        assert found["verdict"] == "violated"
        assert found["detail"].startswith(f"company {NOT_INSTALLED} (Not Installed Company): 403")
        assert f"test_projects_answers_200[company {NOT_INSTALLED}]" in output
        assert "guide step 4" in output.splitlines()[-1]


def strange(company: int) -> Any:
    """Projects of this company have an id that is no number, for this company alone."""

    def bend(request: Request, answer: Answer, _: World) -> Answer:
        if request.query.get("company_id") != str(company) or not isinstance(answer.body, list):
            return answer
        return answer.with_body([{**one, "id": str(one["id"])} for one in answer.body])

    return bend


def test_what_one_company_breaks_is_broken_and_names_it(tmp_path: Path) -> None:
    page, summary = tmp_path / "report.html", tmp_path / "summary.md"
    with serve(World(modifiers=(strange(SECOND),))) as procore:
        files = (f"--html={page}", f"--summary-md={summary}")
        code, output, verdict = judged(procore, tmp_path, "--companies=all", *files)
        assert code == 1, output
        broken = {one["id"] for one in verdict["requirements"] if one["verdict"] == "violated"}
        assert broken == {"projects.schema"}, "the same claims, and each first cause alone"
        assert of(verdict, "projects.schema")["detail"].startswith(f"company {SECOND} (Second Company): /0/id")
        (breach,) = next(one for one in verdict["companies"]["asked"] if one["id"] == SECOND)["breaches"]
        assert (breach["requirement"], breach["verdict"]) == ("projects.schema", "violated")
        assert "1 broken" in output
        assert f"[company {SECOND}]" in page.read_text()
        assert '<section id="companies"' in page.read_text()
        assert f"company {SECOND} (Second Company)&#58; projects" in summary.read_text().replace(": p", "&#58; p")


def test_many_broken_companies_are_one_sentence_and_few_reports(tmp_path: Path) -> None:
    def bend(request: Request, answer: Answer, world: World) -> Answer:
        own = world.realms["sandbox"].directory.configured.id
        other = "company_id" in request.query and request.query["company_id"] != str(own)
        return answer.with_body({"projects": []}) if other and answer.ok else answer

    with serve(companies(40, modifiers=(bend,))) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", *SOME)
        assert code == 1
        assert "; and in 37 companies more" in of(verdict, "projects.schema")["detail"]
        assert output.count("FAILED ") == 10
        assert sum(bool(one["breaches"]) for one in verdict["companies"]["asked"]) == 38


def test_all_pages_of_the_list_are_read(tmp_path: Path) -> None:
    with serve(companies(250)) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "-m", "smoke")
        assert code == 0, output
        assert verdict["companies"]["total"] == 249
        assert len(states(verdict)) == 249
        told = re.search(r"249 companies more: at most ([\d,]+) requests and ([\d,]+) s in all", output)
        assert told is not None
        assert len(procore.requests) <= int(told[1].replace(",", "")), "the budget is in words what it is"


def test_the_rate_limit_is_waited_for_in_the_middle(tmp_path: Path) -> None:
    rules = Behaviour(rate_limit=15, rate_window=2)
    with serve(companies(40, behaviour=rules)) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "-m", "smoke")
        assert code == 0, output
        assert "the rate limit is used up; waiting" in output
        assert len(states(verdict)) == 39
        assert "429" not in output


def later(company: int, times: int) -> Any:
    """This company is answered 429 so many times."""
    left = [times]

    def bend(request: Request, answer: Answer, _: World) -> Answer:
        if request.query.get("company_id") != str(company) or not left[0]:
            return answer
        left[0] -= 1
        return replace(answer, status=429, headers=(("Retry-After", "1"),), body=b"")

    return bend


def test_a_429_in_the_middle_is_asked_again(tmp_path: Path) -> None:
    with serve(World(modifiers=(later(SECOND, 1),))) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "-m", "smoke")
        assert code == 0, output
        assert "answered 429; waiting 1 s" in output
        assert states(verdict)[SECOND] == "judged"


def test_a_rate_limit_that_does_not_end_breaks_off_and_keeps_what_was_judged(tmp_path: Path) -> None:
    with serve(companies(30, modifiers=(later(562949953421312 + 500_000 + 20, 99),))) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "-m", "smoke")
        assert code == 2, output
        assert verdict["ending"]["kind"] == "broken-off"
        assert "the rate limit of this account is used up" in verdict["ending"]["reason"]
        assert "19 of 29 companies were asked" in verdict["ending"]["reason"]
        assert len(states(verdict)) == 19
        assert of(verdict, "projects.status")["verdict"] == "could-not-test", "not of all companies"
        assert verdict["conformant"] is None


def test_no_more_is_sent_than_the_budget_of_all_companies(tmp_path: Path) -> None:
    busy = Hiccup(Answer(503, (("Retry-After", "0"),), b""), "projects", 10_000)
    with serve(companies(20, behaviour=Behaviour(hiccups=()))) as procore:
        world = procore.world

        def soon(_: Request, answer: Answer, __: World) -> Answer:
            if answer.endpoint == "projects":
                with world.lock:
                    world.behaviour = replace(world.behaviour, hiccups=(busy,))
            return answer

        world.modifiers = (soon,)
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "-m", "smoke")
        told = re.search(r"at most ([\d,]+) requests", output)
        assert told is not None
        assert len(procore.requests) <= int(told[1])
        assert code in {1, 2}
        assert "the budget of" in verdict["ending"]["reason"]


@pytest.mark.posix
def test_ctrl_c_in_the_middle_keeps_what_was_judged(tmp_path: Path) -> None:
    file = tmp_path / "verdict.json"

    def slow(request: Request, answer: Answer, world: World) -> Answer:
        time.sleep(0.2 if world.counts["projects"] > 5 and "company_id" in request.query else 0)
        return answer

    with serve(companies(60, modifiers=(slow,))) as procore:
        line = command(*QUIET, "-m", "smoke", "--companies=all", f"--verdict-json={file}")
        process = started(procore, line, NO_CODE)
        begun = time.monotonic()
        while len(procore.requests) < 15:
            assert time.monotonic() - begun < 60
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        code, output = ended(process)
        verdict = json.loads(file.read_text(encoding="utf-8"))
        assert code == 2, output
        assert 5 < len(states(verdict)) < 58
        assert re.search(r"; \d+ of 58 companies were asked", verdict["ending"]["reason"])
        assert re.search(r"NO VERDICT: .*The run was broken off", output)


def test_first_failure_ends_the_companies_too(tmp_path: Path) -> None:
    with serve(companies(30, modifiers=(strange(SECOND),))) as procore:
        code, output, verdict = judged(procore, tmp_path, "-x", "--companies=all", *SOME)
        assert code == 1, output
        assert len(states(verdict)) == 1
        assert "1 of 29 companies were asked" in verdict["ending"]["reason"]


def test_an_empty_company_is_no_advisory(tmp_path: Path) -> None:
    def own_alone(known: Directory) -> Directory:
        return replace(known, projects=known.projects_of(known.configured))

    with serve(World(populate=own_alone)) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "--fail-on=should")
        assert code == 0, output
        assert states(verdict)[SECOND] == "judged"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--companies=al",), "is neither all, nor ids such as 4265001,4265002, nor a file of ids"),
        (("--companies=0",), "is no id of a company"),
        (("--companies=,",), "is no id of a company"),
        (("--companies=all", "--target=replay"), "goes with a live target alone"),
        (("--companies=all", "--record-mode=rewrite"), "goes with a live target alone"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    with serve() as procore:
        code, output = suite(procore, *QUIET, *arguments)
        assert code == 4
        assert says in output
        assert not procore.requests


def test_what_other_companies_give_away_fills_no_memory(tmp_path: Path) -> None:
    """Each answer sets a cookie of its own, which the redactor would remember in a hundred spellings."""
    plugin = tmp_path / "looks.py"
    plugin.write_text(
        "def pytest_sessionfinish(session):\n"
        "    suite = next(p for p in session.config.pluginmanager.get_plugins() if hasattr(p, 'redactor'))\n"
        "    print('FORMS', len(suite.redactor._known._forms))\n",
        encoding="utf-8",
    )
    forms = []
    for count in (3, 60):
        with serve(companies(count)) as procore:
            changes = {**NO_CODE, "PYTHONPATH": str(tmp_path)}
            line = (*QUIET, "-s", "-p", "looks", "-m", "smoke", "--companies=all")
            _, output = suite(procore, *line, changes=changes)
            forms.append(int(re.search(r"FORMS (\d+)", output)[1]))  # type: ignore[index]
    assert forms[1] < forms[0] + 60


def test_no_secret_of_any_company_is_told(tmp_path: Path) -> None:
    """Of the tenth as of the first: what is not reported one by one stands in the verdict."""
    issued: list[str] = []

    def leaky(request: Request, answer: Answer, world: World) -> Answer:
        own = world.realms["sandbox"].directory.configured.id
        if request.query.get("company_id", str(own)) == str(own):
            return answer
        issued.append(hashlib.sha256(request.query["company_id"].encode()).hexdigest())
        said = f"{request.header('authorization')} {world.realms['sandbox'].application.secret}"
        # What is told of a body is its beginning; that it holds a secret is known by what comes later alone.
        first = issued[-1] if len(issued) % 2 else said
        return replace(answer, status=500).with_body({"errors": [first], "access_token": issued[-1]})

    page = tmp_path / "report.html"
    with serve(companies(18, modifiers=(leaky,))) as procore:
        code, output, verdict = judged(procore, tmp_path, "--companies=all", "-m", "smoke", f"--html={page}")
        assert code == 1
        assert sum(bool(one["breaches"]) for one in verdict["companies"]["asked"]) == 17
        tokens = [token.access for token in procore.world.realms["sandbox"].tokens.values()]
        hidden = {*issued, *tokens, procore.variables["PROCORE_CLIENT_SECRET"]}
        places = [("terminal", output), ("verdict", json.dumps(verdict)), ("page", page.read_text())]
        assert len(issued) == 17
        assert found(places, hidden) == []
