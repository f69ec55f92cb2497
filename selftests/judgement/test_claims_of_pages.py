"""What pages tell of themselves, on each page."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from quickstart.run.run import Run
from selftests.support.claims import COULD_NOT_TEST, FAILED, PASSED, judged_with, with_headers

PROJECTS = ("projects", "projects-page-1", "projects-page-2", "projects-walk-1")
WALKED = (*PROJECTS, "projects-walk-2", "projects-walk-3")
COMPANIES = ("companies", "companies-page-1", "companies-page-2")


@pytest.mark.parametrize("header", ["Total", "Per-Page"])
@pytest.mark.parametrize("name", PROJECTS)
def test_a_page_of_projects_that_tells_nothing_of_pages_is_seen(run: Run, name: str, header: str) -> None:
    assert judged_with(run, "projects.pagination-told", with_headers(run.answer(name), {header: None})) == FAILED


@pytest.mark.parametrize("name", COMPANIES)
def test_a_page_of_companies_that_tells_nothing_of_pages_is_reported(run: Run, name: str) -> None:
    told: list[str] = []
    silent = with_headers(run.answer(name), {"Total": None})
    assert judged_with(run, "companies.pagination-told", silent, told=told) == PASSED
    assert told[0].startswith(f"{name} carries no Total")


@pytest.mark.parametrize("name", WALKED)
def test_a_wrong_total_is_seen_on_each_page(run: Run, name: str) -> None:
    assert judged_with(run, "projects.total", with_headers(run.answer(name), {"Total": "999"})) == FAILED


def test_a_list_of_companies_that_is_not_paged_has_no_size_of_pages(run: Run) -> None:
    whole = run.answer("companies").content
    unpaged = {"Total": None, "Per-Page": None, "Link": None}
    answers = [replace(with_headers(run.answer(name), unpaged), content=whole) for name in COMPANIES]
    assert len(json.loads(whole)) > 1
    assert judged_with(run, "companies.per-page", *answers) == COULD_NOT_TEST
