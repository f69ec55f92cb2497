"""What the exchanges are: one named request each, read from ``tests/exchanges.toml`` and filled in when it is sent."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from quickstart import CLAIMS

COME_AGAIN = frozenset({429, 503})
# Transient, as Procore's error reference has it of 502; but the request may have gone through. Cloudflare says 502 and
# 504 in numbers of its own.
GATEWAYS = frozenset({502, 504, *range(520, 528)})
NOT_NOW = COME_AGAIN | GATEWAYS  # what says nothing of what was asked belongs to no class of right statuses
ENCODINGS = ("form", "multipart", "json")
EXCHANGES = CLAIMS / "tests" / "exchanges.toml"
_parsed = lru_cache(maxsize=1)(tomllib.loads)  # fixtures, claims and the run read the same text


class DefinitionError(Exception):
    """``tests/exchanges.toml`` cannot be used; the message names the exchange and what to change."""


@dataclass(frozen=True)
class Definition:
    """One exchange before it is sent.

    ``host`` is ``login`` or ``api``; ``query``, ``form`` and ``company`` may hold ``{placeholders}``
    (CONTRIBUTING.md); ``bearer`` says whose token goes along, ``""`` none, ``basic`` the secret that goes along with
    the Client ID by HTTP Basic; ``expect`` are the right statuses (in
    the table ``4xx`` stands for all of a kind), ``schema`` what a right JSON body obeys, ``error`` the OAuth
    error codes of a right refusal, separated by spaces. ``encoding`` says how ``form`` travels: ``form`` as the RFC
    wants it, ``multipart`` as ``curl -F`` sends it, ``json``. A ``disruptive`` exchange destroys or provokes something.
    A ``spare`` one gives its place in the budget to a request that must be sent again. ``after`` names exchanges that
    must have been sent before. What takes effect after some time is asked once more ``settle`` seconds later, where the
    first answer is not the expected one. ``follows`` names the exchange whose ``next`` link the request goes along,
    with the query that stands there. A ``series`` is a list and its pages, named by the list: where they differ, they
    are read once more. ``company_header`` is how the header with the company is spelled. One that is ``per_company`` is
    sent for each of ``--companies``.
    """

    name: str
    step: str
    method: str
    host: str
    path: str
    expect: tuple[int, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "form"
    bearer: str = ""
    basic: str = ""
    company: str = ""
    company_for_service_account: bool = False
    company_header: str = "Procore-Company-Id"
    plain_http: bool = False
    schema: str = ""
    error: str = ""
    disruptive: bool = False
    spare: bool = False
    after: tuple[str, ...] = ()
    settle: float = 0.0
    follows: str = ""
    series: str = ""
    per_company: bool = False

    @property
    def fixture(self) -> str:
        """The name under which tests ask for the answer."""
        return fixture_name(self.name)


def fixture_name(name: str) -> str:
    """Return the name under which tests ask for the answer to the exchange ``name``."""
    return name.replace("-", "_").replace(".", "_")


def load(path: Path = EXCHANGES) -> dict[str, Definition]:
    """Read the exchanges by name, in the order of the file, which is the order in which a live run sends them.

    Raises:
        DefinitionError: the file is no TOML, or an entry has unknown, missing or wrong members.
    """
    try:
        entries = _parsed(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DefinitionError(f"{path.name} cannot be read: {error}") from None
    definitions: dict[str, Definition] = {}
    for name, entry in entries.items():
        try:
            definition = Definition(name=name, **_frozen(entry))
        except (TypeError, ValueError) as error:
            raise DefinitionError(f"{path.name}: [{name}] {error}") from None
        unknown = [other for other in (*definition.after, definition.follows) if other and other not in definitions]
        if definition.encoding not in ENCODINGS:
            raise DefinitionError(f"{path.name}: [{name}] encoding must be one of {', '.join(ENCODINGS)}")
        if unknown:
            raise DefinitionError(f"{path.name}: [{name}] comes after {unknown}, which must stand above it")
        definitions[name] = definition
    return definitions


def _frozen(entry: Mapping[str, Any]) -> dict[str, Any]:
    members = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    if "expect" in members:
        members["expect"] = tuple(status for one in members["expect"] for status in _statuses(one))
    return members


def _statuses(one: int | str) -> Iterable[int]:
    """Return the statuses of one entry of ``expect``: itself, or those of a class such as ``4xx``."""
    if isinstance(one, int):
        return (one,)
    first = int(one[0]) * 100
    return [status for status in range(first, first + 100) if status not in NOT_NOW]
