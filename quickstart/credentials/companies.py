"""Which companies a user's token sees (guide step 7.1), so that nobody must hunt for PROCORE_COMPANY_ID."""

import json
from collections.abc import Iterator

from quickstart.credentials.authorize import Desk
from quickstart.exchange.client import Client
from quickstart.exchange.messages import Request
from quickstart.judgement import diagnosis
from quickstart.run.tokens import Pair
from quickstart.secrecy.redaction import Redactor

REQUESTS = 3  # one, and again where the server asks to come later
_MOST = 20  # companies that are named
_LONGEST = 100  # characters of a name


def lines(at: Desk, pair: Pair, redactor: Redactor) -> Iterator[str]:
    """Ask for the companies, and yield what to tell of them; whatever is answered, the tokens are there."""
    client = Client(
        hosts=at.target.hosts,
        limit=REQUESTS,
        timeout=at.application.timeout,
        say=lambda text: print(f"waiting: {text}"),
    )
    request = Request("GET", f"{at.target.api_url}/rest/v1.0/companies", {}, {}, {}, pair.access_token)
    reply = client.send(request)
    known = diagnosis.of_reply("companies", request, reply, at.known)
    if known:
        yield f"The companies cannot be listed. {redactor.line(known.sentence)}"
        return
    found = _companies(reply.content)
    if found is None:
        yield f"The companies cannot be listed: {at.target.api_url} answered {reply.status}, and no list of them."
        return
    yield "This token sees no company: guide step 4 is to be done." if not found else "This token sees:"
    for number, name in found[:_MOST]:
        yield f"  PROCORE_COMPANY_ID={number}   {redactor.line(name)[:_LONGEST]}"
    if len(found) > _MOST:
        yield f"  and {len(found) - _MOST} more"


def _companies(content: bytes) -> list[tuple[int, str]] | None:
    """Return ids and names in a list of companies; ``None`` where it is none."""
    try:
        document = json.loads(content)
        return [(one["id"], str(one.get("name"))) for one in document if type(one["id"]) is int]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return None
