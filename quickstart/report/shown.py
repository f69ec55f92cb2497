"""What the report shows of one exchange: plain data, redacted and bounded, which xdist can carry between processes."""

import json
from typing import Any

from quickstart.exchange.answer import Answer
from quickstart.report.curl import curl
from quickstart.run.tokens import hints_of
from quickstart.secrecy.printable import one_line, printable
from quickstart.secrecy.redaction import Redactor

ITEMS = 10  # of a list in an answer
DEPTH = 12  # of nested lists and objects
VALUE = 200  # characters of one string in a JSON answer, or of one header
BODY = 12_000  # characters of one body
HEADERS = 40  # of one answer
CUTS = 5  # that are told of one answer


def shown(answer: Answer, redactor: Redactor) -> dict[str, Any]:
    """Return request and answer: ``curl`` sends the one, ``answer`` holds ``headers`` (pairs) and ``body``.

    ``cut`` says how it was cut. Secrets of the request are never read here: variables of a shell stand for them.
    """
    cuts: list[str] = []
    few = dict(list(answer.headers.items())[:HEADERS])
    headers = [(one_line(name), _short(one_line(value))) for name, value in redactor.headers(few).items()]
    if len(answer.headers) > HEADERS:
        cuts.append(f"{len(answer.headers)} headers, of which {HEADERS} are shown")
    body = _body(answer, redactor, cuts)
    return {
        "curl": curl(answer, one_line(redactor.url(answer.sent.url))),
        "answer": {"headers": sorted(headers, key=lambda pair: pair[0].lower()), "body": body},
        "expect": list(answer.definition.expect),
        "step": answer.definition.step,
        "size": len(answer.content),
        "cut": list(dict.fromkeys(cuts))[:CUTS],
    }


def _body(answer: Answer, redactor: Redactor, cuts: list[str]) -> str:
    if not answer.content:
        return ""
    hints = hints_of(answer)
    try:
        document = answer.parsed
    except (ValueError, RecursionError):
        text = redactor.body(answer.media_type, answer.content, **hints).decode("utf-8", "replace")
    else:
        if answer.left_out:
            document = document[:ITEMS]
            cuts.append(
                f"a list of {len(answer.parsed) + answer.left_out:,} items, of which the first {ITEMS} are shown"
            )
        pruned = redactor.document(_pruned(document, cuts), **hints)
        text = redactor.net(json.dumps(_shortened(pruned), indent=2, ensure_ascii=False))
    text = printable(text)
    if len(text) > BODY:
        cuts.append(f"{len(text):,} characters, of which the first {BODY:,} are shown")
        text = text[:BODY]
    return text


def _pruned(value: Any, cuts: list[str], depth: int = 0) -> Any:
    """Return ``value`` with short lists and no deep nesting, before anything else is done with it."""
    if depth > DEPTH:
        cuts.append(f"what is nested deeper than {DEPTH} levels is left out")
        return "…"
    if isinstance(value, list):
        if len(value) > ITEMS:
            cuts.append(f"a list of {len(value):,} items, of which the first {ITEMS} are shown")
        return [_pruned(item, cuts, depth + 1) for item in value[:ITEMS]]
    if isinstance(value, dict):
        return {key: _pruned(item, cuts, depth + 1) for key, item in value.items()}
    return value


def _shortened(value: Any) -> Any:
    """Return ``value`` with short strings, after the secrets in them were found."""
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    return value


def _short(text: str) -> str:
    return text if len(text) <= VALUE else f"{text[:24]}… ({len(text):,} characters)"


def company_name(answer: Answer, company_id: int, redactor: Redactor) -> str:
    """Return the name that a list of companies gives to ``company_id``, or ``""``."""
    try:
        companies = answer.parsed
    except (ValueError, RecursionError):
        return ""
    if not isinstance(companies, list):
        return ""
    names = [one.get("name") for one in companies if isinstance(one, dict) and one.get("id") == company_id]
    return _short(redactor.line(names[0])) if names and isinstance(names[0], str) else ""
