"""From what came to its first cause and to what a person must do, in the reader's words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from quickstart.exchange import definitions, fields, waits
from quickstart.exchange.answer import OK, Answer, Failure
from quickstart.exchange.client import BUDGET_SPENT
from quickstart.exchange.messages import Reply, Request
from quickstart.judgement.catalogue import STEPS, Requirement
from quickstart.judgement.cause import Case
from quickstart.judgement.causes import (
    BUDGET,
    CALLS,
    CLIENT_LOOKED_AT,
    COMPANY_MISSING,
    GRANTS,
    NO_TOKEN,
    NOT_OURS,
    OTHERWISE_REFUSED,
    REFUSED,
)
from quickstart.judgement.causes_on_the_way import ON_THE_WAY
from quickstart.judgement.facts import Circumstances, holds
from quickstart.judgement.verdict import VIOLATED, Verdict, tolerated_exchanges
from quickstart.run import received
from quickstart.run.consequences import lacks
from quickstart.run.tokens import CODE, SERVICE_ACCOUNT, error_code

_ID = re.compile(r"[A-Za-z0-9-]{4,64}")
_ERROR = re.compile(r"[a-z_]{1,40}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}")
_LEAK = "(security)"  # what the remedy of such a promise says
_MINUTE, _DAY = 60, 86400  # seconds
_WORDS = {"detail": "", "exchange": "the request", "status": "", "to": "", "expected": "", "wait": ""}


@dataclass(frozen=True)
class Diagnosis:
    """The first cause of what went wrong: a stable name, what it is, what to do, and the exchange that showed it."""

    cause: str
    what: str
    remedy: str
    exchange: str

    @property
    def sentence(self) -> str:
        """What it is and what to do, as one sentence."""
        begins_with_host = "." in self.what.partition(" ")[0]
        what = self.what if begins_with_host else f"{self.what[:1].upper()}{self.what[1:]}"
        return f"{what}: {self.remedy}."

    def cleaned(self, clean: Callable[[str], str]) -> "Diagnosis":
        """Return it without secrets: a certificate, a proxy or a server may have had a say in it."""
        return Diagnosis(**{name: clean(text) for name, text in asdict(self).items()})

    def as_plain(self) -> dict[str, str]:
        """Return it as data for reports."""
        return asdict(self)


def first_cause(found: Sequence[Verdict], known: Circumstances | None) -> Diagnosis | None:
    """Return the first cause of what a run found, or ``None`` where nothing is broken and all was asked.

    An answer that is not as it must be comes first, in the order of sending: it takes others with it. A grant that
    was not answered comes before refusals that had another status. Then what kept
    the run from its work, and at last the first promise, in the order of the guide, that a right answer breaks. But
    nobody is told to wait or to try again where data leaked. In replay nothing is ``known`` of answers, and promises
    remain.
    """
    if known is None:
        return _promise(found)
    cases = {name: _case_of(answer, known) for name, answer in known.answers.items()}
    unexpected = [name for name, answer in known.answers.items() if cases[name] or not answer.as_expected]
    needed = {*CALLS, known.source, *(GRANTS if known.no_token else ())}
    tolerated = tolerated_exchanges(found, unexpected, needed) - _ended_by(known)
    leak = _promise([one for one in found if _leaked(one, cases)], list(known.answers))
    not_given = any(case is not None and not case.harmless for case in map(cases.get, GRANTS))
    for answer in sorted(known.answers.values(), key=lambda one: not_given and cases[one.name] is OTHERWISE_REFUSED):
        case = None if answer.name in tolerated else cases[answer.name]
        if case is None and answer.name == "companies" and lacks(known.answers, known.company_id):
            case = COMPANY_MISSING
        if case is not None and not case.harmless:
            cause = _filled(case, answer.name, _words(answer, known))
            return (leak or cause) if case.cause in NOT_OURS else cause
        if case is None and not answer.as_expected:
            broken = _promise([one for one in found if answer.name in one.blamed])
            if broken is not None:
                return leak or broken
    kept_from, promise = _kept_from(known), _promise(found, list(known.answers))
    # Whoever authorizes again has the same answer from an endpoint that says 200 and gives no token.
    empty_handed = known.source in {CODE, SERVICE_ACCOUNT} and known.answered(known.source)
    if empty_handed and promise and kept_from and kept_from.cause == NO_TOKEN.cause:
        kept_from = None
    return leak or kept_from or promise


def _leaked(one: Verdict, cases: Mapping[str, Case | None]) -> bool:
    """Whether the promise is broken by data that came where none may: what did not come at all leaks nothing."""
    grave = one.requirement.level == "must" and _LEAK in one.requirement.remedy
    return grave and not any(cases.get(name) for name in one.blamed)


def _ended_by(known: Circumstances) -> set[str]:
    """Return the exchanges whose answers kept others from being sent: the reasons end with their names."""
    return {name for name in known.answers if any(reason.endswith(f"({name})") for reason in known.reasons.values())}


def _kept_from(known: Circumstances) -> Diagnosis | None:
    spent = next((reason for reason in known.reasons.values() if reason.startswith(BUDGET_SPENT)), None)
    words = {**_WORDS, "login": known.target.login_url}
    if spent is not None:
        return _filled(BUDGET, "", {**words, "reason": spent})
    return _filled(NO_TOKEN, known.source, {**words, "reason": known.no_token}) if known.no_token else None


def _promise(found: Sequence[Verdict], sent: Sequence[str] = ()) -> Diagnosis | None:
    """Return the first requirement that is violated by an answer which came as it must.

    The first one is that of the exchange which was ``sent`` first, else of the first step of the guide.
    """
    order = list(STEPS)

    def place(one: Verdict) -> tuple[int, int]:
        places = [sent.index(name) for name in one.blamed if name in sent]
        return max(places, default=0), order.index(one.requirement.step)

    broken = [one for one in found if one.verdict == VIOLATED]
    first = min(broken, key=place, default=None)
    if first is None:
        return None
    what = f"[{first.requirement.id}] {first.requirement.sentence.rstrip('.')}; what came: {first.detail}"
    return Diagnosis(first.requirement.id, what, first.remedy.rstrip("."), "")


def remedy(requirement: Requirement, answers: Iterable[Answer], known: Circumstances) -> str:
    """Return the one thing to do where ``requirement`` is broken: what came decides, else the promise's own remedy."""
    for answer in answers:
        case = _case_of(answer, known)
        if case is not None and not case.harmless:
            text = case.remedy.format_map(_words(answer, known))
            return f"{text[:1].upper()}{text[1:]}."
    return requirement.remedy


def cause_of(answer: Answer, known: Circumstances) -> str:
    """Return the stable name of what explains this answer; empty where nothing does, or nothing is to be explained."""
    case = _case_of(answer, known)
    return case.cause if case else ""


def _case_of(answer: Answer, known: Circumstances) -> Case | None:
    definition = answer.definition
    promises_json = bool(definition.error) or (answer.status or 0) < 300  # other refusals may be pages
    if _shows(CLIENT_LOOKED_AT, answer, known):
        return CLIENT_LOOKED_AT
    if answer.as_expected and not (promises_json and _is_page(answer)):
        return None
    if definition.plain_http and answer.failure:
        return None
    rows: tuple[Case, ...] = (*ON_THE_WAY, *REFUSED)
    if definition.after:
        rows = ON_THE_WAY  # it asks what became of something: the promise itself says what that means
    elif any(400 <= status < 500 for status in definition.expect):
        rows = (*ON_THE_WAY, OTHERWISE_REFUSED)  # it asks to be refused, and a refusal is no news
        told = error_code(answer)
        if _ERROR.fullmatch(told) and definition.error and told not in definition.error.split():
            rows = ON_THE_WAY  # refused for something else: what was wrong went through, as the promise itself says
    return next((case for case in rows if _fits(case, answer, known)), None)


def _is_page(answer: Answer) -> bool:
    """Whether HTML came where a schema of JSON is promised."""
    return bool(answer.definition.schema) and answer.is_page


def _fits(case: Case, answer: Answer, known: Circumstances) -> bool:
    return _shows(case, answer, known) and _came_so(case, answer)


def _shows(case: Case, answer: Answer, known: Circumstances) -> bool:
    failure = answer.failure or Failure("", "")
    return (
        (not case.exchanges or answer.name in case.exchanges)
        and (not case.failure or failure.kind in case.failure)
        and (not case.detail or re.search(case.detail, failure.detail) is not None)
        and (not case.statuses or answer.status in case.statuses)
        and (not case.error or re.fullmatch(case.error, error_code(answer)) is not None)
        and (not case.says or re.search(case.says, answer.text) is not None)
        and (not case.source or case.source == known.source)
        and (not case.page or _is_page(answer))
        and not (case.alone and any(_is_right(other, answer) for other in known.answers.values()))
        and all(holds(name, known) for name in case.known)
    )


def _came_so(case: Case, answer: Answer) -> bool:
    """Whether a row is of such answers: most are of unexpected ones, that of a page is of expected ones, and of 200."""
    return answer.as_expected or answer.status == OK if case.page and not case.statuses else not answer.as_expected


def _is_right(other: Answer, answer: Answer) -> bool:
    """Whether ``other`` is a right answer of the same host to what is asked of such, and no page that any may have."""
    same = other.definition.host == answer.definition.host
    same &= urlsplit(other.sent.url).netloc == urlsplit(answer.sent.url).netloc
    return same and other.as_expected and (other.status or 500) < 300 and bool(other.definition.schema)


def _words(answer: Answer, known: Circumstances) -> Mapping[str, str]:
    to = fields.target(answer.sent.url, answer.headers.get("Location", ""))
    elsewhere = (to.hostname if to else None) or ""
    error = error_code(answer)
    request_id = answer.headers.get("X-Request-Id", "").strip()
    return {
        "login": known.target.login_url,
        "api": known.target.api_url,
        "target": known.target.name,
        "company": f"company {known.company_id}" if known.company_id else "the company",
        "redirect_uri": known.redirect_uri,
        "host": urlsplit(answer.sent.url).hostname or "",
        "status": f"{answer.status} {error}".rstrip() if _ERROR.fullmatch(error) else str(answer.status),
        "exchange": answer.name,
        "detail": str(answer.failure or ""),
        "expected": _statuses(answer.definition.expect),
        "to": elsewhere if _HOST.fullmatch(elsewhere) else "another place",
        "wait": _wait(answer),
        "request_id": f"request id {request_id}" if _ID.fullmatch(request_id) else "the exchange shown here",
    }


def _wait(answer: Answer) -> str:
    """Return how long a 429 asks to wait, in words; where it does not say, the longest window that Procore has."""
    headers = answer.headers
    told = any(headers.get(name, "").strip() for name in ("Retry-After", "X-Rate-Limit-Reset"))
    seconds = waits.requested(answer.status, headers) if told else 0
    if not 0 < seconds <= _DAY:
        return "for an hour"
    return f"for {seconds:.0f} s" if seconds < 2 * _MINUTE else f"for {seconds / _MINUTE:.0f} minutes"


def _statuses(expected: Sequence[int]) -> str:
    classes = sorted({status // 100 for status in expected})
    return " or ".join(map(str, expected)) if len(expected) <= 6 else " or ".join(f"{one}xx" for one in classes)


def _filled(case: Case, exchange: str, words: Mapping[str, str]) -> Diagnosis:
    return Diagnosis(case.cause, case.what.format_map(words), case.remedy.format_map(words), exchange)


def of_failure(failure: Failure, host: str) -> Diagnosis | None:
    """Return what it means that ``host`` gave no answer, outside of a run."""
    rows = (
        case
        for case in ON_THE_WAY
        if failure.kind in case.failure
        and not case.exchanges
        and (not case.detail or re.search(case.detail, failure.detail))
    )
    case = next(rows, None)
    return _filled(case, "", {**_WORDS, "host": host, "detail": failure.detail}) if case else None


def having(name: str, request: Request, reply: Reply, known: Circumstances) -> Circumstances:
    """Return the circumstances once the exchange ``name`` was answered, outside of a run."""
    definition = definitions.load()[name]
    answer = received.answer(definition, request, reply, cassettes=None, evidence="", clock_at=None)
    return replace(known, answers={**known.answers, name: answer})


def of_reply(name: str, request: Request, reply: Reply, known: Circumstances) -> Diagnosis | None:
    """Return what it means that the exchange ``name`` was answered like this, outside of a run."""
    return explained(name, having(name, request, reply, known))


def explained(name: str, known: Circumstances) -> Diagnosis | None:
    """Return what the answer to the exchange ``name`` means, or ``None`` where it came as it must."""
    answer = known.answers[name]
    case = _case_of(answer, known)
    return _filled(case, name, _words(answer, known)) if case else None
