"""The list of what a sender can do wrong, each done to the running reference and named by the oracle - and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

import vos_reference.application.gem as gem
from byggeklodser import AKASSE, I_DAG, I_MORGEN, JOBCENTER, STAR, identitet, kontrakt
from vos_contracts.idkilde import ny_uuid
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.koder.wsrm import Beskedtype
from vos_contracts.operationer import Art, Opret
from vos_contracts.styring import RegistreringDto
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.wsrm import WsrmBesked
from vos_reference.domain.haendelser import Haendelse
from vos_reference.domain.modtagere import Udkast
from vos_simulators.aktoerer.aktoer import Aktoer, Kanal
from vos_simulators.driftslaeser import Driftslaeser
from vos_simulators.indbakker.wsb_modtager import WsbModtager
from vos_simulators.orakel.dom import Afvigelse, Afvigelsesart, bedoem
from vos_simulators.orakel.fik import Fik, fra_haendelse, fra_wsb, fra_wsrm
from vos_simulators.orakel.haendt import fra_scenen
from vos_simulators.orakel.ventet import DOMAENER, V1, V4, V5, Wsbabonnent, ventede
from vos_simulators.personer import Borger, Folk, paa_scenen
from vos_simulators.styring import Styring
from vos_simulators.transport import HttpTransport

KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
SYSTEM = "0193e6a0-0000-7000-8000-00000000000c"
J, A = "8/10100 (WSRM)", "2/81 (WSRM)"
WJ, WA = f"{SYSTEM} for 8/10100 (WSB)", f"{SYSTEM} for 2/81 (WSB)"


KALD = (
    (JOBCENTER, 2, Kanal.PVS),
    (STAR, 13, Kanal.PRS),
    (JOBCENTER, 2, Kanal.PRS),
    (STAR, 23, Kanal.PVS),
)


@dataclass
class Forestilling:
    """A few registrations on both channels, and a night in which somebody turns 30; then what everybody has, is judged."""

    styring: Styring
    transport: HttpTransport
    kontrol: HttpTransport

    def spil(self) -> list[Afvigelse]:
        borger = Folk(seed=31).ny(40, I_DAG.date())
        fylder = Folk(seed=32).foedt(date(I_MORGEN.year - 30, I_MORGEN.month, I_MORGEN.day))
        self.styring.opsaet(paa_scenen(borger, akasse=AKASSE), self._med_gruppe_12(fylder))
        with WsbModtager(kontrakt()) as modtager:
            abonnenter = self._abonner(modtager)
            for hvem, gruppe, kanal in KALD:
                aktoer = Aktoer(identitet(hvem), kontrakt(), self.transport, ny_uuid)
                assert isinstance(aktoer.registrer(borger.cpr, Opret(KG, gruppe, I_DAG), kanal), str)
            self.styring.flyt_ur(I_MORGEN + timedelta(hours=2))
            skulle = ventede(fra_scenen(Driftslaeser(self.kontrol)), abonnenter)
            assert len(skulle) > 30
            return bedoem(skulle, self._fik(modtager))

    def _med_gruppe_12(self, borger: Borger) -> Any:
        dto = paa_scenen(borger, akasse=AKASSE)
        dto.kontaktgrupper = (RegistreringDto(type=12),)
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
            for besked in Aktoer(identitet(ejer), kontrakt(), self.transport, ny_uuid).indbakke.toem():
                assert isinstance(besked, WsrmBesked)
                yield fra_wsrm(ejer, besked)
        yield from (fra_wsb(SYSTEM, en) for en in modtager.beskeder)
        for domaene in DOMAENER:
            yield from (fra_haendelse(domaene, en) for en in Driftslaeser(self.kontrol).haendelser(domaene, 0))


@pytest.fixture
def forestilling(
    styring: Styring, transport: HttpTransport, _linje: tuple[HttpTransport, HttpTransport]
) -> Forestilling:
    return Forestilling(styring, transport, _linje[1])


def test_en_lydig_afsender_doemmes_ikke(forestilling: Forestilling) -> None:
    assert [str(en) for en in forestilling.spil()] == []


Udkastliste = Callable[[list[Udkast]], Iterable[Udkast]]


def _med(liste: Udkastliste) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the WSRM drafts of each change pass through that."""
    aegte = gem.udkast
    return lambda patch: patch.setattr(gem, "udkast", lambda *andet: liste(list(aegte(*andet))))


def _wsb(liste: Callable[[list[Any]], Iterable[Any]]) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the webservice messages of each change pass through that."""
    aegte = gem.wsbkonvolutter
    return lambda patch: patch.setattr(gem, "wsbkonvolutter", lambda *andet: liste(list(aegte(*andet))))


def _om(besked: Beskedtype, gruppe: int) -> Callable[[Udkast], bool]:
    return lambda en: en.besked is besked and en.registrering.type == gruppe and en.registrering.slut is None


def _til_akassen(besked: Beskedtype, art: Art, type_: int | None = None) -> Udkastliste:
    def liste(udkast: list[Udkast]) -> list[Udkast]:
        ekstra = [
            Udkast(besked, AKASSE, en.registrering)
            for en in udkast
            if en.registrering.art is art and (type_ is None or en.registrering.type == type_) and en.besked is besked
        ]
        return [*udkast, *ekstra]

    return liste


def _forkert_forfatter(patch: pytest.MonkeyPatch) -> None:
    def besked(**felter: Any) -> WsrmBesked:
        return WsrmBesked(**{**felter, "registrant": replace(felter["registrant"], aktiv=STAR)})

    patch.setattr(gem, "WsrmBesked", besked)


def _uden_haendelser_om_natten(patch: pytest.MonkeyPatch) -> None:
    aegte = gem.rejs

    def rejs(drift: Any, t: Any, person: Any, haendelser: Sequence[Haendelse], now: Any) -> None:
        aegte(
            drift, t, person, [en for en in haendelser if en.registrering.registrant.system != Klientsystem.DFDG], now
        )

    patch.setattr(gem, "rejs", rejs)


V5_, V1_ = Beskedtype.KONTAKTGRUPPE_V5, Beskedtype.PERSONKATEGORI_V1
MANGLER, EKSTRA, DUBLET = Afvigelsesart.MANGLER, Afvigelsesart.EKSTRA, Afvigelsesart.DUBLET
FORKERT, UORDEN = Afvigelsesart.FORKERT, Afvigelsesart.UDE_AF_ORDEN
MISGERNINGER: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], set[tuple[Afvigelsesart, str, str]]]] = {
    "taber en": (
        _med(lambda alle: [en for en in alle if not _om(V5_, 2)(en) or en.registrering.registrant.aktiv != JOBCENTER]),
        {(MANGLER, J, V5)},
    ),
    "sender en to gange": (
        _med(lambda alle: [en for en in alle for _ in range(1 + (_om(V5_, 13)(en) and en.modtager == AKASSE))]),
        {(DUBLET, A, V5)},
    ),
    "bytter om paa to": (_med(lambda alle: alle[::-1]), {(UORDEN, J, V5), (UORDEN, J, V4), (UORDEN, J, V1)}),
    "naevner den forkerte": (_forkert_forfatter, {(FORKERT, J, V5), (FORKERT, J, V4), (FORKERT, J, V1)}),
    "sender personkategori til a-kassen": (_med(_til_akassen(V1_, PC)), {(EKSTRA, A, V1)}),
    "sender V5 om gruppe 2 til a-kassen": (_med(_til_akassen(V5_, KG, 2)), {(EKSTRA, A, V5)}),
    "rejser ingen haendelser om natten": (
        _uden_haendelser_om_natten,
        {(MANGLER, f"{domaene} (hændelse)", art.value) for domaene, arter in DOMAENER.items() for art in arter},
    ),
    "taber en WSB": (
        _wsb(lambda alle: [en for en in alle if en.modtager.organisation != AKASSE]),
        {(MANGLER, WA, "Kontaktgruppe")},
    ),
    "sender en WSB igen under nyt id": (
        _wsb(lambda alle: [*alle, *(replace(en, id=ny_uuid(), krop=_nyt_id(en.krop)) for en in alle[:1])]),
        {(DUBLET, WJ, "Kontaktgruppe")},
    ),
    "bytter om paa WSB": (
        _wsb(lambda alle: alle[::-1]),
        {(UORDEN, WJ, "Kontaktgruppe"), (UORDEN, WJ, "Personkategori")},
    ),
}


def _nyt_id(krop: bytes) -> bytes:
    import msgspec

    besked = msgspec.json.decode(krop)
    besked["metadata"]["beskedId"] = ny_uuid()
    return msgspec.json.encode(besked)


@pytest.mark.parametrize("navn", MISGERNINGER)
def test_afsenderens_misgerning_fanges_ved_navn(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, navn: str
) -> None:
    begaa, ventet = MISGERNINGER[navn]
    begaa(monkeypatch)
    afvigelser = forestilling.spil()
    fundne = {(en.art, str(en.modtager), en.slags) for en in afvigelser}
    assert fundne, "the oracle saw nothing"
    assert fundne <= ventet if "bytter" in navn else fundne == ventet
    assert all("2024" in en.aarsag for en in afvigelser), "each names what caused it"
