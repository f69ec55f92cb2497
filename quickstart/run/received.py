"""What came back as an answer: with its evidence and its time, which are those of the recording where one is played."""

import time

from requests.structures import CaseInsensitiveDict

from quickstart.exchange.answer import Answer, Sent
from quickstart.exchange.definitions import Definition
from quickstart.exchange.messages import Reply, Request
from quickstart.run.cassettes import Recording, Replay

COMPANY_HEADER = "Procore-Company-Id"


def answer(
    definition: Definition,
    request: Request,
    reply: Reply,
    *,
    cassettes: Replay | Recording | None,
    evidence: str,
    clock_at: float | None,
) -> Answer:
    """Return the answer to ``request``; ``clock_at`` is where a clock that stands still stands (Unix seconds)."""
    seconds, received = reply.seconds, time.time() if clock_at is None else clock_at
    earlier = reply.earlier
    if isinstance(cassettes, Replay):
        recorded = cassettes.evidence
        evidence, received = recorded.words(definition.name), recorded.when(definition.name)
        seconds = float(recorded.exchanges[definition.name]["seconds"])
        earlier = tuple(recorded.exchanges[definition.name].get("earlier", ()))
    company = CaseInsensitiveDict(request.headers).get(COMPANY_HEADER)
    return Answer(
        definition=definition,
        sent=Sent(request.method, reply.url, company, request.bearer is not None),
        evidence=evidence,
        seconds=seconds,
        status=reply.status,
        headers=reply.headers or CaseInsensitiveDict(),
        content=reply.content,
        failure=reply.failure,
        attempts=reply.attempts,
        earlier=earlier,
        pairs=reply.pairs,
        received=received,
        left_out=reply.left_out,
    )
