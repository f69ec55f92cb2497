"""What secrets and persons look like, and the keys that they stand under, where nobody has named them yet."""

import re
from base64 import b64decode, b64encode
from functools import lru_cache
from urllib.parse import quote_plus, unquote_plus, urlsplit

# Keys whose values are secrets, wherever they stand in a form, a query, a header or a document; see ``plain_key``.
SECRET_KEYS = {
    "accesstoken": "access-token",
    "refreshtoken": "refresh-token",
    "clientid": "client-id",
    "clientsecret": "client-secret",
    "code": "authorization-code",
    "authorizationcode": "authorization-code",
    "token": "access-token",
    "authtoken": "access-token",
    "bearertoken": "access-token",
    "sessiontoken": "access-token",
    "csrftoken": "access-token",
    "authenticitytoken": "access-token",
    "apikey": "client-secret",
    "password": "password",
    "passwd": "password",
    "idtoken": "id-token",
    "jwt": "id-token",
    "uid": "client-id",
}
_SECRET_ENDINGS = ("accesstoken", "refreshtoken", "idtoken", "clientsecret", "authtoken", "apikey", "password")
# Under a key that ends so there may be a secret, or a word: what looks like one is one.
_MAYBE_ENDINGS = ("token", "tokens", "tokenvalue", "secret", "secrets", "bearer", "auth", "authorization", "sessionid",
                  "credentials", "apikeys", "passwords", "jwts", "signature")  # fmt: skip
PERSON_KEYS = frozenset({
    "login", "email", "emailaddress", "phone", "fax", "mobilephone", "businessphone", "firstname", "lastname",
    "middlename", "fullname", "nickname", "givenname", "familyname", "surname", "username",
})  # fmt: skip
# A `name` is that of a person beside one of these, or in an object under one of those.
_BESIDE_A_PERSON = frozenset({"login", "emailaddress", "firstname", "lastname", "fullname", "givenname", "familyname"})
PERSON_HOLDERS = frozenset({
    "createdby", "updatedby", "user", "users", "me", "person", "people", "contact", "contacts", "employee",
    "assignee", "manager", "resourceowner", "author", "owner",
})  # fmt: skip
PROCORES_OWN = "apisupport@procore.com"  # where to report to; nobody's person
# Each of these reads a text once, however long a run of letters it holds: no start within a run, no way back.
EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]++@(?!example\.invalid)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
QUOTED_EMAIL = re.compile(r"(?<![\w.%+-])[\w.+-]++%40(?!example\.invalid)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
JWT = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]++\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]{4,})"
    r"((?:[A-Za-z0-9_-]*?-)?)(ey[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]{4,})"
)
BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+|%20|\+)(?!(?:realm|error|scope)\w*=)([A-Za-z0-9._~+/=-]{12,})")
CREDENTIALS = re.compile(r"(?i)^(\s*(?:bearer|basic|token)\s+)(\S+)\s*$")
COOKIE = re.compile(r"^([^=;]+)=([^;]*)")
SHORTEST_COOKIE = 12  # a shorter one is a preference, and may be a common word
# A secret under its key in a body that is not labelled, or too broken, to be read as JSON or as a form; in XML; in
# JSON within a text of JSON.
_GAPS = (
    r"""[\\"']*\s*(?:=>|[:=])\s*[\\"']*"""  # JSON, forms, YAML
    r"""|[^<>]{0,100}>\s*(?:<!\[CDATA\[\s*)?"""  # <key>value, <ns:key type="bearer"><![CDATA[value
    r"""|</\w{1,20}>\s*<\w{1,20}>\s*"""  # <key>key</key><string>value
    r"""|["'][^<>]{0,200}?\s(?:value|content)\s*=\s*["']"""  # name="key" value="value"
)
KEYED = re.compile(
    r"(?i)(?P<key>(?:access|refresh|id|auth)[_ -]?token|client[_ -]?secret|authorization[_ -]?code|api[_ -]?key)"
    rf"""(?P<gap>{_GAPS})(?P<value>[^\s"'&,;<>{{}}\[\]\\]{{6,}})"""
)
# A weaker key, where what follows is quoted: WWW-Authenticate: Bearer token="…"
QUOTED = re.compile(
    r"""(?i)(?P<key>token|secret|password|session[_-]?id)(?P<gap>[\\"']*\s*[:=]\s*\\?["'])(?P<value>[\w.~+/=-]{12,})"""
)
KEYED_PERSON = re.compile(
    r"(?i)(?P<key>(?:first|last|full|middle|given|family)[_ -]?name|login|e-?mail[_ -]?address)"
    rf"""(?P<gap>{_GAPS})(?P<value>[^"'<>{{}}\[\]\\\n]{{2,80}})"""
)
PART = re.compile(r'(; name="([^"\r\n]+)"\r\n\r\n)(.*?)(?=\r\n--)', re.DOTALL)  # of a multipart form
CODE_IN_PATH = re.compile(r"(?<=/oauth/authorize/)(?!native\b)([A-Za-z0-9_-]{6,})")
CODE_ON_PAGE = re.compile(r"""(id=["']authorization_code["'][^>]{0,500}>\s*)([^<\s]+)""")
# requests joins several Set-Cookie headers with commas; an Expires date has one too, and no name after it.
BETWEEN_COOKIES = re.compile(r", (?=[^;,\s=]+=)")
FORM = re.compile(r"[A-Za-z0-9_.\[\]%-]+=[^\s<>&]*(?:&[A-Za-z0-9_.\[\]%-]+=[^\s<>&]*)+")
NESTED = 8  # characters of what stands somewhere below the key of a secret; shorter are types and flags
OPAQUE = 16  # characters of a string that may be a token where nobody knows what is one
OPAQUE_RUN = re.compile(rf"[A-Za-z0-9._~+/=%$-]{{{OPAQUE},}}")
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_DIGIT = re.compile(r"[0-9]")
_WORDS = re.compile(r"[A-Z]?[a-z]*+(?:[-_./ ][A-Z]?[a-z]*+)*+")


@lru_cache(4096)
def plain_key(key: str) -> str:
    """Return a key so that its spellings are one: ``accessToken``, ``access-token`` and ``ACCESS_TOKEN``."""
    return _NOT_IN_KEYS.sub("", key.lower())


@lru_cache(4096)
def may_hold_secret(key: str) -> bool:
    """Whether a secret may stand under ``key``, and a word as well."""
    return plain_key(key).endswith(_MAYBE_ENDINGS)


@lru_cache(4096)
def secret_kind(key: str) -> str | None:
    """Return what kind of secret stands under ``key``, or ``None``."""
    plain = plain_key(key)
    if plain in SECRET_KEYS:
        return SECRET_KEYS[plain]
    return next((SECRET_KEYS[ending] for ending in _SECRET_ENDINGS if plain.endswith(ending)), None)


def is_person(keys: frozenset[str]) -> bool:
    """Whether an object with these keys, in plain spelling, is a person."""
    return not keys.isdisjoint(_BESIDE_A_PERSON)


def is_of_person(url: str) -> bool:
    """Whether what answers at ``url`` is a person, whatever it looks like."""
    return url.partition("?")[0].rstrip("/").endswith("/me")


def asks_for_token(method: str, url: str) -> bool:
    """Whether the answer to a request holds tokens, if it holds anything."""
    try:
        return method == "POST" and urlsplit(url).path.rstrip("/").endswith("/oauth/token")
    except ValueError:
        return False


def looks_secret(value: str) -> bool:
    """Whether a candidate out of free text looks like a secret: long, and with digits or letters like no words."""
    if len(value) >= 12 and len(_DIGIT.findall(value)) >= 2 and not value.replace(".", "").isdecimal():
        return True
    return len(value) >= 20 and not _WORDS.fullmatch(value)


def is_wordy(text: str) -> bool:
    """Whether ``text`` is made of words alone: small letters, after a capital at most."""
    return _WORDS.fullmatch(text) is not None


def client_of(authorization: str) -> tuple[str, str] | None:
    """Return Client ID and secret as HTTP Basic carries them (RFC 6749 section 2.3.1), or ``None``."""
    scheme, _, rest = authorization.strip().partition(" ")
    try:
        pair = b64decode(rest.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except ValueError:
        return None
    name, colon, secret = pair.partition(":")
    return (unquote_plus(name), unquote_plus(secret)) if colon else None


def basic(client_id: str, client_secret: str) -> str:
    """Return the header that says so: each as a form has it."""
    return "Basic " + b64encode(f"{quote_plus(client_id)}:{quote_plus(client_secret)}".encode()).decode()
