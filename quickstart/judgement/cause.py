"""One row of the table of causes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One row: an answer to one of ``exchanges`` (empty: any) that shows all of the rest is explained by ``what``.

    ``failure`` is a kind of ``answer.Failure`` and ``detail`` a pattern in its words, ``statuses`` are HTTP statuses,
    ``error`` is an OAuth error code, ``says`` a pattern in the body, ``source`` the way by which the run got its token,
    ``known`` names of ``facts.FACTS``, each of which holds (``"no x"``: does not). ``what`` and ``remedy`` may name
    ``{login}``, ``{api}``, ``{host}`` (the one asked), ``{target}``, ``{company}``, ``{status}``, ``{exchange}``,
    ``{detail}``, ``{expected}``, ``{redirect_uri}``, ``{request_id}``, ``{to}`` (where a redirect leads) and ``{wait}``
    (for how long a 429 asks).
    A ``page`` is HTML where JSON is promised; ``alone`` is an answer of a host that had no right one to anything. What
    is ``harmless`` keeps no run from its work.
    """

    cause: str
    what: str
    remedy: str
    exchanges: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()
    detail: str = ""
    statuses: tuple[int, ...] = ()
    error: str = ""
    says: str = ""
    source: str = ""
    known: tuple[str, ...] = ()
    page: bool = False
    alone: bool = False
    harmless: bool = False
