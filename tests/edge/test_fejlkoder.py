"""Every error code of the methods, provoked over REST and over SOAP, through both back ends, with the same number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from byggeklodser import I_DAG, I_GAAR, I_MORGEN, JOBCENTER, NU, OPERATOER, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import FravaerDto, RegistreringDto
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.rest import Afslag
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger
from vos_simulators.transport import HttpTransport

KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
GRUPPE, KATEGORI = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
UKENDT = "0203840021"


@dataclass(frozen=True)
class Tilfaelde:
    """One way to provoke one number."""

    kode: int
    kommando: Opret | Opdater
    borger: dict[str, Any] = field(default_factory=dict)
    alder: int = 40
    kalder: Identitet = identitet(JOBCENTER)
    cpr: str = ""


def har(gruppe: int, kategori: int | None = None, **andet: Any) -> dict[str, Any]:
    return {
        "kontaktgrupper": (RegistreringDto(type=gruppe, id=GRUPPE, start=I_GAAR),),
        "personkategorier": () if kategori is None else (RegistreringDto(type=kategori, id=KATEGORI, start=I_GAAR),),
        **andet,
    }


def kg(type_: int = 13, **andet: Any) -> Opret:
    return replace(Opret(KG, type_, I_DAG), **andet)


def pc(type_: int) -> Opret:
    return Opret(PC, type_, I_DAG)


MIDLERTIDIGT_ARBEJDE = (FravaerDto(type=2, fra=I_GAAR.date()),)
TILFAELDE = [
    Tilfaelde(1001, kg(), cpr="2902990000"),
    Tilfaelde(1001, kg(), cpr="12345"),
    Tilfaelde(1010, kg(), cpr=UKENDT),
    Tilfaelde(1014, kg(slut=I_GAAR)),
    Tilfaelde(2002, pc(3), har(13)),
    Tilfaelde(4404, kg(), cpr="0303840008"),
    Tilfaelde(4405, kg(), {"doed": date(2024, 1, 1)}),
    Tilfaelde(4511, kg(), kalder=identitet(JOBCENTER, OPERATOER)),
    Tilfaelde(4575, kg(), kalder=identitet(Organisation(2, "81"))),
    Tilfaelde(4589, Opdater(KG, GRUPPE, NU)),
    Tilfaelde(4589, Opdater(PC, GRUPPE, NU), har(13)),
    Tilfaelde(4644, kg(), har(13)),
    Tilfaelde(4645, kg(), {"fravaer": MIDLERTIDIGT_ARBEJDE}),
    Tilfaelde(4654, pc(5), har(2, fravaer=MIDLERTIDIGT_ARBEJDE)),
    Tilfaelde(4655, pc(5), har(2, tilmeldekategori=2)),
    Tilfaelde(4656, pc(4), har(2)),
    Tilfaelde(4675, kg(9)),
    Tilfaelde(4703, kg(start=I_GAAR)),
    Tilfaelde(4703, Opret(PC, 9, I_MORGEN), har(13)),
    Tilfaelde(4731, pc(5), har(4)),
    Tilfaelde(4731, pc(5)),
    Tilfaelde(4977, kg(4, id=GRUPPE), har(13)),
    Tilfaelde(6005, kg(), kalder=identitet(Organisation(8, "10200"))),
    Tilfaelde(6033, kg(12), alder=30),
    Tilfaelde(8096, kg(25)),
    Tilfaelde(8096, Opdater(KG, GRUPPE, NU), har(24)),
    Tilfaelde(8096, kg(13), har(25)),
    Tilfaelde(8173, kg(), kalder=identitet(Organisation(99, "1"))),
    Tilfaelde(8174, kg(), kalder=replace(identitet(), bruger=replace(identitet().bruger, type=77))),
    Tilfaelde(100028, Opdater(KG, GRUPPE, I_MORGEN), har(13)),
    Tilfaelde(100029, kg(13), har(1, tilmeldekategori=1)),
]
KODER_I_OPGAVEN = {
    1001, 1010, 1014, 4404, 4405, 4511, 4575, 4589, 4644, 4645, 4654, 4655, 4656, 4675, 4703, 4731, 4977, 6005, 6033,
    8096, 100028, 100029,
}  # fmt: skip
VEJE = [(Kanal.PVS, None), (Kanal.PRS, PrsSoap.CONVERTER), (Kanal.PRS, PrsSoap.KLASSISK)]


def test_alle_koder_er_med() -> None:
    assert {en.kode for en in TILFAELDE} >= KODER_I_OPGAVEN


@pytest.mark.parametrize(("kanal", "bagende"), VEJE, ids=["REST", "SOAP-converter", "SOAP-klassisk"])
@pytest.mark.parametrize("tilfaelde", TILFAELDE, ids=lambda en: f"{en.kode}")
def test_samme_nummer_paa_alle_veje(
    tilfaelde: Tilfaelde, kanal: Kanal, bagende: PrsSoap | None, styring: Styring, transport: HttpTransport,
    ny_borger: Callable[..., Borger],
) -> None:  # fmt: skip
    styring.tving_bagende(bagende)
    styring.opsaet(kendte_cpr=["0303840008"])
    borger = ny_borger(tilfaelde.alder, **tilfaelde.borger)
    foer = _tilstand(transport, borger.cpr)
    aktoer = Aktoer(tilfaelde.kalder, indlaes(), transport, ny_uuid)
    svar = aktoer.registrer(tilfaelde.cpr or borger.cpr, tilfaelde.kommando, kanal)
    assert isinstance(svar, Afslag), f"modtaget og skulle være afvist med {tilfaelde.kode}"
    assert {fejl.kode for fejl in svar.fejl} == {tilfaelde.kode}
    assert svar.status == (indlaes().fejl[tilfaelde.kode].http_status if kanal is Kanal.PVS else 500)
    assert _tilstand(transport, borger.cpr) == foer
    assert Aktoer(identitet(), indlaes(), transport, ny_uuid).indbakke.toem() == []


@pytest.mark.parametrize(("kanal", "bagende"), VEJE, ids=["REST", "SOAP-converter", "SOAP-klassisk"])
def test_alle_fejl_paa_en_gang(
    kanal: Kanal, bagende: PrsSoap | None, styring: Styring, transport: HttpTransport, ny_borger: Callable[..., Borger]
) -> None:
    styring.tving_bagende(bagende)
    borger = ny_borger(35, **har(12, tilmeldekategori=3, doed=date(2024, 1, 1)))
    aktoer = Aktoer(identitet(), indlaes(), transport, ny_uuid)
    svar = aktoer.registrer(borger.cpr, kg(12, start=I_GAAR, slut=I_MORGEN, id=GRUPPE), kanal)
    assert isinstance(svar, Afslag)
    assert [fejl.kode for fejl in svar.fejl] == [4405, 4644, 4703, 4977, 6033, 100028]


def _tilstand(transport: HttpTransport, cpr: str) -> object:
    star = Aktoer(identitet(Organisation(1, "1")), indlaes(), transport, ny_uuid)
    return star.historik(cpr, KG), star.historik(cpr, PC)
