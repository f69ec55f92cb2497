"""Where a pipeline keeps its settings, in the words of the service that runs it: there is no ``.env`` to fill in."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ENVIRONMENT = "QUICKSTART_ENVIRONMENT"  # the GitHub environment of a job: GitHub itself does not tell
_NAME = re.compile(r"[\w .,()/-]{1,100}")


@dataclass(frozen=True)
class Service:
    """A service: ``variable`` is what it sets in every job, ``words`` where a setting stands there."""

    variable: str
    words: Callable[[str, Mapping[str, str]], str]


def _github(name: str, variables: Mapping[str, str]) -> str:
    where = variables.get(ENVIRONMENT, "")
    if _NAME.fullmatch(where):
        return f"Set the secret {name} of the environment {where} (Settings > Environments)"
    return f"Set the secret {name} (Settings > Environments, or Secrets and variables) and hand it to this step"


def _gitlab(name: str, variables: Mapping[str, str]) -> str:
    where = variables.get("CI_ENVIRONMENT_NAME", "")
    of = f" of the environment {where}" if _NAME.fullmatch(where) else ""
    return f"Set the CI/CD variable {name}{of} (Settings > CI/CD > Variables), masked"


def _azure(name: str, _: Mapping[str, str]) -> str:
    return f"Set the secret variable {name} (Pipelines > Library) and map it under env: of this step"


def _jenkins(name: str, _: Mapping[str, str]) -> str:
    return f"Set the credential that the pipeline binds to {name} (Manage Jenkins > Credentials)"


SERVICES = (
    Service("GITHUB_ACTIONS", _github),
    Service("GITLAB_CI", _gitlab),
    Service("TF_BUILD", _azure),
    Service("JENKINS_URL", _jenkins),
)


def where_to_set(name: str, variables: Mapping[str, str] = os.environ) -> str | None:
    """Say where the variable ``name`` is set in the pipeline that this runs in, or ``None`` at a desk."""
    return next((one.words(name, variables) for one in SERVICES if variables.get(one.variable)), None)
