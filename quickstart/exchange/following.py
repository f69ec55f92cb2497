"""Where the links of a list lead: to each page, to the same query, and to every item once (RFC 8288)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from quickstart.exchange import fields, links, paging
from quickstart.exchange.answer import TOO_MANY_REQUESTS, UNREACHABLE, Answer, CouldNotTest
from quickstart.exchange.paging import Page
from quickstart.exchange.targets import is_procores


def link_problems(whole: Answer, others: Iterable[Answer]) -> list[str]:
    """Say where the Link headers of a list and its pages cannot be read or lead astray.

    Raises:
        CouldNotTest: there is no Link header, or the pages are longer than asked for.
    """
    all_of_it = paging.page(whole)
    pages = [all_of_it, *paging.readable(others)]
    paging.require_honoured(pages)
    if not any(one.link for one in pages):
        raise CouldNotTest("no page carries a Link header")
    size = paging.size_of(all_of_it)
    return [problem for one in pages for problem in problems_of(one, is_last=paging.is_last(one, all_of_it), size=size)]


def problems_of(one: Page, *, is_last: bool, size: int | None) -> Iterator[str]:
    """Say where the Link header of a page leads astray; ``size`` is how many items there are in all, if it is known."""
    if one.link and not links.parse(one.link):
        yield f"the Link of {one.name} cannot be read: {one.link[:60]!r}"
    elif not is_last:
        # Whoever asks for no page may be told of none: that is advised elsewhere.
        yield from filter(None, [next_problem(one)] if one.link or one.named else [])
    elif "next" in one.links:
        yield f"{one.name} is the last page and has a next link to {one.links['next']}"
    where = {"first": 1, "prev": one.number - 1}
    if one.asked and size is not None:
        where["last"] = -(-size // one.asked)
    for relation, number in where.items():
        target = fields.target(one.url, one.links.get(relation, "")) if relation in one.links else None
        to = parse_qs(target.query).get("page", ["1"])[-1] if target else str(number)
        if to != str(number):
            yield f"the {relation} link of {one.name} leads to page {to}, not to {number}"


def next_problem(current: Page) -> str:
    """Say why the next link of a page leads to no next page, or nothing."""
    if "next" not in current.links:
        return f"{current.name} is not the last page and has no next link"
    target, asked = fields.target(current.url, current.links["next"]), urlsplit(current.url)
    if target is None:
        return f"the next link of {current.name} is no URL"
    same_site = (target.scheme, target.netloc) == (asked.scheme, asked.netloc) or is_procores(target.geturl())
    if not same_site or target.path != asked.path:
        return f"the next link of {current.name} leads to {target.scheme}://{target.netloc}{target.path}"
    to = parse_qs(target.query).get("page", ["none"])[-1]
    return "" if to == str(current.number + 1) else f"the next link of {current.name} leads to page {to}"


def query_problems(pages: Iterable[Page]) -> list[str]:
    """Say which next links leave out or change what was asked for besides the page.

    Raises:
        CouldNotTest: there is no link to a next page.
    """
    linked = [one for one in pages if not next_problem(one)]
    if not linked:
        raise CouldNotTest("no page carries a link to the next one")
    return [problem for one in linked for problem in _problems_of_query(one)]


def _problems_of_query(one: Page) -> Iterator[str]:
    target = fields.target(one.url, one.links["next"])
    there = parse_qs(target.query) if target else {}
    for name, values in parse_qs(urlsplit(one.url).query).items():
        came = there.get(name, ["nothing"])[-1]
        if name != "page" and came != values[-1]:
            yield f"the next link of {one.name} has {came} for {name}={values[-1]}"


def walk_problems(whole: Answer, walked: Sequence[Answer]) -> list[str]:
    """Say what somebody loses who follows the next links from ``walked[0]``.

    Raises:
        CouldNotTest: the first page is wrong, longer than asked for, or leads nowhere: other requirements judge that.
    """
    first = paging.page(walked[0])
    paging.require_honoured([first])
    for answer in walked[1:]:
        if answer.status == TOO_MANY_REQUESTS or (answer.failure and answer.failure.kind in UNREACHABLE):
            answer.require_status()
        if not paging.is_right(answer):
            return [f"the next link to {answer.name} leads to {_fault(answer)}"]
    pages, size = paging.readable(walked), paging.size_of(paging.page(whole))
    shown = len(pages) * first.asked
    shown = shown if size is None else min(size, shown)
    problem = next_problem(pages[-1]) if len(pages) < 2 else ""
    if problem:
        raise CouldNotTest(problem)
    ids = [one for each in pages for one in each.ids]
    problems = [f"id {one} comes twice" for one, times in Counter(ids).items() if times > 1]
    if len(ids) != shown:
        problems.append(f"{len(pages)} pages hold {len(ids)} items of {shown}")
    if paging.is_complete(whole):
        strange = set(ids) - {item["id"] for item in whole.json}
        problems += [f"id {one} is not in the whole list" for one in sorted(strange)]
    return problems


def _fault(answer: Answer) -> str:
    if not answer.as_expected:
        return answer.outcome
    return "a list that breaks its schema" if _is_json(answer) else "no JSON"


def _is_json(answer: Answer) -> bool:
    try:
        _ = answer.document
    except CouldNotTest:
        return False
    return True
