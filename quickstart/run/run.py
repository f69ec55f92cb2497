"""One run: sends each exchange once, in the order of the table, and hands its answer to every test that asks."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial

from quickstart.exchange import paging
from quickstart.exchange.answer import Answer, CouldNotTest, NotAskedFor
from quickstart.exchange.client import BudgetSpentError, Client
from quickstart.exchange.cost import Cost
from quickstart.exchange.definitions import Definition
from quickstart.exchange.messages import Request
from quickstart.exchange.targets import Target
from quickstart.run import consequences, received, values
from quickstart.run.cassettes import Recording, Replay, ReplayError
from quickstart.run.tokens import SERVICE_ACCOUNT, Credentials, Pair, TokenSource, hints_of
from quickstart.secrecy.redaction import Redactor


class Run:
    """The exchanges of one run and what they share: credentials, target, tokens."""

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        *,
        target: Target,
        credentials: Credentials,
        source: TokenSource,
        client: Client,
        redactor: Redactor,
        cassettes: Replay | Recording | None,
        live_evidence: str = "live",
        disruptive: bool = False,
        clock_at: float | None = None,
        pair: Pair | None = None,
        learns: bool = True,
        known: Mapping[str, Answer] | None = None,
    ) -> None:
        self.definitions = definitions
        self.target = target
        self.credentials: Credentials = credentials
        self.source = source
        self.client = client
        self.redactor = redactor
        self.given = values.Given(credentials, source, self.answer, self.pair)
        self.cassettes = cassettes
        self.disruptive = disruptive
        self.clock_at = clock_at  # Unix seconds at which the clock of whoever answers stands still
        self.planned: Collection[str] = ()
        self._live_evidence = live_evidence
        self._results: dict[str, Answer | CouldNotTest | ReplayError] = {**(known or {})}
        self._pair: Pair | CouldNotTest | None = pair  # given: those of another run, which looked for them
        self._finding = False
        self._asked = pair is not None
        self._learns = learns
        self._read_again: set[str] = set()  # series

    @property
    def replaying(self) -> bool:
        """Whether recordings answer instead of a server."""
        return isinstance(self.cassettes, Replay)

    @property
    def cost(self) -> Cost | None:
        """What the run has cost so far; a replay sends nothing."""
        return None if self.replaying else self.client.cost

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers that came so far, by exchange, in the order of sending."""
        return {name: result for name, result in self._results.items() if isinstance(result, Answer)}

    @property
    def reasons(self) -> dict[str, str]:
        """Why the exchanges that were asked for and not sent were not sent."""
        return {name: str(result) for name, result in self._results.items() if isinstance(result, CouldNotTest)}

    def answer(self, name: str) -> Answer:
        """Return the answer to the exchange ``name``, sending it if that has not been done.

        In a live run the first one who asks has all planned exchanges sent, in the order of the table: no order of
        tests changes what is sent when, and whoever judges one answer knows the others.

        Raises:
            CouldNotTest: it cannot be sent in this run; the message says why.
            ReplayError: its recording does not serve.
        """
        if not self.replaying and not self._asked:
            self._asked = True
            for planned in self.definitions:
                if planned in self.planned:
                    self.obtain(planned)
        result = self.obtain(name)
        if not isinstance(result, Answer):
            raise result.with_traceback(None)  # or it grows with each who asks, and so does the report of each
        return result

    def beside(self, company_id: int, known: Mapping[str, Answer] | None = None) -> "Run":
        """Return a run that asks for a company, with the same token and client, and knows no answer yet but ``known``.

        Its redactor learns of an answer where it is told to (``learn``): thousands of them would fill the memory.

        Raises:
            CouldNotTest: there is no token.
        """
        return Run(
            self.definitions,
            target=self.target,
            credentials=replace(self.credentials, company_id=company_id),
            source=self.source,
            client=self.client,
            redactor=Redactor(self.redactor.ours),
            cassettes=self.cassettes,
            live_evidence=self._live_evidence,
            pair=self.pair(),
            learns=False,
            known=known,
        )

    def forget(self) -> None:
        """Let go of all answers: of thousands of runs beside this one, the collector would find them late."""
        self._results.clear()

    def obtain(self, name: str) -> Answer | CouldNotTest | ReplayError:
        """Send the exchange ``name`` unless it was, and return what became of it."""
        if name in self.source.ways and self._pair is None and not self._finding:
            self._find_pair()  # the token source sends these itself, under its lock
        if name not in self._results:
            try:
                with self.redactor.within(name):
                    result: Answer | CouldNotTest | ReplayError = self.send(self.definitions[name])
            except (CouldNotTest, ReplayError) as error:
                result = error
            self._results.setdefault(name, result)
            self._reread(name)
        return self._results[name]

    def _reread(self, name: str) -> None:
        """Read a list and its pages once more where they differ: it may have changed, and the second reading counts."""
        series = self.definitions[name].series
        members = [other for other, one in self.definitions.items() if series and one.series == series]
        if self.replaying or series in self._read_again or {*members} & {*self.planned} - self._results.keys():
            return
        answers = {member: one for member, one in self.answers.items() if member in members}
        companies = self.credentials.company_id, self.credentials.foreign_company_id
        if series not in answers or not paging.disagree(answers[series], answers.values(), *companies):
            return
        kept = [other for other, reason in self.reasons.items() if reason.startswith(f"{series} does not list")]
        had = [other for other in self._results if other in members or other in kept]
        self._read_again.add(series)
        still_to_send = sum(not self.withholds(one) for one in {*self.planned} - self._results.keys())
        if self.client.left - still_to_send >= len(had):  # else the first reading is judged
            self._results = {other: result for other, result in self._results.items() if other not in had}
            for member in had:
                self.obtain(member)

    def pair(self) -> Pair:
        """Return the tokens that this run works with.

        Raises:
            CouldNotTest: no way to get one succeeded.
        """
        if self._pair is None:
            self._find_pair()
        if isinstance(self._pair, Pair):
            return self._pair
        raise (self._pair or CouldNotTest("no token")).with_traceback(None)

    @property
    def no_token(self) -> str | None:
        """Why the run has no token to work with, where it looked for one."""
        return str(self._pair) if isinstance(self._pair, CouldNotTest) else None

    def _find_pair(self) -> None:
        self._finding = True
        try:
            self._pair = self.source.find(self)
        except CouldNotTest as error:
            self._pair = error
        finally:
            self._finding = False

    @property
    def is_service_account(self) -> bool:
        """Whether the run's own token is that of a service account, which needs the company header everywhere."""
        self.pair()
        return self.source.name == SERVICE_ACCOUNT

    @property
    def has_user_token(self) -> bool:
        """Whether the run has a token of a user, so that it does not depend on the service account."""
        try:
            return not self.is_service_account
        except CouldNotTest:
            return False

    def send(
        self, definition: Definition, *, rest: Callable[[Answer], None] | None = None, learns: bool = True
    ) -> Answer:
        """Send what ``obtain`` has not sent, or what is no exchange of the table; raises CouldNotTest, ReplayError.

        ``rest`` gets what comes of a list after the part that is kept, in answers of a hundred items each. Unless it
        ``learns``, the redactor knows nothing of the answer until it is told to (``learn``).
        """
        if isinstance(self.cassettes, Replay) and definition.name in self.cassettes.evidence.not_recorded:
            raise CouldNotTest(f"not recorded: {self.cassettes.evidence.not_recorded[definition.name]}")
        if definition.disruptive and self.withholds(definition.name):
            raise NotAskedFor
        reason = self.source.may_send(definition.name)
        if reason:
            raise CouldNotTest(reason)
        for name in definition.after:
            self.answer(name).require_status()
        self._refuse_consequences(definition)
        request = self._request(definition)
        said, clock = self._live_evidence, self.clock_at
        made = partial(received.answer, definition, request, cassettes=self.cassettes, evidence=said, clock_at=clock)
        with self.source.before(definition.name):
            try:
                with self._cassette(definition.name):
                    reply = self.client.send(request, None if rest is None else lambda more: rest(made(more)))
                    if definition.settle and reply.status is not None and reply.status not in definition.expect:
                        reply = self.client.send_when_settled(request, definition.settle)
            except BudgetSpentError as error:
                reason = "left out: requests that were sent again used its place" if definition.spare else str(error)
                raise CouldNotTest(reason) from None
            if self.cassettes is not None and reply.status is not None:
                reply = replace(reply, pairs=(*reply.pairs, *self.cassettes.withheld))
            answer = made(reply)
            if learns and self._learns and not self.replaying:
                self.learn(answer)
            self.source.store(answer)
        return answer

    def withholds(self, name: str) -> bool:
        """Whether the exchange ``name`` is disruptive, and was not asked for.

        A refresh that the run needs for its own token is no disruption, nor is what tells of a company that is missing.
        """
        needed = name == consequences.FREE and consequences.may_be_a_trial(self.answers, self.credentials.company_id)
        may_disrupt = self.disruptive or self.replaying or self.source.name == name or needed
        return self.definitions[name].disruptive and not may_disrupt

    def _refuse_consequences(self, definition: Definition) -> None:
        """What can only fail for a reason that is known already is neither sent nor judged.

        Raises:
            CouldNotTest: it names the exchange that showed the reason.
        """
        if self.replaying:
            return
        asks_for_token = definition.host == "login" and definition.method == "POST"
        reason = self.source.gave_up() if asks_for_token and definition.name != self.source.name else None
        reason = reason or consequences.known_reason(definition, self.answers, self.credentials.company_id)
        if reason:
            raise CouldNotTest(reason)

    def _request(self, definition: Definition) -> Request:
        own = definition.company_for_service_account and self.is_service_account
        company = str(self.credentials.company_id) if own else values.fill(self.given, definition.company)
        url = self.target.url(definition.host) + values.path(self.given, definition.path)
        if definition.plain_http:
            if not url.startswith("https:"):
                raise CouldNotTest("the target is this machine itself, over plain http")
            url = url.replace("https:", "http:", 1)
        bearer = values.bearer(self.given, definition.bearer)
        if bearer is not None and self._learns and not self.replaying:
            self.redactor.learn("access-token", bearer)  # one that is nearly right was in no answer
        return Request(
            method=definition.method,
            url=url,
            query=self._query(definition),
            form={key: values.fill(self.given, value) for key, value in definition.form.items()},
            headers={definition.company_header: company} if company else {},
            bearer=bearer,
            encoding=definition.encoding,
            listing=definition.host == "api",
            basic=values.client(self.given, definition.basic),
            probe=definition.plain_http,
            refused=bool(definition.error),
        )

    def _query(self, definition: Definition) -> dict[str, str]:
        if definition.follows:
            return values.next_query(self.given, definition.follows)
        return {key: values.fill(self.given, value) for key, value in definition.query.items()}

    def _cassette(self, name: str) -> AbstractContextManager[None]:
        if isinstance(self.cassettes, Replay):
            return self.cassettes.playing(name)
        if isinstance(self.cassettes, Recording):
            return self.cassettes.recording(name)
        return nullcontext()

    def learn(self, answer: Answer) -> None:
        """Tell the redactor of every token, code and person in the answer before anything is printed of it."""
        self.redactor.discover(answer.media_type, answer.content, answer.headers, answer.sent.url, **hints_of(answer))
