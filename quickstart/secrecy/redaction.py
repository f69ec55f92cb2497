"""One redactor for cassettes, logs, terminal, HTML, JSON and JUnit: secrets by value in every encoding, and by key.

What came from outside goes through ``text``, ``url``, ``headers`` or ``body`` where it enters a message. A whole
output, in which our own words stand, goes through ``net``, which replaces nothing that could be a word of ours.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TypedDict, Unpack
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from quickstart.secrecy import documents, patterns
from quickstart.secrecy.escapes import read_as_meant
from quickstart.secrecy.known import KnownSecrets
from quickstart.secrecy.printable import one_line, printable
from quickstart.secrecy.vocabulary import Vocabulary


class Hints(TypedDict, total=False):
    """What cannot be seen of a body alone: it is a person, or whatever in it may be a token is one."""

    of_person: bool
    opaque: bool


class Redactor:
    """Knows every secret of the run, and replaces it. It learns while answers come in; it never forgets.

    ``ours`` are words that stay, whatever a secret is called.
    """

    def __init__(self, ours: Vocabulary | None = None) -> None:
        self.ours = ours or Vocabulary()
        self._known = KnownSecrets(self.ours)
        self._only_learning = False
        self._learned: set[str] = set()
        self._vouched: set[str] = set()
        self._cookies: set[str] = set()  # that are no other secret

    def vouch(self, line: str) -> str:
        """Remember that ``line``, which looks like one of somebody else, is ours, and return it."""
        self._vouched.add(line)
        return line

    def vouches(self, text: str) -> bool:
        """Whether ``text`` is a line that is ours."""
        return text.strip("\n") in self._vouched

    def discover(
        self, media_type: str, body: bytes, headers: Mapping[str, str], url: str, **hints: Unpack[Hints]
    ) -> None:
        """Learn every secret and person of the answer of ``url`` before anything is printed of it."""
        self._only_learning = True
        try:
            self.body(media_type, body, **hints)
            self.headers(headers)
            self.url(url)
        finally:
            self._only_learning = False
            self._learned.clear()

    @contextmanager
    def within(self, exchange: str) -> Iterator[None]:
        """Call what is learned inside after ``exchange``: its stand-ins do not depend on what was learned before."""
        before, self._known.scope = self._known.scope, exchange
        try:
            yield
        finally:
            self._known.scope = before

    def learn(self, kind: str, value: str, stand_in: str | None = None) -> str:
        """Remember ``value`` as a secret of ``kind`` (``"access-token"``) and return its stand-in."""
        return self._known.learn(kind, value, stand_in)

    def keep(self, *values: str) -> None:
        """Leave ``values`` as they are: they look like secrets and are none."""
        self._known.keep(*values)

    def learn_basic(self, client_id: str, client_secret: str) -> None:
        """Remember the base64 form in which HTTP Basic carries both."""
        self.learn("client-id", client_id)
        self.learn("client-secret", client_secret)
        self.learn("basic", base64.b64encode(f"{client_id}:{client_secret}".encode()).decode())

    def text(self, text: str) -> str:
        """Return ``text``, which came from outside, without any known secret, bearer, JWT or e-mail address."""
        if self._only_learning:
            if text not in self._learned:  # long lists repeat themselves
                self._learned.add(text)
                self._unknown(text)
            return text
        return read_as_meant(
            self._known.words_replaced(self._unknown(self._known.replaced(text))), self._known_replaced
        )

    def _known_replaced(self, text: str) -> str:
        return self._known.words_replaced(self._known.replaced(text))

    def net(self, text: str) -> str:
        """Return a whole output without the secrets that are known, as far as they can be no words of ours."""
        return read_as_meant(self._known.replaced(text, net=True), partial(self._known.replaced, net=True))

    def shown(self, text: str) -> str:
        """Return ``text``, which came from outside, as it may be shown: without secrets and without controls."""
        return printable(self.text(text))

    def line(self, text: str) -> str:
        """Return ``text``, which came from outside, as it may be shown within a line."""
        return one_line(self.text(text))

    def _unknown(self, text: str) -> str:
        text = patterns.BEARER.sub(lambda m: f"{m[1]}{m[2]}{self._candidate('bearer', m[3])}", text)
        text = patterns.QUOTED.sub(self._keyed, patterns.KEYED.sub(self._keyed, text))
        text = patterns.JWT.sub(lambda m: m[1] + self.learn("access-token", m[2]), text)
        text = patterns.QUOTED_EMAIL.sub(lambda m: quote(self.learn("person", unquote(m[0]))), text)
        return patterns.EMAIL.sub(lambda m: self.learn("person", m[0]), text)

    def _candidate(self, kind: str, value: str) -> str:
        """Return the stand-in of what stands in free text where a secret may, if it looks like one."""
        return self.learn(kind, value) if patterns.looks_secret(value) and not self.ours.holds(value) else value

    def _keyed(self, match: re.Match[str]) -> str:
        kind = patterns.secret_kind(match["key"]) or "access-token"
        return match["key"] + match["gap"] + self._candidate(kind, match["value"])

    def url(self, url: str) -> str:
        """Return ``url`` with secret query and fragment values, a code in the path, and a password replaced."""
        try:
            parts = urlsplit(url)
            password = parts.password
        except ValueError:
            return self.text(url)
        netloc = parts.netloc.replace(f":{password}@", f":{self.learn('password', password)}@") if password else None
        path = patterns.CODE_IN_PATH.sub(lambda m: self.learn("authorization-code", m[1]), parts.path)
        query, fragment = (self._pairs(part) if "=" in part else part for part in (parts.query, parts.fragment))
        return self.text(urlunsplit((parts.scheme, netloc or parts.netloc, path, query, fragment)))

    def _pairs(self, encoded: str) -> str:
        if ";" in encoded:  # once as good as &
            for key, value in parse_qsl(encoded.replace(";", "&")):
                self._by_key(key, value)
        pairs = parse_qsl(encoded, keep_blank_values=True)
        return urlencode([(self.text(key), self._by_key(key, value)) for key, value in pairs], safe=":/")

    def _by_key(self, key: str, value: str) -> str:
        kind = patterns.secret_kind(key)
        return self.learn(kind, value) if kind else self._maybe(key, value)

    def _maybe(self, key: str, value: str) -> str:
        """Return what stands under a key that may be that of a secret."""
        return self.text(self._candidate("access-token", value) if patterns.may_hold_secret(key) else value)

    def document(self, document: object, *, of_person: bool = False, opaque: bool = False) -> object:
        """Return a JSON document with secrets and persons replaced; shapes and all other values stay."""
        if isinstance(document, list):
            return [self.document(item, of_person=of_person, opaque=opaque) for item in document]
        if isinstance(document, dict):
            person = of_person or patterns.is_person(frozenset(map(patterns.plain_key, document)))
            return {
                self._key(key, opaque=opaque): self._member(key, value, person=person, opaque=opaque)
                for key, value in document.items()
            }
        if opaque:
            return self._opaque_value(document)
        return self.text(document) if isinstance(document, str) else document

    def _key(self, key: str, *, opaque: bool) -> str:
        if self._only_learning and key in self._learned:
            return key
        if self.ours.holds(key):
            return key
        return str(self._opaque_value(key)) if opaque else self.text(key)

    def _member(self, key: str, value: object, *, person: bool, opaque: bool) -> object:
        plain = patterns.plain_key(key)
        kind = patterns.secret_kind(key)
        # `code` is a secret in a form or a query, but a project's own code in a JSON document
        if kind and plain != "code":
            return self._under(kind, value)
        if value is None or isinstance(value, bool) or (isinstance(value, int | float) and not opaque):
            return value
        if patterns.may_hold_secret(key):
            return self._perhaps(value)
        is_named = plain in patterns.PERSON_KEYS or (person and plain == "name")
        if is_named and isinstance(value, str) and value.strip():
            return self.learn("person", value)
        return self.document(value, of_person=plain in patterns.PERSON_HOLDERS, opaque=opaque)

    def _perhaps(self, value: object) -> object:
        """Return what stands somewhere under a key that may be that of secrets: what looks like one is one."""
        if isinstance(value, list):
            return [self._perhaps(item) for item in value]
        if isinstance(value, dict):
            kept = {self._candidate("access-token", key): self._member(key, item, person=False, opaque=False)
                    for key, item in value.items()}  # fmt: skip
            return {key: self._perhaps(item) for key, item in kept.items()}
        return self.text(self._candidate("access-token", value)) if isinstance(value, str) else value

    def _under(self, kind: str, value: object, *, nested: bool = False) -> object:
        """Return what stands under the key of a secret: the secret, or something that holds it somewhere."""
        if isinstance(value, str):
            return self.learn(kind, value) if not nested or len(value) >= patterns.NESTED else self.text(value)
        if isinstance(value, list):
            return [self._under(kind, item, nested=True) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self._under(kind, item, nested=True) for key, item in value.items()}
        return self._number(kind, value, patterns.NESTED)

    def _opaque_value(self, value: object) -> object:
        if not isinstance(value, str):
            return self._number("access-token", value, patterns.OPAQUE)
        if len(value) < patterns.OPAQUE:
            return self.text(value)
        # Here all goes; only what looks like a secret is looked for elsewhere.
        return self._known.learn("access-token", value, spread=patterns.looks_secret(value))

    def _number(self, kind: str, value: object, least: int) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or value < 10 ** (least - 1) or value > 10**4000:
            return value
        return int(self.learn(kind, str(value)))

    def body(self, media_type: str, body: bytes, *, of_person: bool = False, opaque: bool = False) -> bytes:
        """Return a body of ``media_type`` with its secrets replaced; JSON and forms by key, all else as text."""
        if not body:
            return body
        text, encoding = documents.decoded(body)
        # Whatever the label says: a token that came as text/plain is a token.
        if "json" in media_type or text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            again: list[tuple[str, object]] = []
            try:
                document = documents.read(text, again)
                for key, value in again:  # a reader takes the last of them
                    self._member(key, value, person=of_person, opaque=opaque)
                scrubbed = self.document(document, of_person=of_person, opaque=opaque)
                if scrubbed == document and not again:
                    return body
                if encoding == "utf-8" and not again and not text.startswith("\ufeff"):
                    return documents.as_json(scrubbed)
            except (ValueError, RecursionError):
                pass
        if "x-www-form-urlencoded" in media_type or patterns.FORM.fullmatch(text):
            text = self._pairs(text)
        if "multipart/form-data" in media_type:
            text = patterns.PART.sub(lambda m: m[1] + self._by_key(m[2], m[3]), text)
        return documents.encoded(self._markup(text, opaque=opaque), encoding)

    def _markup(self, text: str, *, opaque: bool) -> str:
        text = patterns.CODE_ON_PAGE.sub(lambda m: m[1] + self.learn("authorization-code", m[2]), text)
        text = patterns.KEYED_PERSON.sub(self._keyed_person, text)
        text = self.text(text)
        if opaque:
            text = patterns.OPAQUE_RUN.sub(lambda m: str(self._opaque_value(m[0])), text)
        return text

    def _keyed_person(self, match: re.Match[str]) -> str:
        return match["key"] + match["gap"] + self.learn("person", match["value"].strip())

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return ``headers`` with credentials, cookies and redirect queries replaced, also in their names."""
        return {self._name(name): self._header(name.lower(), value) for name, value in headers.items()}

    def _name(self, name: str) -> str:
        return name if self.ours.holds(name) else self.text(name)

    def _cookie(self, value: str) -> str:
        found = patterns.COOKIE.match(value)
        if found and len(found[2]) >= patterns.SHORTEST_COOKIE:
            if found[2] not in self._cookies and self._known.replaced(found[2]) != found[2]:
                return self.text(value)  # a token, say, whose stand-in tells that it was in a cookie
            self._cookies.add(found[2])
            self.learn("cookie", found[2])
        return self.text(patterns.COOKIE.sub(r"\1=scrubbed", value))

    def _header(self, name: str, value: str) -> str:
        if name in {"location", "referer", "content-location"}:
            return self.url(value)
        if name in {"set-cookie", "cookie"}:
            return ", ".join(self._cookie(one) for one in patterns.BETWEEN_COOKIES.split(value))
        if name.endswith("authorization"):
            client = patterns.client_of(value)
            if client is not None:
                kinds = zip(("client-id", "client-secret"), client, strict=True)
                return patterns.basic(*(self.learn(kind, one) for kind, one in kinds))
            return self.text(patterns.CREDENTIALS.sub(lambda m: m[1] + self.learn("bearer", m[2]), value))
        kind = patterns.secret_kind(name)
        if kind and len(value) >= patterns.NESTED:
            return self.learn(kind, value)
        return self._maybe(name, value)
