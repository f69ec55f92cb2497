"""What action.yml does: sets up what the suite needs, runs it in the workspace, and hands on what it found.

It needs the standard library alone. Everything comes from the environment: INPUT_… and PROCORE_… from action.yml, and
GITHUB_ACTION_PATH, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY and RUNNER_TEMP from the runner. The exit code is the suite's.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

SUITE = Path(__file__).resolve().parents[1]
UNUSABLE = 4
NAMES = {"html": "report.html", "junitxml": "junit.xml", "badge": "badge.json", "verdict-json": "verdict.json"}
TARGETS = ("replay", "sandbox", "monthly-sandbox", "production")
SETTINGS = ("CLIENT_ID", "CLIENT_SECRET", "COMPANY_ID", "REFRESH_TOKEN", "TOKEN_STORE")


class Unusable(Exception):
    """The step cannot do its work; the message is one sentence that says why."""


def given(name: str) -> str:
    """Return an input of the action."""
    return os.environ.get(f"INPUT_{name}", "").strip()


def asked(name: str) -> bool:
    """Return an input that is true or false."""
    word = given(name).lower() or "false"
    if word not in {"true", "false"}:
        raise Unusable(f"The input {name.lower().replace('_', '-')} is {word!a:.40}: it must be true or false.")
    return word == "true"


def python() -> str:
    """Return a Python that has what the suite needs, and set it up where none was given."""
    if given("PYTHON"):
        return given("PYTHON")
    folder = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir(), "procore-quickstart-venv")
    found = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    try:
        if not found.is_file():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([*install, "-r", str(SUITE / "requirements.txt")], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unusable(f"The suite's requirements could not be installed ({error}): see the log above.") from None
    return str(found)


def command(reports: dict[str, Path]) -> list[str]:
    """Return the words after ``python``."""
    line = ["-P", "-m", "quickstart", "smoke" if asked("SMOKE") else "run"]
    line += [f"--target={given('TARGET') or 'sandbox'}", f"--fail-on={given('FAIL_ON') or 'must'}"]
    line += ["--disruptive"] if asked("DISRUPTIVE") else []
    line += [f"--waivers={given('WAIVERS')}"] if given("WAIVERS") else []
    return line + [f"--{option}={path}" for option, path in reports.items()]


def environment() -> dict[str, str]:
    """Return the environment of the run: ours, the suite in the path, and no input that was left empty."""
    empty = {f"PROCORE_{name}" for name in SETTINGS if not os.environ.get(f"PROCORE_{name}")}
    kept = {name: value for name, value in os.environ.items() if name not in empty and not name.startswith("INPUT_")}
    before = kept.get("PYTHONPATH")
    return {**kept, "PYTHONPATH": os.pathsep.join([str(SUITE), *([before] if before else [])])}


def put(name: str, value: str) -> None:
    """Set an output of the step; ids, paths and words of ours have no line breaks."""
    print(f"{name}={value}")
    if os.environ.get("GITHUB_OUTPUT"):
        with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
            file.write(f"{name}={' '.join(value.splitlines())}\n")


def verdict(path: Path) -> tuple[str, list[str]] | None:
    """Return whether the environment conforms, and what is violated; ``None`` where the run left no verdict."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    word = {True: "true", False: "false", None: "unknown"}[document["conformant"]]
    return word, [one["id"] for one in document["requirements"] if one["verdict"] == "violated"]


def refuse(sentence: str, reports: dict[str, Path]) -> None:
    """Say why there is no verdict, wherever the suite would: what it refuses itself, it has told."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    target = given("TARGET")
    document = {
        "format": 1,
        "suite": {"name": "procore-quick-start", "version": "not started"},
        "target": target if target in TARGETS else "replay",
        "evidence": "none: no exchange was made",
        "started": now,
        "ended": now,
        "exit_code": UNUSABLE,
        "conformant": None,
        "diagnosis": None,
        "cost": None,
        "ending": {"kind": "not-usable", "reason": sentence, "not_judged": 0, "crashes": []},
        "notes": [],
        "steps": [],
        "requirements": [],
        "exchanges": [],
        "complete": False,
    }
    message = f"not usable: {sentence.partition(':')[0].partition(' (')[0]}"
    badge = {"schemaVersion": 1, "label": "Procore quick start", "message": message, "color": "lightgrey"}
    for name, content in (("verdict-json", document), ("badge", badge)):
        reports[name].parent.mkdir(parents=True, exist_ok=True)
        reports[name].write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"::error title=Not usable::{sentence.replace('%', '%25')}")
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
            file.write(f"## Procore quick start: not usable\n\n{sentence}\n")


def main() -> int:
    """Run the step; return its exit code."""
    folder = Path(given("FOLDER") or "procore-quickstart")
    reports = {option: folder / name for option, name in NAMES.items()}
    for path in reports.values():  # of another step in this workspace
        path.unlink(missing_ok=True)
    try:
        line = command(reports)
        code = subprocess.run([python(), *line], env=environment(), check=False).returncode
    except Unusable as error:
        code, said = UNUSABLE, str(error)
    except OSError as error:
        code, said = UNUSABLE, f"The input python cannot be started ({error.strerror}): name a Python."
    else:
        said = f"The run ended with {code} and left no verdict: see the log above."
    found = verdict(reports["verdict-json"])
    if found is None:
        refuse(said, reports)
        code = code or UNUSABLE
    conformant, violated = found or ("unknown", [])
    put("conformant", conformant)
    put("violated", " ".join(violated))
    put("report", str(reports["html"]))
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
