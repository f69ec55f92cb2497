"""What the placeholders and bearers of ``tests/exchanges.toml`` stand for in a run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qsl

from quickstart.exchange import fields, following, paging
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.exchange.definitions import Definition, DefinitionError
from quickstart.run.tokens import (
    CODE,
    REFRESH,
    REFRESH_AGAIN,
    SERVICE_ACCOUNT,
    Credentials,
    Pair,
    TokenSource,
    is_bearer,
    pair_of,
)

# Values that are wrong on purpose. They are no secrets, so recordings show them as they are.
GARBAGE_TOKEN = "garbage-token-of-the-quick-start-suite"  # noqa: S105 - wrong on purpose
_IN_PATHS = re.compile(r"\{\w+\}")
SPARE = "client-credentials-multipart"  # the exchange that yields one more token of the service account
_HEX = "0123456789abcdef"
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_FAR = 1_000_000  # ids of companies that were made together come in bands
DELIBERATELY_WRONG = {
    "unknown_client_id": "0" * 63 + "1",
    "wrong_client_secret": "0" * 63 + "2",
    "bogus_code": "0" * 63 + "3",
    "wrong_redirect_uri": "https://not-registered.invalid/callback",
}


@dataclass(frozen=True)
class Given:
    """What values are made of.

    ``answer`` returns what an exchange answered, and ``pair`` the tokens that the run works with; both send what
    was not sent yet, and raise CouldNotTest where they cannot.
    """

    credentials: Credentials
    source: TokenSource
    answer: Callable[[str], Answer]
    pair: Callable[[], Pair]


def check(definitions: Mapping[str, Definition]) -> None:
    """Refuse a table that names a placeholder or a bearer which stands for nothing.

    Raises:
        DefinitionError: it names the exchange and what there is.
    """
    for name, definition in definitions.items():
        if definition.bearer not in _BEARERS:
            raise DefinitionError(f"exchanges.toml: [{name}] bearer must be one of {', '.join(filter(None, _BEARERS))}")
        in_path = _IN_PATHS.findall(definition.path)
        if {"{", "}"} & {*_IN_PATHS.sub("", definition.path)}:
            raise DefinitionError(f"exchanges.toml: [{name}] path has a brace that belongs to no {{placeholder}}")
        templates = (definition.company, definition.basic, *definition.query.values(), *definition.form.values())
        for template in (*templates, *in_path):
            if template.startswith("{") and template.strip("{}") not in {*_PLACEHOLDERS, *DELIBERATELY_WRONG}:
                known = ", ".join([*_PLACEHOLDERS, *DELIBERATELY_WRONG])
                raise DefinitionError(f"exchanges.toml: [{name}] {template} stands for nothing; there are {known}")


def path(given: Given, template: str) -> str:
    """Return a path of the table as it is sent, each ``{placeholder}`` filled in.

    Raises:
        CouldNotTest: this run has no such value; the message says why.
    """
    return _IN_PATHS.sub(lambda found: fill(given, found[0]), template)


def fill(given: Given, template: str) -> str:
    """Return a value of the table as it is sent: itself, or what its ``{placeholder}`` stands for.

    Raises:
        CouldNotTest: this run has no such value; the message says why.
    """
    if not template.startswith("{"):
        return template
    name = template.strip("{}")
    return DELIBERATELY_WRONG.get(name) or _PLACEHOLDERS[name](given)


def bearer(given: Given, kind: str) -> str | None:
    """Return the token that goes along with an exchange of this ``bearer``, or ``None``.

    Raises:
        CouldNotTest: this run has no such token; the message says why.
    """
    return _BEARERS[kind](given)


def client(given: Given, secret: str) -> tuple[str, str] | None:
    """Return Client ID and secret, as HTTP Basic carries them, for an exchange with this ``basic``, or ``None``."""
    return (given.credentials.client_id, fill(given, secret)) if secret else None


def nearly(secret: str) -> str:
    """Return a secret that is right but for its last character, and of the same alphabet.

    The first of the character's six bits changes, since the last ones may mean nothing at the end of base64.
    """
    last = secret[-1]
    if set(secret) <= set(_HEX):
        return secret[:-1] + _HEX[(_HEX.index(last) + 1) % len(_HEX)]
    return secret[:-1] + (_BASE64URL[_BASE64URL.index(last) ^ 32] if last in _BASE64URL else "A")


def spent_access_token(given: Given) -> str:
    """Return the access token that the exchange *refresh* replaces.

    Raises:
        CouldNotTest: the run began with a refresh, so there is none.
    """
    token = given.pair().access_token
    if given.source.name == REFRESH:
        raise CouldNotTest("the run began with a refresh, so there is no older access token to try")
    return token


def spent_refresh_token(given: Given) -> str:
    """Return the refresh token that the exchange *refresh* spends: the run's first one, or that of its tokens.

    Raises:
        CouldNotTest: there is none.
    """
    first = given.source.name == REFRESH
    token = given.source.refresh_token() if first else given.pair().refresh_token
    if token is None and given.source.name == CODE:
        raise CouldNotTest("the code yielded no refresh token that could be sent: see token.refresh-token")
    if token is None:
        raise CouldNotTest("the run has no refresh token: client credentials come without one")
    if not first and token == given.pair().access_token:
        raise CouldNotTest("the refresh token is the access token: see token.distinct")
    return token


def _granted(given: Given, name: str) -> Pair:
    return pair_of(given.answer(name))


def _authorization_code(given: Given) -> str:
    if given.credentials.authorization_code is None:
        raise CouldNotTest("no authorization code was given: guide step 5, PROCORE_AUTHORIZATION_CODE")
    return given.credentials.authorization_code


def _spent_authorization_code(given: Given) -> str:
    given.answer(CODE).require_status()
    return _authorization_code(given)


def _replaced_refresh_token(given: Given) -> str:
    token = spent_refresh_token(given)
    if _granted(given, REFRESH).refresh_token == token:
        raise CouldNotTest("the refresh yielded the same refresh token: see refresh.new-refresh-token")
    return token


def _replaced_access_token(given: Given) -> str:
    token = spent_access_token(given)
    if _granted(given, REFRESH).access_token == token:
        raise CouldNotTest("the refresh yielded the same access token: see refresh.new-access-token")
    return token


def _other(value: str | None) -> str:
    if value is None:
        raise CouldNotTest("no other app was given: PROCORE_OTHER_CLIENT_ID and PROCORE_OTHER_CLIENT_SECRET")
    return value


def _refreshed_refresh_token(given: Given) -> str:
    token = _granted(given, REFRESH).refresh_token
    if token is None:
        raise CouldNotTest("the refresh yielded no refresh token: see refresh.schema")
    return token


def _spare_access_token(given: Given) -> str:
    """Return an access token that nobody would miss: the service account's second, else one that a refresh replaced."""
    try:
        return _granted(given, SPARE).access_token
    except CouldNotTest:
        return _replaced_access_token(given)


def _latest_access_token(given: Given) -> str:
    """Return the user's token that the last refresh left."""
    own = given.pair().access_token
    if given.source.name == SERVICE_ACCOUNT:
        raise CouldNotTest("the run has no token but the service account's")
    for name in (REFRESH_AGAIN, REFRESH):
        try:
            refreshed = given.answer(name)
        except CouldNotTest:
            continue  # it was not sent, so it replaced nothing
        return pair_of(refreshed).access_token
    return own


def _live_refresh_token(given: Given) -> str:
    pair = given.pair()
    if pair.refresh_token == pair.access_token:
        raise CouldNotTest("the refresh token is the access token: see token.distinct")
    return _as_bearer(pair.refresh_token)


def _as_bearer(token: str | None) -> str:
    if token is None or not is_bearer(token):
        raise CouldNotTest("the run has no such value that a bearer header can carry")
    return token


def _foreign_company_id(given: Given) -> str:
    """Return the company that is not ours: the one that was named, or some number far from our own."""
    if given.credentials.foreign_company_id is not None:
        return str(given.credentials.foreign_company_id)
    ours = {company["id"] for company in given.answer("companies").json}
    return str(next(number for number in count(given.credentials.company_id + _FAR, _FAR) if number not in ours))


def next_query(given: Given, name: str) -> dict[str, str]:
    """Return the query to which the next link of the exchange ``name`` leads; the path and the host are its own.

    Raises:
        CouldNotTest: there is no such link, or it leads elsewhere.
    """
    current = paging.page(given.answer(name))
    problem = following.next_problem(current)
    if problem:
        raise CouldNotTest(problem)
    target = fields.target(current.url, current.links["next"])
    return dict(parse_qsl(target.query if target else "", keep_blank_values=True))


def _first_of(given: Given, name: str) -> str:
    items = given.answer(name).json
    if not items:
        raise CouldNotTest(f"{name} has no items, so there is none to ask for by its id")
    return str(int(items[0]["id"]))  # 5.0 is an integer in JSON


def _part_of(given: Given, name: str, pages: int) -> str:
    items = len(given.answer(name).json)
    if items < pages:
        raise CouldNotTest(f"{name} has fewer than {pages} items, so there are not {pages} pages to read")
    return str(-(-items // pages))


_PLACEHOLDERS: Mapping[str, Callable[[Given], str]] = {
    "client_id": lambda given: given.credentials.client_id,
    "client_secret": lambda given: given.credentials.client_secret,
    "redirect_uri": lambda given: given.credentials.redirect_uri,
    "company_id": lambda given: str(given.credentials.company_id),
    "foreign_company_id": _foreign_company_id,
    "authorization_code": _authorization_code,
    "spent_authorization_code": _spent_authorization_code,
    "refresh_token": spent_refresh_token,
    "spent_refresh_token": _replaced_refresh_token,
    "client_credentials_token": lambda given: _granted(given, SERVICE_ACCOUNT).access_token,
    "near_client_secret": lambda given: nearly(given.credentials.client_secret),
    "other_client_id": lambda given: _other(given.credentials.other_client_id),
    "other_client_secret": lambda given: _other(given.credentials.other_client_secret),
    "refreshed_refresh_token": _refreshed_refresh_token,
    "spare_access_token": _spare_access_token,
    "multipart_token": lambda given: _granted(given, SPARE).access_token,
    "first_project": lambda given: _first_of(given, "projects"),
    "half_of_companies": lambda given: _part_of(given, "companies", 2),
    "half_of_projects": lambda given: _part_of(given, "projects", 2),
    "third_of_projects": lambda given: _part_of(given, "projects", 3),
}
_BEARERS: Mapping[str, Callable[[Given], str | None]] = {
    "": lambda _: None,
    "access": lambda given: given.pair().access_token,
    "client-credentials": lambda given: _granted(given, SERVICE_ACCOUNT).access_token,
    "refreshed": lambda given: _granted(given, REFRESH).access_token,
    "spent": _replaced_access_token,
    "garbage": lambda _: GARBAGE_TOKEN,
    "near": lambda given: nearly(given.pair().access_token),
    "multipart": lambda given: _granted(given, SPARE).access_token,
    "latest": _latest_access_token,
    "refresh-token": _live_refresh_token,
    "code": lambda given: _as_bearer(_spent_authorization_code(given)),
}
