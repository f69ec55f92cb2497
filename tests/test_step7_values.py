"""Step 7, values: what a reader expects of money, places, times, addresses and names."""

import re
from collections.abc import Callable

import pytest

from quickstart.exchange import contract, fields, names
from quickstart.exchange.answer import Answer
from quickstart.judgement import every, expect
from quickstart.judgement.causes import LISTS_AGAIN

LISTS = ("projects", *LISTS_AGAIN, "projects-v1.0")
OPTIONAL = "projects#/$defs/optional"
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ADDRESS = re.compile(r"""(?:[^@\s]+|"(?:[^"\\]|\\.)+")@[^@\s]+\.[^@\s.]+""")


def is_web_address(text: str) -> bool:
    """Whether a text is an absolute URL of http or https."""
    target = fields.target("", text)
    return target is not None and target.scheme in {"http", "https"} and bool(target.hostname) and " " not in text


@pytest.mark.requirement("projects.optional-members")
@pytest.mark.judges(*LISTS)
def test_optional_members_are_as_documented(judged: list[Answer]) -> None:
    """What a project need not have is right where it is there."""
    found = {one.name: contract.violations(one.json, OPTIONAL) for one in every.lists(judged)}
    wrong = [f"{name}: {violation}" for name, violations in found.items() for violation in violations]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("projects.money")
@pytest.mark.judges(*LISTS)
def test_money_is_a_decimal(judged: list[Answer]) -> None:
    """Money that is text is a decimal: digits, a point at most, a minus at most."""
    values = every.texts(judged, "total_value", "estimated_value")
    wrong = [f"{words}: {text!r}" for words, text in values if not DECIMAL.fullmatch(text)]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("projects.country-code")
@pytest.mark.judges(*LISTS)
def test_countries_exist(judged: list[Answer]) -> None:
    """A country is a code of ISO 3166-1, two capital letters."""
    values = every.texts(judged, "country_code")
    wrong = [f"{words}: {text!r}" for words, text in values if text not in names.countries()]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("projects.time-zone")
@pytest.mark.judges(*LISTS)
def test_time_zones_exist(judged: list[Answer]) -> None:
    """A time zone is one of the tz database, or a name of Rails."""
    values = every.texts(judged, "time_zone")
    wrong = [f"{words}: {text!r}" for words, text in values if text not in names.time_zones()]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("projects.name")
def test_projects_have_names(projects: Answer) -> None:
    """A project can be told from another one by its name."""
    blank = [p["id"] for p in projects.json if not p["name"].strip()]
    assert not blank, f"blank name: {expect.listed(blank)}"


@pytest.mark.requirement("companies.name")
def test_companies_have_names(companies: Answer) -> None:
    """A company can be told from another one by its name."""
    blank = [company["id"] for company in companies.json if not company["name"].strip()]
    assert not blank, f"blank name: {expect.listed(blank)}"


@pytest.mark.requirement("companies.logo-url")
@pytest.mark.judges("companies")
def test_logos_are_web_addresses(judged: list[Answer]) -> None:
    """A logo is found under an absolute URL of http or https."""
    wrong = [f"{words}: {text!r}" for words, text in every.texts(judged, "logo_url") if not is_web_address(text)]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("me.login-address")
def test_login_is_an_address(me: Answer) -> None:
    """Users log in with an e-mail address."""
    assert ADDRESS.fullmatch(me.json["login"]), "a login that is no e-mail address"


@pytest.mark.requirement("me.name")
def test_name_of_the_user_is_reported(me: Answer, observe: Callable[[str], None]) -> None:
    """Whether the name is told where no company is named."""
    observe(f"name is {'told' if (me.json.get('name') or '').strip() else 'blank, null or absent'}")
