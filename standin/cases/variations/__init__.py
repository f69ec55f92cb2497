"""Every legal peculiarity that the stand-in can have: a suite that calls one of them a fault cries wolf."""

from __future__ import annotations

from standin.cases.case import Case
from standin.cases.variations import examined, links, lists, login, oauth, spellings, traffic

VARIATIONS: tuple[Case, ...] = (
    *oauth.VARIATIONS,
    *login.VARIATIONS,
    *lists.VARIATIONS,
    *links.VARIATIONS,
    *traffic.VARIATIONS,
    *spellings.VARIATIONS,
    *examined.VARIATIONS,
)
