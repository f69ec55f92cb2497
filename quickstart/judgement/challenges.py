"""What ``WWW-Authenticate`` says (RFC 9110 section 11.6.1): the scheme of its first challenge, and the error in it."""

from quickstart.exchange import fields
from quickstart.exchange.answer import UNAUTHORIZED, Answer
from quickstart.run.tokens import error_code


def unauthorized(answers: list[Answer]) -> list[Answer]:
    """Return the answers with 401: no other one needs a challenge."""
    return [answer for answer in answers if answer.status == UNAUTHORIZED]


def told(answer: Answer) -> list[tuple[str, dict[str, str]]]:
    """Return the challenges of an answer, each its scheme in lower case and its parameters."""
    return fields.challenges(answer.headers.get("WWW-Authenticate"))


def scheme(answer: Answer) -> str:
    """Return the scheme of the first challenge in lower case, or an empty text where there is none."""
    return next((scheme for scheme, _ in told(answer)), "")


def error(answer: Answer) -> str:
    """Return the error that a challenge names, or an empty text."""
    return next((parameters["error"] for _, parameters in told(answer) if "error" in parameters), "")


def contradiction(answer: Answer) -> str:
    """Say how challenge and body name two errors, or an empty text: either may be silent."""
    named, written = error(answer), error_code(answer)
    return f"{named!r} in the challenge, {written!r} in the body" if named and written and named != written else ""
