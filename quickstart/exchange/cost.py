"""What a run costs: requests, seconds, and its share of what the hosts allow, by the rate-limit headers of answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from quickstart.exchange import fields, waits


@dataclass(frozen=True)
class Budget:
    """What a host told of one limit: to ``requests`` of this run, of which the last left ``remaining``.

    Procore reports the hourly limit or the one on spikes; ``hourly`` says that an answer showed which (its
    X-Rate-Limit-Reset is further away than a spike's window is long).
    """

    host: str
    limit: int
    requests: int
    remaining: int
    hourly: bool

    @property
    def words(self) -> str:
        """The share in words: *27 of the hour's 3,600 requests of HOST (0.8 %), 3,573 left*."""
        window, left = "" if self.hourly else " in a window", f"{self.remaining:,} left"
        if self.requests > self.limit:  # in several windows
            return f"{self.requests:,} requests of {self.host}, which allows {self.limit:,}{window}, {left}"
        whose = f"the hour's {self.limit:,}" if self.hourly else f"the {self.limit:,}"
        share = f"{100 * self.requests / self.limit:.3g} %"
        return f"{self.requests:,} of {whose} requests of {self.host}{window} ({share}), {left}"


@dataclass(frozen=True)
class Cost:
    """What was sent, those that were sent again among it, of at most ``most``; ``seconds`` from the first to the last.

    ``waited`` are those of the seconds that the server asked to wait for.
    """

    requests: int
    most: int
    seconds: float
    waited: float
    budgets: tuple[Budget, ...] = ()

    @property
    def words(self) -> str:
        """The cost in one line."""
        number = "1 request" if self.requests == 1 else f"{self.requests} requests"
        waits_too = f", {self.waited:.0f} s of them waiting" if self.waited >= 1 else ""
        shares = "".join(f"; {budget.words}" for budget in self.budgets)
        return f"{number} (of at most {self.most}) in {self.seconds:.1f} s{waits_too}{shares}"

    def as_plain(self) -> dict[str, Any]:
        """Return it as the verdict has it (``schemas/verdict.schema.json``)."""
        seconds = {"seconds": round(self.seconds, 3), "waited": round(self.waited, 3)}
        return {**asdict(self), **seconds, "budgets": [asdict(budget) for budget in self.budgets]}


class Meter:
    """Counts what hosts told of their limits."""

    def __init__(self) -> None:
        self._answers: dict[str, int] = {}  # that told a limit, by host
        self._told: dict[tuple[str, int], Budget] = {}

    def read(self, host: str, headers: Mapping[str, str]) -> None:
        """Count an answer, if it tells a limit; what makes no sense is judged elsewhere."""
        limit, left = (fields.whole(headers.get(f"X-Rate-Limit-{name}")) for name in ("Limit", "Remaining"))
        if not limit or left is None or left > limit:
            return
        self._answers[host] = self._answers.get(host, 0) + 1
        until = waits.until_reset(headers)
        known = self._told.get((host, limit))
        hourly = (known is not None and known.hourly) or (
            until is not None and waits.LONGEST_SPIKE < until <= 3600 + 60
        )
        self._told[host, limit] = Budget(host, limit, 0, left, hourly)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """One for each limit that was told; all counted requests of a host count against each of its limits."""
        return tuple(replace(one, requests=self._answers[one.host]) for one in self._told.values())
