"""What each tool catches, and where it cries wolf: a run for each case, kept so that it goes on where it stopped."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from benchmarks.rivals.mutations import BREACH, LEGAL, mutations
from benchmarks.rivals.running import Judge, judge
from benchmarks.rivals.tools import Tool
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS

KEPT = Path(__file__).parent / ".cases.jsonl"
COARSEST = 64
_OF_THE_TRANSPORT = frozenset({"transport.certificate", "transport.plain-http"})
"""What cannot be seen at a plain address, where all are run."""


@dataclass(frozen=True)
class Series:
    """Cases of one kind. ``right`` is whether a run that ends with 0 is right."""

    name: str
    right: bool
    cases: tuple[Case, ...]

    def sample(self, every: int) -> tuple[Case, ...]:
        """Return each ``every``-th case, from the first on: of a power of two, what half of it has, too."""
        return self.cases[::every]


@cache
def series() -> tuple[Series, ...]:
    """Return all of them, in the order of the table."""
    seen = [one for one in FAULTS if not (one.violated | one.advisory) <= _OF_THE_TRANSPORT]
    neutral = {kind: tuple(one.case for one in mutations() if one.verdict == kind) for kind in (BREACH, LEGAL)}
    return (
        Series("must", False, tuple(one for one in seen if one.violated)),
        Series("should", False, tuple(one for one in seen if not one.violated)),
        Series("variations", True, VARIATIONS),
        Series("breaches", False, neutral[BREACH]),
        Series("legal", True, neutral[LEGAL]),
    )


@dataclass(frozen=True)
class Book:
    """The exit codes that are known, by tool, digest of its inputs, series and case."""

    path: Path
    codes: dict[tuple[str, str, str, str], int]
    lock: threading.Lock

    @classmethod
    def opened(cls, path: Path = KEPT) -> Book:
        """Return what a file holds; a last line that was cut off counts as none."""
        codes = {}
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []:
            if line.endswith("\n"):
                found = json.loads(line)
                codes[found["tool"], found["inputs"], found["series"], found["case"]] = int(found["code"])
        return cls(path, codes, threading.Lock())

    def keep(self, tool: Tool, one: Series, case: Case, code: int) -> None:
        """Remember one more."""
        key = (tool.name, tool.digest, one.name, case.id)
        line = dict(zip(("tool", "inputs", "series", "case"), key, strict=True)) | {"code": code}
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            self.codes[key] = code
            file.write(json.dumps(line) + "\n")

    def known(self, tool: Tool, one: Series) -> dict[str, int]:
        """Return the codes of a tool, as its inputs are now, by case."""
        begin = (tool.name, tool.digest, one.name)
        return {key[3]: code for key, code in self.codes.items() if key[:3] == begin}


@dataclass(frozen=True)
class Caught:
    """How a tool did in a series: of ``tried`` of its ``cases``, ``wrong`` ended as they should not have."""

    cases: int
    tried: int
    wrong: tuple[str, ...]


def caught(book: Book, tool: Tool, one: Series) -> Caught | None:
    """Return it for the finest even sample that is complete; None if there is none."""
    known, every = book.known(tool, one), 1
    while every <= COARSEST:
        sample = one.sample(every)
        if all(case.id in known for case in sample):
            wrong = tuple(case.id for case in sample if (known[case.id] == 0) is not one.right)
            return Caught(len(one.cases), len(sample), wrong)
        every *= 2
    return None


def orders(tools: Sequence[Tool], every: int) -> Iterator[tuple[Tool, Series, Case]]:
    """Yield all runs of a sample, from coarse to fine: whenever it stops, what is done is an even sample."""
    done: set[tuple[str, str, str]] = set()
    step = COARSEST
    while step >= every:
        for tool in tools:
            for one in series():
                for case in one.sample(step):
                    key = (tool.name, one.name, case.id)
                    if key not in done:
                        done.add(key)
                        yield tool, one, case
        step //= 2


def run_all(tools: Sequence[Tool], every: int, *, workers: int = 2, book: Book | None = None) -> Book:
    """Run what is not known yet, two at a time, and return the book. Prints how far it is."""
    book = book or Book.opened()
    known = {(tool.name, one.name): book.known(tool, one) for tool in tools for one in series()}
    left = [order for order in orders(tools, every) if order[2].id not in known[order[0].name, order[1].name]]
    free: SimpleQueue[Judge] = SimpleQueue()
    ended = iter(range(1, len(left) + 1))

    def one(order: tuple[Tool, Series, Case]) -> None:
        tool, of, case = order
        judging = free.get()
        try:
            book.keep(tool, of, case, judging.code(tool, case))
        finally:
            free.put(judging)
        if (number := next(ended)) % 50 == 0 or number == len(left):
            print(f"{number} of {len(left)} runs", flush=True)

    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        for _ in range(workers):
            free.put(stack.enter_context(judge()))
        try:
            for result in [pool.submit(one, order) for order in left]:
                result.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)  # what is done is kept
            raise
    return book
