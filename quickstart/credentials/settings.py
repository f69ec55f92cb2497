"""What the user configures: PROCORE_* from the environment or a .env file, read once, secrets kept as SecretStr."""

import os
import re
import ssl
from pathlib import Path
from typing import Annotated, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from quickstart.exchange import targets
from quickstart.judgement import portal

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"

# Where a reader of the guide finds each value; the order is that of the guide, so the first one missing is named first.
ORIGIN = {
    "client_id": f"the Client ID of {portal.KEYS}",
    "client_secret": f"the Client Secret of {portal.KEYS}",
    "company_id": "the id of the company in which the app was installed in guide step 4, as step 7.1 lists it",
    "authorization_code": "the code that guide step 5 shows in the browser",
    "refresh_token": "the refresh_token that guide step 6 answered",
    "redirect_uri": f"the redirect URI of guide step 3, {OUT_OF_BAND} unless you registered another",
    "login_url": "the host of guide steps 5 and 6",
    "api_url": "the host of guide step 7",
}


SECRETS = (
    "client_id",
    "client_secret",
    "authorization_code",
    "refresh_token",
    "other_client_id",
    "other_client_secret",
)
AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # where requests finds whom to trust


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence that names the variable and never its secret."""


def _base_url(value: str) -> str:
    problem = targets.base_url_problem(value)
    if problem:
        raise ValueError(problem)
    return value.rstrip("/")


def _one_word(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text != text.strip() or any(c.isspace() or not c.isprintable() for c in text):
        raise ValueError("it must not contain spaces or line breaks; copy it again")
    return value


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Secret = Annotated[SecretStr, AfterValidator(_one_word)]
CompanyId = Annotated[int, Field(gt=0, lt=2**63)]
Kind = TypeVar("Kind", bound="Application")


class Application(BaseSettings):
    """The settings of the app alone: all that ``authorize`` needs."""

    model_config = SettingsConfigDict(
        env_prefix="PROCORE_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    client_id: Secret
    client_secret: Secret
    redirect_uri: str = OUT_OF_BAND
    login_url: BaseUrl | None = None
    api_url: BaseUrl | None = None
    token_cache: Path | None = None
    timeout: Annotated[float, Field(gt=0, le=300)] = 30.0

    def target(self, name: str) -> targets.Target:
        """Return the target called ``name``, with the hosts that the settings override."""
        known = targets.TARGETS[name]
        return targets.Target(name, self.login_url or known.login_url, self.api_url or known.api_url)

    def secrets(self) -> dict[str, str]:
        """Return every configured secret by the name of its setting, for the redactor and for requests alone."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value.get_secret_value() for name, value in values.items() if isinstance(value, SecretStr)}


class Settings(Application):
    """The settings of one run; names, defaults and meaning are in README, section Settings."""

    company_id: CompanyId
    authorization_code: Secret | None = None
    refresh_token: Secret | None = None
    foreign_company_id: CompanyId | None = None
    other_client_id: Secret | None = None
    other_client_secret: Secret | None = None
    evidence: str | None = None


def env_file(folder: Path, profile: str | None) -> Path:
    """Return the file of settings in ``folder``: ``.env``, which may be missing, or that of a named profile.

    Raises:
        SettingsError: the profile has no file, or a name that cannot be one.
    """
    if profile is None:
        return folder / ".env"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", profile):
        raise SettingsError(f"--profile={profile} is no name of a profile: use letters, digits, - and _.")
    path = folder / f".env.{profile}"
    if not path.is_file():
        raise SettingsError(
            f"--profile={profile} needs the file {path.name}: copy .env and set its PROCORE_ variables."
        )
    return path


def refuse_broken_authorities() -> None:
    """Refuse a bundle of certificate authorities that requests could not use, before anything is sent.

    Raises:
        SettingsError: it is missing, or holds no certificate.
    """
    for name in AUTHORITIES:
        path = os.environ.get(name)
        if not path:
            continue
        try:
            if not Path(path).is_dir():
                ssl.create_default_context(cafile=path)
        except (OSError, ValueError) as error:  # SSLError is an OSError
            why = "it does not exist" if isinstance(error, FileNotFoundError) else "no certificate can be read from it"
            raise SettingsError(
                f"{name} names {path}, and {why}: set it to the certificate authority of your proxy (PEM), or unset it."
            ) from None
        return  # requests looks at the first one that is set


def load(file: Path | None) -> Settings:
    """Read the settings of a run from the environment, then from ``file`` where it exists.

    Raises:
        SettingsError: a setting is missing or malformed.
    """
    return _read(Settings, file)


def load_application(file: Path | None) -> Application:
    """Read the settings of the app, as ``load`` does.

    Raises:
        SettingsError: a setting is missing or malformed.
    """
    return _read(Application, file)


def given(file: Path) -> dict[str, str]:
    """Return which settings are set, each with where: ``environment``, or the name of ``file``.

    Raises:
        SettingsError: the file cannot be read.
    """
    return {name: "environment" if os.environ.get(variable(name)) else file.name for name in raw(file)}


def raw(file: Path) -> dict[str, str]:
    """Return the settings that are set, as they stand there: unchecked, and secrets too.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        in_file = dotenv_values(file) if file.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {type(error).__name__}.") from None
    values = {name: os.environ.get(variable(name)) or in_file.get(variable(name)) for name in Settings.model_fields}
    return {name: value for name, value in values.items() if value}


def variable(name: str) -> str:
    """Return the name of the variable of a setting: ``PROCORE_CLIENT_ID``."""
    return f"PROCORE_{name.upper()}"


def _read(kind: type[Kind], file: Path | None) -> Kind:
    try:
        return kind(_env_file=file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_sentence(error, file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {type(error).__name__}.") from None


def _sentence(error: ValidationError, file: Path | None) -> str:
    """Turn pydantic's findings into one sentence about the first setting in the order of the guide."""
    found = {str(detail["loc"][0]): detail for detail in error.errors(include_input=False, include_url=False)}
    order = [*ORIGIN, *sorted(found.keys() - ORIGIN.keys())]
    name = next(name for name in order if name in found)
    origin = f": it is {ORIGIN[name]}" if name in ORIGIN else ""
    if found[name]["type"] == "missing":
        return f"{variable(name)} is not set{origin}. Set it in the environment or in {file.name if file else '.env'}."
    reason = found[name]["msg"].removeprefix("Value error, ")
    return f"{variable(name)} cannot be used ({reason}){origin}."
