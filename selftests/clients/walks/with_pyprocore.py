"""pyprocore, set up by its own environment variables: PROCORE_LOGIN_URL, PROCORE_API_BASE and the credentials."""

import os
from importlib.metadata import version

from selftests.clients.walks import steps
from selftests.clients.walks.steps import Kept, absent, client, company_among, distinct, step

# What its documentation calls the base URLs.
os.environ |= {"PROCORE_LOGIN_URL": steps.LOGIN, "PROCORE_API_BASE": steps.API}

from pyprocore.auth.oauth import OAuthClient
from pyprocore.auth.token_manager import TokenManager
from pyprocore.core.client import ProcoreClient
from pyprocore.services.companies import list_companies
from pyprocore.services.projects import list_projects

kept = Kept()


def exchange() -> None:
    tokens = TokenManager()
    token = tokens.save_oauth_response(
        OAuthClient().exchange_authorization_code(os.environ["PROCORE_AUTHORIZATION_CODE"])
    )
    assert token.refresh_token
    kept["tokens"] = tokens
    kept["client"] = ProcoreClient(token_manager=tokens)


def companies() -> int:
    return company_among([one.model_dump() for one in list_companies(kept["client"])])


def projects() -> int:
    return distinct([one.model_dump() for one in list_projects(steps.COMPANY_ID, kept["client"])])


def me() -> None:
    assert kept["client"].get("/rest/v1.0/me")["login"]


def refresh() -> None:
    old = kept["tokens"].get_access_token()
    assert kept["tokens"].get_access_token(force_refresh=True) != old, "the access token is the old one"
    me()


def service_account() -> None:
    assert OAuthClient().request_client_credentials_token().access_token.get_secret_value()


client("pyprocore", version("pyprocore"))
absent("authorize")
step("exchange", exchange)
step("companies", companies)
step("projects", projects)
step("me", me)
step("refresh", refresh)
step("client credentials", service_account)
absent("HTTP Basic")
absent("revoke")
