"""The two channels as each other's oracle: a history on twin citizens, one by PRS (SOAP) and one by PVS (REST).

After each step both must have had the same decision, the same error numbers, the same rows and the same messages, ids and CPR
numbers aside, except for what the release table says; and what was refused must have left nothing. Not here: how histories
are made up (`strategier`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    ULAESELIG,
    Forskel,
    Iagttaget,
    Skridt,
    brud,
    maa_skilles,
)
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Posttype
from vos_contracts.control.stage import RegistreringDto, Urtilstand
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model import neighbours
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.base import RemoteWireError, Transport
from vos_contracts.wire.rest import Afslag, Rest
from vos_simulators.control import Styring, StyringAfvist
from vos_simulators.inboxes.webhook import Ankomst, WsbModtager
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist
from vos_simulators.oracle.expected import DOMAENER
from vos_simulators.parties import AKASSE, JOBCENTER
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser

SYSTEM = "0193e6a0-0000-7000-8000-0000000000aa"
_EJERE = {JOBCENTER: h.Hvem.JOBCENTRET, AKASSE: h.Hvem.AKASSEN}
_HOERER_OM = {JOBCENTER: frozenset(Art), AKASSE: frozenset({Art.KONTAKTGRUPPE})}
"""An a-kasse is never told of a person category, and may not subscribe to it."""
_KOMMER_IKKE_S = 5.0


class Udbakke:
    """The reader of one stage; without a receiver, webservice messages are seen in the journal alone."""

    def __init__(
        self, tjenester: Transport, styring: Styring, kontrakt: Kontrakt, modtager: WsbModtager | None
    ) -> None:
        self._tjenester, self._styring, self._kontrakt = tjenester, styring, kontrakt
        self._modtager = modtager
        self._abonnerer = False

    def begynd(self, nu: datetime) -> None:
        """Begin on an emptied stage: subscribe, where the release has webservice messages, and read from here."""
        udgave = self._kontrakt.udgaver[self._styring.status().udgave]
        self._abonnerer = self._modtager is not None and udgave.wsb
        if self._modtager is not None and self._abonnerer:
            self._abonner(self._modtager.adresse, nu)
        self._postnr = self._styring.journal().naeste
        self._set = 0 if self._modtager is None else len(self._modtager.ankomster)

    def _abonner(self, adresse: str, nu: datetime) -> None:
        self._styring.subscribersystem(SYSTEM, adresse, *_EJERE)
        oensker = [
            Abonnementsoenske(ejer, entitet.id, f"/{entitet.art}", nu.date())
            for ejer, arter in _HOERER_OM.items()
            for entitet in self._kontrakt.wsb_entiteter.values()
            if entitet.art in arter
        ]
        abonnementer = Abonnementer(self._kontrakt, Rest(self._kontrakt))
        kald = abonnementer.kald(SYSTEM, oensker, h.KALDERE[h.Hvem.JOBCENTRET](nu), ny_uuid())
        svar = self._tjenester.send(kald)
        if isinstance(abonnementer.forstaa(svar), Afslag):
            raise StyringAfvist(svar.status, svar.krop)

    def nye(self, nu: datetime, borgere: Collection[str]) -> Iterator[tuple[str, object]]:
        """Give what has come since last time, each with the citizen that it is about; what cannot be read is about all."""
        journal = self._styring.journal(self._postnr)
        self._postnr = journal.naeste
        lagt = [post for post in journal.poster if post.art in {Posttype.BESKED_LAGT, Posttype.WSB_LAGT}]
        for post in lagt:
            yield post.cpr, [post.art, {navn: vaerdi for navn, vaerdi in post.data.items() if navn != "id"}]
        if any(post.art is Posttype.BESKED_LAGT for post in lagt):
            yield from self._i_koe(nu, borgere)
        if self._abonnerer:
            yield from self._modtaget(sum(post.art is Posttype.WSB_LAGT for post in lagt), borgere)
        self._postnr = self._styring.journal(self._postnr).naeste

    def _i_koe(self, nu: datetime, borgere: Collection[str]) -> Iterator[tuple[str, object]]:
        for organisation, hvem in _EJERE.items():
            ejer = Aktoer(h.KALDERE[hvem](nu), self._kontrakt, self._tjenester, ny_uuid)
            try:
                for besked in ejer.indbakke.toem():
                    yield getattr(besked, "cpr", ""), [str(organisation), uden(besked, "besked_id")]
            except (RemoteWireError, WsrmAfvist) as brud:
                yield from ((cpr, [str(organisation), f"{ULAESELIG}: {brud}"]) for cpr in borgere)

    def _modtaget(self, antal: int, borgere: Collection[str]) -> Iterator[tuple[str, object]]:
        """Wait for as many messages as were put into the outbox, and read them."""
        modtager = self._modtager
        assert modtager is not None, "see begynd"
        til = self._set + antal
        try:
            modtager.vent(lambda: len(modtager.ankomster) >= til, f"{antal} webservicebeskeder", _KOMMER_IKKE_S)
        except AssertionError as brud:
            yield from ((cpr, ["webhook", f"{ULAESELIG}: {brud}"]) for cpr in borgere)
        nye = modtager.ankomster[self._set :]
        self._set += len(nye)
        for en in sorted(nye, key=_modtager):  # to one receiver in order; between two there is none
            if en.besked is None:
                yield from ((cpr, ["webhook", f"{ULAESELIG}: {en.fejl}"]) for cpr in borgere)
            else:
                yield en.besked.cpr, [f"webhook {en.sti}", uden(en.besked, "besked_id")]


def _modtager(ankomst: Ankomst) -> str:
    return "" if ankomst.besked is None else str(ankomst.besked.modtager)


def uden(en: object, *felter: str) -> dict[str, object]:
    """Return it as plain JSON without those fields."""
    bygget: dict[str, object] = msgspec.to_builtins(en)
    return {navn: vaerdi for navn, vaerdi in bygget.items() if navn not in felter}


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
