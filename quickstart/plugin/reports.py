"""Rewrites pytest's reports: readable lines before the traceback, advisories, and no secret in any of them."""

import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from quickstart import MACHINERY
from quickstart.exchange.answer import Answer, CouldNotTest, NotAskedFor
from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.verdict import ADVISORY, COULD_NOT_TEST, CRASHED, NOT_ASKED_FOR, SATISFIED, VIOLATED, WAIVED
from quickstart.judgement.waivers import Waiver
from quickstart.report.words import ADVISORY_MARK, WAIVED_MARK
from quickstart.run.cassettes import ReplayError
from quickstart.secrecy.printable import one_line, printable
from quickstart.secrecy.redaction import Redactor
from quickstart.upstream import runner
from quickstart.upstream.runner import ExceptionChainRepr, ReprEntryNative, ReprTraceback

_FEW = 6  # answers that a message shows, whatever it says of them
_NAME = re.compile(r"[\w.-]+")
OURS = frozenset({"requirement", "level", "step"})  # the properties of a test that the catalogue gives it


def properties(requirement: Requirement) -> dict[str, str]:
    """Return what reports and JUnit say of a test besides its name."""
    return {"requirement": requirement.id, "level": requirement.level, "step": requirement.step}


def judge(
    call: pytest.CallInfo[None],
    requirement: Requirement,
    fail_on: str,
    root: Path,
    waiver: Waiver | None = None,
) -> tuple[str, str]:
    """Return verdict and detail of one phase of a test: what its assertion said, or why nothing could be said.

    ``root`` is the folder of the suite.
    """
    if call.excinfo is None:
        return SATISFIED, ""
    error = call.excinfo.value
    first_line = (str(error) or type(error).__name__).partition("\n")[0]
    if isinstance(error, CouldNotTest):
        return NOT_ASKED_FOR if isinstance(error, NotAskedFor) else COULD_NOT_TEST, first_line
    if is_unexpected(error, root):
        return CRASHED, f"{type(error).__name__}: {first_line}"
    if isinstance(error, AssertionError):
        broken = requirement.level == "must" or fail_on == requirement.level
        verdict = WAIVED if waiver else VIOLATED if broken else ADVISORY
        return verdict, first_line.removeprefix("AssertionError: ")
    return COULD_NOT_TEST, first_line


def is_unexpected(error: BaseException, root: Path) -> bool:
    """Whether a test that died of ``error`` died of a fault of the suite.

    A test ends by an assertion of its own or of the judgement's, by saying that it cannot judge, or because a recording
    does not serve.
    """
    if isinstance(error, pytest.skip.Exception | pytest.xfail.Exception | ReplayError):
        return False
    return not (isinstance(error, AssertionError) and _is_judgement(error, root))


def _is_judgement(error: BaseException, root: Path) -> bool:
    """Whether ``error`` was raised where judging is done, and not in a library or the machinery."""
    frames = traceback.extract_tb(error.__traceback__)
    raised = Path(frames[-1].filename) if frames else root
    return any(raised.is_relative_to(folder) for folder in (root / "tests", MACHINERY / "judgement"))


def message(
    requirement: Requirement,
    detail: str,
    answers: list[Answer],
    redactor: Redactor,
    *,
    remedy: str,
    again: str,
    waiver: Waiver | None = None,
) -> str:
    """Return the lines that a person reads first: requirement, expected, actual, exchange, and what to do.

    ``detail``, ``remedy`` and the words of ``waiver`` are clean already; ``again`` is the line that runs this alone.
    """
    lines = [
        f"[{requirement.id}] {requirement.sentence}",
        f"  expected: {requirement.expected}   ({requirement.step}; {requirement.source})",
        f"  actual:   {detail}",
        *(f"  exchange: {exchange_line(answer, redactor)}" for answer in _meant(answers, detail)),
        f"  basis:    {requirement.basis_beside(remedy)}",
        *([f"  waived:   {waiver.words}"] if waiver else []),
        *([f"  what to do: {remedy}"] if remedy else []),
        f"  run again: {again}",
    ]
    return "\n".join(lines)


def _meant(answers: list[Answer], detail: str) -> list[Answer]:
    """Return the answers, or those that the detail names where there are many: a test may judge all of a run."""
    words = {word.strip(".") for word in _NAME.findall(detail)}
    named = [answer for answer in answers if answer.name in words]
    return named if named and len(answers) > _FEW else answers


def exchange_line(answer: Answer, redactor: Redactor) -> str:
    """Return one line on an exchange: name, request, outcome, evidence, time."""
    url = one_line(redactor.url(answer.sent.url)).partition("?")[0]
    outcome = redactor.line(answer.outcome) if answer.failure else answer.outcome
    came = f"{outcome}, evidence: {answer.evidence}, {answer.seconds:.2f} s"
    return f"{answer.name}: {answer.sent.method} {url} → {came}"


def put_before_traceback(report: pytest.TestReport, text: str) -> None:
    """Let ``text`` stand before the traceback of a failed test, and in pytest's one-line summary."""
    longrepr = report.longrepr
    if not isinstance(longrepr, ExceptionChainRepr):
        report.longrepr = f"{text}\n\n{report.longreprtext}"
        return
    if longrepr.reprcrash is not None:
        longrepr.reprcrash.message = text.partition("\n")[0]
    heading = ReprTraceback([ReprEntryNative([f"{text}\n"])], None, style="native")
    report.longrepr = ExceptionChainRepr([(heading, None, None), *longrepr.chain])


def make_advisory(report: pytest.TestReport, detail: str) -> None:
    """Let a broken *should* be shown, and not fail the run."""
    report.outcome = "skipped"
    report.wasxfail = f"{ADVISORY_MARK}{detail}"


def make_waived(report: pytest.TestReport, detail: str, waiver: Waiver) -> None:
    """Let a breach that is put up with be shown, with reason and end, and not fail the run."""
    report.outcome = "skipped"
    instead = f" (expected instead: {waiver.expected})" if waiver.expected else ""
    report.wasxfail = f"{WAIVED_MARK}{waiver.words}{instead}; actual: {detail}"


def redacted(report: pytest.TestReport, redactor: Redactor) -> pytest.TestReport:
    """Return the report without a secret in what came from outside: traceback, captured output, properties, reasons.

    What pytest or the catalogue say of the test stays: outcome, phase, keywords, paths and lines.
    """
    if report.longrepr is None and not report.sections and dict(report.user_properties).keys() <= OURS:
        return report  # it says nothing but what the catalogue says
    plain = runner.as_plain(report)
    plain["longrepr"] = _representation(plain["longrepr"], redactor)
    plain["sections"] = [(title, redactor.shown(text)) for title, text in report.sections]
    plain["user_properties"] = [
        (key, value) if key in OURS else (redactor.shown(key), _shown(value, redactor))
        for key, value in report.user_properties
    ]
    plain["keywords"] = {redactor.net(key): value for key, value in report.keywords.items()}
    if isinstance(plain.get("wasxfail"), str):
        plain["wasxfail"] = redactor.line(plain["wasxfail"])
    clean = runner.from_plain(plain)
    clean.nodeid, clean.location = report.nodeid, report.location
    return clean


# Members of a traceback, as plain data, whose texts are pytest's own.
_STRUCTURE = frozenset({"path", "style", "type", "lineno"})


def plain(value: Any) -> Any:
    """Return data that travels between processes and into files, all its text printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain(item) for item in value)
    return value


def _representation(longrepr: Any, redactor: Redactor) -> Any:
    """Return why a test failed or was skipped: a text, a traceback as plain data, or path, line and reason."""
    if isinstance(longrepr, tuple):
        path, line, reason = longrepr
        return path, line, redactor.shown(reason)
    return _shown(longrepr, redactor)


def _shown(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, str):
        return redactor.shown(value)
    if isinstance(value, dict):
        return {key: item if key in _STRUCTURE else _shown(item, redactor) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_shown(item, redactor) for item in value)
    return value
