"""What the doctor asks of Procore: names, certificates, time, token, companies, projects; at most five requests."""

import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import requests

from quickstart.command.finding import ILL, UNKNOWN, WELL, Finding
from quickstart.credentials.settings import Settings
from quickstart.credentials.token_cache import CacheError, State, TokenCache
from quickstart.exchange import certificate, fields, proxies, trust
from quickstart.exchange.answer import CouldNotTest, Failure
from quickstart.exchange.client import BudgetSpentError, Client
from quickstart.exchange.failures import classify
from quickstart.exchange.messages import Reply, Request
from quickstart.exchange.targets import Target
from quickstart.judgement import diagnosis, portal
from quickstart.judgement.facts import Circumstances
from quickstart.run.tokens import CACHE, SERVICE_ACCOUNT, pair_in

REQUESTS = 5  # the time, a token, the companies, the projects, and one that is sent again
LONGEST = 10.0  # seconds that anything may take
CLOCKS_MAY_DIFFER = 300.0  # seconds
ENOUGH = 60.0  # seconds that a cached token must live


class Visit:
    """One visit to ``at``, with the settings ``given`` where they can be used."""

    def __init__(self, at: Target, given: Settings | None) -> None:
        self._at = at
        self._given = given
        self._client = Client(hosts=at.hosts, limit=REQUESTS, timeout=LONGEST, say=_say)

    def findings(self) -> Iterator[Finding]:
        """Yield what is found, and go no further where nobody answers."""
        try:
            reached = [self._reach(url) for url in dict.fromkeys((self._at.login_url, self._at.api_url))]
            for found in reached:
                yield from found
            if all(one.state == WELL for found in reached for one in found):
                yield self._clock()
                yield from self._companies()
        except BudgetSpentError as error:
            yield Finding("requests", UNKNOWN, f"no more are sent: {error}", "run the doctor again in some minutes")
        finally:
            self._client.close()

    def _reach(self, url: str) -> list[Finding]:
        """Return whether the host has an address and shows a certificate that is believed."""
        host, secure = urlsplit(url).hostname or "", url.startswith("https:")
        found = []
        if proxies.before(url):
            found.append(Finding("DNS", WELL, f"{host} is looked up by the proxy"))
        else:
            try:
                addresses = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
            except OSError as error:
                return [
                    _unanswered("DNS", Failure("dns", f"the host name cannot be resolved ({error.strerror})"), host)
                ]
            found.append(Finding("DNS", WELL, f"{host} is {addresses[0][4][0]}"))
        if secure:
            found.append(self._certificate(url, host))
        return found

    def _certificate(self, url: str, host: str) -> Finding:
        try:
            whose = certificate.verified(url, LONGEST, trust.context())
        except Exception as error:  # noqa: BLE001 - whatever a connection may die of, the words name it
            through = proxies.before(url) and not isinstance(error, ssl.SSLError)
            failure = classify(requests.exceptions.ProxyError(error) if through else error, LONGEST, url)
            whose = certificate.shown_by(url, LONGEST) if failure.kind == "certificate" else ""
            detail = f"{failure.detail} ({whose})" if whose else failure.detail
            return _unanswered("TLS", Failure(failure.kind, detail), host)
        return Finding("TLS", WELL, f"{host} shows a certificate {whose}")

    def _clock(self) -> Finding:
        """Return how far our clock is from that of the login host, by an answer that needs no token."""
        reply = self._client.send(Request("GET", f"{self._at.login_url}/oauth/token/info", {}, {}, {}, None))
        if reply.failure:
            return _unanswered("clock", reply.failure, _host(self._at.login_url))
        theirs = fields.http_date(reply.headers.get("Date") if reply.headers is not None else None)
        if theirs is None:
            return Finding("clock", UNKNOWN, f"{_host(self._at.login_url)} tells no time")
        ahead = time.time() - theirs
        words = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} that of {_host(self._at.login_url)}"
        if abs(ahead) > CLOCKS_MAY_DIFFER:
            return Finding("clock", ILL, words, "set this machine's clock by the network's time", here=True)
        return Finding("clock", WELL, words)

    def _companies(self) -> Iterator[Finding]:
        """Yield whether there is a token, whether it sees the company, and whether the app is connected to it."""
        if self._given is None:
            yield Finding("company", UNKNOWN, "not asked: the settings cannot be used")
            return
        state = self._cached(self._given)
        token, header = (state.access_token, {}) if state.fresh_for() > ENOUGH else (None, {})
        if token is None:
            found = self._service_account(self._given, once=_works_once(state, self._given))
            if isinstance(found, Finding):
                yield found
                return
            token, header = found, {"Procore-Company-Id": str(self._given.company_id)}
            yield Finding("token", WELL, "the service account gets one")
        request = Request("GET", f"{self._at.api_url}/rest/v1.0/companies", {}, {}, header, token)
        reply = self._client.send(request)
        known = diagnosis.having("companies", request, reply, self._known(SERVICE_ACCOUNT if header else CACHE))
        wrong = diagnosis.explained("companies", known)
        listed = _ill("company", wrong) if wrong else self._listed(reply, self._given.company_id)
        yield listed
        if listed.state == WELL:
            yield self._connected(token, known)

    def _connected(self, token: str, known: Circumstances) -> Finding:
        """Return whether projects are answered: an app that was never installed sees the company alone."""
        company = str(known.company_id)
        query = {"company_id": company, "per_page": "1"}
        url = f"{self._at.api_url}/rest/v1.1/projects"
        request = Request("GET", url, query, {}, {"Procore-Company-Id": company}, token)
        wrong = diagnosis.of_reply("projects", request, self._client.send(request), known)
        if wrong:
            return _ill("projects", wrong)
        return Finding("projects", WELL, f"those of company {company} are answered")

    def _known(self, source: str) -> Circumstances:
        """Return what a diagnosis must know, whose token is of this ``source``."""
        assert self._given is not None
        return Circumstances(self._at, source, self._given.company_id, self._given.redirect_uri)

    def _cached(self, given: Settings) -> State:
        """Return what an earlier run or ``authorize`` kept."""
        cache = TokenCache(self._at.login_url, given.client_id.get_secret_value(), given.token_cache)
        try:
            return cache.load()
        except CacheError:
            return State()  # told above

    def _service_account(self, given: Settings, *, once: str) -> str | Finding:
        """Return a token, or why there is none; ``once`` names what a run would spend, and the doctor does not."""
        secret = given.client_secret.get_secret_value()
        form = {
            "grant_type": "client_credentials",
            "client_id": given.client_id.get_secret_value(),
            "client_secret": secret,
        }
        request = Request("POST", f"{self._at.login_url}/oauth/token", {}, form, {}, None)
        reply = self._client.send(request)
        known = diagnosis.of_reply(SERVICE_ACCOUNT, request, reply, self._known(SERVICE_ACCOUNT))
        if known and once and reply.status is not None:
            return Finding("token", UNKNOWN, f"not asked for: {once} works once, and the next run is to use it")
        if known:
            return _ill("token", known)
        try:
            return pair_in(reply.content).access_token
        except CouldNotTest as error:
            return Finding("token", ILL, f"{_host(self._at.login_url)} {error}", f"report it {portal.SUPPORT}")

    def _listed(self, reply: Reply, company_id: int) -> Finding:
        try:
            listed = json.loads(reply.content)
        except (ValueError, RecursionError):
            listed = None
        if not isinstance(listed, list):
            said = f"{_host(self._at.api_url)} answered {reply.status}, and no list of companies"
            return Finding("company", ILL, said, f"report it {portal.SUPPORT}")
        ids = [one.get("id") for one in listed if isinstance(one, dict)]
        if company_id in ids:
            return Finding("company", WELL, f"{company_id} is one of the {len(ids)} that the token sees")
        seen = ", ".join(str(one) for one in ids[:10] if isinstance(one, int))
        words = f"{company_id} is not in the list; the token sees {seen or 'none'}"
        right = f"add the user to the company: {portal.DIRECTORY}"
        right = f"set PROCORE_COMPANY_ID to one of these, or {right}" if seen else right
        return Finding("company", ILL, words, right, here=bool(seen))


def _ill(check: str, known: diagnosis.Diagnosis) -> Finding:
    return Finding(check, ILL, known.what, known.remedy)


def _say(text: str) -> None:
    print(f"waiting: {text}", file=sys.stderr, flush=True)


def _address(host: str) -> str:
    """Return the first address of a host, or an empty text; the system's resolver has no time-out of its own."""
    found: list[str] = []

    def look_up() -> None:
        with suppress(OSError, UnicodeError):
            found.extend(str(one[4][0]) for one in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP))

    asking = threading.Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(LONGEST)
    return found[0] if found else ""


def _works_once(state: State, given: Settings) -> str:
    """Name what a run could get its token by, and nobody else may."""
    if state.refresh_token:
        return "the cached refresh token"
    if given.refresh_token:
        return "PROCORE_REFRESH_TOKEN"
    return "PROCORE_AUTHORIZATION_CODE" if given.authorization_code else ""


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _unanswered(check: str, failure: Failure, host: str) -> Finding:
    known = diagnosis.of_failure(failure, host)
    words, remedy = (known.what, known.remedy) if known else (f"{host} gave no answer: {failure}", "try again")
    return Finding(check, ILL, words, remedy)
