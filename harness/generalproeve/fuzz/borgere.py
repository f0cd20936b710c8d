"""The citizens who are called about: put on the stage where that may be done, else the target's own.

Not here: the calls.
"""

from __future__ import annotations

from collections.abc import Callable

from generalproeve.fuzz.lines import Linjer
from vos_contracts.base.ids import ny_uuid
from vos_contracts.wire.rest_headers import Headers
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE
from vos_simulators.people import Folk, paa_scenen

ANTAL = 3


def borgere(linjer: Linjer) -> list[str]:
    """Return their CPR numbers, the same each time.

    A stage with a control API that may be used is emptied, and they are put on it; of another they are the pool's, and where
    it has none, numbers that nobody has.
    """
    if linjer.styring is None and linjer.scenen.pulje:
        return [en.cpr for en in linjer.scenen.pulje]
    folk = Folk(seed=6)
    alle = [folk.ny(40, linjer.ur.date()) for _ in range(ANTAL)]
    if linjer.styring is not None:
        styring = Styring(linjer.styring)
        styring.nulstil()
        styring.opsaet(*(paa_scenen(en, akasse=AKASSE) for en in alle))
    return [en.cpr for en in alle]


def gode_headers(linjer: Linjer) -> Callable[[int, bool], dict[str, str]]:
    """Return what makes the caller's headers about one of the citizens."""
    cpr, headers, identitet = borgere(linjer), Headers(linjer.kontrakt), linjer.kalder
    return lambda nummer, skrivende: headers.skriv(identitet, cpr[nummer % len(cpr)], ny_uuid() if skrivende else "")
