"""What ``WWW-Authenticate`` says (RFC 9110 section 11.6.1): the scheme of its first challenge, and the error in it."""

import re

from quickstart.exchange.answer import UNAUTHORIZED, Answer
from quickstart.judgement import members

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_SCHEME = re.compile(rf"\s*({_WORD})(?=\s|,|$)")  # realm="x" alone names no scheme
_ERROR = re.compile(rf'(?:^|[\s,])error\s*=\s*(?:"([^"]*)"|({_WORD}))', re.IGNORECASE)


def unauthorized(answers: list[Answer]) -> list[Answer]:
    """Return the answers with 401: no other one needs a challenge."""
    return [answer for answer in answers if answer.status == UNAUTHORIZED]


def scheme(answer: Answer) -> str:
    """Return the scheme of the first challenge in lower case, or an empty text where there is none."""
    found = _SCHEME.match(answer.headers.get("WWW-Authenticate", ""))
    return found[1].lower() if found else ""


def error(answer: Answer) -> str:
    """Return the error that the challenge names, or an empty text."""
    found = _ERROR.search(answer.headers.get("WWW-Authenticate", ""))
    return (found[1] or found[2] or "") if found else ""


def contradiction(answer: Answer) -> str:
    """Say how challenge and body name two errors, or an empty text: either may be silent."""
    named, told = error(answer), members.error(answer)
    return f"{named!r} in the challenge, {told!r} in the body" if named and told and named != told else ""
