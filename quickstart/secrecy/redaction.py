"""One redactor for cassettes, logs, terminal, HTML, JSON and JUnit: secrets by value in every encoding, and by key.

A scrubbed value becomes a stand-in of the same shape that depends only on its label ("access-token-2") and length:
equal values stay equal, different ones stay different, and two recordings of the same answers are the same.
"""

import base64
import hashlib
import html
import json
import re
import string
from collections.abc import Callable, Iterator, Mapping
from os.path import commonprefix
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

# Keys whose values are secrets or persons, wherever they stand in a form, a query or a JSON document.
SECRET_KEYS = {
    "access_token": "access-token",
    "refresh_token": "refresh-token",
    "client_id": "client-id",
    "client_secret": "client-secret",
    "code": "authorization-code",
    "token": "access-token",
    "password": "password",
    "id_token": "id-token",
    "uid": "client-id",
}
PERSON_KEYS = frozenset({"login", "email", "email_address", "phone", "fax", "mobile_phone", "business_phone"})
_PIECE = 10  # characters of a secret that must not be left of it when it is cut
_SHORTEST = 6  # a shorter value would also match what is no secret; by key it is scrubbed all the same
PROCORES_OWN = "apisupport@procore.com"  # where to report to; nobody's person
# Each of these reads a text once, however long a run of letters it holds: no start within a run, no way back.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@(?!example\.invalid)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_JWT = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]++\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]{4,})"
    r"((?:[A-Za-z0-9_-]*?-)?)(ey[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]{4,})"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+|%20)(?!(?:realm|error|scope)\w*=)([A-Za-z0-9._~+/=-]{6,})")
_COOKIE = re.compile(r"^([^=;]+)=([^;]*)")
_SHORTEST_COOKIE = 12  # a shorter one is a preference, and may be a common word
# A secret under its key in a body that is not labelled, or too broken, to be read as JSON or as a form.
_KEYED = re.compile(
    r"""(?i)(?P<key>access_token|refresh_token|id_token|client_secret)(?P<gap>["']?\s*[:=]\s*["']?)"""
    r"""(?P<value>[^\s"'&,;<>{}\\]{6,})"""
)
_CODE_IN_PATH = re.compile(r"(?<=/oauth/authorize/)(?!native\b)([A-Za-z0-9_-]{6,})")
_CODE_ON_PAGE = re.compile(r"""(id=["']authorization_code["'][^>]{0,500}>\s*)([^<\s]+)""")


class Redactor:
    """Knows every secret of the run, and replaces it. It learns while answers come in; it never forgets."""

    def __init__(self) -> None:
        self._stand_ins: dict[str, str] = {}
        self._labels: dict[str, int] = {}
        self._issued: set[str] = {PROCORES_OWN}
        self._variants: dict[str, str] = {}
        self._longest_first: list[str] = []
        self._cuttable: dict[str, str] = {}
        self._only_learning = False

    def discover(self, media_type: str, body: bytes, headers: Mapping[str, str], url: str) -> None:
        """Learn every secret and person of an answer before anything is printed of it."""
        self._only_learning = True
        try:
            self.body(media_type, body)
            self.headers(headers)
            self.url(url)
        finally:
            self._only_learning = False

    def learn(self, kind: str, value: str) -> str:
        """Remember ``value`` as a secret of ``kind`` (``"access-token"``) and return its stand-in."""
        if not value or value in self._issued:
            return value
        if value not in self._stand_ins:
            number = self._labels[kind] = self._labels.get(kind, 0) + 1
            stand_in = _stand_in(f"{kind}-{number}", value)
            self._issued.add(stand_in)
            self._stand_ins[value] = stand_in
            if len(value) >= _SHORTEST:
                for original, replacement in zip(_encodings(value), _encodings(stand_in), strict=True):
                    self._variants.setdefault(original, replacement)
                if kind != "person" and len(value) > 2 * _PIECE:
                    self._cuttable[value] = stand_in
                self._longest_first.clear()
        return self._stand_ins[value]

    def keep(self, *values: str) -> None:
        """Leave ``values`` as they are: they look like secrets and are none."""
        self._issued.update(values)

    def learn_basic(self, client_id: str, client_secret: str) -> None:
        """Remember the base64 form in which HTTP Basic carries both."""
        self.learn("client-id", client_id)
        self.learn("client-secret", client_secret)
        self.learn("basic", base64.b64encode(f"{client_id}:{client_secret}".encode()).decode())

    def text(self, text: str) -> str:
        """Return ``text`` without any known secret, bearer, JWT or e-mail address."""
        if self._only_learning:
            return self._unknown(text)
        # One after the other beats one pattern of all: that would be compiled anew after each secret, and scans slower.
        if not self._longest_first:
            self._longest_first += sorted(self._variants, key=len, reverse=True)
        for variant in self._longest_first:
            if variant in text:
                text = text.replace(variant, self._variants[variant])
        return self._without_pieces(self._unknown(text))

    def _without_pieces(self, text: str) -> str:
        """Replace what is left of a secret that was cut: its beginning, or what stands beside dots, a person's too.

        The beginning of a person's name alone may be a common word.
        """
        for secret, stand_in in self._cuttable.items():
            parts, end = [], 0
            while (at := text.find(_beginning(secret), end)) >= 0:
                piece = commonprefix((secret, text[at : at + len(secret)]))  # noqa: RUF071 - of characters
                parts += [text[end:at], stand_in[: len(piece)]]
                end = at + len(piece)
            text = "".join((*parts, text[end:]))
        if "..." in text:
            for value in self._stand_ins:
                text = _without_ends(text, value) if len(value) > 2 * _PIECE else text
        return text

    def _unknown(self, text: str) -> str:
        text = _BEARER.sub(lambda m: f"{m[1]}{m[2]}{self._known_or('bearer', m[3])}", text)
        text = _JWT.sub(lambda m: m[1] + self._known_or("access-token", m[2]), text)
        return _EMAIL.sub(lambda m: self.learn("person", m[0]), text)

    def _known_or(self, kind: str, value: str) -> str:
        return value if value in self._issued else self.learn(kind, value)

    def url(self, url: str) -> str:
        """Return ``url`` with secret query and fragment values, and a code in the path, replaced."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url)
        path = _CODE_IN_PATH.sub(lambda m: self.learn("authorization-code", m[1]), parts.path)
        query, fragment = (self._pairs(part) if "=" in part else part for part in (parts.query, parts.fragment))
        return self.text(urlunsplit((parts.scheme, parts.netloc, path, query, fragment)))

    def form(self, body: str) -> str:
        """Return a form-encoded body with its secrets replaced."""
        return self.text(self._pairs(body))

    def _pairs(self, encoded: str) -> str:
        pairs = parse_qsl(encoded, keep_blank_values=True)
        return urlencode([(key, self._by_key(key, value)) for key, value in pairs], safe=":/")

    def _by_key(self, key: str, value: str) -> str:
        kind = SECRET_KEYS.get(key.lower())
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
        kind = SECRET_KEYS.get(key.lower())
        # `code` is a secret in a form or a query, but a project's own code in a JSON document
        if kind and key.lower() != "code":
            return self.learn(kind, value)
        if value.strip() and (key.lower() in PERSON_KEYS or (is_person and key.lower() == "name")):
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
            return self.form(text).encode("utf-8", "surrogateescape")
        return self._markup(text)

    def _markup(self, text: str) -> bytes:
        text = _KEYED.sub(lambda m: m["key"] + m["gap"] + self.learn(SECRET_KEYS[m["key"].lower()], m["value"]), text)
        text = _CODE_ON_PAGE.sub(lambda m: m[1] + self.learn("authorization-code", m[2]), text)
        return self.text(text).encode("utf-8", "surrogateescape")

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return ``headers`` with credentials, cookies and redirect queries replaced."""
        return {name: self._header(name.lower(), value) for name, value in headers.items()}

    def _cookie(self, value: str) -> str:
        found = _COOKIE.match(value)
        if found and len(found[2]) >= _SHORTEST_COOKIE:
            self.learn("cookie", found[2])
        return self.text(_COOKIE.sub(r"\1=scrubbed", value))

    def _header(self, name: str, value: str) -> str:
        if name in {"location", "referer", "content-location"}:
            return self.url(value)
        if name in {"set-cookie", "cookie"}:
            # requests joins several Set-Cookie headers with commas; an Expires date has one too, and no name after it.
            return ", ".join(self._cookie(one) for one in re.split(r", (?=[^;,\s=]+=)", value))
        return self.text(value)


def _as_json(document: object) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can express
        return json.dumps(document).encode()


def _lower_percent(value: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), quote(value, safe="", errors="replace"))


# The forms in which a value can stand in a file, always in the same order. Half of a surrogate pair is replaced.
_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda v: quote(v, safe="", errors="replace"),
    _lower_percent,
    lambda v: quote(v, errors="replace"),
    lambda v: quote_plus(v, errors="replace"),
    lambda v: quote_plus(v, safe=":/", errors="replace"),
    lambda v: json.dumps(v)[1:-1],
    lambda v: json.dumps(v, ensure_ascii=False)[1:-1],
    lambda v: json.dumps(v)[1:-1].replace("/", "\\/"),
    lambda v: repr(v)[1:-1],
    lambda v: repr(v.encode("utf-8", "replace"))[2:-1],
    html.escape,
    lambda v: html.escape(v, quote=False),
    lambda v: html.escape(v).replace("&#x27;", "&#39;"),
    lambda v: html.escape(v).replace("&#x27;", "&apos;"),
)


def _encodings(value: str) -> Iterator[str]:
    yield from (form(value) for form in _FORMS)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            inside = _inside_base64(value.encode("utf-8", "replace"), offset, encode)
            yield inside
            yield quote(inside, safe="")


def _inside_base64(value: bytes, offset: int, encode: Callable[[bytes], bytes]) -> str:
    """Return the characters that ``value`` alone decides when it stands ``offset`` bytes into base64-encoded data."""
    padded = b"\0" * offset + value
    encoded = encode(padded).decode().rstrip("=")
    first = (offset * 8 + 5) // 6
    last = len(padded) * 8 // 6
    return encoded[first:last]


def _beginning(secret: str) -> str:
    """Return what gives a cut secret away: of one that begins with words, as made-up ones do, words alone do not."""
    words = len(secret) - len(secret.lstrip(string.ascii_lowercase + "-_"))
    return secret[: max(_PIECE, words + 1)]


def _without_ends(text: str, value: str) -> str:
    """Return ``text`` without what pytest left of a shortened value: its beginning before dots, its end after them."""
    rest = rf"[^\s'\"]{{0,{len(value)}}}?"
    if value[:_PIECE] in text:
        text = re.sub(rf"{re.escape(value[:_PIECE])}{rest}\.\.\.", "...", text)
    if value[-_PIECE:] in text:
        text = re.sub(rf"(?<=\.\.\.){rest}{re.escape(value[-_PIECE:])}", "", text)
    return text


def _stand_in(label: str, value: str) -> str:
    """Return a value of the same shape: hex, JWT, e-mail, person, or letters and digits of the same length."""
    if label.startswith("person"):
        number = label.rpartition("-")[2]
        return f"person-{number}@example.invalid" if "@" in value else f"Person {number}"
    if re.fullmatch(r"[0-9a-f]+", value):
        return _letters(label, len(value), "0123456789abcdef")
    if re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", value):
        return ".".join(_letters(f"{label}.{part}", len(text)) for part, text in enumerate(value.split(".")))
    return _letters(label, len(value))


def _letters(label: str, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    digest = hashlib.shake_256(label.encode()).digest(length)
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)
