"""Step 7, lists in pages: what is on them, and where their headers lead."""

from collections.abc import Callable

import pytest

from quickstart.exchange import following, paging
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect

PROJECTS = ("projects-page-1", "projects-page-2", "projects-walk-1")
WALK = ("projects-walk-1", "projects-walk-2", "projects-walk-3")
ALL_PROJECTS = (*PROJECTS, "projects-walk-2", "projects-walk-3")
COMPANIES = ("companies-page-1", "companies-page-2")


@pytest.mark.requirement("projects.page-answers")
@pytest.mark.judges(*PROJECTS)
def test_pages_of_projects_are_right_lists(projects: Answer, judged: list[Answer]) -> None:
    """Each page is answered as the list is: 200, JSON, and its schema."""
    expect.rests_on(projects)
    problems = expect.wrong(judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.per-page")
@pytest.mark.judges("projects", *ALL_PROJECTS)
def test_projects_per_page_is_honoured(judged: list[Answer]) -> None:
    """No page is longer than per_page, and Per-Page says the same."""
    problems = paging.per_page_problems(expect.pages(judged))
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.pages")
def test_project_pages_repeat_and_lose_nothing(
    projects: Answer, projects_page_1: Answer, projects_page_2: Answer
) -> None:
    """Both halves together are the whole list."""
    problems = paging.page_problems(projects, projects_page_1, projects_page_2)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.link")
@pytest.mark.judges("projects", *ALL_PROJECTS)
def test_project_links_lead_through_the_pages(projects: Answer, judged: list[Answer]) -> None:
    """Link leads from each page to the next, and from the last one nowhere."""
    problems = following.link_problems(projects, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.link-query")
@pytest.mark.judges("projects", *ALL_PROJECTS)
def test_project_links_keep_the_query(judged: list[Answer]) -> None:
    """The next link asks for the same company, and for pages of the same length."""
    problems = following.query_problems(expect.pages(judged))
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.walk")
@pytest.mark.judges(*WALK)
def test_projects_are_walked_along_their_links(projects: Answer, judged: list[Answer]) -> None:
    """Whoever goes along the next links of three pages meets every project once."""
    problems = following.walk_problems(projects, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.total")
@pytest.mark.judges("projects", *ALL_PROJECTS)
def test_project_total_is_the_number_of_projects(projects: Answer, judged: list[Answer]) -> None:
    """Total is how many projects there are, on every page."""
    problems = paging.total_problems(projects, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("projects.pagination-told")
@pytest.mark.judges("projects", *ALL_PROJECTS)
def test_projects_tell_of_their_pages(projects: Answer, judged: list[Answer]) -> None:
    """Total and Per-Page come with every list, and Link where there is more."""
    problems = paging.untold(projects, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.page-answers")
@pytest.mark.judges(*COMPANIES)
def test_pages_of_companies_are_right_lists(companies: Answer, judged: list[Answer]) -> None:
    """Each page is answered as the list is: 200, JSON, and its schema."""
    expect.rests_on(companies)
    problems = expect.wrong(judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.per-page")
@pytest.mark.judges("companies", *COMPANIES)
def test_companies_per_page_is_honoured(judged: list[Answer]) -> None:
    """No page is longer than per_page, and Per-Page says the same, where the list is paged at all."""
    pages = expect.pages(judged)
    problems = paging.per_page_problems(pages)
    if all(page.missing == [*paging.HEADERS] for page in pages) and problems:
        raise CouldNotTest("the list is not paged: no pagination header, and all companies on one page")
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.pages")
def test_company_pages_repeat_and_lose_nothing(
    companies: Answer, companies_page_1: Answer, companies_page_2: Answer
) -> None:
    """Both halves together are the whole list."""
    problems = paging.page_problems(companies, companies_page_1, companies_page_2)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.link")
@pytest.mark.judges("companies", *COMPANIES)
def test_company_links_lead_through_the_pages(companies: Answer, judged: list[Answer]) -> None:
    """Link leads from each page to the next, and from the last one nowhere."""
    problems = following.link_problems(companies, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.walk")
@pytest.mark.judges("companies-page-1", "companies-next")
def test_companies_are_walked_along_their_links(
    companies: Answer, companies_page_2: Answer, judged: list[Answer]
) -> None:
    """Whoever goes along the next link of the first half meets the second, which can be had without a link."""
    expect.rests_on(companies_page_2)
    problems = following.walk_problems(companies, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.total")
@pytest.mark.judges("companies", *COMPANIES)
def test_company_total_is_the_number_of_companies(companies: Answer, judged: list[Answer]) -> None:
    """Total is how many companies there are, on every page."""
    problems = paging.total_problems(companies, judged)
    assert not problems, expect.listed(problems)


@pytest.mark.requirement("companies.pagination-told")
@pytest.mark.judges("companies", *COMPANIES)
def test_what_companies_tell_of_their_pages_is_reported(
    companies: Answer, judged: list[Answer], observe: Callable[[str], None]
) -> None:
    """Not every list is paged, so that none of the headers is missed."""
    observe(expect.listed(paging.untold(companies, judged)) or "Total and Per-Page, and Link where there is more")
