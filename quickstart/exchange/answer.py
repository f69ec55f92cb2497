"""The answer to an exchange: what came, where from, and how much of it may be relied on."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from requests.structures import CaseInsensitiveDict

from quickstart.exchange import contract, fields, strict
from quickstart.exchange.definitions import Definition
from quickstart.upstream.outcome import Skipped

OK = 200
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
# Kinds of Failure before the request went out: they say nothing about the endpoint, and the next one meets the same.
UNREACHABLE = frozenset({"certificate", "tls", "dns", "proxy", "connect"})
TOO_MANY_REQUESTS = 429
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


class CouldNotTest(Skipped):
    """A requirement cannot be judged, through no fault of what it is about; the message says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class NotAskedFor(CouldNotTest):
    """A requirement is not judged because its exchange is disruptive, and ``--disruptive`` was not given."""

    def __init__(self) -> None:
        super().__init__("it rotates, revokes or provokes something; sent with --disruptive alone")


@dataclass(frozen=True)
class Failure:
    """No answer came.

    ``kind`` is certificate, tls, dns, proxy, connect, timeout, reset, incomplete, encoding or size.
    """

    kind: str
    detail: str

    def __str__(self) -> str:
        return self.detail


@dataclass(frozen=True)
class Sent:
    """The request as it went out, without credentials in its headers."""

    method: str
    url: str
    company: str | None
    bearer: bool


@dataclass(frozen=True, repr=False)
class Answer:
    """One exchange after it was sent: an HTTP answer, or the ``failure`` to get one.

    ``seconds`` is the time from sending to the last byte; ``evidence`` says in words where the answer comes from.
    ``pairs`` are the header lines one by one, where ``headers`` joins those of one name. ``received`` is when it came,
    Unix seconds by the clock of whoever asked, 0 where nobody knows. ``earlier`` says what came before the request was
    sent again. ``left_out`` items of a list that ignores paging came after those of ``content``.
    """

    definition: Definition
    sent: Sent
    evidence: str
    seconds: float
    status: int | None = None
    headers: CaseInsensitiveDict[str] = field(default_factory=CaseInsensitiveDict)
    content: bytes = b""
    failure: Failure | None = None
    attempts: int = 1
    earlier: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    received: float = 0.0
    left_out: int = 0

    def __repr__(self) -> str:
        """Keep tracebacks short, and bodies out of them."""
        return f"<Answer to {self.name}: {self.outcome}>"

    @property
    def name(self) -> str:
        """The name of the exchange."""
        return self.definition.name

    @property
    def outcome(self) -> str:
        """The status, or why there is none, in a few words."""
        return f"no answer: {self.failure}" if self.failure else str(self.status)

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    @property
    def media_type(self) -> str:
        """The media type without parameters, lower case: ``application/json``."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def lines(self, name: str) -> list[str]:
        """Return the values of a header, one for each line that it came in; spaces round them are not part of them."""
        return [value.strip(" \t") for key, value in self.pairs if key.lower() == name.lower()]

    @property
    def is_page(self) -> bool:
        """Whether the body is HTML, whatever it says that it is."""
        return _PAGE.match(self.content) is not None

    @property
    def server_time(self) -> float:
        """The server's clock, Unix seconds, from its Date header: cassettes age, so ours is never asked."""
        now = fields.http_date(self.headers.get("Date"))
        if now is None:
            raise CouldNotTest(f"{self.name} carries no Date header that can be read")
        return now

    @property
    def as_expected(self) -> bool:
        """Whether an answer came with a status that the exchange expects."""
        return self.status in self.definition.expect

    def require_status(self) -> None:
        """Raise CouldNotTest unless the status is one that this exchange expects: another test judges that."""
        if self.status == TOO_MANY_REQUESTS:
            raise CouldNotTest(f"{self.name} was answered 429: the rate limit of this account is used up")
        if not self.as_expected:
            raise CouldNotTest(f"{self.name} did not answer as it must ({self.outcome})")

    @cached_property
    def document(self) -> Any:
        """The body as JSON of any shape, once the status is right.

        Raises:
            CouldNotTest: the status is wrong or the body is no JSON.
        """
        self.require_status()
        try:
            return self.parsed
        except ValueError:
            raise CouldNotTest(f"{self.name} did not answer JSON") from None

    @cached_property
    def parsed(self) -> Any:
        """The body as JSON, whatever the status.

        Raises:
            ValueError: it is none, or nested deeper than anybody reads; NaN and Infinity are not JSON either, and
                RFC 8259 wants UTF-8 without a byte order mark.
        """

        def refuse(constant: str) -> None:
            raise ValueError(f"{constant} is not JSON")

        try:
            return strict.loads(self.content.decode("utf-8"), parse_constant=refuse)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    @cached_property
    def repaired(self) -> strict.Repaired:
        """What a parser repairs in the body; of what is no JSON, nothing."""
        return strict.repaired(self.content)

    @cached_property
    def violations(self) -> list[contract.Violation]:
        """What breaks the schema of the exchange, once there is JSON to judge."""
        return contract.violations(self.document, self.definition.schema)

    @property
    def json(self) -> Any:
        """The body, once status, JSON and schema are known to be right: nothing that a test reads of it can be missing.

        Raises:
            CouldNotTest: one of them is wrong; the test that judges it fails, and this one says that it could not.
        """
        if self.violations:
            raise CouldNotTest(f"{self.name} breaks its schema: {self.violations[0].pointer or 'the document'}")
        return self.document
