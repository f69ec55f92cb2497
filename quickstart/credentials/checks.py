"""What each setting must look like: one function a kind, which returns the value or says in our words what is wrong.

None of the words holds the value: somebody may have put a secret into the wrong variable. Each says what is wrong; what
is right stands in ``settings.ORIGIN``.
"""

import re
import shlex
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from quickstart.exchange.targets import LOOPBACK, base_url_problem, normal_base_url, split_problem

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SHORTEST_SECRET = 12  # characters; nobody gives out shorter ones, and the redactor could not tell them from words
LONGEST = 4096  # characters of anything
LONGEST_EVIDENCE = 200
LONGEST_TIMEOUT = 300
_EARLIEST = 1971  # where no distance from UTC leads to a time before Unix began
_PLACEHOLDER = re.compile(r"<.*>|\$\{?\{?.*|%.*%|\*+|your[-_ ].*|change[-_]?me|todo|\.{3}", re.IGNORECASE)


def _refuse_odd_characters(text: str) -> None:
    """Refuse what nobody types on purpose: it comes of copying."""
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters; copy it again")
    if any(c.isspace() for c in text):
        raise ValueError("it must not contain spaces or line breaks; copy it again")
    if not text.isprintable() or not all(c.isascii() or c.isalnum() for c in text):
        raise ValueError("it has characters other than letters, digits and the signs of a keyboard; copy it again")


def word(text: str) -> str:
    """A client id, code or token: one word, and not what stands for one."""
    _refuse_odd_characters(text)
    if text[0] in "\"'" or text[-1] in "\"'":
        raise ValueError("it has a quotation mark at its beginning or end; leave the quotation marks out")
    if text.upper().startswith("PROCORE_"):
        raise ValueError("it begins with the name of a variable; set it to the value alone")
    if "://" in text:
        raise ValueError("it is a URL; set it to the value alone")
    if _PLACEHOLDER.fullmatch(text):
        raise ValueError("it is a placeholder; fill in your own")
    return text


def secret(text: str) -> str:
    """A client secret."""
    if len(word(text)) < SHORTEST_SECRET:
        raise ValueError(f"it has less than {SHORTEST_SECRET} characters; copy the whole of it")
    return text


def fernet_key(text: str) -> str:
    """A key of Fernet: 32 bytes in base64, as its own ``generate_key`` writes them."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", word(text)):
        raise ValueError("it is no key of Fernet, which has 44 characters and ends with =; make one as that page says")
    return text


def command(text: str) -> str:
    """A program and its arguments, in the quotes of a shell, which is not asked."""
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters; put the rest into a script")
    if not text.isprintable():
        raise ValueError("it has line breaks or control characters; use one line, or a script")
    try:
        words = shlex.split(text)
    except ValueError:
        raise ValueError("its quotation marks do not match; quote it as for a shell") from None
    if not words or not words[0] or shutil.which(words[0]) is None:
        raise ValueError("its first word is no program that can be run here; name one, as in sh store.sh")
    return text


def company_id(text: str) -> int:
    """A company's id: 64 bits, as Procore's are."""
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError("it is not a whole number; use the digits alone, as in 4265001")
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise ValueError("it is 0, begins with 0 or has too many digits; use the digits of the id, as in 4265001")
    return int(text)


def redirect_uri(text: str) -> str:
    """Where the code goes (RFC 6749 section 3.1.2): the out-of-band name, https, or http on this machine."""
    _refuse_odd_characters(text)
    if text == OUT_OF_BAND:
        return text
    if not text.isascii():
        raise ValueError(f"it has letters that a URL cannot have; write them as xn--… or %…, or {_RIGHT_REDIRECT}")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(f"it is no URL; {_RIGHT_REDIRECT}") from None
    _refuse_fragment(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"it is neither the out-of-band name nor a URL; {_RIGHT_REDIRECT}")
    problem = split_problem(parts)
    if problem:
        raise ValueError(f"{problem}; {_RIGHT_REDIRECT}")
    _refuse_http_elsewhere(parts)
    return text


_RIGHT_REDIRECT = f"use {OUT_OF_BAND} or an https URL without a fragment"


def _refuse_fragment(text: str) -> None:
    if "#" in text:
        raise ValueError(f"it has a fragment (#), which a redirect URI must not have; {_RIGHT_REDIRECT}")


def _refuse_http_elsewhere(parts: SplitResult) -> None:
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"plain http is for localhost alone; {_RIGHT_REDIRECT}")


def base_url(text: str) -> str:
    """A host that is asked."""
    problem = base_url_problem(text)
    if problem:
        raise ValueError(problem)
    return normal_base_url(text)


def folder(text: str) -> Path:
    """A folder of this machine, whole: a relative one would be another one in each working directory."""
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters; use an absolute path")
    if not text.isprintable() or text != text.strip():
        raise ValueError("it has line breaks, control characters or spaces around it; use an absolute path")
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise ValueError("its ~ stands for no user of this machine; use an absolute path") from None
    if not path.is_absolute():
        raise ValueError("it is relative; use an absolute path, or one that begins with ~/")
    with suppress(OSError):  # what cannot be looked at is told when the cache is used
        if path.is_file():
            raise ValueError("it is a file; name a folder")
    return path


def timeout(text: str) -> float:
    """Seconds."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text) or not 0.1 <= float(text) <= LONGEST_TIMEOUT:
        raise ValueError(f"it is not a number from 0.1 to {LONGEST_TIMEOUT}; use seconds, as in 30")
    return float(text)


def moment(text: str) -> datetime:
    """A point in time, with its distance from UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is None or found.year < _EARLIEST:
        raise ValueError("it is no time since 1971 as ISO 8601 has it; use one such as 2026-01-31T08:15:30+01:00")
    return found


def evidence(text: str) -> str:
    """Words that are printed."""
    if not text.isprintable() or not text.strip():
        raise ValueError("it has line breaks or control characters, or is empty; use a few words on one line")
    if len(text) > LONGEST_EVIDENCE:
        raise ValueError(f"it has more than {LONGEST_EVIDENCE} characters; use a few words")
    return text.strip()
