"""Which projects a list holds, and in what order: filters, sort and view (OpenAPI of v1.0 and v1.1).

Syntax: procore/documentation ``filtering_on_list_actions.md``. What nobody documented (an unknown filter, a value that
none of the filters takes) is ignored here, and said in the log; so is what is documented and has no data here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from standin.http.messages import Request
from standin.http.numbers import whole
from standin.model.directory import Company, Directory, Project
from standin.rest.projects import field

Test = Callable[[Project], bool]

ALL_AT_ONCE = 200_000
"""Items on a page of ``view=ids``, whatever was asked for (OpenAPI of v1.1)."""
_FILTER = re.compile(r"filters\[(\w+)\](\[\])?")
_EVERYWHERE = frozenset({"access_token", "bearer_token", "company_id", "page", "per_page"})
_UNMODELLED = frozenset(
    {
        *("synced", "vendor_id", "custom_fields", "template", "by_owner_type", "by_department", "by_region"),
        *("by_office", "by_program", "by_stage", "by_type", "by_bid_type", "from_project_template_id"),
    }
)
_SORTED_BY: dict[str, Callable[[Project], str]] = {
    "name": lambda project: project.name.casefold(),
    "display_name": lambda project: project.display_name.casefold(),
}


@dataclass(frozen=True)
class Listing:
    """What a request asks of a list of projects, and what in it was ignored, in sentences for the log."""

    status: Test
    tests: tuple[Test, ...]
    order: tuple[tuple[str, bool], ...]
    """Names to sort by, the most important first, and whether each descends."""
    view: str
    ignored: tuple[str, ...]

    def of(self, directory: Directory, company: Company) -> Sequence[Project]:
        """The company's projects that all filters let through, in the order asked for."""
        if self.status is _active and not self.tests and not self.order:
            return directory.active_of(company)  # what nearly everybody asks for
        projects = directory.projects_of(company)
        kept = [project for project in projects if self.status(project) and all(test(project) for test in self.tests)]
        for name, descending in reversed(self.order):
            kept.sort(key=_SORTED_BY[name], reverse=descending)
        return kept


def listing_of(request: Request, version: str, *, inactive: bool) -> Listing:
    """Read the query of a list of projects. ``inactive`` is whether they are listed where no filter says so."""
    views = {"v1.0": ("serializer_view", ("compact",)), "v1.1": ("view", ("ids", "compact", "normal", "extended"))}
    view_name, known_views = views[version]
    ignored = list(unknown_parameters(request, {*_EVERYWHERE, view_name, "sort"}))
    view = request.query.get(view_name, "")
    if view and view not in known_views:
        ignored.append(f"{view_name}={view[:40]} is none of {', '.join(known_views)}")
        view = ""
    status: Test = _whatever if inactive else _active
    tests: list[Test] = []
    for name, values in _filters(request).items():
        test = _test(name, values)
        if test is None:
            ignored.append(_why_ignored(name, values))
        elif name == "by_status":
            status = test
        else:
            tests.append(test)
    order = []
    for word in request.query.get("sort", "").split(","):
        if word.removeprefix("-") in _SORTED_BY:
            order.append((word.removeprefix("-"), word.startswith("-")))
        elif word:
            ignored.append(f"sort={word[:40]} is none of {', '.join(_SORTED_BY)}")
    return Listing(status, tuple(tests), tuple(order), view, tuple(f"ignored: {one}" for one in ignored))


def unknown_parameters(request: Request, known: Iterable[str]) -> list[str]:
    """Parameters of the query that no document names here; filters are looked at one by one elsewhere."""
    names = dict.fromkeys(name for name, _ in request.pairs)
    return [f"unknown parameter {name[:60]}" for name in names if name not in known and not _FILTER.fullmatch(name)]


def _filters(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in request.pairs:
        match = _FILTER.fullmatch(name)
        if match:
            # filters[id][]=1&filters[id][]=2 is a list; of filters[name]=a&filters[name]=b, Rails keeps the last.
            found[match[1]] = [*found.get(match[1], []), value] if match[2] else [value]
    return found


def _active(project: Project) -> bool:
    return project.active


def _whatever(_: Project) -> bool:
    return True


def _inactive(project: Project) -> bool:
    return not project.active


_STATUSES: dict[str, Test] = {"active": _active, "inactive": _inactive, "all": _whatever}


def _test(name: str, values: Sequence[str]) -> Test | None:
    """The filter of that name, or None where it or its value is not known."""
    value = values[-1]
    if name == "by_status":
        return _STATUSES.get(value.lower())
    if name == "id":
        ids = _ids(values)
        return None if ids is None else lambda project: project.id in ids
    if name == "name":
        return lambda project: value.casefold() in project.name.casefold()
    if name == "project_number":
        return lambda project: project.number == value
    if name == "origin_id":
        return lambda project: field(project, "origin_id") == value
    if name == "is_demo" and value in {"true", "false"}:
        return lambda project: field(project, "is_demo") is (value == "true")
    if name in {"created_at", "updated_at"}:
        return _within(name, value)
    return None


def _ids(values: Sequence[str]) -> frozenset[int] | None:
    """Ids as an array, as a list with commas, or as JSON: clients write all three."""
    words = ",".join(values).strip("[]").replace(" ", "").split(",")
    numbers = [whole(word) for word in words]
    return None if None in numbers else frozenset(number for number in numbers if number is not None)


def _within(name: str, value: str) -> Test | None:
    """A range of days or moments, ``FIRST...LAST``, both included; quotation marks as in the documents' example."""
    first, dots, last = (part.strip("\"\\' ") for part in value.partition("..."))
    if not dots or not all(re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", one) for one in (first, last)):
        return None

    def test(project: Project) -> bool:
        moment = str(field(project, name))
        return first <= moment[: len(first)] and moment[: len(last)] <= last

    return test


def _why_ignored(name: str, values: Sequence[str]) -> str:
    if name in _UNMODELLED:
        return f"filters[{name}] is documented, and the stand-in has no data for it"
    known = {"by_status", "id", "name", "project_number", "origin_id", "is_demo", "created_at", "updated_at"}
    if name in known:
        return f"filters[{name}] does not take {values[-1][:40]!r}"
    return f"unknown filter {name[:40]}"
