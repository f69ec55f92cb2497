"""Step 7, requests that are wrong: refused, or answered by a right list of our own."""

import pytest

from quickstart.exchange.answer import OK, Answer
from quickstart.judgement import every, expect, records
from quickstart.run.run import Run

WRONG_QUERY = ("projects-without-company-id", "projects-wrong-company-id", "projects-other-company-query")
UNSURE = (
    "projects-without-company-header",
    "projects-other-company-header",
    "projects-foreign-company",
    "projects-client-credentials-foreign",
    *WRONG_QUERY,
)


@pytest.mark.requirement("projects.refusal-or-list")
@pytest.mark.judges(*UNSURE)
def test_whatever_is_no_refusal_is_a_list(judged: list[Answer]) -> None:
    """Also where the company is not named or is not ours, 200 comes with a list of projects."""
    answered = every.came(judged)
    problems = expect.wrong(answer for answer in answered if answer.status == OK)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.query-company")
@pytest.mark.judges(*WRONG_QUERY)
def test_wrong_query_shows_no_other_company(judged: list[Answer], run: Run) -> None:
    """Without our own company in the query, nothing of a company that is not ours comes, whatever the header opens."""
    answered = every.came(judged)
    strangers = records.strangers(answered, run.credentials.company_id)
    assert not strangers, f"projects of {expect.listed(strangers)}"


@pytest.mark.requirement("projects.query-required")
def test_projects_without_company_id_are_refused(projects_without_company_id: Answer) -> None:
    """The query must name the company, also where the header does."""
    expect.refused_with_4xx(projects_without_company_id)


@pytest.mark.requirement("projects.query-type")
def test_company_id_that_is_no_number_is_refused(projects_wrong_company_id: Answer) -> None:
    """abc is no company."""
    expect.refused_with_4xx(projects_wrong_company_id)


@pytest.mark.requirement("projects.mismatch-answered")
def test_header_of_another_company_breaks_nothing(projects_other_company_header: Answer) -> None:
    """Where header and query disagree, there is a refusal or a list."""
    expect.answered(projects_other_company_header)


@pytest.mark.requirement("projects.mismatch-answered")
def test_query_of_another_company_breaks_nothing(projects_other_company_query: Answer) -> None:
    """The other way round, too."""
    expect.answered(projects_other_company_query)


@pytest.mark.requirement("projects.unknown-path")
def test_unknown_path_is_not_found(unknown_path: Answer) -> None:
    """What does not exist is said not to exist."""
    expect.refused_with_4xx(unknown_path)
