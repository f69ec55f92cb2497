"""What holds for every answer, whatever was asked: its headers, what parsers repair in it, and secrets in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime

from quickstart.exchange import fields, paging, strict
from quickstart.exchange.answer import OK, Answer, CouldNotTest
from quickstart.judgement import challenges, expect
from quickstart.judgement.headers import is_secure
from quickstart.run import values
from quickstart.run.run import Run
from quickstart.run.tokens import pair_in
from quickstart.secrecy.patterns import asks_for_token
from quickstart.secrecy.stand_ins import encodings

SLOW = 5.0  # seconds
DAY = 86400  # seconds
# Fields that hold one value (RFC 9110 section 5.5; each is defined there, or in RFC 9111).
SINGLE = (
    "Content-Type",
    "Content-Length",
    "Date",
    "Location",
    "Content-Location",
    "ETag",
    "Last-Modified",
    "Retry-After",
    "Age",
    "Expires",
    "Strict-Transport-Security",  # RFC 6797 section 7.1
)
# RFC 9110 section 5.6.7, the one form that senders may use.
_IMF_FIXDATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4}"
    r" [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORTEST = 16  # characters; a shorter secret may be a common word
_DATED = range(200, 500)  # statuses that carry a Date, RFC 9110 section 6.6.1


def came(answers: Iterable[Answer]) -> list[Answer]:
    """Return those of the answers that came.

    Raises:
        CouldNotTest: none did.
    """
    return expect.some([answer for answer in answers if answer.status], "no answer came")


def challenge_problem(answer: Answer) -> str:
    """Say why a 401 does not challenge by RFC 6750 where it challenges at all, or nothing."""
    said = answer.headers.get("WWW-Authenticate", "")
    return "" if any(_bearer(answer)) else f"{answer.name}: {said!r}"


def challenge_error(answer: Answer) -> str | None:
    """Return the error code of a bearer challenge, or ``None``."""
    return next((parameters["error"] for parameters in _bearer(answer) if "error" in parameters), None)


def _bearer(answer: Answer) -> list[dict[str, str]]:
    return [parameters for scheme, parameters in challenges.told(answer) if scheme == "bearer"]


def undated(answers: Iterable[Answer]) -> list[str]:
    """Return which answers lack a Date that can be read, and what came instead."""
    dated = [(answer, answer.headers.get("Date")) for answer in answers if answer.status in _DATED]
    return [f"{answer.name}: Date {text!r}" for answer, text in dated if fields.http_date(text) is None]


def misdated(answers: Iterable[Answer]) -> list[str]:
    """Return which answers carry a Date that can be read, and is not written as it is to be.

    Raises:
        CouldNotTest: none carries one that can be read.
    """
    dates = [(answer.name, text) for answer in answers for text in answer.lines("Date")]
    readable = [(name, text) for name, text in dates if fields.http_date(text) is not None]
    if not readable:
        raise CouldNotTest("no answer carries a Date that can be read: see transport.date")
    return [f"{name}: {text!r}" for name, text in readable if not (_IMF_FIXDATE.fullmatch(text) and _is_its_day(text))]


def _is_its_day(date: str) -> bool:
    """Whether a date in the one form names the day of the week that it fell on (RFC 5322 section 3.3)."""
    return _DAYS[parsedate_to_datetime(date).weekday()] == date[:3]


def wrong_clocks(answers: Iterable[Answer]) -> list[str]:
    """Return which answers carry a Date that is more than a day from when they came.

    Raises:
        CouldNotTest: none carries one that can be read, or nobody knows when they came.
    """
    dates = [(answer, fields.http_date(answer.headers.get("Date"))) for answer in answers if answer.received]
    gaps = [(answer.name, date - answer.received) for answer, date in dates if date is not None]
    if not gaps:
        raise CouldNotTest("no answer carries a Date that can be read: see transport.date")
    return [f"{name}: {gap / DAY:+.1f} days" for name, gap in gaps if abs(gap) > DAY]


def contradictions(answer: Answer) -> list[str]:
    """Return the headers that came twice with different values, where there can be one alone."""
    lines = {name: sorted(set(answer.lines(name))) for name in SINGLE}
    return [f"{answer.name}: {name} {' and '.join(values)}" for name, values in lines.items() if len(values) > 1]


def two_lengths(answer: Answer) -> bool:
    """Whether an answer says twice how long it is."""
    return bool(answer.lines("Transfer-Encoding") and answer.lines("Content-Length"))


def reports(answers: Iterable[Answer]) -> dict[str, strict.Repaired]:
    """Return what parsers repair in the answers that are JSON, by exchange.

    Raises:
        CouldNotTest: none is.
    """
    found = {answer.name: answer.repaired for answer in answers if not expect.not_json(answer)}
    if not found:
        raise CouldNotTest("no answer is JSON")
    return found


def worded(found: Mapping[str, Iterable[str]]) -> list[str]:
    """Return one text for each exchange that has something."""
    texts = {name: ", ".join(dict.fromkeys(items)) for name, items in found.items()}
    return [f"{name}: {text}" for name, text in texts.items() if text]


def shared(answers: Iterable[Answer]) -> list[str]:
    """Return which answers to a token may be kept by caches that others use, and what says so."""
    policies = [
        (answer.name, answer.headers.get("Cache-Control", ""))
        for answer in answers
        if answer.sent.bearer and answer.status == OK
    ]
    return [f"{name}: Cache-Control {policy!r}" for name, policy in policies if _may_be_shared(policy)]


def _may_be_shared(policy: str) -> bool:
    said = fields.directives(policy)
    kept_apart = "no-store" in said or said.get("private", "of some fields") == ""
    shared_age, age = (fields.whole(said.get(name)) or 0 for name in ("s-maxage", "max-age"))
    # RFC 9111 section 3.5: these three allow it; what is stale at once is asked for again, with the token.
    return not kept_apart and ("public" in said or shared_age > 0 or ("must-revalidate" in said and age > 0))


# --- secrets


def tokens(run: Run, answers: Iterable[Answer]) -> dict[str, str]:
    """Return the tokens that this run began with or was given, each with what it is."""
    found = {"the refresh token": run.credentials.refresh_token, "that refresh token": run.source.refresh_token()}
    try:
        pair = run.pair()
        found |= {"the access token": pair.access_token, "the refresh token of the pair": pair.refresh_token}
    except CouldNotTest:
        pass  # the run has none
    for answer in answers:
        if _is_of_token_endpoint(answer) and answer.status == OK:
            found |= _issued(answer)
    return {value: words for words, value in found.items() if value and len(value) >= _SHORTEST}


def _issued(answer: Answer) -> dict[str, str | None]:
    try:
        pair = pair_in(answer.content)
    except CouldNotTest:
        return {}
    return {
        f"the access token of {answer.name}": pair.access_token,
        f"the refresh token of {answer.name}": pair.refresh_token,
    }


def _is_of_token_endpoint(answer: Answer) -> bool:
    return asks_for_token(answer.definition.method, answer.definition.path)


def echoes(run: Run, answers: list[Answer]) -> list[str]:
    """Return which secrets stand in which answers that did not issue them.

    The token endpoint issues tokens in the body of a success, the same ones again where it likes; cookies are judged
    elsewhere.
    """
    issued = _spelled(tokens(run, answers))
    known = {
        run.credentials.client_secret: "the client secret",
        run.credentials.other_client_secret or "": "the client secret of the other app",
        run.credentials.authorization_code or "": "the code",
    }
    ours = _spelled({value: words for value, words in known.items() if len(value) >= _SHORTEST})
    found: list[str] = []
    for answer in answers:
        heads = [(name, value) for name, value in answer.pairs if name.lower() != "set-cookie"]
        cookies = [("Set-Cookie", value) for value in answer.lines("Set-Cookie")]
        issues = _is_of_token_endpoint(answer) and answer.status == OK
        found += _standing(answer, issued, heads if issues else [*heads, ("the body", answer.text)])
        found += _standing(answer, ours, [*heads, *cookies, ("the body", answer.text)])
    return found


def parroted(run: Run, answers: Iterable[Answer]) -> list[str]:
    """Return which answers repeat what was sent as a secret and was wrong on purpose."""
    near = values.nearly(run.credentials.client_secret)
    wrong = _spelled(
        {
            **({near: "the client secret that is nearly right"} if len(near) >= _SHORTEST else {}),
            values.DELIBERATELY_WRONG["wrong_client_secret"]: "the wrong client secret",
            values.DELIBERATELY_WRONG["bogus_code"]: "the bogus code or token",
            values.GARBAGE_TOKEN: "the garbage token",
        }
    )
    return [
        problem
        for answer in answers
        for problem in _standing(answer, wrong, [*answer.pairs, ("the body", answer.text)])
    ]


def _spelled(secrets: Mapping[str, str]) -> list[tuple[str, frozenset[str]]]:
    """Return what each secret is, with all forms in which it may stand: made once for all answers."""
    return [(words, frozenset(encodings(secret))) for secret, words in secrets.items()]


def _standing(
    answer: Answer, secrets: Iterable[tuple[str, frozenset[str]]], places: list[tuple[str, str]]
) -> Iterator[str]:
    whole = "\n".join(text for _, text in places)
    for words, forms in secrets:
        if any(form in whole for form in forms):  # nearly never: then the places are looked at one by one
            yield from (f"{words} in {name} of {answer.name}" for name, text in places if any(f in text for f in forms))


def open_cookies(run: Run, answers: list[Answer]) -> list[str]:
    """Return which cookies hold a token and may travel without TLS."""
    known = _spelled(tokens(run, answers))
    found: list[str] = []
    for answer in answers:
        lines = [("a cookie", line) for line in answer.lines("Set-Cookie") if not is_secure(line)]
        found += _standing(answer, known, lines)
    return found


# --- values


def lists(answers: Iterable[Answer]) -> list[Answer]:
    """Return those of the answers whose items can be read.

    Raises:
        CouldNotTest: none can.
    """
    return expect.some([answer for answer in answers if paging.is_right(answer)], "no list that can be read")


def texts(answers: Iterable[Answer], *names: str) -> list[tuple[str, str]]:
    """Return the texts under ``names`` in the items of lists, with words for where; an empty text is nothing.

    Raises:
        CouldNotTest: no list can be read.
    """
    found = [
        (f"{name} of {item['id']} in {answer.name}", item.get(name))
        for answer in lists(answers)
        for item in answer.json
        for name in names
    ]
    return [(words, value) for words, value in found if isinstance(value, str) and value]
