"""What the user configures: PROCORE_* from the environment or a .env file, read once, secrets kept as SecretStr."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from quickstart.credentials import checks, sources
from quickstart.credentials.pipelines import where_to_set
from quickstart.credentials.sources import variable
from quickstart.exchange import targets
from quickstart.judgement import portal

OUT_OF_BAND = checks.OUT_OF_BAND
SettingsError = sources.SettingsError

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
    "foreign_company_id": "the id of a company that is not yours",
    "other_client_id": f"the Client ID of a second app, of {portal.KEYS}",
    "other_client_secret": f"the Client Secret of that second app, of {portal.KEYS}",
    "token_cache": "the folder of the token cache",
    "token_cache_key": f"the key that encrypts the token cache; {sources.PIPELINES} makes one",
    "token_store": f"the command that loads and saves tokens; {sources.PIPELINES} has some",
    "timeout": "the seconds to wait for an answer",
    "evidence": "who answers, in words, if it is not Procore",
    "evidence_at": "the time at which its clock stands still, if it does",
}

_OTHER_APP = ("other_client_id", "other_client_secret")

Secret = Annotated[SecretStr, BeforeValidator(checks.word)]
CompanyId = Annotated[int, BeforeValidator(checks.company_id)]
BaseUrl = Annotated[str, BeforeValidator(checks.base_url)]
Kind = TypeVar("Kind", bound="Application")


class Application(BaseSettings):
    """The settings of the app alone: all that ``authorize`` needs."""

    model_config = SettingsConfigDict(
        env_prefix=sources.PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    client_id: Secret
    client_secret: Annotated[SecretStr, BeforeValidator(checks.secret)]
    redirect_uri: Annotated[str, BeforeValidator(checks.redirect_uri)] = OUT_OF_BAND
    login_url: BaseUrl | None = None
    api_url: BaseUrl | None = None
    token_cache: Annotated[Path, BeforeValidator(checks.folder)] | None = None
    token_cache_key: Annotated[SecretStr, BeforeValidator(checks.fernet_key)] | None = None
    # No secret by itself, and one may stand in it: its words are not looked for everywhere, and it is never shown.
    token_store: Annotated[str | None, BeforeValidator(checks.command)] = Field(default=None, repr=False)
    timeout: Annotated[float, BeforeValidator(checks.timeout)] = 30.0

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
    other_client_secret: Annotated[SecretStr, BeforeValidator(checks.secret)] | None = None
    evidence: Annotated[str, BeforeValidator(checks.evidence)] | None = None
    evidence_at: Annotated[datetime, BeforeValidator(checks.moment)] | None = None


def load(file: Path) -> Settings:
    """Read the settings of a run from the environment, then from ``file`` where it exists.

    Raises:
        SettingsError: a setting is missing or malformed.
    """
    return _read(Settings, file)


def load_application(file: Path) -> Application:
    """Read the settings of the app, as ``load`` does.

    Raises:
        SettingsError: a setting is missing or malformed.
    """
    return _read(Application, file)


def notes(file: Path) -> list[str]:
    """Return what the user should know of where the settings stand: unknown names, a file that all may read."""
    return list(sources.notes(file, Settings.model_fields))


def given(file: Path) -> dict[str, str]:
    """Return which settings are set, each with where: ``environment``, or the name of ``file``."""
    return sources.given(file, Settings.model_fields)


def raw(file: Path) -> dict[str, str]:
    """Return the settings that are set, as they stand there: unchecked, and secrets too."""
    return sources.raw(file, Settings.model_fields)


def problems(file: Path) -> dict[str, str]:
    """Return what is wrong with settings that are set, by name, in a few words."""
    try:
        return _contradictions(_settings(Settings, file))
    except ValidationError as error:
        return {name: words for name, words in _found(error).items() if words}


def _settings(kind: type[Kind], file: Path) -> Kind:
    return kind(_env_file=file, _env_file_encoding=sources.ENCODING)  # type: ignore[call-arg]


def _read(kind: type[Kind], file: Path) -> Kind:
    try:
        settings = _settings(kind, file)
        found = _contradictions(settings)
    except ValidationError as error:
        found = _found(error)
    if found:
        raise SettingsError(_sentence(found, file))
    return settings


def _found(error: ValidationError) -> dict[str, str]:
    """Return the words of our own checks by name of setting; empty ones where it is missing."""
    return {
        str(detail["loc"][0]): "" if detail["type"] == "missing" else detail["msg"].removeprefix("Value error, ")
        for detail in error.errors(include_input=False, include_url=False)
    }


def _contradictions(settings: Application) -> dict[str, str]:
    """Return what is wrong with settings that are right each for itself."""
    found, seen = {}, dict[str, str]()
    secrets = settings.secrets()
    for name, value in secrets.items():
        if value in seen:
            found[name] = f"it is the same as {variable(seen[value])}; copy both again"
        seen.setdefault(value, name)
    for one, other in (_OTHER_APP, _OTHER_APP[::-1]):
        if one in secrets and other not in secrets:
            found[one] = f"{variable(other)} is not set with it; set both, or neither"
    if isinstance(settings, Settings) and settings.foreign_company_id == settings.company_id:
        found["foreign_company_id"] = "it is PROCORE_COMPANY_ID, which is your own; name another, or unset it"
    return found


def _sentence(found: Mapping[str, str], file: Path) -> str:
    """Return one sentence about the first of these settings in the order of the guide."""
    name = next(name for name in (*ORIGIN, *found) if name in found)
    pipeline = where_to_set(variable(name))
    if found[name]:
        anew = f" {pipeline}." if pipeline else ""
        return f"{variable(name)} cannot be used ({found[name]}): it is {ORIGIN[name]}.{anew}"
    meant = sources.instead_of(name, sources.unknown(file, Settings.model_fields), Settings.model_fields)
    but = f", but {meant}, which is no setting, is" if meant else ""
    what = "Rename it" if meant else pipeline or f"Set it in the environment or in {file.name}"
    return f"{variable(name)} is not set{but}: it is {ORIGIN[name]}. {what}."
