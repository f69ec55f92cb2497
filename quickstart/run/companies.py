"""The companies beside the configured one: which there are, and a run of each that asks for what is its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quickstart.exchange import paging
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.exchange.client import SPARE_SHARE
from quickstart.run.run import Run

LIST = "companies"  # the exchange that lists them
PAGE = 100  # companies on a page
SECONDS = 5.0  # that each company adds to what a run may last, waits for the rate limit included
MOST = 100_000


@dataclass(frozen=True)
class Listed:
    """A company as the list shows it; one that was named and is not listed has no name."""

    id: int
    name: str


def listed(run: Run) -> list[Listed]:
    """Return all companies that the token sees, page by page where one page is not all.

    Raises:
        CouldNotTest: the list is not right; the message says why.
    """
    first = run.answer(LIST)
    first.require_status()
    found = _listed(first)
    if first.left_out:  # it comes in one answer, of which the beginning alone was kept
        again = replace(run.definitions[LIST], name=f"{LIST}-again")
        run.client.grow(1 + 1 / SPARE_SHARE, SECONDS)
        run.send(again, rest=lambda part: found.update(_listed(part)), learns=False)
    elif not paging.is_complete(first):
        for page in _pages(run):
            new = _listed(page)
            if new.keys() <= found.keys() and page.name != f"{LIST}-1":
                break  # the same page again, or an empty one
            found.update(new)
    return [*found.values()][:MOST]


def _listed(answer: Answer) -> dict[int, Listed]:
    return {one["id"]: Listed(one["id"], one["name"]) for one in answer.json}


def _pages(run: Run) -> Iterator[Answer]:
    whole = run.definitions[LIST]
    for number in range(1, MOST // PAGE + 1):
        query = {"page": str(number), "per_page": str(PAGE)}
        run.client.grow(1 + 1 / SPARE_SHARE, SECONDS)
        page = run.send(replace(whole, name=f"{LIST}-{number}", query=query))
        page.require_status()
        yield page
        if len(page.json) < PAGE:
            return


def chosen(run: Run, wanted: Sequence[int] | None) -> list[Listed]:
    """Return the companies to ask besides the configured one: those that were named, else all that are listed.

    Raises:
        CouldNotTest: they are to be listed, and the list is not right.
    """
    try:
        known = {one.id: one for one in listed(run)}
    except CouldNotTest:
        if wanted is None:
            raise
        known = {}
    ids = known if wanted is None else dict.fromkeys(wanted)
    return [known.get(number, Listed(number, "")) for number in ids if number != run.credentials.company_id]


def allow(run: Run, count: int, requests: int) -> None:
    """Let the run send ``requests`` to each of ``count`` companies more, and some of them again."""
    run.client.grow(count * requests * (1 + 1 / SPARE_SHARE), count * SECONDS)
