"""What all judges share: what they find, and the memory that does not grow with a client that never stops."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, Protocol, TypeAlias, TypeVar

from standin.check.call import Call

Found: TypeAlias = tuple[str, str]
"""The id of a rule, and what was seen in one sentence that holds no secret."""
REMEMBERED = 5_000
"""Requests and tokens of one kind that a judge remembers."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Judge(Protocol):
    """Sees each call in turn."""

    def see(self, call: Call) -> Iterator[Found]:
        """What is wrong with this call, after all that came before."""
        ...

    def end(self) -> Iterator[Found]:
        """What is wrong with all of them together."""
        ...


class Recent(OrderedDict[Key, Value], Generic[Key, Value]):
    """A dictionary of what was put last."""

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > REMEMBERED:
            self.popitem(last=False)


def seconds(value: float) -> str:
    """A span of time for people."""
    return f"{max(0.0, value):.2f} s" if value < 10 else f"{value:.0f} s"
