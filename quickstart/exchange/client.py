"""Sends one request over HTTP: bounded in time, size and number, paced by the server, never to a foreign host."""

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, partial
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter

from quickstart import __version__
from quickstart.exchange import bodies, proxies, reading, waits
from quickstart.exchange.answer import Failure
from quickstart.exchange.cost import Cost, Meter
from quickstart.exchange.deadline import Deadline
from quickstart.exchange.definitions import COME_AGAIN, GATEWAYS
from quickstart.exchange.failures import classify
from quickstart.exchange.messages import Reply, Request, Rest
from quickstart.exchange.session import Credentials, Session
from quickstart.exchange.targets import LOOPBACK

USER_AGENT = f"procore-quick-start-suite/{__version__} (read-only conformance check)"
CONNECT_TIMEOUT = 10.0  # seconds
LONGEST_ANSWER = 2  # times PROCORE_TIMEOUT, from sending to the last byte
LONGEST_WAIT = 65.0  # seconds that one Retry-After or X-Rate-Limit-Reset may ask for: spike windows are 10 s, 60 s
WAIT_BUDGET = 180.0  # seconds of such waits in a run
RUN_BUDGET = 420.0  # seconds that a run may spend on sending and waiting; pytest's own time-outs come after it
SPARE_SHARE = 10  # of so many requests that a run is allowed more, one may be sent again
RETRIES = 2  # of an answer that asks to come again later
BUDGET_SPENT = "the budget of"  # how the message of BudgetSpentError begins
_DIED_OF_AGE = frozenset({"reset", "tls"})  # how a connection fails that the host closed while nobody used it


class BudgetSpentError(Exception):
    """The run may send no more requests; the message says which budget is spent."""


class Client:
    """The one way out. ``hosts`` may be sent something, ``limit`` requests at most; ``say`` tells of waits.

    No request goes out more than ``RUN_BUDGET`` seconds after the first one, unless ``grow`` allowed more.

    Where a ``player`` answers in place of the network, nothing is waited for and no proxy or certificate setting of the
    environment is looked at. With ``keep_alive``, what may be sent twice may go over the connection of an earlier
    request; vcrpy, which ties a connection to the cassette that it records, cannot have that. ``close`` ends what is
    kept.
    """

    def __init__(
        self,
        *,
        hosts: frozenset[str],
        limit: int,
        timeout: float,
        say: Callable[[str], None],
        player: BaseAdapter | None = None,
        keep_alive: bool = False,
    ) -> None:
        self._hosts = hosts
        self._limit: float = limit
        self._timeout = timeout
        self._say = say
        self._player = player
        self._offline = player is not None
        self._sent = 0
        self._waited = 0.0
        self._grown = 0.0  # seconds beyond RUN_BUDGET, for companies and pages that are asked besides
        self._patience = 0.0  # those of them that one wait may take
        self._deadline: float | None = None
        self._last = 0.0  # when the last answer was there
        self._meter = Meter()
        self._not_before = 0.0
        self._keep_alive = keep_alive
        self._deadline_of_answers = Deadline()
        self._certificates: dict[str, str] = {}  # what is known of certificates that do not verify, by host
        self._kept = self._session()
        self._proxies = cache(proxies.to)  # of the environment, by origin
        self._answered: set[str] = set()  # origins that have answered over a connection which is kept
        self._aged: set[str] = set()  # those that closed one without notice: from then on none of theirs is kept

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return int(self._limit) - self._sent

    @property
    def allowance(self) -> str:
        """How much the run may send and how long it may take, in words."""
        return f"at most {int(self._limit):,} requests and {RUN_BUDGET + self._grown:,.0f} s in all"

    def grow(self, requests: float, seconds: float, *, patient: bool = True) -> None:
        """Allow so many requests more, and so much more time; where it is ``patient``, one wait may take all of it."""
        self._limit += requests
        self._grown += seconds
        self._patience += seconds if patient else 0.0
        self._deadline = (self._deadline or time.monotonic() + RUN_BUDGET) + seconds

    @property
    def cost(self) -> Cost:
        """What was sent until now, and what share it took of the budgets that the answers told."""
        begun = (self._deadline or 0.0) - RUN_BUDGET - self._grown
        seconds = self._last - begun if self._sent else 0.0
        return Cost(self._sent, int(self._limit), seconds, self._waited, self._meter.budgets)

    def send(self, request: Request, rest: Rest | None = None) -> Reply:
        """Send ``request``, again after a wait where the server asks for it, and return the last reply.

        With ``rest`` the answer may last as long as the run: it is judged as it arrives.

        Raises:
            BudgetSpentError: the limit of requests or of time is reached.
        """
        if self._deadline is None:
            self._deadline = time.monotonic() + RUN_BUDGET
        earlier: tuple[str, ...] = ()
        for attempt in range(1, RETRIES + 2):
            self._pause(self._not_before - time.monotonic(), "the rate limit is used up")
            reply = replace(self._once(request, attempt, rest), earlier=earlier)
            if self._offline or not _worth_again(request, reply) or attempt > RETRIES or self.left < 1:
                return reply
            earlier = (*earlier, str(reply.status))
            wait = waits.requested(reply.status, reply.headers or {})
            if wait > self._longest_wait():
                return reply
            self._pause(wait, f"{urlsplit(request.url).hostname} answered {reply.status}")
        raise AssertionError("unreachable: the last attempt returns")

    def send_when_settled(self, request: Request, seconds: float) -> Reply:
        """Send ``request`` after ``seconds``, at most as long as an answer may take: what was asked for spreads slowly.

        Raises:
            BudgetSpentError: the limit of requests or of time is reached.
        """
        self._pause(min(seconds, self._timeout), "what was just asked for may need some seconds to take effect")
        return self.send(request)

    def _longest_wait(self) -> float:
        """Return the seconds that one more wait may last."""
        left = (self._deadline or 0.0) - time.monotonic()
        return min(max(LONGEST_WAIT, self._patience), WAIT_BUDGET + self._grown - self._waited, left)

    def _refuse(self, request: Request) -> None:
        """Refuse what would carry a secret to the wrong place, or break a budget."""
        parts = urlsplit(request.url)
        if parts.hostname not in self._hosts:
            raise ValueError(f"refusing to send anything to {parts.hostname}: it is not a host of the target")
        secret = request.bearer is not None or request.form or request.basic
        if secret and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError(f"refusing to send a secret to {parts.hostname} without TLS")
        if self.left < 1:
            raise BudgetSpentError(f"{BUDGET_SPENT} {int(self._limit):,} requests a run is spent")
        if not self._offline and time.monotonic() > (self._deadline or 0.0):
            raise BudgetSpentError(f"{BUDGET_SPENT} {RUN_BUDGET + self._grown:,.0f} s a run is spent")

    def _once(self, request: Request, attempt: int, rest: Rest | None = None) -> Reply:
        self._refuse(request)
        origin = _origin(request.url)
        if not self._keep_alive or origin in self._aged or not request.repeatable:
            # A session of its own: what must not be sent twice suffers from no connection that another one left.
            with self._session() as session:
                return self._over(session, request, attempt, rest)
        reply = self._over(self._kept, request, attempt, rest)
        if reply.failure is None:
            self._answered.add(origin)
            return reply
        aged = origin in self._answered and reply.failure.kind in _DIED_OF_AGE
        self.close()
        if aged:
            self._aged.add(origin)
        return self._once(request, attempt, rest) if aged and self.left > 0 else reply

    def _session(self) -> Session:
        session = Session(live=not self._offline)
        if self._player is not None:
            for scheme in ("https://", "http://"):
                session.mount(scheme, self._player)
        return session

    def close(self) -> None:
        """End the connections that are kept, and their watcher."""
        self._kept.close()
        self._deadline_of_answers.close()
        self._answered.clear()

    def _over(self, session: Session, request: Request, attempt: int, rest: Rest | None) -> Reply:
        self._sent += 1
        started, longest, left_out = time.monotonic(), LONGEST_ANSWER * self._timeout, 0
        if rest is not None:
            longest = max(longest, (self._deadline or started) - started)
        connecting = min(CONNECT_TIMEOUT, self._timeout)
        waiting = connecting if request.probe else self._timeout
        data, described = bodies.encoded(request.form, request.encoding)
        try:
            with self._deadline_of_answers.within(longest) if not self._offline else nullcontext():
                response = session.request(
                    request.method,
                    request.url,
                    params=dict(request.query),
                    data=data,
                    headers={
                        "User-Agent": USER_AGENT,
                        "Accept-Encoding": "gzip, deflate",
                        **described,
                        **request.headers,
                    },
                    auth=Credentials(request.bearer, request.basic),
                    allow_redirects=False,
                    stream=True,
                    proxies={} if self._offline else dict(self._proxies(_origin(request.url))),
                    timeout=(connecting, waiting),
                )
                part = partial(_reply, response, attempt, time.monotonic() - started)
                hand_on = None if rest is None else lambda more: rest(part(more))
                reading.refuse_unasked(response.headers.get("Content-Encoding", ""))
                content, left_out = reading.body(response, started + longest, hand_on, listing=request.listing)
            failure = None
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            failure = self._explained(classify(error, waiting, request.url), request.url)
        if self._deadline_of_answers.passed:  # whatever was read until then looks whole where headers just end
            failure = Failure("timeout", f"no whole answer within {longest:g} s")
        self._last = time.monotonic()
        if failure is not None:
            return Reply(request.full_url, self._last - started, failure=failure, attempts=attempt)
        self._remember_limit(response.headers)
        self._meter.read(urlsplit(request.url).hostname or "", response.headers)
        return _reply(response, attempt, self._last - started, content, left_out)

    def _explained(self, failure: Failure, url: str) -> Failure:
        """Add to a certificate that does not verify whose it is; nothing is sent to whoever shows it."""
        if failure.kind != "certificate" or self._offline:
            return failure
        from quickstart.exchange import certificate  # few runs need it, and cryptography takes its time to be imported

        host = urlsplit(url).netloc
        if host not in self._certificates:
            self._certificates[host] = certificate.shown_by(url, min(CONNECT_TIMEOUT, self._timeout))
        whose = self._certificates[host]
        return Failure(failure.kind, f"{failure.detail} ({whose})") if whose else failure

    def _remember_limit(self, headers: Mapping[str, str]) -> None:
        """Where no request is left in the window, do not send before it ends (rate-limiting page)."""
        if self._offline or headers.get("X-Rate-Limit-Remaining", "").strip() != "0":
            return
        wait = waits.until_reset(headers)
        # A reset that is absurdly far away is a fault for a test to find, not a reason to hang.
        if wait is not None and 0 < wait <= self._longest_wait():
            self._not_before = time.monotonic() + wait

    def _pause(self, seconds: float, why: str) -> None:
        if self._offline or seconds <= 0:
            return
        self._say(f"{why}; waiting {seconds:.0f} s")
        self._waited += seconds
        time.sleep(seconds)


def _reply(response: requests.Response, attempt: int, seconds: float, content: bytes, left_out: int = 0) -> Reply:
    lines = tuple(response.raw.headers.items())
    came = (response.status_code, response.headers, content, None, attempt, (), lines, left_out)
    return Reply(response.url, seconds, *came)


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def _worth_again(request: Request, reply: Reply) -> bool:
    """Whether to send the request once more: never where a gateway may have let through what can be used only once."""
    return reply.status in COME_AGAIN if reply.status not in GATEWAYS else request.repeatable
