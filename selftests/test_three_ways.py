"""The three ways to run: replay, live against the stand-in, record and replay."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from quickstart.exchange import contract, definitions
from quickstart.plugin.session import Wish
from quickstart.run import values
from selftests.support.command import Outcome, pytest_in
from selftests.support.project import ROOT
from standin.cases.bending import body, header, on
from standin.model.directory import Company, Directory
from standin.model.hosts import PRODUCTION, SANDBOX, Site
from standin.model.world import World
from standin.server.running import serve


def budget(*, disruptive: bool) -> int:
    """The requests that a run may send, those that are sent again among them."""
    return Wish("sandbox", record=False, disruptive=disruptive).requests(definitions.load())


@pytest.mark.parametrize(
    "arguments", [(), ("-n", "2"), ("-p", "randomly", "-p", "no:cacheprovider")], ids=["plain", "n2", "random"]
)
def test_replay_is_green_offline_in_any_order(project: Path, arguments: tuple[str, ...]) -> None:
    outcome = pytest_in(project, *arguments)
    assert outcome.code == 0, outcome.text
    assert outcome.ids("satisfied") == {one["id"] for one in outcome.verdict["requirements"]}
    assert "recorded from the local stand-in on" in outcome.verdict["evidence"]


def test_live_asks_every_exchange_within_its_budget(project: Path) -> None:
    with serve() as procore:
        outcome = pytest_in(project, "--target=sandbox", environment=procore.environment)
        assert outcome.code == 0, outcome.text
        assert len(procore.requests) <= budget(disruptive=False)
        assert not outcome.ids("violated") | outcome.ids("advisory")
        assert {one["evidence"] for one in outcome.verdict["exchanges"]} == {"live, the local stand-in"}


def test_disruptive_judges_everything_within_its_budget(project: Path) -> None:
    with serve() as procore:
        outcome = pytest_in(project, "--target=sandbox", "--disruptive", environment=procore.environment)
        assert outcome.code == 0, outcome.text
        assert len(procore.requests) <= budget(disruptive=True)
        assert outcome.ids("satisfied") == {one["id"] for one in outcome.verdict["requirements"]}


@pytest.mark.parametrize(
    ("site", "host"),
    [(PRODUCTION, "app.procore.com"), (SANDBOX, "sandbox.procore.com")],
    ids=["web application", "API host"],
)
def test_one_host_may_answer_all(project: Path, site: Site, host: str) -> None:
    """SDKs of Procore's log in where they call: the suite finds nothing wrong with it."""
    hosts = dict.fromkeys(("PROCORE_LOGIN_URL", "PROCORE_API_URL"), f"https://{host}")
    with serve(site=site) as procore:
        environment = {**procore.environment, **hosts}
        words = (f"--target={site.name}", "--disruptive", "--yes-production")
        outcome = pytest_in(project, *words, environment=environment)
        assert outcome.code == 0, outcome.text
        assert outcome.ids("satisfied") == {one["id"] for one in outcome.verdict["requirements"]}
        assert {one.host for one in procore.requests} == {host}


def test_smoke_sends_four_requests_at_most(project: Path) -> None:
    with serve() as procore:
        outcome = pytest_in(project, "--target=sandbox", "-m", "smoke", environment=procore.environment)
        assert outcome.code == 0, outcome.text
        assert [request.path for request in procore.requests][-1] == "/rest/v1.1/projects"
        assert len(procore.requests) <= 4


@pytest.mark.parametrize("answered", ["companies", "projects"])
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_smoke_takes_no_page_for_a_list(project: Path, answered: str, kind: str) -> None:
    """Gateways answer 200 for a host that is down."""
    page = b'{"message":"back soon"}' if kind == "application/json" else b"<html>back soon</html>"
    with serve(World(modifiers=(on(answered, body(page), header("Content-Type", kind)),))) as procore:
        outcome = pytest_in(project, "--target=sandbox", "-m", "smoke", environment=procore.environment)
    assert outcome.code == 1, outcome.text


def test_where_no_foreign_company_is_named_none_of_ours_is_taken_for_one(project: Path) -> None:
    def far_away_company(known: Directory) -> Directory:
        return replace(known, companies=(*known.companies, Company(known.configured.id + 1_000_000, "Ours too")))

    with serve(World(populate=far_away_company)) as procore:
        environment = {**procore.environment, "PROCORE_FOREIGN_COMPANY_ID": ""}
        outcome = pytest_in(project, "--target=sandbox", environment=environment)
        assert outcome.code == 0, outcome.text
        assert "companies.foreign" in outcome.ids("could-not-test")
        assert "projects.foreign-company" in outcome.ids("satisfied")


def record(project: Path) -> Outcome:
    with serve() as procore:
        return pytest_in(
            project, "--target=sandbox", "--disruptive", "--record-mode=rewrite", environment=procore.environment
        )


def timeless(path: Path) -> str:
    """Return a recording without what may differ between two: clocks."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT", "DATE", text)
    text = re.sub(r'("recorded": |"seconds": )[^,\n]+', r"\1TIME", text)
    text = re.sub(r'("expires_in(_seconds)?": |X-Runtime:\n\s+- )[^,}\n]+', r"\1TIME", text)
    return re.sub(r"\b1[789]\d{8}\b", "TIME", text)


def test_two_recordings_differ_in_times_alone_and_replay_green(project: Path) -> None:
    assert record(project).code == 0
    first = {path.name: timeless(path) for path in (project / "cassettes").iterdir()}
    assert record(project).code == 0
    second = {path.name: timeless(path) for path in (project / "cassettes").iterdir()}
    assert second == first
    assert pytest_in(project).code == 0


def test_a_recording_without_answers_keeps_the_old_one(project: Path) -> None:
    before = {path.name: path.read_bytes() for path in (project / "cassettes").iterdir()}
    with serve() as procore:
        environment = {
            **procore.environment,
            **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), ""),
        }
    outcome = pytest_in(project, "--target=sandbox", "--record-mode=rewrite", environment=environment)
    assert outcome.code == 4, outcome.text
    assert "The old recordings are kept" in outcome.text
    assert {path.name: path.read_bytes() for path in (project / "cassettes").iterdir()} == before
    assert not [path for path in project.iterdir() if path.name.startswith(".recording")]


def test_a_recording_without_disruptive_says_what_it_lacks(project: Path) -> None:
    with serve() as procore:
        recorded = pytest_in(project, "--target=sandbox", "--record-mode=rewrite", environment=procore.environment)
    assert recorded.code == 0, recorded.text
    replayed = pytest_in(project)
    assert replayed.code == 0, replayed.text
    assert "refresh.status" in replayed.ids("could-not-test")
    assert not (project / "cassettes" / "refresh.yaml").exists()


def test_the_verdict_obeys_its_schema(project: Path) -> None:
    verdict = pytest_in(project).verdict
    assert not contract.violations(verdict, "verdict")
    assert list(verdict)[-1] == "complete"


def test_shipped_recordings_are_of_the_stand_in_and_hold_no_secret() -> None:
    with serve() as procore:
        secrets = [value for name, value in procore.variables.items() if name in SECRET_VARIABLES]
        directory = procore.world.realm(procore.site).directory
        near = values.nearly(procore.variables["PROCORE_CLIENT_SECRET"])
        people = [directory.user.login, f'"{directory.user.name}"', directory.service_account.login]
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "cassettes").iterdir()}
    found = [(name, value) for name, text in texts.items() for value in (*secrets, near, *people) if value in text]
    assert len(secrets) == len(SECRET_VARIABLES)
    assert not found
    assert not [name for name, text in texts.items() if re.search(r"[\w.]+@(?!example\.invalid)[\w-]+\.\w+", text)]


SECRET_VARIABLES = {
    "PROCORE_AUTHORIZATION_CODE",
    "PROCORE_CLIENT_ID",
    "PROCORE_CLIENT_SECRET",
    "PROCORE_OTHER_CLIENT_ID",
    "PROCORE_OTHER_CLIENT_SECRET",
}


def test_shipped_recordings_carry_real_host_names() -> None:
    hosts = set()
    for path in (ROOT / "cassettes").glob("*.yaml"):
        interactions = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
        hosts |= {interaction["request"]["uri"].split("/")[2] for interaction in interactions}
    assert hosts == {"login-sandbox.procore.com", "sandbox.procore.com"}
