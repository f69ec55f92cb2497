"""What the reader must do: the diagnosis where there is one, else the remedies in the order of the guide."""

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
    """Return what to do, the first cause first: what breaks a step breaks those after it. Equal remedies are one.

    What the diagnosis explains, by the exchange that it names, has no task of its own.
    """
    order = {step: index for index, step in enumerate(STEPS)}
    broken = sorted((one for one in found if one.verdict == VIOLATED), key=lambda one: order[one.requirement.step])
    explained = [one for one in broken if diagnosis is not None and diagnosis.exchange in one.exchanges]
    by_remedy: dict[str, list[str]] = {}
    for one in broken:
        if one in explained:
            continue
        by_remedy.setdefault(one.requirement.remedy, []).append(one.requirement.id)
    remedies = [Task(text, tuple(ids)) for text, ids in by_remedy.items()]
    if diagnosis is None:
        return remedies
    ids = tuple(one.requirement.id for one in explained)
    return [Task(_sentence(diagnosis.remedy), ids, cause=_sentence(diagnosis.what)), *remedies]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
