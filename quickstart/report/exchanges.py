"""How the page shows the exchanges: what is as usual in few words, what is not as it must be in full."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from quickstart.judgement.verdict import ADVISORY, CRASHED, VIOLATED, WAIVED, Verdict

_BRIEF = 300  # characters of a body of which nothing is to be said
_TEXT = 60  # of a string in it
_VALUE = 80  # of a header of it
_MEMBERS = 8  # of an object in it
_USUAL = 0.6  # of the answers of a host have what is told once for all
MANY = 9  # exchanges of one requirement: more are counted, and those that its words name are listed
_ODD = frozenset({VIOLATED, ADVISORY, WAIVED, CRASHED})


@dataclass(frozen=True)
class Shown:
    """One exchange. ``path`` is its URL without the host; ``usual`` counts the headers that stand in ``Page.usual``."""

    name: str
    status: str
    right: bool
    method: str
    host: str
    path: str
    seconds: float
    about: str
    curl: str
    headers: Sequence[tuple[str, str]]
    usual: int
    without: Sequence[str]
    body: str
    cuts: Sequence[str]
    failure: str
    same_as: str


@dataclass(frozen=True)
class Page:
    """All exchanges; ``usual`` are the headers, by host, that most of its answers have."""

    shown: Sequence[Shown]
    usual: Mapping[str, Sequence[tuple[str, str]]]
    median: float


def page(exchanges: Sequence[Mapping[str, Any]], found: Sequence[Verdict], *, live: bool) -> Page:
    """Return what is shown of the exchanges, which are plain data in the order of sending.

    Of recordings whoever wants all headers has the file: only what is not as it must be shows them.
    """
    odd = {name for one in found if one.verdict in _ODD for name in meant(one)}
    usual = _usual(exchanges) if live else {}
    bodies: dict[tuple[str, int], str] = {}
    shown = []
    for one in exchanges:
        key = (one["shown"].get("answer", {}).get("body", ""), one["shown"].get("size", 0))
        same_as = bodies.setdefault(key, one["name"]) if len(key[0]) > _TEXT else one["name"]
        known = usual.get(_host(one), ()) if live else None
        shown.append(_shown(one, known, "" if same_as == one["name"] else same_as, odd))
    return Page(shown, usual, median([one.seconds for one in shown]) if shown else 0.0)


def meant(one: Verdict) -> list[str]:
    """Return the exchanges that a verdict is about: of many, those that its words name."""
    if len(one.exchanges) <= MANY:
        return [*one.exchanges]
    words = {word.strip(".,:;()[]'\"") for word in one.detail.split()}
    return [name for name in one.exchanges if name in words]


def _shown(
    one: Mapping[str, Any], usual: Sequence[tuple[str, str]] | None, same_as: str, odd: Collection[str]
) -> Shown:
    known = one["shown"]
    right = one["status"] is not None and one["status"] in known["expect"]
    in_full = not right or one["name"] in odd
    parts = urlsplit(one["url"])
    headers = [(str(name), str(value)) for name, value in known["answer"]["headers"]]
    usual = headers if usual is None else usual
    own = headers if in_full else [(name, _short(value)) for name, value in headers if (name, value) not in usual]
    names = {name for name, _ in headers}
    cuts = [*known["cut"]]
    body = "" if same_as and not in_full else known["answer"]["body"]
    if body and not in_full:
        body = _brief(body)
    expected = "" if right else f"; expected {' or '.join(map(str, known['expect']))}"
    return Shown(
        name=one["name"],
        status="none" if one["status"] is None else str(one["status"]),
        right=right,
        method=one["method"],
        host=parts.hostname or "",
        path=parts.path + (f"?{parts.query}" if parts.query else ""),
        seconds=float(one["seconds"]),
        about=f"Step {known['step']}{expected}" + ("" if one["failure"] else f"; {known['size']:,} bytes"),
        curl=known["curl"],
        headers=own,
        usual=len(headers) - len(own),
        without=[] if in_full else [name for name, _ in usual if name not in names],
        body=body,
        cuts=cuts,
        failure=one["failure"] or "",
        same_as="" if in_full else same_as,
    )


def _short(value: str) -> str:
    return value if len(value) <= _VALUE else f"{value[:_VALUE]}…"


def _host(one: Mapping[str, Any]) -> str:
    return urlsplit(one["url"]).hostname or ""


def _usual(exchanges: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Return the headers, by host, that most of its answers have with the same value."""
    answers: dict[str, list[list[tuple[str, str]]]] = {}
    for one in exchanges:
        if one["status"] is not None:
            pairs = [(str(name), str(value)) for name, value in one["shown"]["answer"]["headers"]]
            answers.setdefault(_host(one), []).append(pairs)
    counted = {host: Counter(pair for pairs in some for pair in {*pairs}) for host, some in answers.items()}
    return {
        host: sorted(pair for pair, number in pairs.items() if number > max(2, _USUAL * len(answers[host])))
        for host, pairs in counted.items()
    }


def _brief(body: str) -> str:
    """Return enough of a body to know it by: the first item of each list, the first members of each object."""
    try:
        document = json.loads(body)
    except ValueError:  # it is no JSON, or was cut
        return body if len(body) <= _BRIEF else f"{body[:_BRIEF]}…"
    shortened = json.dumps(_pruned(document), indent=1, ensure_ascii=False)
    return shortened if len(shortened) <= _BRIEF else f"{shortened[:_BRIEF]}…"


def _pruned(value: Any) -> Any:
    if isinstance(value, list):
        return [_pruned(item) for item in value[:1]] + (["…"] if len(value) > 1 else [])
    if isinstance(value, dict):
        few = {key: _pruned(value[key]) for key in list(value)[:_MEMBERS]}
        return few if len(value) <= _MEMBERS else {**few, "…": f"{len(value) - _MEMBERS} more members"}
    return value if not isinstance(value, str) or len(value) <= _TEXT else f"{value[:_TEXT]}…"
