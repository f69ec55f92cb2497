"""Step 7: values that no reader expects."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import on, put
from standin.cases.case import Case, case

COMPANIES, PROJECTS, ME = "7 companies", "7 projects", "7 me"


def project(name: str, sentence: str, path: str, value: Any, advises: str) -> Case:
    """A field of a project has a strange value."""
    return case(f"project-{name}", PROJECTS, sentence, on("projects", put(path, value)), advises=advises)


def money(name: str, sentence: str, text: str, member: str = "total_value") -> Case:
    """Money is text that is no decimal."""
    return project(f"money-{name}", sentence, f"0.{member}", text, "projects.money")


def country(name: str, sentence: str, text: str) -> Case:
    """A country is none."""
    return project(f"country-{name}", sentence, "1.country_code", text, "projects.country-code")


def zone(name: str, sentence: str, text: str) -> Case:
    """A time zone is none."""
    return project(f"time-zone-{name}", sentence, "1.time_zone", text, "projects.time-zone")


def logo(name: str, sentence: str, text: str) -> Case:
    """A logo is nowhere."""
    return case(f"company-logo-{name}", COMPANIES, sentence, on("companies", put("0.logo_url", text)), advises="companies.logo-url")


def login(name: str, sentence: str, text: str) -> Case:
    """A login is no address."""
    return case(f"me-login-{name}", ME, sentence, on("me", put("login", text)), advises="me.login-address")


FAULTS = (
    money("separators", "Money has separators of thousands.", "1,250,000.00"),
    money("currency", "Money has the sign of a currency.", "$1250000.00"),
    money("words", "Money is a word.", "unknown"),
    money("exponent", "Money has an exponent.", "0.125e7", "estimated_value"),
    money("comma", "Money has a comma.", "1250000,00", "estimated_value"),
    money("spaces", "Money has spaces round it.", " 1250000.0 "),
    country("three-letters", "A country has three letters.", "USA"),
    country("name", "A country is a name.", "United States"),
    country("small", "A country is in small letters.", "us"),
    country("uk", "A country is one that ISO 3166 calls otherwise.", "UK"),
    country("nowhere", "A country does not exist.", "XX"),
    zone("words", "A time zone is in words that Procore's own page calls wrong.", "US Pacific Time"),
    zone("windows", "A time zone has its name of Windows.", "Pacific Standard Time"),
    zone("offset", "A time zone is an offset.", "UTC-08:00"),
    zone("misspelt", "A time zone is misspelt.", "Europe/Berlim"),
    zone("with-offset", "A time zone has its offset before it.", "(GMT-08:00) Pacific Time (US & Canada)"),
    case("project-v1.0-country", PROJECTS, "A country of version 1.0 does not exist.", on("projects-v1.0", put("0.country_code", "ZZ")), advises="projects.country-code"),
    project("nameless", "A project has a name of spaces.", "0.name", "  ", "projects.name"),
    logo("file", "A logo is the name of a file.", "logo.png"),
    logo("path", "A logo is a path.", "/images/logo.png"),
    logo("script", "A logo is a script.", "javascript:alert(1)"),
    logo("ftp", "A logo is on a file server.", "ftp://example.com/logo.png"),
    logo("no-host", "A logo has no host.", "https:///logo.png"),
    logo("no-url", "A logo is no URL.", "http://["),
    logo("spaces", "A logo has spaces in it.", "https://example.com/my logo.png"),
    login("two-signs", "A login has two signs.", "a@b@example.com"),
    login("no-user", "A login has a host alone.", "@example.com"),
    login("no-dot", "A login has a host without a dot.", "quickstart@localhost"),
)
