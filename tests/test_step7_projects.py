"""Step 7.2, list the projects of a company: the call that proves that the app is installed."""

from collections.abc import Callable

import pytest

from quickstart.exchange import contract, paging
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, records
from quickstart.run.run import Run


@pytest.mark.requirement("projects.status")
@pytest.mark.smoke
def test_projects_answers_200(projects: Answer) -> None:
    """With company_id and the header, an installed app gets the list."""
    expect.answered(projects)


@pytest.mark.requirement("projects.json")
def test_projects_answers_json(projects: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(projects)


@pytest.mark.requirement("projects.schema")
def test_projects_obey_the_schema(projects: Answer) -> None:
    """A bare array of projects as they were seen live."""
    expect.obeys_schema(projects)


@pytest.mark.requirement("projects.company")
def test_projects_belong_to_the_company_in_the_header(projects: Answer, run: Run) -> None:
    """Every project names the company that Procore-Company-Id asked for."""
    strangers = [p["id"] for p in projects.json if p["company"]["id"] != run.credentials.company_id]
    assert not strangers, f"projects of another company: {expect.listed(strangers)}"


@pytest.mark.requirement("projects.active")
def test_only_active_projects_are_listed(projects: Answer) -> None:
    """The list holds active projects alone."""
    inactive = [p["id"] for p in projects.json if not p["active"]]
    assert not inactive, f"inactive: {expect.listed(inactive)}"


@pytest.mark.requirement("projects.unique")
def test_project_ids_are_unique(projects: Answer) -> None:
    """No project is listed twice."""
    twice = expect.repeated(p["id"] for p in projects.json)
    assert not twice, f"listed twice: {twice}"


@pytest.mark.requirement("projects.timestamps-ordered")
def test_projects_were_made_before_they_were_changed(projects: Answer) -> None:
    """created_at is not after updated_at."""
    reversed_ = [p["id"] for p in projects.json if records.seconds(p["created_at"]) > records.seconds(p["updated_at"])]
    assert not reversed_, f"changed before they were made: {expect.listed(reversed_)}"


@pytest.mark.requirement("projects.timestamps-past")
def test_projects_were_not_changed_in_the_future(projects: Answer) -> None:
    """No timestamp is after the server's own clock."""
    latest = projects.server_time + expect.CLOCK_TOLERANCE
    future = [
        p["id"]
        for p in projects.json
        if max(records.seconds(p["created_at"]), records.seconds(p["updated_at"])) > latest
    ]
    assert not future, f"in the future: {expect.listed(future)}"


@pytest.mark.requirement("projects.per-page")
def test_projects_per_page_is_honoured(projects_page_1: Answer, projects_page_2: Answer) -> None:
    """No page is longer than per_page, and Per-Page says the same."""
    problems = paging.per_page_problems([paging.page(projects_page_1), paging.page(projects_page_2)])
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.pages")
def test_project_pages_repeat_and_lose_nothing(
    projects: Answer, projects_page_1: Answer, projects_page_2: Answer
) -> None:
    """Both halves together are the whole list."""
    problems = paging.page_problems(projects, projects_page_1, projects_page_2)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.link")
def test_project_links_lead_through_the_pages(
    projects: Answer, projects_page_1: Answer, projects_page_2: Answer
) -> None:
    """Link leads from each page to the next, and from the last one nowhere."""
    problems = paging.link_problems(projects, projects_page_1, projects_page_2)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.total")
@pytest.mark.judges("projects-page-1", "projects-page-2")
def test_project_total_is_the_number_of_projects(projects: Answer, judged: list[Answer]) -> None:
    """Total is how many projects there are, on every page."""
    problems = paging.total_problems(projects, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.without-header")
def test_projects_without_header_shows_no_other_company(projects_without_company_header: Answer, run: Run) -> None:
    """Without the header, there is a refusal, or the projects of the company in the query."""
    owners = [
        record["company"] for record in records.let_through(projects_without_company_header) if "company" in record
    ]
    ids = [owner.get("id") if isinstance(owner, dict) else owner for owner in owners]
    strangers = [owner for owner in ids if owner != run.credentials.company_id]
    assert not strangers, f"projects of {expect.listed(strangers)}"


@pytest.mark.requirement("projects.header-required")
def test_projects_without_header_is_refused(projects_without_company_header: Answer) -> None:
    """Procore is about to refuse every request without the header."""
    if projects_without_company_header.failure:
        raise CouldNotTest(projects_without_company_header.outcome)
    assert projects_without_company_header.status != 200, "200, as before the header was enforced"


@pytest.mark.requirement("projects.header-decides")
def test_header_of_another_company_shows_nothing(projects_other_company_header: Answer) -> None:
    """With the header of a company that is not ours and our own in the query, nothing comes."""
    leaked = [record["id"] for record in records.let_through(projects_other_company_header)]
    assert not leaked, f"{len(leaked)} records, although the header names another company"


@pytest.mark.requirement("projects.foreign-company")
def test_foreign_company_shows_nothing(projects_foreign_company: Answer) -> None:
    """Of a company that is not ours, nothing comes."""
    leaked = [record["id"] for record in records.let_through(projects_foreign_company)]
    assert not leaked, f"{len(leaked)} records of a company that is not ours"


@pytest.mark.requirement("projects.without-token")
def test_projects_without_token_is_refused(projects_without_token: Answer) -> None:
    """No token, no list."""
    expect.answered(projects_without_token)


@pytest.mark.requirement("projects.garbage-token")
def test_projects_with_a_garbage_token_is_refused(projects_garbage_token: Answer) -> None:
    """A token that was never issued is no token."""
    expect.answered(projects_garbage_token)


@pytest.mark.requirement("projects-v1.0.status")
def test_projects_v1_0_answers_200(projects_v1_0: Answer) -> None:
    """The older version of the list is still answered."""
    expect.answered(projects_v1_0)


@pytest.mark.requirement("projects-v1.0.schema")
def test_projects_v1_0_obey_the_schema(projects_v1_0: Answer) -> None:
    """JSON as v1.1 answers it, and a stage."""
    expect.is_json(projects_v1_0)
    expect.obeys_schema(projects_v1_0)


@pytest.mark.requirement("projects-v1.0.company")
def test_projects_v1_0_belong_to_the_company_in_the_header(projects_v1_0: Answer, run: Run) -> None:
    """Every project names the company that Procore-Company-Id asked for."""
    strangers = [p["id"] for p in projects_v1_0.json if p["company"]["id"] != run.credentials.company_id]
    assert not strangers, f"projects of another company: {expect.listed(strangers)}"


@pytest.mark.requirement("projects.refusal-body")
@pytest.mark.judges("projects-without-company-header", "projects-other-company-header", "projects-foreign-company")
def test_refusals_with_json_say_why(judged: list[Answer]) -> None:
    """A refusal that carries JSON explains itself in errors or message."""
    readable = [answer for answer in judged if (answer.status or 0) >= 400 and not expect.not_json(answer)]
    wrong = [f"{a.name}: {found[0]}" for a in readable if (found := contract.violations(a.parsed, "api_error"))]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("projects.unknown-members")
def test_unknown_members_are_reported(projects: Answer, observe: Callable[[str], None]) -> None:
    """Members that the schema does not name; they are right, and worth knowing."""
    known = {
        *contract.member_names("projects#/$defs/project"),
        *contract.member_names("projects#/$defs/optional/items"),
    }
    unknown = sorted({name for p in projects.json for name in p} - known)
    observe(f"{len(unknown)} members that the schema does not name: {', '.join(unknown) or 'none'}")
