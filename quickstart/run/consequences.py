"""What can only fail for a reason that is known already is neither sent nor judged: the first cause alone is red."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from quickstart.exchange import fields, paging
from quickstart.exchange.answer import FORBIDDEN, NOT_FOUND, OK, UNAUTHORIZED, UNREACHABLE, Answer, CouldNotTest
from quickstart.exchange.definitions import COME_AGAIN, GATEWAYS, Definition
from quickstart.exchange.targets import is_procores
from quickstart.run.tokens import CODE, pair_in

PAGES = frozenset({200, 403, 405, 406, 421, 451})  # statuses under which a portal or a firewall shows a page
PAGES_ALLOWED = 2  # of a host that has answered nothing else where JSON is promised
SILENT_ALLOWED = 2  # times in a row, of a host that has answered before; each may cost PROCORE_TIMEOUT seconds
OURS = "{company_id}"  # the placeholder of PROCORE_COMPANY_ID
FREE = "companies-free"  # the list in which trial companies stand, too
WITH_COMPANY = ("companies", "projects", "me")  # the first calls that name the company


def known_reason(definition: Definition, answers: Mapping[str, Answer], company_id: int) -> str | None:
    """Say why the exchange cannot succeed after these answers, naming the one that showed it, or ``None``."""
    return (
        _unreachable(definition, answers)
        or _replaced(definition, answers)
        or _used_up(definition, answers)
        or _refused(definition, answers)
        or _missing(definition, answers, company_id)
    )


def _unreachable(definition: Definition, answers: Mapping[str, Answer]) -> str | None:
    host = f"the {definition.host} host"
    silent = 0  # time-outs and gateway errors in a row
    allowed = 1  # before the host has answered anything
    for earlier in answers.values():
        if earlier.definition.host != definition.host or earlier.definition.plain_http:
            continue
        kind = earlier.failure.kind if earlier.failure else ""
        if kind in UNREACHABLE:
            return f"{host} could not be reached: {earlier.failure} ({earlier.name})"
        if earlier.status in COME_AGAIN:
            return f"{host} answered {earlier.status}, also after waiting as told ({earlier.name})"
        if earlier.name == "companies" and earlier.status == FORBIDDEN and earlier.is_page:
            return f"a page came with 403, as a firewall answers, and not {host} ({earlier.name})"
        if kind == "timeout" or earlier.status in GATEWAYS:
            silent += 1
        else:
            silent, allowed = 0, SILENT_ALLOWED
        if silent >= allowed:
            return f"{host} did not answer in time, or its gateway did not ({earlier.name})"
    return None


def _replaced(definition: Definition, answers: Mapping[str, Answer]) -> str | None:
    """Whoever shows a page to all that is asked, or leads away, is not the host, and gets no more secrets to read."""
    promised = [one for one in answers.values() if one.definition.host == definition.host and one.definition.schema]
    pages = [one.name for one in promised if (one.is_page and one.status in PAGES) or _leads_to_others(one)]
    if len(promised) < PAGES_ALLOWED or len(pages) < len(promised):
        return None
    host = f"the {definition.host} host"
    came = "a page, or a redirect to somebody else, came"
    return f"{came} from {host} whatever was asked, as from a portal or a firewall ({pages[-1]})"


def _leads_to_others(answer: Answer) -> bool:
    """Whether an answer is a redirect to a host that is neither the one asked nor one of Procore's."""
    if answer.status not in range(300, 400):
        return False
    to = fields.target(answer.sent.url, answer.headers.get("Location", ""))
    if to is None:
        return False
    return fields.origin(to) != fields.origin(urlsplit(answer.sent.url)) and not is_procores(to.geturl())


def _used_up(definition: Definition, answers: Mapping[str, Answer]) -> str | None:
    wrong = answers.get("token-wrong-redirect-uri")
    if definition.name != CODE or wrong is None or wrong.status != OK:
        return None
    try:
        pair_in(wrong.content)
    except CouldNotTest:
        return None
    return "token-wrong-redirect-uri was accepted and used the code up: see refusal.wrong-redirect-uri"


def _refused(definition: Definition, answers: Mapping[str, Answer]) -> str | None:
    """A token that the API refuses, and a company that the app is not connected to, fail everywhere alike."""
    if definition.host != "api" or definition.bearer in {"", "garbage"}:
        return None
    companies = answers.get("companies")
    if companies is not None and companies.status == UNAUTHORIZED:
        return "companies already refused the token with 401: see token.works"
    for name in WITH_COMPANY:
        earlier = answers.get(name)
        if earlier is not None and earlier.status in {FORBIDDEN, NOT_FOUND} and _needs_company(definition, earlier):
            return f"{name} already answered {earlier.status} for company {earlier.sent.company}"
    return None


def _needs_company(definition: Definition, earlier: Answer) -> bool:
    """Whether the exchange can only succeed where the app is connected to the company that ``earlier`` named."""
    if not earlier.sent.company or definition.expect != (OK,):
        return False
    # An exchange that names a company for a service account alone did so here: the run has a service account.
    service_account = earlier.definition.company_for_service_account and definition.company_for_service_account
    return definition.company == OURS or service_account


def _missing(definition: Definition, answers: Mapping[str, Answer], company_id: int) -> str | None:
    if definition.company != OURS or definition.expect != (OK,) or not lacks(answers, company_id):
        return None
    return f"companies does not list company {company_id}: see companies.configured"


def may_be_a_trial(answers: Mapping[str, Answer], company_id: int) -> bool:
    """Whether a right and whole list of companies has others, and not this one; trial ones stand in another list."""
    companies = answers.get("companies")
    if companies is None or not companies.as_expected:
        return False
    if not paging.is_right(companies) or not paging.is_complete(companies):
        return False
    ids = paging.ids_of(companies)
    return bool(ids) and company_id not in ids


def lacks(answers: Mapping[str, Answer], company_id: int) -> bool:
    """Whether the user's companies are listed, and this one is not among them, nor among the trial ones."""
    free = answers.get(FREE)
    listed = free is not None and company_id in paging.ids_of(free)
    return not listed and may_be_a_trial(answers, company_id)
