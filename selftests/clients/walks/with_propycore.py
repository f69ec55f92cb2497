"""ProPyCore, as its README begins: a service account, both URLs that of the API."""

from importlib.metadata import version

from ProPyCore.procore import Procore

from selftests.clients.walks.steps import (
    API,
    CLIENT_ID,
    CLIENT_SECRET,
    COMPANY_ID,
    REDIRECT_URI,
    Kept,
    absent,
    client,
    company_among,
    distinct,
    step,
)

kept = Kept()


def service_account() -> None:
    kept["connection"] = Procore(
        client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_uri=REDIRECT_URI, oauth_url=API, base_url=API
    )


client("ProPyCore", version("ProPyCore"))
absent("authorize")
absent("exchange")
absent("refresh")
absent("client credentials")
step("HTTP Basic", service_account)
step("companies", lambda: company_among(kept["connection"].companies.get()))
step("projects", lambda: distinct(kept["connection"].projects.get(COMPANY_ID)))
absent("me")
absent("revoke")
