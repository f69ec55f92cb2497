"""A request as the curl command that sends it: variables stand where secrets were, whatever the answer held."""

import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from quickstart.exchange.answer import Answer
from quickstart.exchange.definitions import Definition
from quickstart.run.values import DELIBERATELY_WRONG, GARBAGE_TOKEN

TOKEN = "$PROCORE_TOKEN"  # noqa: S105 - a variable of a shell
# What stands for a placeholder of tests/exchanges.toml: the setting of that name, where it is one.
_SETTINGS = {
    "client_id": "$PROCORE_CLIENT_ID",
    "client_secret": "$PROCORE_CLIENT_SECRET",
    "redirect_uri": "$PROCORE_REDIRECT_URI",
    "authorization_code": "$PROCORE_AUTHORIZATION_CODE",
    "spent_authorization_code": "$PROCORE_AUTHORIZATION_CODE",
    "refresh_token": "$PROCORE_REFRESH_TOKEN",
    "client_credentials_token": "$SERVICE_ACCOUNT_TOKEN",
    "multipart_token": "$SERVICE_ACCOUNT_TOKEN",
    "other_client_id": "$PROCORE_OTHER_CLIENT_ID",
    "other_client_secret": "$PROCORE_OTHER_CLIENT_SECRET",
}
_NO_SECRET = frozenset(
    {"company_id", "foreign_company_id", "half_of_companies", "half_of_projects", "third_of_projects"}
)
_BEARERS = {
    "access": TOKEN,
    "latest": TOKEN,
    "refreshed": TOKEN,
    "client-credentials": "$SERVICE_ACCOUNT_TOKEN",
    "multipart": "$SERVICE_ACCOUNT_TOKEN",
    "refresh-token": "$PROCORE_REFRESH_TOKEN",
    "code": "$PROCORE_AUTHORIZATION_CODE",
    "garbage": GARBAGE_TOKEN,
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BARE = re.compile(r"[\w$%+,./:=@&?{} -]*")  # what double quotes leave as it is, but for the variables


def curl(answer: Answer, url: str) -> str:
    """Return the command for the request of ``answer``; ``url`` is the one it was sent to, redacted.

    Values come from the table of exchanges alone, never from what was sent, but for the company's id and the query.
    """
    definition = answer.definition
    where, query = _where(definition, url)
    method = f"-X {answer.sent.method} " if _needs_method(definition) else "-G " if query else ""
    words = [f"curl -i {method}{shlex.quote(where)}"]
    if answer.sent.bearer:
        words.append(f"-H {_quoted(f'Authorization: Bearer {_bearer(definition.bearer)}')}")
    if definition.basic:
        words.append(f"-u {_quoted(':'.join(map(_filled, ('{client_id}', definition.basic))))}")
    if answer.sent.company is not None:
        words.append(f"-H {shlex.quote(f'{definition.company_header}: {answer.sent.company}')}")
    words += [f"--data-urlencode {_quoted(f'{name}={value}')}" for name, value in query.items()]
    return " \\\n  ".join([*words, *_body(definition)])


def _needs_method(definition: Definition) -> bool:
    return definition.method not in {"GET", "POST"} or (definition.method == "POST" and not definition.form)


def _where(definition: Definition, url: str) -> tuple[str, Mapping[str, str]]:
    """Return the URL, and the values that curl is to add to its query: what came of a variable is encoded by it."""
    parts = urlsplit(url)
    secret = {
        name: _filled(value)
        for name, value in definition.query.items()
        if _PLACEHOLDER.fullmatch(value) and value.strip("{}") not in _NO_SECRET
    }
    if not secret:
        return url, {}
    kept = {name: value for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in secret}
    return urlunsplit(parts._replace(query="")), {**kept, **secret}


def _filled(value: str) -> str:
    """Return a value of the table: itself, one that is wrong on purpose, or the variable that stands for it."""
    found = _PLACEHOLDER.fullmatch(value)
    if found is None:
        return value
    name = found[1]
    return DELIBERATELY_WRONG.get(name) or _SETTINGS.get(name) or f"${name.upper()}"


def _bearer(kind: str) -> str:
    return _BEARERS.get(kind) or f"${kind.upper().replace('-', '_')}_TOKEN"


def _body(definition: Definition) -> list[str]:
    form = {name: _filled(value) for name, value in definition.form.items()}
    if not form:
        return []
    if definition.encoding == "multipart":
        return [f"--form-string {_quoted(f'{name}={value}')}" for name, value in form.items()]
    if definition.encoding == "json":
        text = re.sub(r"\$\w+", lambda found: f"'\"{found[0]}\"'", json.dumps(form))
        return ["-H 'Content-Type: application/json'", f"-d '{text}'"]
    return [f"{_flag(value)} {_quoted(f'{name}={value}')}" for name, value in form.items()]


def _flag(value: str) -> str:
    return "-d" if re.fullmatch(r"[\w.-]+", value) else "--data-urlencode"


def _quoted(word: str) -> str:
    """Return a word as a shell takes it, with its variables filled in."""
    if "$" in word and _BARE.fullmatch(word):
        return f'"{word}"'
    return shlex.quote(word)
