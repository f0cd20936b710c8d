"""The cast and the stage as the scenes know them: who plays which role, and the citizen supply.

Roles are named as the scenes name them. Not here: what a step says (`vos_features.steps`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from vos_contracts import nabo
from vos_contracts.identitet import Identitet, Organisation
from vos_contracts.idkilde import ny_uuid
from vos_contracts.journalpost import Post
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.styring import StatusDto
from vos_contracts.wire.base import Kald, Transport
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import DANSK_TID
from vos_contracts.wire.wsrm import Besked
from vos_features.besaetning import Besaetning, besaetning
from vos_features.borgere import Borgerkilde, Opsaetning, Pulje
from vos_features.evner import Evne
from vos_features.linjer import Linjer
from vos_features.scenen import Scenen
from vos_features.udeladt import udelad
from vos_simulators.aktoerer.aktoer import Aktoer, Medvirkende
from vos_simulators.driftslaeser import Driftslaeser
from vos_simulators.indbakker.domaener import Domaene, domaener
from vos_simulators.nabo_klient import Nabo
from vos_simulators.personer import Folk
from vos_simulators.styring import Styring

SEED = 17281728
IKKE_HER = 404
KOEEJERE = ("jobcentret", "et andet jobcenter", "a-kassen", "en anden a-kasse")
"""Who is told anything in a queue."""

Hoerer = Callable[[Organisation, Besked], None]


class Ensemble:
    """The parties of one run and the stage they play on.

    `medvirkende` are the real systems, by the role that they play.
    """

    def __init__(
        self,
        scenen: Scenen,
        kontrakt: Kontrakt,
        linjer: Linjer,
        hoer: Hoerer,
        medvirkende: Mapping[str, Medvirkende],
        udelad_trin: Callable[[str], None],
    ) -> None:
        self.scenen = scenen
        self._kontrakt = kontrakt
        self._linjer = linjer
        self._hoer = hoer
        self._medvirkende = medvirkende
        self.udelad_trin = udelad_trin
        """Say that a step was left out, with the reason, while the scene goes on."""
        self.styring = Styring(linjer.styring)
        self.nabo = Nabo(linjer.styring)
        self.laeser = Driftslaeser(linjer.styring)
        self.domaener: Mapping[str, Domaene] = {}
        self.folk = Folk(SEED if self.kan(Evne.RESET) else int(ny_uuid().replace("-", ""), 16))
        self.nu, self._begyndte_i = self._stand()
        self.besaetning = Besaetning(self._ny_aktoer)
        self._pulje = Pulje(scenen.pulje, self._glem_beskeder)
        self.scenens_borger: str | None = None
        """The citizen whose messages alone are looked at, on a stage that others play on too."""
        self._staar_paa_scenen: dict[str, bool] = {}
        self.udgave = self._begyndte_i
        self.udgave_er_scenens = False
        self._journal_fra = self._journal_laest = 0

    @property
    def kontrakt(self) -> Kontrakt:
        """The contract that the stage speaks."""
        return self._kontrakt

    @property
    def borgerkilde(self) -> Borgerkilde:
        """Where the scene's citizen comes from."""
        if self.kan(Evne.SEED_CITIZENS) or not self.scenen.pulje:
            return Opsaetning(self.styring)
        self._pulje.roller = self.besaetning.roller
        return self._pulje

    def tjenester(self, rolle: str = "") -> Transport:
        """Return that role's line to the stage's services."""
        return self._linjer.tjenester(rolle)

    def kan(self, evne: Evne) -> bool:
        """Say whether the stage can do that."""
        return evne in self.scenen.evner

    def kraev(self, evne: Evne) -> None:
        """Leave the scene out where the stage cannot do that."""
        if not self.kan(evne):
            udelad(evne.mangler)

    def gaa_paa(self) -> None:
        """Meet for a scene: an empty stage where it can be emptied, its clock where it was started, everybody with an
        empty inbox.
        """
        if self.kan(Evne.RESET):
            self.styring.nulstil()
        self.nu, self._begyndte_i = self._stand()
        self.udgave = self._begyndte_i
        self.udgave_er_scenens = False
        self.domaener = {en.navn: en for en in domaener(self._kontrakt.haendelsesmodtagere, self.laeser)}
        self._linjer.kaldte.clear()
        self.scenens_borger = None
        self._journal_fra = self._journal_laest
        self.besaetning.moed(besaetning(self.nu, self.scenen.roller))
        for rolle, en in self._medvirkende.items():
            en.begynd()
            self._egen_koe(rolle, en)

    def _egen_koe(self, rolle: str, en: Medvirkende) -> None:
        """Let us who look on have another queue than the real system, where the stage can: it empties its own."""
        if rolle in KOEEJERE and rolle in self.besaetning.roller and self.kan(Evne.CREATE_QUEUE):
            aktiv = self.besaetning.roller[rolle].identitet.aktiv
            andre = [to.identitet.system for to in self.besaetning.roller.values() if to.identitet.aktiv == aktiv]
            for system in dict.fromkeys((*andre, en.system)):
                self.styring.abonner(aktiv.type, aktiv.kode, system)

    def gaa_af(self) -> None:
        """Leave the stage as it was met, as far as it lets us."""
        kaldte = self._linjer.kaldte.union(*(en.stier for en in self._medvirkende.values()))
        self.borgerkilde.aflever(uopretteligt=any(map(self._er_nabos, kaldte)))
        if self.udgave_er_scenens:
            self.styring.skift_udgave(self._begyndte_i)

    def journal(self) -> tuple[Post, ...]:
        """Read what the stage has noted; where the scene began on an empty one, not much of what was before."""
        svar = self.styring.journal(self._journal_fra if self.kan(Evne.RESET) else 0)
        self._journal_laest = svar.naeste
        return svar.poster

    def _stand(self) -> tuple[datetime, str]:
        if self.kan(Evne.STATUS):
            status = self.styring.status()
            return self._scenens_tid(status), status.udgave
        assert self.scenen.ur is not None, "the stage does not tell the time"
        assert self.scenen.udgave is not None, "the stage does not tell its release"
        return self.scenen.ur().astimezone(DANSK_TID), self.scenen.udgave

    def skift_udgave(self, udgave: str) -> None:
        """Move the stage to a release because the scene is about it: nothing is left out then."""
        if udgave != self.udgave:
            self.styring.skift_udgave(udgave)
        self.udgave, self.udgave_er_scenens = udgave, True

    def kraev_soap_registrering(self) -> None:
        """Leave the scene out where the release has no registration by SOAP, unless the scene is about that."""
        if self._kontrakt.udgaver[self.udgave].prs_soap is PrsSoap.UDGAAET and not self.udgave_er_scenens:
            udelad(f"PersonRegistrationService er udgået i {self.udgave}")

    def kraev_wsrm(self) -> None:
        """Leave the scene out where the release has no WSRM, unless the scene is about that, or no queue is in reach."""
        self.kraev(Evne.FETCH_WSRM)
        if not self._kontrakt.udgaver[self.udgave].wsrm and not self.udgave_er_scenens:
            udelad(f"WSRM er udgået i {self.udgave}")

    def kraev_tjeneste(self, navn: str) -> None:
        """Leave the scene out where that SOAP service is not on this stage."""
        if navn not in self._staar_paa_scenen:
            svar = self.tjenester().send(Kald("GET", f"{tjenester(self._kontrakt)[navn].sti}?wsdl"))
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
        """Set the stage clock to that Danish hour, and wait until what fell due on the way has settled.

        Leaves the scene out where the hour has passed already: a clock never goes backwards.
        """
        if self.nu > dansk.replace(tzinfo=DANSK_TID) and not self.kan(Evne.RESET):
            udelad("scenens ur er gået videre, og det går aldrig baglæns")
        self.nu = self._scenens_tid(self.styring.flyt_ur(dansk.replace(tzinfo=DANSK_TID)))

    def lad_gaa(self, varighed: str) -> None:
        """Move the stage clock forward by an ISO 8601 duration, and wait as `stil_ur`."""
        self.nu = self._scenens_tid(self.styring.flyt_ur(frem=varighed))

    def _glem_beskeder(self) -> None:
        if self.kan(Evne.FETCH_WSRM) and self._kontrakt.udgaver[self.udgave].wsrm:
            self.besaetning.toem(KOEEJERE)

    def _er_nabos(self, sti: str) -> bool:
        return any(sti == tjenester(self._kontrakt)[navn].sti for navn in nabo.TJENESTER)

    def toem_indbakker(self) -> None:
        """Let everybody read what they have been told so far, and forget it."""
        self.kraev_wsrm()
        self.besaetning.toem()

    @staticmethod
    def _scenens_tid(status: StatusDto) -> datetime:
        return status.ur.astimezone(DANSK_TID)

    def aktoer(self, rolle: str) -> Aktoer:
        """Return who plays that role; leaves the scene out where nobody may; errors: AssertionError for no such role."""
        if rolle not in self.besaetning.roller and rolle in besaetning(self.nu):
            udelad(f"ingen kan optræde som {rolle} på denne scene")
        assert rolle in self.besaetning.roller, (
            f"rollen {rolle!r} findes ikke; rollerne er {', '.join(self.besaetning.roller)}"
        )
        return self.besaetning.roller[rolle]

    def _ny_aktoer(self, rolle: str, identitet: Identitet) -> Aktoer:
        linje, medvirkende = self.tjenester(rolle), self._medvirkende.get(rolle)
        return Aktoer(identitet, self._kontrakt, linje, ny_uuid, self._hoerer(identitet), medvirkende)

    def _hoerer(self, identitet: Identitet) -> Callable[[Besked], None]:
        return lambda besked: self._hoer(identitet.aktiv, besked)
