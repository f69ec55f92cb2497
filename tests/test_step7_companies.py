"""Step 7.1, list companies. The guide's older text said POST; the reference, and the guide of today, say GET."""

from collections.abc import Callable

import pytest

from quickstart.exchange import paging
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect, records
from quickstart.run.run import Run


@pytest.mark.requirement("companies.status")
@pytest.mark.smoke
def test_companies_answers_200(companies: Answer) -> None:
    """The list is answered to whoever has a token."""
    if companies.status == 401:
        raise CouldNotTest("the token itself was refused: see token.works")
    expect.answered(companies)


@pytest.mark.requirement("companies.json")
@pytest.mark.smoke
def test_companies_answers_json(companies: Answer) -> None:
    """The answer is application/json."""
    expect.is_json(companies)


@pytest.mark.requirement("companies.schema")
@pytest.mark.smoke
def test_companies_obey_the_schema(companies: Answer) -> None:
    """A bare array, each item with at least id, name and is_active."""
    expect.obeys_schema(companies)


@pytest.mark.requirement("companies.unique")
def test_company_ids_are_unique(companies: Answer) -> None:
    """No company is listed twice."""
    twice = expect.repeated(company["id"] for company in companies.json)
    assert not twice, f"listed twice: {twice}"


@pytest.mark.requirement("companies.one-my-company")
@pytest.mark.whole_list
def test_at_most_one_company_is_mine(companies: Answer) -> None:
    """At most one company is the user's own."""
    mine = [company["id"] for company in companies.json if company.get("my_company")]
    assert len(mine) <= 1, f"my_company is true for {mine}"


@pytest.mark.requirement("companies.some")
@pytest.mark.whole_list
def test_some_company_is_listed(companies: Answer) -> None:
    """Whoever went through steps 1 to 4 has a company."""
    assert companies.json, "an empty list"


@pytest.mark.requirement("companies.configured")
@pytest.mark.whole_list
@pytest.mark.judges("companies", "companies-free")
def test_configured_company_is_listed(judged: list[Answer], companies: Answer, run: Run) -> None:
    """The company of PROCORE_COMPANY_ID is among those that the user sees; a trial one is in the list of all."""
    ids = [company["id"] for company in companies.json]
    if not ids or (run.credentials.company_id not in ids and not paging.is_complete(companies)):
        raise CouldNotTest("the list is empty, or the company may be on a later page")
    listed = set(ids).union(*map(paging.ids_of, judged))
    assert run.credentials.company_id in listed, f"only {expect.listed(ids)}"


@pytest.mark.requirement("companies.foreign")
@pytest.mark.judges(
    "companies", "companies-page-1", "companies-page-2", "companies-next", "companies-free", "companies-refreshed",
    "companies-client-credentials",
)  # fmt: skip
def test_no_foreign_company_is_listed(judged: list[Answer], run: Run) -> None:
    """A company that the user has no part in is in no list, of a page, of trial companies or of a service account."""
    foreign = run.credentials.foreign_company_id
    if foreign is None:
        raise CouldNotTest("no company is known that is not yours: PROCORE_FOREIGN_COMPANY_ID is not set")
    strangers = expect.where(judged, lambda company: company["id"] == foreign)
    assert not strangers, f"company {expect.listed(strangers)}"


@pytest.mark.requirement("companies.without-token")
def test_companies_without_token_is_refused(companies_without_token: Answer) -> None:
    """No token, no list."""
    records.withheld(companies_without_token)


@pytest.mark.requirement("companies.garbage-token")
def test_companies_with_a_garbage_token_is_refused(companies_garbage_token: Answer) -> None:
    """A token that was never issued is no token."""
    records.withheld(companies_garbage_token)


@pytest.mark.requirement("companies.free")
def test_free_companies_are_reported(companies: Answer, companies_free: Answer, observe: Callable[[str], None]) -> None:
    """A company that the list lacks may be a trial one, which has to be asked for."""
    listed, free = (paging.ids_of(answer) for answer in (companies, companies_free))
    wrong = expect.wrong([companies_free])
    observe(wrong[0] if wrong else f"{len(free - listed)} companies come with include_free_companies=true alone")


@pytest.mark.requirement("companies.post")
def test_companies_post_is_an_erratum(companies_post: Answer, observe: Callable[[str], None]) -> None:
    """What the guide's older POST is answered with."""
    observe(f"POST /rest/v1.0/companies answered {companies_post.outcome}")
