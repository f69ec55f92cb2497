"""What is broken, in plain words: promise, expected, what came, who must do what, and the text to send to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quickstart.judgement import portal
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.verdict import VIOLATED, Verdict
from quickstart.report.again import again
from quickstart.report.exchanges import meant
from quickstart.report.origin import Origin
from quickstart.report.todo import Task

SUPPORT = portal.SUPPORT.strip("()")
_PROCORE, _ADMINISTRATOR, _KEEPER, _RUNNER = (
    f"Procore’s API support ({SUPPORT})",
    "an administrator of the company in Procore",
    "whoever keeps the app in Procore’s developer portal",
    "whoever runs this suite",
)
# By what stands in a remedy; the first that fits. All other remedies are in the hands of who runs the suite.
_WHO = (
    (("administrator", portal.INSTALL, portal.DIRECTORY), _ADMINISTRATOR),
    ((portal.SUPPORT, "report it to procore", "tell procore"), _PROCORE),
    ((portal.KEYS, portal.COMPONENT), _KEEPER),
)
_FEW = 3  # requirements of a task that are told in full, and exchanges of each
_AGAIN = 6  # requirements that one line runs again
_LONG = 600  # characters of what came


@dataclass(frozen=True)
class Promise:
    """One broken requirement; ``exchanges`` are the names of the answers that it is about."""

    id: str
    sentence: str
    expected: str
    came: str
    exchanges: Sequence[str]


@dataclass(frozen=True)
class Card:
    """One thing to do. ``cause`` is what is the matter, where that is known and is not a promise itself."""

    task: Task
    cause: str
    promises: Sequence[Promise]
    more: Sequence[str]
    who: str
    message: str


@dataclass(frozen=True)
class About:
    """What a message says of the run: target, company, day, evidence, and the command line."""

    origin: Origin
    facts: Sequence[tuple[str, str]]
    command: str
    exchanges: Sequence[Mapping[str, Any]]


def cards(tasks: Iterable[Task], found: Sequence[Verdict], diagnosis: Diagnosis | None, about: About) -> list[Card]:
    """Return what stands on the first screen of a run with something broken, in the order of ``tasks``."""
    broken = {one.requirement.id: one for one in found if one.verdict == VIOLATED}
    return [_card(task, broken, diagnosis if number == 0 else None, about) for number, task in enumerate(tasks)]


def who(remedy: str) -> str:
    """Return whose hands a remedy is in."""
    plain = remedy.casefold()
    return next((who for words, who in _WHO if any(word.casefold() in plain for word in words)), _RUNNER)


def _card(task: Task, broken: Mapping[str, Verdict], diagnosis: Diagnosis | None, about: About) -> Card:
    ids = [name for name in task.requirements if name in broken]
    if diagnosis and diagnosis.cause in ids:  # the first promise that is broken is told as one
        ids = [diagnosis.cause, *(name for name in ids if name != diagnosis.cause)]
    promises = [_promise(broken[name]) for name in ids[:_FEW]]
    cause = "" if diagnosis and diagnosis.cause in broken else task.cause
    named = [*([diagnosis.exchange] if diagnosis else []), *(name for one in promises for name in one.exchanges)]
    message = _message(task, cause, promises, ids, dict.fromkeys(named), about)
    return Card(task, cause, promises, ids[_FEW:], who(task.text), message)


def _promise(one: Verdict) -> Promise:
    requirement = one.requirement
    return Promise(requirement.id, requirement.sentence, requirement.expected, one.detail[:_LONG], meant(one)[:_FEW])


def _message(
    task: Task, cause: str, promises: Sequence[Promise], ids: Sequence[str], names: Iterable[str], about: About
) -> str:
    """Return a text that can be sent as it stands: it holds no secret, for nothing here does."""
    facts = dict(about.facts)
    where = ", ".join(facts[name] for name in ("Target", "Company", "Run on") if name in facts)
    what = cause.rstrip(".") or (promises[0].sentence if promises else task.text)
    to_support = who(task.text) == _PROCORE
    lines = [
        *([f"To: {SUPPORT}"] if to_support and about.origin.procore else []),
        f"Subject: Procore quick start: {what}",
        "",
    ]
    if to_support:
        lines += ["Hello, this answer is not what your documentation promises. Could you look into it?", ""]
    else:
        lines += [f"Please do this: {task.text}", *([f"Why: {cause}"] if cause else []), ""]
    for one in promises:
        lines += [f"[{one.id}] {one.sentence}", f"  expected: {one.expected}", f"  came:     {one.came}", ""]
    came = [line for name in names for line in _exchange(name, about.exchanges)]
    lines += [*came, *([""] if came else []), f"Run: {where}", f"Evidence: {about.origin.statement}"]
    if ids:
        lines.append(f"To see it again: {again(about.command, ids[:_AGAIN])}")
    return "\n".join([*lines, "Secrets are left out."])


def _exchange(name: str, exchanges: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Yield the line by which whoever keeps the server finds a request in their logs."""
    for one in exchanges:
        if one["name"] == name:
            headers = {str(key).lower(): str(value) for key, value in one["shown"].get("answer", {}).get("headers", [])}
            marks = [
                f"request id {headers['x-request-id']}" if "x-request-id" in headers else "",
                headers.get("date", ""),
                f"{float(one['seconds']):.3f} s",
            ]
            outcome = f"no answer: {one['failure']}" if one["failure"] else str(one["status"])
            yield f"{name}: {one['method']} {one['url']} -> {', '.join(filter(None, [outcome, *marks]))}"
