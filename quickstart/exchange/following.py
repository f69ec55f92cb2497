"""Where the links of a list lead: to each page, to the same query, and to every item once (RFC 8288)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from quickstart.exchange import fields, links, paging
from quickstart.exchange.answer import TOO_MANY_REQUESTS, UNREACHABLE, Answer, CouldNotTest
from quickstart.exchange.paging import Page
from quickstart.exchange.targets import is_procores, of_two_environments

RELATIONS = ("next", "first", "prev", "last")


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
    if one.number == 1 and "prev" in one.links:
        yield f"{one.name} is the first page and has a prev link to {one.links['prev']}"
        return
    where: dict[str, int | None] = {"first": 1, "prev": one.number - 1, "last": None}
    if one.asked and size is not None:
        where["last"] = -(-size // one.asked)
    yield from filter(None, (_problem_of(one, relation, number) for relation, number in where.items()))


def _problem_of(one: Page, relation: str, number: int | None) -> str:
    """Say why a link leads to another list, or to another page than that of a number, where that is known."""
    if relation not in one.links:
        return ""
    target = fields.target(one.url, one.links[relation])
    if target is None:
        return f"the {relation} link of {one.name} is no URL"
    if not _same_list(one, target):
        return f"the {relation} link of {one.name} leads to {_shown(target)}"
    to = parse_qs(target.query).get("page", ["1"])[-1]
    wrong = number is not None and to != str(number)
    return f"the {relation} link of {one.name} leads to page {to}, not to {number}" if wrong else ""


def _same_list(one: Page, target: SplitResult) -> bool:
    """Whether a link leads to the list that a page is of; a path may be written in several ways (RFC 3986 6.2.2)."""
    asked = urlsplit(one.url)
    procores = is_procores(target.geturl()) and not of_two_environments(one.url, target.geturl())
    same_site = fields.origin(target) == fields.origin(asked) or procores
    # RFC 9110 section 4.2.4: no sender writes user or password into a URL.
    return same_site and "@" not in target.netloc and unquote(target.path) == unquote(asked.path)


def _shown(target: SplitResult) -> str:
    """Return where a link leads, without query, user and password."""
    return f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}"


def next_problem(current: Page) -> str:
    """Say why the next link of a page leads to no next page, or nothing."""
    if "next" not in current.links:
        return f"{current.name} is not the last page and has no next link"
    target = fields.target(current.url, current.links["next"])
    if target is None:
        return f"the next link of {current.name} is no URL"
    if not _same_list(current, target):
        return f"the next link of {current.name} leads to {_shown(target)}"
    to = parse_qs(target.query).get("page", ["none"])[-1]
    return "" if to == str(current.number + 1) else f"the next link of {current.name} leads to page {to}"


def query_problems(pages: Iterable[Page]) -> list[str]:
    """Say which links to other pages leave out or change what was asked for besides the page.

    Raises:
        CouldNotTest: there is no link to a next page.
    """
    known = [*pages]
    if all(next_problem(one) for one in known):
        raise CouldNotTest("no page carries a link to the next one")
    return [problem for one in known for relation in RELATIONS for problem in _problems_of_query(one, relation)]


def _problems_of_query(one: Page, relation: str) -> Iterator[str]:
    target = fields.target(one.url, one.links[relation]) if relation in one.links else None
    astray = next_problem(one) if relation == "next" else ""
    if target is None or astray or not _same_list(one, target):
        return  # another requirement judges where it leads
    there = parse_qs(target.query)
    for name, values in parse_qs(urlsplit(one.url).query).items():
        came = there.get(name, ["nothing"])[-1]
        if name != "page" and came != values[-1]:
            yield f"the {relation} link of {one.name} has {came} for {name}={values[-1]}"


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
