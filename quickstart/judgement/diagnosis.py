"""From what happened to its first cause and to what a person must do, in the reader's words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from quickstart.exchange.answer import Answer
from quickstart.exchange.client import BUDGET_SPENT
from quickstart.exchange.targets import Target
from quickstart.judgement.causes import BUDGET, CASES, COMPANY_MISSING, NO_TOKEN, Case
from quickstart.run.consequences import lacks
from quickstart.run.tokens import error_code


@dataclass(frozen=True)
class Diagnosis:
    """The first cause of what went wrong: a stable name, what it is, what to do, and the exchange that showed it."""

    cause: str
    what: str
    remedy: str
    exchange: str

    def as_plain(self) -> dict[str, str]:
        """Return it as data for reports."""
        return asdict(self)


@dataclass(frozen=True)
class Circumstances:
    """What a diagnosis must know besides the answers.

    ``source`` is the way by which the run got its token (``tokens.TokenSource``), ``no_token`` why it has none,
    ``reasons`` why exchanges were not sent, by name.
    """

    target: Target
    source: str
    company_id: int
    redirect_uri: str
    no_token: str | None
    reasons: Mapping[str, str]


def diagnose(answers: Sequence[Answer], known: Circumstances) -> Diagnosis | None:
    """Return the first cause that the answers show, in the order in which they came, or ``None``.

    Exchanges that ask for a refusal, or that carry a token of nobody, show nothing.
    """
    words = {
        "login": known.target.login_url,
        "api": known.target.api_url,
        "target": known.target.name,
        "company": str(known.company_id),
        "redirect_uri": known.redirect_uri,
    }
    for answer in answers:
        case = _case_of(answer, known.source)
        if case is None and answer.name == "companies" and lacks(answer, known.company_id):
            case = COMPANY_MISSING
        if case is not None:
            host = urlsplit(answer.sent.url).hostname or ""
            return _filled(case, answer.name, {**words, "host": host, "status": str(answer.status)})
    spent = next((reason for reason in known.reasons.values() if reason.startswith(BUDGET_SPENT)), None)
    if spent is not None:
        return _filled(BUDGET, "", {**words, "reason": spent})
    return _filled(NO_TOKEN, known.source, {**words, "reason": known.no_token}) if known.no_token else None


def _filled(case: Case, exchange: str, words: Mapping[str, str]) -> Diagnosis:
    return Diagnosis(case.cause, case.what.format_map(words), case.remedy.format_map(words), exchange)


def _case_of(answer: Answer, source: str) -> Case | None:
    if answer.as_expected or answer.definition.plain_http or answer.definition.bearer == "garbage":
        return None
    return next((case for case in CASES if _fits(case, answer, source)), None)


def _fits(case: Case, answer: Answer, source: str) -> bool:
    return (
        (not case.exchanges or answer.name in case.exchanges)
        and (not case.failure or (answer.failure is not None and answer.failure.kind == case.failure))
        and (not case.statuses or answer.status in case.statuses)
        and (not case.error or re.fullmatch(case.error, error_code(answer)) is not None)
        and (not case.says or re.search(case.says, answer.text) is not None)
        and (not case.source or case.source == source)
    )


def of_network(kind: str, host: str) -> Diagnosis | None:
    """Return what a ``Failure`` of this kind at ``host`` means, where nothing else is known."""
    case = next((case for case in CASES if case.failure == kind), None)
    return _filled(case, "", {"host": host}) if case else None


def of_grant(name: str, error: str, words: Mapping[str, str]) -> Diagnosis | None:
    """Return what the refusal ``error`` of the grant ``name`` means, outside of a run."""
    rows = (case for case in CASES if case.error and name in case.exchanges and re.fullmatch(case.error, error))
    case = next(rows, None)
    return _filled(case, name, words) if case else None
