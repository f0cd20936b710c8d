"""A performance whose messages are judged by the oracle: what is played, and what is wrong, by recipient and cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from byggeklodser import AKASSE, I_DAG, I_MORGEN, JOBCENTER, KOMMUNE, STAR, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import PersonDto, RegistreringDto
from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import Gruppeskift, Raskmeld, Sygekilde, Sygemeld
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.wsrm import WsrmBesked
from vos_simulators.control import Styring
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.oracle.cause import fra_journalen
from vos_simulators.oracle.expected import DOMAENER, Wsbabonnent, ventede
from vos_simulators.oracle.happened import fra_scenen
from vos_simulators.oracle.received import Fik, fra_haendelse, fra_wsb, fra_wsrm
from vos_simulators.oracle.verdict import Afvigelse, Afvigelsesart, bedoem
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport

KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
SYSTEM = "0193e6a0-0000-7000-8000-00000000000c"
J, A = "8/10100 (WSRM)", "2/81 (WSRM)"
WJ, WA = f"{SYSTEM} for 8/10100 (WSB)", f"{SYSTEM} for 2/81 (WSB)"


MANGLER, EKSTRA, DUBLET = Afvigelsesart.MANGLER, Afvigelsesart.EKSTRA, Afvigelsesart.DUBLET
FORKERT, UORDEN = Afvigelsesart.FORKERT, Afvigelsesart.UDE_AF_ORDEN
KALD = (
    (JOBCENTER, 2, Kanal.PVS),
    (STAR, 13, Kanal.PRS),
    (JOBCENTER, 2, Kanal.PRS),
    (STAR, 23, Kanal.PVS),
)
AARSAGER = {
    "0": "Generalprøve opsætning (1/0)",
    "1": "POST /v1/PersonVisitering/kontaktgruppe (",
    "2": "PersonRegistrationService.CreateContactGroup af Test Testesen (1/1)",
    "3": "PersonRegistrationService.CreateContactGroup af Test Testesen (8/10100)",
    "4": "POST /v1/PersonVisitering/kontaktgruppe (",
    "5": "IllnessRecoveryInformationService.CreateIllness af",
    "6": "IllnessRecoveryInformationService.CreateRecovery af",
    "7": "IllnessRecoveryInformationService.CreateIllness af",
    "8": "IllnessCompositeService.CreateRecovery af",
    "nat": "natkørslen af DFDG Fyldt 30 år (1/1) 19-11-2024 01:00:00",
}
"""What caused what, by the minute past nine in which it was done."""


@dataclass
class Forestilling:
    """Registrations on both channels, two sicknesses, a night in which somebody turns 30; then what everybody has is judged."""

    styring: Styring
    transport: HttpTransport
    kontrol: HttpTransport

    def spil(self) -> list[Afvigelse]:
        borger, syg = Folk(seed=31).ny(40, I_DAG.date()), Folk(seed=33).ny(40, I_DAG.date())
        fylder = Folk(seed=32).foedt(date(I_MORGEN.year - 30, I_MORGEN.month, I_MORGEN.day))
        self.styring.opsaet(paa_scenen(borger, akasse=AKASSE), self._med_gruppe(syg, 2), self._med_gruppe(fylder, 12))
        with WsbModtager(kontrakt()) as modtager:
            abonnenter = self._abonner(modtager)
            for hvem, gruppe, kanal in KALD:
                self._et_minut()
                assert isinstance(self._aktoer(hvem).registrer(borger.cpr, Opret(KG, gruppe, I_DAG), kanal), str)
            self._syg_og_rask(syg)
            self.styring.flyt_ur(I_MORGEN + timedelta(hours=2))
            aarsag = fra_journalen(self.styring.journal().poster)
            skulle = ventede(fra_scenen(Driftslaeser(self.kontrol), aarsag), abonnenter)
            assert len(skulle) > 60
            return bedoem(skulle, self._fik(modtager))

    def _syg_og_rask(self, borger: Borger) -> None:
        """Let group 25 close for another group, and then altogether."""
        kommune, i_dag = self._aktoer(KOMMUNE).naboer, I_DAG.date()
        for lukker in (False, True):
            self._et_minut()
            sag = kommune.sygemeld(borger.cpr, Sygemeld(id=ny_uuid(), kilde=Sygekilde.LEDIGHED, fra=i_dag))
            assert isinstance(sag, str)
            self._et_minut()
            if lukker:
                rask = Raskmeld(id=sag, dato=i_dag, gruppe=Gruppeskift(type=None))
                assert isinstance(self._aktoer(JOBCENTER).naboer.raskmeld(borger.cpr, rask, i_dag), str)
            else:
                assert isinstance(kommune.raskmeld_sag(borger.cpr, Raskmeld(id=sag, dato=i_dag)), str)

    def _et_minut(self) -> None:
        self.styring.flyt_ur(frem=60)

    def _aktoer(self, hvem: Organisation) -> Aktoer:
        return Aktoer(identitet(hvem), kontrakt(), self.transport, ny_uuid)

    def _med_gruppe(self, borger: Borger, gruppe: int) -> PersonDto:
        dto = paa_scenen(borger, akasse=AKASSE)
        dto.kontaktgrupper = (RegistreringDto(type=gruppe),)
        return dto

    def _abonner(self, modtager: WsbModtager) -> list[Wsbabonnent]:
        self.styring.subscribersystem(SYSTEM, modtager.adresse, JOBCENTER, AKASSE)
        wire = Abonnementer(kontrakt(), Rest(kontrakt()))
        oensker = [
            Abonnementsoenske(organisation, entitet, "/", I_DAG.date())
            for organisation, entitet in ((JOBCENTER, 100008), (JOBCENTER, 100009), (AKASSE, 100008))
        ]
        svar = self.transport.send(wire.kald(SYSTEM, oensker, identitet(), ny_uuid()))
        assert wire.forstaa(svar) == Synkroniseret(3, 0, 0)
        return [Wsbabonnent(SYSTEM, JOBCENTER, frozenset({KG, PC})), Wsbabonnent(SYSTEM, AKASSE, frozenset({KG}))]

    def _fik(self, modtager: WsbModtager) -> Iterator[Fik]:
        for ejer in (JOBCENTER, AKASSE):
            for besked in self._aktoer(ejer).indbakke.toem():
                assert isinstance(besked, WsrmBesked)
                yield fra_wsrm(ejer, besked)
        yield from (fra_wsb(SYSTEM, en) for en in modtager.beskeder)
        for domaene in DOMAENER:
            yield from (fra_haendelse(domaene, en) for en in Driftslaeser(self.kontrol).haendelser(domaene, 0))


Fundne = dict[tuple[Afvigelsesart, str, str], str]
"""What is wrong with whose message, and its causes."""


def hvilken(aarsag: str) -> str:
    """Return the one cause that the text names."""
    minut = re.search(r" 18-11-2024 09:0(\d):00$", aarsag)
    navn = minut[1] if minut else "nat"
    assert aarsag.startswith(AARSAGER[navn]), aarsag
    assert " eller " not in aarsag, aarsag
    return navn


def fundne(afvigelser: Iterable[Afvigelse]) -> Fundne:
    alle: Fundne = {}
    for en in afvigelser:
        noegle = (en.art, str(en.modtager), en.slags)
        alle[noegle] = " ".join(sorted({*alle.get(noegle, "").split(), hvilken(en.aarsag)}))
    return alle
