"""What the reader must do: the first cause before all else, then what is left, in the order of the guide."""

from collections.abc import Iterable
from dataclasses import dataclass

from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.verdict import VIOLATED, Verdict


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
    by_remedy: dict[str, list[str]] = {sentence(diagnosis.remedy): []} if diagnosis else {}
    for one in broken:
        by_remedy.setdefault(sentence(one.remedy), []).append(one.requirement.id)
    first = sentence(diagnosis.remedy) if diagnosis else ""
    return [
        Task(text, tuple(ids), cause=sentence(diagnosis.what) if diagnosis and text == first else "")
        for text, ids in by_remedy.items()
    ]


def sentence(text: str) -> str:
    """Return ``text`` with a capital first and one full stop at its end."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
