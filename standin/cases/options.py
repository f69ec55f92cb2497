"""``--set FIELD=VALUE``: one field of the behaviour from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from standin.model.behaviour import Behaviour, Flaw, Paging

Rules = TypeVar("Rules", Behaviour, Paging)
_DIGITS = 18
_WORDS = {"true": True, "false": False}


def behaviour_from(settings: Sequence[str], behaviour: Behaviour | None = None) -> Behaviour:
    """A behaviour (the right one) with these fields bent; ``paging.FIELD`` reaches into paging. Raises ValueError."""
    behaviour = behaviour or Behaviour()
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise ValueError(f"--set takes FIELD=VALUE, not {setting!r}")
        if name.startswith("paging."):
            behaviour = replace(behaviour, paging=_bent(behaviour.paging, name.removeprefix("paging."), text))
        else:
            behaviour = _bent(behaviour, name, text)
    return behaviour


def _bent(rules: Rules, name: str, text: str) -> Rules:
    known = {each.name for each in fields(rules)}
    if name not in known:
        raise ValueError(f"--set: there is no field {name!r}; there are {', '.join(sorted(known))}")
    return replace(rules, **{name: _value(name, getattr(rules, name), text)})


def _value(name: str, default: object, text: str) -> Any:
    if isinstance(default, bool):
        if text.lower() not in _WORDS:
            raise ValueError(f"--set: {name} is true or false, not {text!r}")
        return _WORDS[text.lower()]
    if isinstance(default, int):
        if not text.removeprefix("-").isdecimal() or len(text) > _DIGITS:
            raise ValueError(f"--set: {name} is a whole number, not {text[:40]!r}")
        return int(text)
    if isinstance(default, frozenset):
        words = frozenset(word for word in text.split(",") if word)
        return frozenset(Flaw(word) for word in words) if name == "accept_bearer" else words
    if isinstance(default, str):
        return text
    raise ValueError(f"--set cannot change {name}")
