"""What the reader must do: the diagnosis where there is one, else the remedies in the order of the guide."""

from collections.abc import Iterable
from dataclasses import dataclass

from quickstart.catalogue import STEPS
from quickstart.diagnosis import Diagnosis
from quickstart.verdict import VIOLATED, Verdict


@dataclass(frozen=True)
class Task:
    """One thing to do, the ids of the requirements that ask for it, and what is the ``cause``, where that is known."""

    text: str
    requirements: tuple[str, ...] = ()
    cause: str = ""


def tasks(found: Iterable[Verdict], diagnosis: Diagnosis | None = None) -> list[Task]:
    """Return what to do, the first cause first: what breaks a step breaks those after it. Equal remedies are one."""
    order = {step: index for index, step in enumerate(STEPS)}
    broken = sorted((one for one in found if one.verdict == VIOLATED), key=lambda one: order[one.requirement.step])
    by_remedy: dict[str, list[str]] = {}
    for one in broken:
        by_remedy.setdefault(one.requirement.remedy, []).append(one.requirement.id)
    remedies = [Task(text, tuple(ids)) for text, ids in by_remedy.items()]
    return [_first(diagnosis), *remedies] if diagnosis else remedies


def _first(diagnosis: Diagnosis) -> Task:
    return Task(_sentence(diagnosis.remedy), cause=_sentence(diagnosis.what))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
