"""Lines that a GitHub workflow shows next to the run: of the diagnosis, of notes, of each broken requirement."""

from collections.abc import Iterable, Iterator, Mapping

from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.ending import NOT_USABLE, WHOLE, Ending
from quickstart.judgement.verdict import ADVISORY, VIOLATED, WAIVED, Verdict

_LEVEL = {VIOLATED: "error", ADVISORY: "warning", WAIVED: "notice"}


def annotations(
    found: list[Verdict],
    diagnosis: Diagnosis | None,
    environment: Mapping[str, str],
    end: Ending = WHOLE,
    notes: Iterable[str] = (),
) -> Iterator[str]:
    """Yield workflow commands, if ``environment`` is that of GitHub Actions (GITHUB_ACTIONS=true).

    ``notes`` say what the next run will stumble over, though this one did not.
    """
    if environment.get("GITHUB_ACTIONS") != "true":
        return
    if end.sentence:
        yield _command("error", "Not usable" if end.kind == NOT_USABLE else "No verdict", f"{end.sentence}.")
    if diagnosis is not None:
        yield _command("error", f"Diagnosis: {diagnosis.cause}", f"{diagnosis.what}. What to do: {diagnosis.remedy}")
    for note in notes:
        yield _command("warning", "Note", note)
    for one in found:
        if one.verdict in _LEVEL:
            text = f"{one.requirement.sentence} Actual: {one.detail}. {_then(one)}"
            yield _command(_LEVEL[one.verdict], one.requirement.id, text)


def annotation(level: str, title: str, text: str, environment: Mapping[str, str]) -> list[str]:
    """Return the workflow command that shows ``text``, if ``environment`` is that of GitHub Actions."""
    return [_command(level, title, text)] if environment.get("GITHUB_ACTIONS") == "true" else []


def _then(one: Verdict) -> str:
    """Say what is to be done, or that the breach is waived."""
    if one.waiver:
        return f"Waived {one.waiver.words}"
    basis = one.requirement.basis_beside(one.remedy) if one.requirement.is_unseen else ""
    unseen = f"{basis.removesuffix('.')}. " if basis else ""
    return f"{unseen}What to do: {one.remedy}"


def _command(level: str, title: str, text: str) -> str:
    """Return a workflow command; what would end it or its property early is escaped as GitHub documents it."""
    escaped = title.translate(_DATA | {ord(":"): "%3A", ord(","): "%2C"})
    return f"::{level} title={escaped}::{text.translate(_DATA)}"


_DATA = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
