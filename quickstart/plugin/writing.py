"""Reports, written one by one: what breaks in one keeps no other from being, and none says more than is known."""

from collections.abc import Sequence

from quickstart.plugin.ends import Ends
from quickstart.report import files, outputs


class Writing:
    """Takes the steps that write; ``missing`` says of each report that could not be written why, by its option."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._told = 0  # crashes that the reports know of
        self.missing: dict[str, str] = {}

    @property
    def is_fresh(self) -> bool:
        """Whether nothing has crashed since the last steps."""
        return self._told == len(self._ends.crashes)

    def take(self, steps: Sequence[outputs.Named], again: Sequence[outputs.Named] = ()) -> None:
        """Take the steps; where one of them breaks, all once more, or ``again``: none may say more than is known."""
        for todo in (steps, again or steps):
            self._told = len(self._ends.crashes)
            for name, step in todo:
                self.missing.pop(name, None)
                with self._ends.guard(name):
                    try:
                        step()
                    except files.FileError as error:
                        self.missing[name] = str(error)
            if self.is_fresh:
                return
