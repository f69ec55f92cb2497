"""One redactor for cassettes, logs, terminal, HTML, JSON and JUnit: secrets by value in every encoding, and by key."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from quickstart.secrecy import patterns
from quickstart.secrecy.known import KnownSecrets


class Redactor:
    """Knows every secret of the run, and replaces it. It learns while answers come in; it never forgets."""

    def __init__(self) -> None:
        self._known = KnownSecrets()
        self._only_learning = False
        self._cookies: set[str] = set()  # that are no other secret

    def discover(self, media_type: str, body: bytes, headers: Mapping[str, str], url: str) -> None:
        """Learn every secret and person of an answer before anything is printed of it."""
        self._only_learning = True
        try:
            self.body(media_type, body)
            self.headers(headers)
            self.url(url)
        finally:
            self._only_learning = False

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
        """Return ``text`` without any known secret, bearer, JWT or e-mail address."""
        if self._only_learning:
            return self._unknown(text)
        return self._known.without_pieces(self._unknown(self._known.replaced(text)))

    def _unknown(self, text: str) -> str:
        text = patterns.BEARER.sub(lambda m: f"{m[1]}{m[2]}{self.learn('bearer', m[3])}", text)
        text = patterns.JWT.sub(lambda m: m[1] + self.learn("access-token", m[2]), text)
        return patterns.EMAIL.sub(lambda m: self.learn("person", m[0]), text)

    def url(self, url: str) -> str:
        """Return ``url`` with secret query and fragment values, and a code in the path, replaced."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url)
        path = patterns.CODE_IN_PATH.sub(lambda m: self.learn("authorization-code", m[1]), parts.path)
        query, fragment = (self._pairs(part) if "=" in part else part for part in (parts.query, parts.fragment))
        return self.text(urlunsplit((parts.scheme, parts.netloc, path, query, fragment)))

    def _pairs(self, encoded: str) -> str:
        pairs = parse_qsl(encoded, keep_blank_values=True)
        return urlencode([(key, self._by_key(key, value)) for key, value in pairs], safe=":/")

    def _by_key(self, key: str, value: str) -> str:
        kind = patterns.SECRET_KEYS.get(key.lower())
        return self.learn(kind, value) if kind else value

    def document(self, document: object) -> object:
        """Return a JSON document with secrets and persons replaced; shapes and all other values stay."""
        if isinstance(document, list):
            return [self.document(item) for item in document]
        if isinstance(document, dict):
            is_person = "login" in document
            return {key: self._member(key, value, is_person) for key, value in document.items()}
        return self.text(document) if isinstance(document, str) else document

    def _member(self, key: str, value: object, is_person: bool) -> object:
        if not isinstance(value, str):
            return self.document(value)
        kind = patterns.SECRET_KEYS.get(key.lower())
        # `code` is a secret in a form or a query, but a project's own code in a JSON document
        if kind and key.lower() != "code":
            return self.learn(kind, value)
        if value.strip() and (key.lower() in patterns.PERSON_KEYS or (is_person and key.lower() == "name")):
            return self.learn("person", value)
        return self.text(value)

    def body(self, media_type: str, body: bytes) -> bytes:
        """Return a body of ``media_type`` with its secrets replaced; JSON and forms by key, all else as text."""
        if not body:
            return body
        text = body.decode("utf-8", "surrogateescape")
        # Whatever the label says: a token that came as text/plain is a token.
        if "json" in media_type or text.lstrip()[:1] in {"{", "["}:
            try:
                document = json.loads(body.decode("utf-8"))
                scrubbed = self.document(document)
                return body if scrubbed == document else _as_json(scrubbed)
            except (ValueError, RecursionError):
                return self._markup(text)
        if "x-www-form-urlencoded" in media_type:
            return self.text(self._pairs(text)).encode("utf-8", "surrogateescape")
        if "multipart/form-data" in media_type:
            parts = patterns.PART.sub(lambda m: m[1] + self._by_key(m[2], m[3]), text)
            return self.text(parts).encode("utf-8", "surrogateescape")
        return self._markup(text)

    def _markup(self, text: str) -> bytes:
        text = patterns.KEYED.sub(
            lambda m: m["key"] + m["gap"] + self.learn(patterns.SECRET_KEYS[m["key"].lower()], m["value"]), text
        )
        text = patterns.CODE_ON_PAGE.sub(lambda m: m[1] + self.learn("authorization-code", m[2]), text)
        return self.text(text).encode("utf-8", "surrogateescape")

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return ``headers`` with credentials, cookies and redirect queries replaced."""
        return {name: self._header(name.lower(), value) for name, value in headers.items()}

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
        return self.text(value)


def _as_json(document: object) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can express
        return json.dumps(document).encode()
