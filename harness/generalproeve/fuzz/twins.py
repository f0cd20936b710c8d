"""The two channels as each other's oracle: a history on twin citizens, one by PRS (SOAP) and one by PVS (REST).

After each step both must have had the same decision, the same error numbers, the same rows and the same messages, ids and CPR
numbers aside, except for what the release table says; and what was refused must have left nothing. Not here: how histories
are made up (`strategier`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import assert_never

import msgspec

from generalproeve.fuzz import history as h
from generalproeve.fuzz.diff import (
    BESKEDER,
    HAENDELSER,
    RAEKKER,
    STATUS,
    SVAR,
    Forskel,
    Iagttaget,
    Skridt,
    brud,
    maa_skilles,
)
from generalproeve.fuzz.udbakke import Udbakke, uden
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import RegistreringDto, Urtilstand
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model import neighbours
from vos_contracts.model.registration import Opdater, Opret, Slet
from vos_contracts.wire.base import RemoteWireError, Transport
from vos_contracts.wire.rest import Afslag
from vos_simulators.control import Styring
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.oracle.expected import DOMAENER
from vos_simulators.parties import AKASSE
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser

UKENDT_CPR, UGYLDIGT_CPR = "0203840000", "3002840000"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass
class _Tvilling:
    kanal: Kanal
    cpr: str
    borger_id: str = ""
    ider: list[str] = field(default_factory=list)
    set: dict[str, str] = field(default_factory=dict)
    sygdom: str | None = None

    def som_set(self, iagttaget: Iagttaget) -> Iagttaget:
        """Put the order in which they came in the place of ids, so that twins can be compared."""
        tekst = msgspec.json.encode(iagttaget).decode().replace(self.cpr, "<borger>")
        navngivet: Iagttaget = msgspec.json.decode(
            _UUID.sub(lambda fund: self.set.setdefault(fund[0].lower(), f"#{len(self.set) + 1}"), tekst)
        )
        return navngivet


class Tvillingscene:
    """A stage with a control API on which histories are played, each from an empty stage and the same clock.

    It empties the stage. `kald` counts the calls of a history to the services.
    """

    def __init__(
        self,
        tjenester: Transport,
        styring: Transport,
        kontrakt: Kontrakt,
        seed: int = 1,
        modtager: WsbModtager | None = None,
    ) -> None:
        self.kontrakt, self.kald = kontrakt, 0
        self._tjenester, self._styring, self._drift = tjenester, Styring(styring), Driftslaeser(styring)
        self._udbakke = Udbakke(tjenester, self._styring, kontrakt, modtager)
        self._folk = Folk(seed)
        self._udgave = kontrakt.udgaver[self._styring.status().udgave]

    def spil(self, historien: h.Historie) -> Forskel | None:
        """Play it; return where the twins parted, if they did. Errors: StyringAfvist, UnreachableError."""
        skridt: list[Skridt] = []
        try:
            return self._spil(historien, skridt)
        except RemoteWireError as fejl:  # of what is asked beside the history
            return Forskel(hvad=(f"et svar kan ikke forstås: {fejl}",), skridt=tuple(skridt))

    def _spil(self, historien: h.Historie, skridt: list[Skridt]) -> Forskel | None:
        self._begynd(historien)
        for trin in historien.trin:
            prs, pvs = self._et_trin(trin)
            skridt.append(Skridt(trin=h.beskriv(trin), prs=prs, pvs=pvs))
            if maa_skilles(self._udgave, prs, pvs):
                return None
            hvad = brud(self._udgave, prs, pvs)
            if hvad:
                return Forskel(hvad=hvad, skridt=tuple(skridt))
        return None

    def _begynd(self, historien: h.Historie) -> None:
        self._styring.nulstil()
        self._nu = self._styring.flyt_ur(tilstand=Urtilstand.FROSSET).ur
        foedt = self._nu.date() - timedelta(days=int(historien.alder * 365.25) + 20)
        foedt += timedelta(days=(foedt.month, foedt.day) == (1, 1))
        self.tvillinger = [_Tvilling(kanal, self._folk.foedt(foedt).cpr) for kanal in (Kanal.PRS, Kanal.PVS)]
        tredje = paa_scenen(self._folk.foedt(foedt), akasse=AKASSE)
        tredje.kontaktgrupper = (RegistreringDto(type=13),)
        dtoer = []
        for en in self.tvillinger:
            dto = paa_scenen(self._folk.foedt(foedt), akasse=AKASSE)
            dto.cpr, dto.tilmeldekategori = en.cpr, historien.tilmeldt
            dtoer.append(dto)
        self._en_andens = self._styring.opsaet(*dtoer, tredje)[2][0]
        borgere = {en.cpr: en.borger_id for side in self._drift.borgere(0) for en in side.borgere}
        for en in self.tvillinger:
            en.borger_id = borgere[en.cpr]
        self._udbakke.begynd(self._nu)
        self._raekkenr = max((side.naeste for side in self._drift.registreringer(0)), default=0)
        self._hoert = dict.fromkeys(DOMAENER, 0)
        self._nummer = count()

    def _et_trin(self, trin: h.Trin) -> tuple[Iagttaget, Iagttaget]:
        if isinstance(trin, h.Dage):
            self._nu = self._styring.flyt_ur(frem=f"P{trin.antal}D").ur
            svar: list[object] = ["udført", "udført"]
        else:
            svar = [self._svar(trin, en) for en in self.tvillinger]
        raekker = [en for side in self._drift.registreringer(self._raekkenr) for en in side.registreringer]
        self._raekkenr = raekker[-1].nr if raekker else self._raekkenr
        beskeder = list(self._udbakke.nye(self._nu, [en.cpr for en in self.tvillinger]))
        haendelser = list(self._haendelser())
        prs, pvs = (
            en.som_set(
                {
                    SVAR: et_svar,
                    RAEKKER: [uden(raekke, "nr", "borgerId") for raekke in raekker if raekke.borger_id == en.borger_id],
                    STATUS: self._status(en),
                    BESKEDER: [besked for cpr, besked in beskeder if cpr == en.cpr],
                    HAENDELSER: [haendelse for cpr, haendelse in haendelser if cpr == en.cpr],
                }
            )
            for en, et_svar in zip(self.tvillinger, svar, strict=True)
        )
        for en in self.tvillinger:
            nye = [raekke.id for raekke in raekker if raekke.borger_id == en.borger_id]
            en.ider += [id_ for id_ in dict.fromkeys(nye) if id_ not in en.ider]
        return prs, pvs

    def _svar(self, trin: h.Trin, tvilling: _Tvilling) -> object:
        self.kald += 1
        try:
            svar = self._kald(trin, tvilling)
        except RemoteWireError as brud:
            return f"svaret kan ikke forstås: {brud}"
        return sorted(en.kode for en in svar.fejl) if isinstance(svar, Afslag) else "udført"

    def _kald(self, trin: h.Trin, tvilling: _Tvilling) -> str | Afslag:
        assert not isinstance(trin, h.Dage), "time is the stage's"
        hvem = Aktoer(h.KALDERE[trin.hvem](self._nu), self.kontrakt, self._tjenester, ny_uuid)
        i_dag = self._nu.date()
        match trin:
            case h.Registrer():
                oprettelse = Opret(
                    trin.art,
                    trin.type,
                    trin.start(self._nu),
                    None if trin.haendelse is None else trin.haendelse(self._nu),
                    None if trin.slut is None else trin.slut(self._nu),
                    None if trin.id is None else self._id(trin.id, tvilling),
                )
                return hvem.registrer(_cpr(trin.borger, tvilling), oprettelse, tvilling.kanal)
            case h.Afslut():
                slut = None if trin.slut is None else trin.slut(self._nu)
                opdatering = Opdater(trin.art, self._id(trin.id, tvilling), slut)
                return hvem.registrer(_cpr(trin.borger, tvilling), opdatering, tvilling.kanal)
            case h.Slettet():
                return hvem.registrer(tvilling.cpr, Slet(trin.art, self._id(trin.id, tvilling)), Kanal.PVS)
            case h.Tilmeldt():
                tilmeld = neighbours.Tilmeld(kategori=trin.kategori, ledighedsgrad=1, dato=i_dag + timedelta(trin.dage))
                return hvem.naboer.tilmelding(tvilling.cpr, tilmeld)
            case h.Afmeldt():
                return hvem.naboer.tilmelding(
                    tvilling.cpr, neighbours.Afmeld(dato=i_dag + timedelta(trin.dage), aarsag=1)
                )
            case h.Syg():
                syg = neighbours.Sygemeld(id=ny_uuid(), kilde=trin.kilde, fra=i_dag + timedelta(trin.fra))
                svar = hvem.naboer.sygemeld(tvilling.cpr, syg)
                tvilling.sygdom = svar if isinstance(svar, str) else tvilling.sygdom
                return svar
            case h.Rask():
                gruppe = None if trin.gruppe is None else neighbours.Gruppeskift(type=trin.gruppe)
                dato = i_dag + timedelta(trin.dage)
                rask = neighbours.Raskmeld(id=tvilling.sygdom or ny_uuid(), dato=dato, gruppe=gruppe)
                return hvem.naboer.raskmeld(tvilling.cpr, rask, dato)
            case _:
                assert_never(trin)

    def _id(self, id_: h.Id, tvilling: _Tvilling) -> str:
        match id_:
            case int():
                return tvilling.ider[id_ % len(tvilling.ider)] if tvilling.ider else ny_uuid()
            case h.Andet.EN_ANDENS:
                return self._en_andens
            case h.Andet.NYT_MED_STORT:
                return ny_uuid().upper()
            case h.Andet.UKENDT | h.Andet.NYT:
                return ny_uuid()
            case _:
                assert_never(id_)

    def _haendelser(self) -> Iterator[tuple[str, object]]:
        for domaene, efter in self._hoert.items():
            for lagt in self._drift.haendelser(domaene, efter):
                self._hoert[domaene] = lagt.nr
                yield lagt.haendelse.cpr, [domaene, uden(lagt.haendelse, "haendelseId", "borgerId")]

    def _status(self, tvilling: _Tvilling) -> object:
        hvem = Aktoer(h.KALDERE[h.Hvem.STAR](self._nu), self.kontrakt, self._tjenester, ny_uuid)
        return msgspec.to_builtins(hvem.laeser.status(tvilling.cpr))


def _cpr(borger: h.Borgeren, tvilling: _Tvilling) -> str:
    match borger:
        case h.Borgeren.TVILLINGEN:
            return tvilling.cpr
        case h.Borgeren.UKENDT:
            return UKENDT_CPR
        case h.Borgeren.UGYLDIG:
            return UGYLDIGT_CPR
        case _:
            assert_never(borger)
