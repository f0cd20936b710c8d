"""Who everybody is: the roles as the scenes name them, each with the identity that the stage lets it have, and who plays it.

Not here: what a party can do (`vos_simulators.aktoerer`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from vos_contracts.identitet import Identitet, Organisation
from vos_contracts.koder.aktoerer import Organisationstype
from vos_features.scenen import Rolle
from vos_simulators.aktoerer import (
    akasse,
    anden_aktoer,
    datakanon,
    jobnet,
    kommune,
    ksd,
    kss,
    lss,
    planner,
    star,
    vitas,
)
from vos_simulators.aktoerer.aktoer import Aktoer
from vos_simulators.personer import AKASSE, JOBCENTER, KOMMUNE

ANDET_JOBCENTER = Organisation(Organisationstype.JOBCENTER, "10200")
ANDEN_AKASSE = Organisation(Organisationstype.AKASSE, "82")
OPERATOER = Organisation(Organisationstype.ANDEN_AKTOER, "12345678")
FREMMED_OPERATOER = Organisation(Organisationstype.ANDEN_AKTOER, "87654321")
UDEN_ADGANG = {"AUB": 31, "UDK": 30, "STIL": 32}
"""Organisation types that the epic's matrix lists without a cross, by their (assumed) numbers."""


class Besaetning:
    """Those who play, by role; who is met again as the same keeps her lines and has an empty inbox."""

    def __init__(self, ny: Callable[[str, Identitet], Aktoer]) -> None:
        self._ny = ny
        self.roller: Mapping[str, Aktoer] = {}

    def moed(self, identiteter: Mapping[str, Identitet]) -> None:
        """Meet for a scene as these."""
        if identiteter != {rolle: en.identitet for rolle, en in self.roller.items()}:
            self.roller = {rolle: self._ny(rolle, identitet) for rolle, identitet in identiteter.items()}
        for en in self.roller.values():
            en.indbakke.beskeder.clear()

    def toem(self, roller: Collection[str] | None = None) -> None:
        """Let those of these roles, or all, read what they have been told so far, and forget it."""
        for rolle, en in self.roller.items():
            if roller is None or rolle in roller:
                en.indbakke.toem()
                en.indbakke.beskeder.clear()

    def organisation(self, rolle: str) -> Organisation | None:
        """Return the authority of that role; None where nobody may play it."""
        return self.roller[rolle].identitet.aktiv if rolle in self.roller else None

    def myndighed(self, organisation: Organisation) -> str | None:
        """Name the authority; of several roles that act as it, the last of the cast bears its name."""
        return {en.identitet.aktiv: rolle for rolle, en in self.roller.items()}.get(organisation)


def besaetning(now: datetime, roller: Mapping[str, Rolle] | None = None) -> dict[str, Identitet]:
    """Return everybody's identity by role; of `roller`, if any, only those, each with what is its own."""
    simulerede = _simulerede(now)
    if not roller:
        return simulerede
    return {navn: _egen(en, roller[navn]) for navn, en in simulerede.items() if navn in roller}


def _egen(identitet: Identitet, rolle: Rolle) -> Identitet:
    andens = identitet.bruger_organisation if identitet.bruger_organisation != identitet.aktiv else None
    return replace(
        identitet,
        aktiv=rolle.organisation,
        bruger=rolle.bruger or identitet.bruger,
        bruger_organisation=rolle.bruger_organisation or andens or rolle.organisation,
        system=rolle.system or identitet.system,
    )


def _simulerede(now: datetime) -> dict[str, Identitet]:
    return {
        "Landssupporten": lss.identitet(now),
        "anden aktør": anden_aktoer.identitet(JOBCENTER, OPERATOER, now),
        "en fremmed aktør": anden_aktoer.identitet(JOBCENTER, FREMMED_OPERATOER, now),
        "a-kassens sagsbehandler på Jobnet": jobnet.identitet(AKASSE, now),
        "jobcentrets sagsbehandler på Jobnet": jobnet.identitet(JOBCENTER, now),
        "et andet jobcenters sagsbehandler på Jobnet": jobnet.identitet(ANDET_JOBCENTER, now),
        "planneren": planner.identitet(JOBCENTER, now),
        "Jobnet": jobnet.identitet(JOBCENTER, now),
        "VITAS": vitas.identitet(JOBCENTER, now),
        "jobcentret": kss.identitet(JOBCENTER, now),
        "et andet jobcenter": kss.identitet(ANDET_JOBCENTER, now),
        "KSD": ksd.identitet(KOMMUNE, now),
        "kommunen": kommune.identitet(KOMMUNE, now),
        "a-kassen": akasse.identitet(AKASSE, now),
        "en anden a-kasse": akasse.identitet(ANDEN_AKASSE, now),
        "Datakanon": datakanon.identitet(now),
        "STAR": star.identitet(now),
        **{navn: kss.identitet(Organisation(nummer, "1"), now) for navn, nummer in UDEN_ADGANG.items()},
    }


ROLLER = tuple(_simulerede(datetime.min.replace(tzinfo=UTC)))
"""Every role that a scene can name."""
