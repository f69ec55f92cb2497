"""The ways out of a live run besides reports: log records, warnings, standard output, test ids."""

import logging
import sys
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable
from types import TracebackType
from typing import Any, TextIO

import pytest

from quickstart.secrecy.printable import harmless
from quickstart.secrecy.redaction import Redactor
from quickstart.upstream import runner

# What these log quotes answers before anybody has learned what is secret in them: vcrpy at level info, urllib3 where
# a header cannot be read.
_QUOTES_ANSWERS = {"vcr": logging.NOTSET, "urllib3": logging.INFO}


class Outlets:
    """A plugin of a live run; everything that pytest, a library or a test prints or logs goes through the redactor."""

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        self._redactor = redactor
        self._undo: list[Callable[[], None]] = []
        self._guard_log()
        self._guard_streams(config)
        self._guard_crash()
        config.add_cleanup(self.close)

    def close(self) -> None:
        """Give everything back as it was."""
        while self._undo:
            self._undo.pop()()

    def _guard_log(self) -> None:
        """Redact each record as it is made, so that no handler, whoever installs it, sees a secret.

        urllib3 logs paths with queries. No record of ours is made: all of them come from outside.
        """
        make = logging.getLogRecordFactory()
        redactor = self._redactor

        def record(*arguments: Any, **keywords: Any) -> logging.LogRecord:
            made = make(*arguments, **keywords)
            if made.levelno > _QUOTES_ANSWERS.get(made.name.partition(".")[0], logging.CRITICAL):
                made.msg, made.exc_info, made.stack_info = "(left out: it may quote an answer)", None, None
            else:
                made.msg = redactor.line(_message(made))
            made.args = None
            if made.exc_info and made.exc_info[0] is not None:
                # Formatters print exc_text where it is set, and make it from exc_info where it is not.
                made.exc_text = redactor.shown("".join(traceback.format_exception(*made.exc_info)).rstrip("\n"))
            return made

        logging.setLogRecordFactory(record)
        self._undo.append(lambda: logging.setLogRecordFactory(make))
        vcr = logging.getLogger("vcr")  # all it says is what the cassette will hold
        level = vcr.level
        vcr.setLevel(logging.CRITICAL + 1)
        self._undo.append(lambda: vcr.setLevel(level))

    def _guard_crash(self) -> None:
        """Redact the traceback of a crash that nobody catches. Nothing is given back: it is printed at the very end."""
        redactor = self._redactor

        def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            sys.stderr.write(redactor.shown("".join(traceback.format_exception(kind, error, trace))))

        sys.excepthook = show

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: runner.ExceptionRepr) -> None:
        """Redact the traceback of a crash that pytest shows."""
        text = self._redactor.shown(str(excrepr))
        excrepr.toterminal = lambda tw: tw.line(text)  # type: ignore[method-assign]

    def _guard_streams(self, config: pytest.Config) -> None:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            self._guard_attribute(*runner.stream_of(reporter))
        for name in ("stdout", "stderr"):
            self._guard_attribute(sys, name)

    def _guard_attribute(self, owner: Any, name: str) -> None:
        stream = getattr(owner, name)
        setattr(owner, name, RedactedStream(stream, self._redactor))
        self._undo.append(lambda: setattr(owner, name, stream))

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Rename a test whose parameters carry a secret: its id stands in caches, reports and on the terminal."""
        clean = self._redactor.net(item.nodeid)
        if clean != item.nodeid:
            runner.rename(item, clean)
            item.name = self._redactor.net(item.name)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Redact why a module could not be collected, or was skipped."""
        report = yield
        if isinstance(report.longrepr, tuple):
            path, line, reason = report.longrepr
            report.longrepr = (path, line, self._redactor.shown(reason))
        elif report.longrepr is not None:
            report.longrepr = self._redactor.shown(report.longreprtext)
        report.sections = [(title, self._redactor.shown(text)) for title, text in report.sections]
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Redact what the summary of warnings shows."""
        warning_message.message = self._redactor.shown(str(warning_message.message))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args}"  # wrong placeholders, which logging would print with all its arguments


class RedactedStream:
    """A text stream that writes what the redactor leaves; all else is the stream's own.

    It is a net: what came from outside was cleaned before it entered a message. Commands to a GitHub runner pass if
    they are ours (see ``Redactor.vouch``).
    """

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        self._stream = stream
        self._redactor = redactor

    def write(self, text: str) -> int:
        """Write ``text`` without its secrets; return the length of ``text``, as callers expect."""
        clean = self._redactor.net(text)
        self._stream.write(clean if self._redactor.vouches(clean) else harmless(clean))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
