"""Where guide step 5 is: the URL at which a user lets an app in, and is given a code."""

from urllib.parse import urlencode


def authorize_url(login_url: str, redirect_uri: str, *, client_id: str = "", state: str = "") -> str:
    """Return the URL (RFC 6749 section 4.1.1); without ``client_id``, the reader adds it at the end."""
    query = {"response_type": "code", "redirect_uri": redirect_uri}
    query |= {"state": state} if state else {}
    return f"{login_url}/oauth/authorize?{urlencode({**query, 'client_id': client_id})}"
