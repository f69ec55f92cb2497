"""What a run has shown so far, by name: the table of causes asks it, so that nobody is told to do what is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quickstart.exchange import paging
from quickstart.exchange.answer import FORBIDDEN, NOT_FOUND, OK, UNAUTHORIZED, Answer, CouldNotTest
from quickstart.exchange.targets import TARGETS, Target
from quickstart.run.run import Run
from quickstart.run.tokens import CODE, REFRESH, SERVICE_ACCOUNT


@dataclass(frozen=True)
class Circumstances:
    """What a diagnosis must know besides the answer that it explains.

    ``source`` is the way by which the run got its token (``tokens.TokenSource``), ``no_token`` why it has none,
    ``reasons`` why exchanges were not sent, ``answers`` all that came; the last two by exchange. ``company_id`` is 0
    where no company was named yet.
    """

    target: Target
    source: str
    company_id: int
    redirect_uri: str
    no_token: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def status(self, name: str) -> int | None:
        """The status of the exchange ``name``, or ``None`` where it had no answer."""
        return self.answers[name].status if name in self.answers else None

    def answered(self, name: str) -> bool:
        """Whether the exchange ``name`` had an answer that it expects."""
        return name in self.answers and self.answers[name].as_expected


def of_run(run: Run) -> Circumstances:
    """Return what ``run`` has shown so far."""
    return Circumstances(
        target=run.target,
        source=run.source.name,
        company_id=run.credentials.company_id,
        redirect_uri=run.credentials.redirect_uri,
        no_token=run.no_token,
        reasons=run.reasons,
        answers=run.answers,
    )


def _hosts_overridden(known: Circumstances) -> bool:
    return known.target != TARGETS.get(known.target.name)


def _client_accepted(known: Circumstances) -> bool:
    """Client ID and secret were accepted: by a grant, whichever."""
    return any(known.answered(name) for name in (CODE, REFRESH, SERVICE_ACCOUNT))


def _statuses_of_own_token(known: Circumstances) -> list[int]:
    """With which statuses the API answered the run's own token, in the order of sending.

    What promises no JSON is left out: a path that does not exist is not found whatever token is shown.
    """
    asked = [one for one in known.answers.values() if (one.definition.bearer, one.definition.host) == ("access", "api")]
    return [one.status for one in asked if one.status is not None and one.definition.schema]


def _token_accepted(known: Circumstances) -> bool:
    """The API took the run's own token, whatever it answered."""
    return any(status != UNAUTHORIZED and status < 500 for status in _statuses_of_own_token(known))


def _token_ended(known: Circumstances) -> bool:
    """The API took the run's own token at first, and then no more: what came last were several 401."""
    return _ended([status == UNAUTHORIZED for status in _statuses_of_own_token(known)])


def _access_ended(known: Circumstances) -> bool:
    """The projects of the company were shown at first, and then no more: what came last were several refusals."""
    asked = [one for one in known.answers.values() if one.name.startswith("project") and one.definition.expect == (OK,)]
    return _ended([one.status in (FORBIDDEN, NOT_FOUND) for one in asked if one.status is not None])


def _ended(refused: Sequence[bool]) -> bool:
    """Whether what was answered at first was refused at last, more than once and without an exception."""
    first = refused.index(True) if True in refused else 0
    return first > 0 and len(refused) - first > 1 and all(refused[first:])


def _projects_answered(known: Circumstances) -> bool:
    """The list of the company's projects was answered, and not refused with 403 later on; an app may be removed."""
    answered = False
    for one in known.answers.values():
        if one.definition.series == "projects" and one.status in (OK, FORBIDDEN):
            answered = one.status == OK
        elif one.name in ("projects-without-company-header", "projects-v1.0") and paging.ids_of(one):
            answered = True
    return answered


def _listed(known: Circumstances) -> bool:
    """The list of companies shows the configured one."""
    return any(company["id"] == known.company_id for company in _companies(known) or [])


def _companies(known: Circumstances) -> list[Any] | None:
    """Return the list of companies, or ``None`` where no right one came."""
    companies = known.answers.get("companies")
    try:
        return list(companies.json) if companies is not None else None
    except CouldNotTest:
        return None


FACTS: Mapping[str, Callable[[Circumstances], bool]] = {
    "hosts-overridden": _hosts_overridden,
    "hosts-differ": lambda known: known.target.login_url != known.target.api_url,
    "client-accepted": _client_accepted,
    "code-exchanged": lambda known: known.answered(CODE),
    "code-tried": lambda known: "token-wrong-redirect-uri" in known.answers,
    "token-accepted": _token_accepted,
    "listed": _listed,
    "list-empty": lambda known: _companies(known) == [],
    "projects-answered": _projects_answered,
    "refused-without-token": lambda known: known.status("companies-without-token") == FORBIDDEN,
    "token-ended": _token_ended,
    "access-ended": _access_ended,
    "user-refused": lambda known: known.status("companies") == known.status("me") == FORBIDDEN,
    "user": lambda known: known.source != SERVICE_ACCOUNT,
}


def holds(name: str, known: Circumstances) -> bool:
    """Whether the fact holds; ``"no x"`` holds where *x* does not."""
    return not FACTS[name.removeprefix("no ")](known) if name.startswith("no ") else FACTS[name](known)
