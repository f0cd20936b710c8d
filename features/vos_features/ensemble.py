"""The cast and the stage as the scenes know them: who plays which role, and the citizen supply.

Roles are named as the scenes name them. Not here: what a step says (`vos_features.steps`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from vos_contracts.identitet import Identitet, Organisation
from vos_contracts.idkilde import ny_uuid
from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.koder.udgave import STANDARD, PrsSoap
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.styring import StatusDto
from vos_contracts.wire.base import Kald, Transport
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import DANSK_TID
from vos_contracts.wire.wsrm import Besked
from vos_features.udeladt import udelad
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
from vos_simulators.driftslaeser import Driftslaeser
from vos_simulators.indbakker.domaener import Domaene, domaener
from vos_simulators.nabo_klient import Nabo
from vos_simulators.personer import AKASSE, JOBCENTER, KOMMUNE, Folk
from vos_simulators.styring import Styring

ANDET_JOBCENTER = Organisation(Organisationstype.JOBCENTER, "10200")
OPERATOER = Organisation(Organisationstype.ANDEN_AKTOER, "12345678")
FREMMED_OPERATOER = Organisation(Organisationstype.ANDEN_AKTOER, "87654321")
UDEN_ADGANG = {"AUB": 31, "UDK": 30, "STIL": 32}
"""Organisation types that the epic's matrix lists without a cross, by their (assumed) numbers."""
ANDEN_AKASSE = Organisation(Organisationstype.AKASSE, "82")
SEED = 17281728
IKKE_HER = 404

Hoerer = Callable[[Organisation, Besked], None]


class Ensemble:
    """The parties of one run and the stage they play on."""

    def __init__(self, kontrakt: Kontrakt, tjenester: Transport, styring: Transport, hoer: Hoerer) -> None:
        self._kontrakt = kontrakt
        self._tjenester = tjenester
        self._hoer = hoer
        self.styring = Styring(styring)
        self.nabo = Nabo(styring)
        self.laeser = Driftslaeser(styring)
        self.domaener: Mapping[str, Domaene] = {}
        self.folk = Folk(SEED)
        self.nu = self._scenens_tid(self.styring.status())
        self._aktoerer: dict[str, Aktoer] = {}
        self._staar_paa_scenen: dict[str, bool] = {}
        self._begyndte_i = STANDARD
        self.udgave = STANDARD
        self.udgave_er_scenens = False

    @property
    def kontrakt(self) -> Kontrakt:
        """The contract that the stage speaks."""
        return self._kontrakt

    @property
    def tjenester(self) -> Transport:
        """A line to the stage's services."""
        return self._tjenester

    def gaa_paa(self) -> None:
        """Meet for a scene: an empty stage with its clock where it was started, everybody with an empty inbox."""
        self.styring.nulstil()
        status = self.styring.status()
        self.nu, self._begyndte_i, self.udgave = self._scenens_tid(status), status.udgave, status.udgave
        self.udgave_er_scenens = False
        self.domaener = {en.navn: en for en in domaener(self._kontrakt.haendelsesmodtagere, self.laeser)}
        self._aktoerer = {
            rolle: Aktoer(identitet, self._kontrakt, self._tjenester, ny_uuid, self._hoerer(identitet))
            for rolle, identitet in _roller(self.nu).items()
        }

    def gaa_af(self) -> None:
        """Leave the stage in the release in which it was met."""
        self.styring.skift_udgave(self._begyndte_i)

    def skift_udgave(self, udgave: str) -> None:
        """Move the stage to a release because the scene is about it: nothing is left out then."""
        self.styring.skift_udgave(udgave)
        self.udgave, self.udgave_er_scenens = udgave, True

    def kraev_soap_registrering(self) -> None:
        """Leave the scene out where the release has no registration by SOAP, unless the scene is about that."""
        if self._kontrakt.udgaver[self.udgave].prs_soap is PrsSoap.UDGAAET and not self.udgave_er_scenens:
            udelad(f"PersonRegistrationService er udgået i {self.udgave}")

    def kraev_wsrm(self) -> None:
        """Leave the scene out where the release has no WSRM, unless the scene is about that."""
        if not self._kontrakt.udgaver[self.udgave].wsrm and not self.udgave_er_scenens:
            udelad(f"WSRM er udgået i {self.udgave}")

    def kraev_tjeneste(self, navn: str) -> None:
        """Leave the scene out where that SOAP service is not on this stage."""
        if navn not in self._staar_paa_scenen:
            svar = self._tjenester.send(Kald("GET", f"{tjenester(self._kontrakt)[navn].sti}?wsdl"))
            self._staar_paa_scenen[navn] = svar.status != IKKE_HER
        if not self._staar_paa_scenen[navn]:
            udelad(f"{navn} er ikke på scenen")

    def kraev_pegepind(self) -> None:
        """Leave the scene out where a CPR change does not move the pointer, unless the scene is about that."""
        if not self._kontrakt.udgaver[self.udgave].cprskift_flytter_pegepind and not self.udgave_er_scenens:
            udelad(f"et CPR-skift flytter ikke pegepinden i dette domæne i {self.udgave}")

    def feltnavn(self, felt: str) -> str:
        """Return the name on the wire of a REST field."""
        return self._kontrakt.navne.json(felt)

    def stil_ur(self, dansk: datetime) -> None:
        """Set the stage clock to that Danish hour, and wait until what fell due on the way has settled."""
        self.nu = self._scenens_tid(self.styring.flyt_ur(dansk.replace(tzinfo=DANSK_TID)))

    def lad_gaa(self, varighed: str) -> None:
        """Move the stage clock forward by an ISO 8601 duration, and wait as `stil_ur`."""
        self.nu = self._scenens_tid(self.styring.flyt_ur(frem=varighed))

    def toem_indbakker(self) -> None:
        """Let everybody read what they have been told so far, and forget it."""
        self.kraev_wsrm()
        for aktoer in self._aktoerer.values():
            aktoer.indbakke.toem()
            aktoer.indbakke.beskeder.clear()

    @staticmethod
    def _scenens_tid(status: StatusDto) -> datetime:
        return status.ur.astimezone(DANSK_TID)

    def aktoer(self, rolle: str) -> Aktoer:
        """Return who plays that role; errors: AssertionError naming the roles there are."""
        assert rolle in self._aktoerer, f"rollen {rolle!r} findes ikke; rollerne er {', '.join(self._aktoerer)}"
        return self._aktoerer[rolle]

    def roller(self) -> Mapping[str, Aktoer]:
        """Return everybody by role."""
        return self._aktoerer

    def myndighed(self, organisation: Organisation) -> str | None:
        """Name the authority; of several roles that act as it, the last of the cast bears its name."""
        return {en.identitet.aktiv: rolle for rolle, en in self._aktoerer.items()}.get(organisation)

    def _hoerer(self, identitet: Identitet) -> Callable[[Besked], None]:
        return lambda besked: self._hoer(identitet.aktiv, besked)


def _roller(now: datetime) -> dict[str, Identitet]:
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
