"""What the placeholders of ``tests/exchanges.toml`` stand for."""

# Values that are wrong on purpose. They are no secrets, so recordings show them as they are.
UNKNOWN_CLIENT_ID = "0" * 63 + "1"
WRONG_CLIENT_SECRET = "0" * 63 + "2"
BOGUS_CODE = "0" * 63 + "3"
GARBAGE_TOKEN = "garbage-token-of-the-quick-start-suite"  # noqa: S105 - wrong on purpose
WRONG_REDIRECT_URI = "https://not-registered.invalid/callback"

DELIBERATELY_WRONG = {
    "unknown_client_id": UNKNOWN_CLIENT_ID,
    "wrong_client_secret": WRONG_CLIENT_SECRET,
    "bogus_code": BOGUS_CODE,
    "wrong_redirect_uri": WRONG_REDIRECT_URI,
}
