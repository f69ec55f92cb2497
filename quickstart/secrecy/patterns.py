"""What secrets and persons look like, and the keys that they stand under, where nobody has named them yet."""

import re

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
PROCORES_OWN = "apisupport@procore.com"  # where to report to; nobody's person
# Each of these reads a text once, however long a run of letters it holds: no start within a run, no way back.
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@(?!example\.invalid)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
JWT = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]++\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]{4,})"
    r"((?:[A-Za-z0-9_-]*?-)?)(ey[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]{4,})"
)
BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+|%20)(?!(?:realm|error|scope)\w*=)([A-Za-z0-9._~+/=-]{6,})")
COOKIE = re.compile(r"^([^=;]+)=([^;]*)")
SHORTEST_COOKIE = 12  # a shorter one is a preference, and may be a common word
# A secret under its key in a body that is not labelled, or too broken, to be read as JSON or as a form.
KEYED = re.compile(
    r"""(?i)(?P<key>access_token|refresh_token|id_token|client_secret)(?P<gap>["']?\s*[:=]\s*["']?)"""
    r"""(?P<value>[^\s"'&,;<>{}\\]{6,})"""
)
PART = re.compile(r'(; name="([^"\r\n]+)"\r\n\r\n)(.*?)(?=\r\n--)', re.DOTALL)  # of a multipart form
CODE_IN_PATH = re.compile(r"(?<=/oauth/authorize/)(?!native\b)([A-Za-z0-9_-]{6,})")
CODE_ON_PAGE = re.compile(r"""(id=["']authorization_code["'][^>]{0,500}>\s*)([^<\s]+)""")
# requests joins several Set-Cookie headers with commas; an Expires date has one too, and no name after it.
BETWEEN_COOKIES = re.compile(r", (?=[^;,\s=]+=)")
