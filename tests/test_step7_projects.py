"""Step 7.2, list the projects of a company: the call that proves that the app is installed."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from quickstart.exchange import contract
from quickstart.exchange.answer import Answer
from quickstart.judgement import every, expect, records
from quickstart.run.run import Run

PAGES = ("projects-page-1", "projects-page-2", "projects-walk-1")
FOLLOWED = ("projects-walk-2", "projects-walk-3")
AGAIN = ("projects-again", "projects-lower-case-header")


@pytest.mark.requirement("projects.status")
@pytest.mark.smoke
def test_projects_answers_200(projects: Answer) -> None:
    """With company_id and the header, an installed app gets the list."""
    expect.answered(projects)


@pytest.mark.requirement("projects.json")
@pytest.mark.smoke
def test_projects_answers_json(projects: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(projects)


@pytest.mark.requirement("projects.schema")
@pytest.mark.smoke
def test_projects_obey_the_schema(projects: Answer) -> None:
    """A bare array of projects as they were seen live."""
    expect.obeys_schema(projects)


@pytest.mark.requirement("projects.some")
@pytest.mark.own_company
@pytest.mark.whole_list
def test_some_project_is_listed(projects: Answer) -> None:
    """A sandbox begins with one; where there is none, no check of projects says anything."""
    assert projects.json, "an empty list"


@pytest.mark.requirement("projects.company")
@pytest.mark.judges("projects", *PAGES, *FOLLOWED, *AGAIN, "projects-of-company")
def test_projects_belong_to_the_company_in_the_header(judged: list[Answer], run: Run) -> None:
    """Every project of the list, its pages and its repetitions names the company that Procore-Company-Id asked for."""
    ours = run.credentials.company_id
    strangers = expect.where(records.with_schema(judged), lambda project: project["company"]["id"] != ours)
    assert not strangers, f"projects of another company: {expect.listed(strangers)}"
    others = records.strangers(records.unread(judged), ours)
    assert not others, f"projects of {expect.listed(others)}"


@pytest.mark.requirement("projects.active")
@pytest.mark.judges("projects", *PAGES, *FOLLOWED, *AGAIN, "projects-without-company-header")
def test_only_active_projects_are_listed(judged: list[Answer]) -> None:
    """The list and its pages hold active projects alone."""
    inactive = expect.where(judged, lambda project: not project["active"])
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


@pytest.mark.requirement("projects.without-header")
def test_projects_without_header_shows_no_other_company(projects_without_company_header: Answer, run: Run) -> None:
    """Without the header, there is a refusal, or the projects of the company in the query."""
    ids = records.owners(records.let_through(projects_without_company_header))
    strangers = [owner for owner in ids if owner != run.credentials.company_id]
    assert not strangers, f"projects of {expect.listed(strangers)}"


@pytest.mark.requirement("projects.header-required")
def test_projects_without_header_is_reported(
    projects_without_company_header: Answer, observe: Callable[[str], None]
) -> None:
    """Procore is about to refuse every request without the header, and answers it where people have tried."""
    observe(f"without the header: {projects_without_company_header.outcome}")


@pytest.mark.requirement("projects.header-decides")
def test_header_of_another_company_is_reported(
    projects_other_company_header: Answer, observe: Callable[[str], None]
) -> None:
    """What comes of our own company in the query and another one in the header: no document says."""
    observe(f"header and query name different companies: {projects_other_company_header.outcome}")


@pytest.mark.requirement("projects.header-leaks-nothing")
def test_header_of_another_company_shows_no_stranger(projects_other_company_header: Answer, run: Run) -> None:
    """With the header of another company and our own in the query, there is a refusal, or what is ours alone."""
    answered = every.came([projects_other_company_header])
    strangers = records.strangers(answered, run.credentials.company_id)
    assert not strangers, f"projects of {expect.listed(strangers)}"


@pytest.mark.requirement("projects.foreign-company")
def test_foreign_company_shows_nothing(projects_foreign_company: Answer) -> None:
    """Of a company that is not ours, nothing comes."""
    leaked = [record["id"] for record in records.let_through(projects_foreign_company)]
    assert not leaked, f"{len(leaked)} records of a company that is not ours"


@pytest.mark.requirement("projects.without-token")
def test_projects_without_token_is_refused(projects_without_token: Answer) -> None:
    """No token, no list."""
    records.withheld(projects_without_token)


@pytest.mark.requirement("projects.garbage-token")
def test_projects_with_a_garbage_token_is_refused(projects_garbage_token: Answer) -> None:
    """A token that was never issued is no token."""
    records.withheld(projects_garbage_token)


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
    """Every project names the company that Procore-Company-Id asked for; a defect elsewhere in the list hides none."""
    strangers = records.strangers([projects_v1_0], run.credentials.company_id)
    assert not strangers, f"projects of {expect.listed(strangers)}"
    expect.rests_on(projects_v1_0)


@pytest.mark.requirement("projects.refusal-body")
@pytest.mark.judges("projects-without-company-header", "projects-other-company-header", "projects-foreign-company")
def test_refusals_with_json_say_why(judged: list[Answer]) -> None:
    """A refusal that carries JSON explains itself in errors or message."""
    answered = every.came(judged)
    readable = [answer for answer in answered if (answer.status or 0) >= 400 and not expect.not_json(answer)]
    wrong = [f"{a.name}: {found[0]}" for a in readable if (found := contract.violations(a.parsed, "api_error"))]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("projects.steady")
def test_same_list_twice_is_the_same(projects: Answer, projects_again: Answer) -> None:
    """Asked again within seconds, the list is answered, and holds the same projects."""
    expect.rests_on(projects)
    expect.is_right(projects_again)
    before, after = ({p["id"] for p in answer.json} for answer in (projects, projects_again))
    assert before == after, f"once alone: {expect.listed(sorted(before ^ after))}"


@pytest.mark.requirement("projects.header-case")
def test_header_in_lower_case_is_the_header(projects: Answer, projects_lower_case_header: Answer) -> None:
    """procore-company-id is Procore-Company-Id."""
    expect.rests_on(projects)
    expect.is_right(projects_lower_case_header)
    before, after = ({p["id"] for p in answer.json} for answer in (projects, projects_lower_case_header))
    assert before == after, f"with one spelling alone: {expect.listed(sorted(before ^ after))}"


@pytest.mark.requirement("projects.of-company")
def test_projects_under_the_path_of_a_company_are_reported(
    projects_of_company: Answer, observe: Callable[[str], None]
) -> None:
    """The reference has a second list, which the guide does not know."""
    observe(f"GET /rest/v1.0/companies/…/projects answered {projects_of_company.outcome}")


@pytest.mark.requirement("projects.unknown-members")
def test_unknown_members_are_reported(projects: Answer, observe: Callable[[str], None]) -> None:
    """Members that the schema does not name; they are right, and worth knowing."""
    known = {
        *contract.member_names("projects#/$defs/project"),
        *contract.member_names("projects#/$defs/optional/items"),
    }
    unknown = sorted({name for p in projects.json for name in p} - known)
    observe(f"{len(unknown)} members that the schema does not name: {', '.join(unknown) or 'none'}")


@pytest.mark.requirement("project.schema")
def test_first_project_is_shown_by_its_id(project: Answer) -> None:
    """Asked for by its id, the first project of the list is answered."""
    expect.is_right(project)


@pytest.mark.requirement("project.same-project")
def test_project_shown_is_the_one_asked_for(project: Answer) -> None:
    """The id of the answer is that of the path."""
    asked = int(urlsplit(project.sent.url).path.rpartition("/")[2])
    shown = records.number(project.document)
    assert shown in {asked, None}, f"{shown} instead of {asked}"
    expect.rests_on(project)


@pytest.mark.requirement("project.same-project")
def test_project_shown_is_of_the_same_company(project: Answer, run: Run) -> None:
    """Where it names its company, that is the one that Procore-Company-Id asked for."""
    strangers = records.strangers([project], run.credentials.company_id)
    assert not strangers, f"a project of {expect.listed(strangers)}"
    expect.rests_on(project)
