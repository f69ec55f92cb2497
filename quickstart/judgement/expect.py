"""Assertions that several requirements share; each says in its first line what came instead."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from quickstart.exchange import contract, fields, paging
from quickstart.exchange.answer import TOO_MANY_REQUESTS, UNREACHABLE, Answer, CouldNotTest, NotAskedFor
from quickstart.exchange.paging import Page
from quickstart.judgement import members
from quickstart.run.run import Run
from quickstart.secrecy.patterns import asks_for_token

CLOCK_TOLERANCE = 300  # seconds between a timestamp and the server's Date
FRESH = range(5300, 5401)  # seconds that a token of today's lifetime has when it was just made
TODAYS_LIFETIME, LONGEST_LIFETIME = 5400, 7200  # seconds that Procore documents: today, and until 2023
REFUSED = range(400, 500)
_EXCERPT = 120  # characters of a body that a message shows


def answered(answer: Answer) -> None:
    """The exchange was answered with a status that it expects."""
    __tracebackhide__ = True
    if answer.status == TOO_MANY_REQUESTS:
        answer.require_status()
    reached(answer)
    assert answer.as_expected, described(answer)


def reached(answer: Answer) -> None:
    """The request found its host: a name, a proxy or a certificate on the way is nothing that the host promised.

    Raises:
        CouldNotTest: it did not; *transport.certificate* judges certificates.
    """
    if answer.failure and answer.failure.kind in UNREACHABLE:
        raise CouldNotTest(f"{answer.name}: {answer.failure}")


def described(answer: Answer) -> str:
    """Return status and the beginning of the body, or why there is no answer: what a person would look at first."""
    reason = answer.headers.get("WWW-Authenticate", "") if not answer.content else answer.text
    excerpt = " ".join(reason.split())[:_EXCERPT]
    return f"{answer.outcome} {excerpt}".rstrip()


def is_right(answer: Answer) -> None:
    """The exchange was answered with a status that it expects, and with JSON that obeys its schema."""
    __tracebackhide__ = True
    answered(answer)
    is_json(answer)
    obeys_schema(answer)


def rests_on(answer: Answer) -> None:
    """Another answer, on which this requirement rests, is a right one.

    Raises:
        CouldNotTest: it is not; status, JSON and schema of that exchange are judged by requirements of their own.
    """
    problem = not_json(answer) if answer.json is not None else ""
    if problem:
        raise CouldNotTest(f"{answer.name}: {problem}")


def refused_with_4xx(answer: Answer) -> None:
    """The request was refused as wrong: neither answered, nor too much for the server."""
    __tracebackhide__ = True
    if answer.status == TOO_MANY_REQUESTS:
        answer.require_status()
    reached(answer)
    assert answer.status in REFUSED, described(answer)


def wrong(answers: Iterable[Answer]) -> list[str]:
    """Say which answers break status, JSON or schema of their exchange; those that were not had are passed over."""
    found = [(answer.name, _wrong(answer)) for answer in answers]
    return [f"{name}: {problem}" for name, problem in found if problem]


def _wrong(answer: Answer) -> str:
    if answer.status == TOO_MANY_REQUESTS or (answer.failure and answer.failure.kind in UNREACHABLE):
        return ""
    if not answer.as_expected:
        return described(answer)
    return not_json(answer) or next((str(violation) for violation in answer.violations), "")


def pages(answers: Iterable[Answer]) -> list[Page]:
    """Return the answers that are right lists as pages.

    Raises:
        CouldNotTest: there is none; what is wrong with them is judged by status, JSON and schema.
    """
    found = paging.readable(answers)
    if not found:
        raise CouldNotTest("none of these answers is a right list")
    return found


def where(answers: Iterable[Answer], is_wrong: Callable[[dict[str, Any]], bool]) -> list[str]:
    """Return the ids of the wrong items of those answers that are right lists, each with where it stands.

    Raises:
        CouldNotTest: there is none.
    """
    return [f"{item['id']} in {page.name}" for page in pages(answers) for item in page.items if is_wrong(item)]


def is_json(answer: Answer) -> None:
    """A right answer says that it is JSON, and is."""
    __tracebackhide__ = True
    answer.require_status()
    problem = not_json(answer)
    assert not problem, problem


def not_json(answer: Answer) -> str:
    """Say what keeps an answer from being JSON, or an empty text."""
    # RFC 6749 sections 5.1 and 5.2 know one media type; the pages on the API say JSON, and no more.
    relative = answer.media_type.endswith("+json") and not asks_for_token(answer.definition.method, answer.sent.url)
    if answer.media_type != "application/json" and not relative:
        return f"Content-Type {answer.headers.get('Content-Type', 'missing')!r}, status {described(answer)}"
    try:
        _ = answer.parsed
    except ValueError as error:
        why = f" ({_unreadable(error)})" if answer.content else ""
        return f"a body of {len(answer.content)} bytes that is no JSON{why}: {described(answer)}"
    return ""


def _unreadable(error: ValueError) -> str:
    """Say where a body stops to be JSON: its beginning, which a message shows, may look right."""
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8 from byte {error.start} on"
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    if error.doc.startswith("\ufeff"):
        return "it begins with a byte order mark"
    return f"{error.msg} at byte {len(error.doc[: error.pos].encode())}"


def obeys_schema(answer: Answer, *, elsewhere: Iterable[str] = ()) -> None:
    """The body obeys the schema of the exchange, but for the members that requirements of their own judge."""
    __tracebackhide__ = True
    apart = [violation for pointer in elsewhere for violation in contract.at(answer.violations, pointer)]
    found = [violation for violation in answer.violations if violation not in apart]
    assert not found, listed(found)


def member_obeys_schema(answer: Answer, pointer: str) -> None:
    """The member at ``pointer`` obeys the schema of the exchange."""
    __tracebackhide__ = True
    if not isinstance(answer.document, dict):
        raise CouldNotTest(f"{answer.name} did not answer a JSON object")
    if not contract.member_names(answer.definition.schema) & answer.document.keys():
        raise CouldNotTest(f"{answer.name} answered an object of another kind")
    found = contract.at(answer.violations, pointer)
    assert not found, listed(found)


def listed(items: Iterable[object]) -> str:
    """Return the first few items, and how many more there are."""
    texts = [*dict.fromkeys(map(str, items))]  # a page may be judged twice
    return "; ".join(texts[:3]) + (f"; and {len(texts) - 3} more" if len(texts) > 3 else "")


def refused(answer: Answer) -> None:
    """The token endpoint refused with the error code that tells the client what is wrong."""
    __tracebackhide__ = True
    answered(answer)
    given = members.tokens_in(answer)  # first: with them, it may be no refusal by its schema, which others judge
    assert not given, f"a refusal that hands out {' and '.join(given)}"
    code = error_code(answer)
    assert code in answer.definition.error.split(), f"error {code!r} with status {answer.status}"


def rests_on_refusal(answer: Answer) -> None:
    """Another refusal of the token endpoint, with which this one is compared, is a right one.

    Raises:
        CouldNotTest: it is not, which a requirement of its own judges.
    """
    try:
        refused(answer)
    except AssertionError:
        raise CouldNotTest(f"{answer.name} is not refused as it must be") from None


def error_code(answer: Answer) -> str:
    """Return the OAuth error code of a refusal.

    Raises:
        CouldNotTest: the refusal breaks its schema, which ``refusal.schema`` judges.
    """
    return str(answer.json["error"])


def some(answers: list[Answer], otherwise: str) -> list[Answer]:
    """Return ``answers``, or raise CouldNotTest: what is said of no answer at all would always be true."""
    if not answers:
        raise CouldNotTest(otherwise)
    return answers


def gathered(run: Run, names: Iterable[str]) -> list[Answer]:
    """Return the answers that could be had of the exchanges ``names``.

    Raises:
        NotAskedFor: each of them is disruptive, and was not asked for.
        CouldNotTest: not one of them could; it says why the first one could not.
    """
    wanted = list(names)
    if wanted and all(map(run.withholds, wanted)):
        raise NotAskedFor
    found: list[Answer] = []
    reasons: list[CouldNotTest] = []
    for name in wanted:
        try:
            found.append(run.answer(name))
        except CouldNotTest as reason:
            reasons.append(reason)
    if not found and reasons:
        raise reasons[0]
    return found


def had(answers: list[Answer]) -> list[Answer]:
    """Return those of the answers that have the status which they must have.

    Raises:
        CouldNotTest: none has.
    """
    right = [answer for answer in answers if answer.as_expected]
    if not right:
        for answer in answers:
            answer.require_status()
    return right


def readable(answers: list[Answer]) -> list[Answer]:
    """Return those of the answers whose status, JSON and schema are right.

    Raises:
        CouldNotTest: of none all three are; other requirements judge that.
    """
    right = [answer for answer in answers if paging.is_right(answer)]
    if not right:
        for answer in answers:
            _ = answer.json
    return right


def worse(before: Iterable[Answer], after: Iterable[Answer]) -> list[str]:
    """Say which of the later answers break status, JSON or schema where the earlier ones were right.

    Raises:
        CouldNotTest: none of the earlier ones was.
    """
    pairs = [later for earlier, later in zip(before, after, strict=True) if earlier.as_expected and not _wrong(earlier)]
    return wrong(some(pairs, "what it is compared with was not right either"))


def stored(answers: Iterable[Answer]) -> list[str]:
    """Say which answers caches may store, and what they say of caches."""
    policies = [(answer.name, answer.headers.get("Cache-Control")) for answer in answers]
    return [f"{name}: Cache-Control {policy!r}" for name, policy in policies if not fields.forbids_storing(policy)]


def says(answer: Answer, code: str) -> bool:
    """Whether the answer is a refusal with this OAuth error code."""
    if answer.as_expected or not_json(answer):
        return False
    return isinstance(answer.parsed, dict) and answer.parsed.get("error") == code


def made_now(answers: Iterable[Answer]) -> None:
    """Tokens were made now by the server's own clock, or as long ago as their remaining lifetime says."""
    __tracebackhide__ = True
    wrong = [
        f"{answer.name}: {age:.0f} s before the server's Date"
        for answer in answers
        if (age := _wrong_age(answer)) is not None
    ]
    assert not wrong, listed(wrong)


def _wrong_age(answer: Answer) -> float | None:
    """Return the seconds since a token was made by what its grant says, or ``None`` where they are plausible."""
    remaining = answer.json["expires_in"]
    lifetime = TODAYS_LIFETIME if remaining in FRESH else LONGEST_LIFETIME
    age = answer.server_time - float(answer.json["created_at"])
    return None if -CLOCK_TOLERANCE <= age <= lifetime - remaining + CLOCK_TOLERANCE else age


def repeated(values: Iterable[object]) -> list[object]:
    """Return the values that come more than once."""
    seen: set[object] = set()
    return [value for value in values if value in seen or seen.add(value)]  # type: ignore[func-returns-value]
