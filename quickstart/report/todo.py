"""What the reader must do: the diagnosis where there is one, else the remedies in the order of the guide."""

from collections.abc import Iterable
from dataclasses import dataclass

from quickstart.catalogue import STEPS
from quickstart.verdict import VIOLATED, Verdict


@dataclass(frozen=True)
class Task:
    """One thing to do, and the ids of the requirements that ask for it."""

    text: str
    requirements: tuple[str, ...]


def tasks(found: Iterable[Verdict], diagnosis: Task | None = None) -> list[Task]:
    """Return what to do, the first cause first: what breaks a step breaks those after it. Equal remedies are one."""
    order = {step: index for index, step in enumerate(STEPS)}
    broken = sorted((one for one in found if one.verdict == VIOLATED), key=lambda one: order[one.requirement.step])
    by_remedy: dict[str, list[str]] = {}
    for one in broken:
        by_remedy.setdefault(one.requirement.remedy, []).append(one.requirement.id)
    remedies = [Task(text, tuple(ids)) for text, ids in by_remedy.items()]
    return [diagnosis, *remedies] if diagnosis else remedies
