"""A pool's citizen is given only to a scene of which everything it says is true of that citizen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from byggeklodser import I_DAG, I_GAAR, NU, STAR, identitet
from vos_contracts.control.stage import ForloebDto, FravaerDto, PersonDto, RegistreringDto, TilknytningDto
from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Slet, Visning
from vos_contracts.wire.rest import Afslag
from vos_features.citizens import Oenske, Pulje, _passer
from vos_features.hooks import Udeladt
from vos_simulators.parties import AKASSE
from vos_simulators.party import Kanal
from vos_simulators.people import Borger, Folk, paa_scenen

folk = Folk(99)


def borger(alder: int = 40) -> Borger:
    return folk.ny(alder, NU.date())


def med(person: PersonDto, **felter: Any) -> PersonDto:
    return PersonDto(**{**{navn: getattr(person, navn) for navn in person.__struct_fields__}, **felter})


def kg(type_: int, start: Any = I_GAAR, slut: Any = None) -> dict[str, Any]:
    return {"kontaktgrupper": (RegistreringDto(type=type_, start=start, slut=slut),)}


def passer(
    har: dict[str, Any], oensket: dict[str, Any], alder: tuple[int, int] = (40, 40), praecis: bool = False
) -> bool:
    min_ = med(paa_scenen(borger(alder[0])), **har)
    hvem = borger(alder[1])
    return _passer(min_, Oenske(hvem, med(paa_scenen(hvem), **oensket), praecis), NU)


MEDLEM = {
    "tilknytninger": (
        *paa_scenen(borger()).tilknytninger,
        TilknytningDto(organisation_type=AKASSE.type, organisation_kode=AKASSE.kode),
    )
}


@pytest.mark.parametrize(
    ("har", "oensket", "svar"),
    [
        ({}, {}, True),
        (MEDLEM, {}, False),
        ({}, MEDLEM, False),
        (MEDLEM, MEDLEM, True),
        (kg(13), kg(13), True),
        (kg(13), kg(4), False),
        (kg(13), {}, False),
        ({}, kg(13), False),
        (kg(13, None), kg(13), True),
        (kg(13, I_GAAR - timedelta(days=300)), kg(13), True),
        (kg(13, I_GAAR - timedelta(days=300)), kg(13, I_GAAR - timedelta(days=2)), False),
        (kg(13, I_GAAR - timedelta(days=2)), kg(13, I_GAAR - timedelta(days=2)), True),
        (kg(13, I_DAG), kg(13), False),
        (kg(13), kg(13, slut=I_GAAR), False),
        ({"personkategorier": (RegistreringDto(type=5),)}, {"personkategorier": (RegistreringDto(type=8),)}, False),
        ({"tilmeldekategori": 1}, {"tilmeldekategori": 1}, True),
        ({"tilmeldekategori": 1}, {}, False),
        ({"fravaer": (FravaerDto(type=6),)}, {"fravaer": (FravaerDto(type=6, fra=date(2024, 11, 17)),)}, True),
        ({"fravaer": (FravaerDto(type=6),)}, {"fravaer": (FravaerDto(type=2),)}, False),
        ({"aktivitetstillaeg": (ForloebDto(),)}, {"aktivitetstillaeg": (ForloebDto(),)}, True),
        ({"aktivitetstillaeg": (ForloebDto(),)}, {}, False),
        ({"fleksjob": (ForloebDto(),)}, {"fleksjob": (ForloebDto(),)}, False),
        ({"doed": date(2020, 1, 2)}, {"doed": date(2024, 11, 17)}, True),
        ({"doed": date(2020, 1, 2)}, {}, False),
    ],
)
def test_alt_hvad_scenen_siger_skal_passe(har: dict[str, Any], oensket: dict[str, Any], svar: bool) -> None:
    assert passer(har, oensket) is svar


@pytest.mark.parametrize(("alder", "svar"), [((40, 61), True), ((29, 18), True), ((29, 30), False), ((30, 29), False)])
def test_alderen_skal_vaere_paa_den_rigtige_side_af_tredive(alder: tuple[int, int], svar: bool) -> None:
    assert passer({}, {}, alder) is svar


def test_hvor_foedselsdatoen_taeller_skal_den_vaere_den_samme() -> None:
    en = borger()
    dto = paa_scenen(en)
    assert _passer(dto, Oenske(en, dto, praecis=True), NU)
    assert not _passer(dto, Oenske(replace(en, foedt=en.foedt + timedelta(days=1)), dto, praecis=True), NU)


def test_en_pulje_uden_den_borger_siger_hvad_der_mangler() -> None:
    en = borger()
    pulje = Pulje([med(paa_scenen(borger()), **kg(4))], lambda: None)
    with pytest.raises(Udeladt, match=r"puljen mangler: borger, fyldt 30 år, hos 8/10100, .*kontaktgruppe 13"):
        pulje.find(Oenske(en, med(paa_scenen(en), **kg(13))), NU)


class Register:
    """The history of one citizen, and a party that reads and deletes there; deletion is for the latest registrant."""

    def __init__(self, aktoer: Identitet, raekker: list[Visning], nekter: bool = False) -> None:
        self.identitet, self._raekker, self._nekter = aktoer, raekker, nekter

    def historik(self, cpr: str, art: Art) -> tuple[Visning, ...]:
        return tuple(en for en in self._raekker if en.art is art)

    def laes(self, cpr: str, art: Art) -> tuple[Visning, ...]:
        seneste = {en.id: en for en in reversed(self.historik(cpr, art))}
        return tuple(en for en in seneste.values() if en.slut is None and not en.er_slettet)

    def registrer(self, cpr: str, kommando: Slet, kanal: Kanal) -> str | Afslag:
        seneste = next(en for en in self._raekker if en.id == kommando.id)
        if self._nekter or seneste.myndighed != self.identitet.aktiv:
            return Afslag(400, (Fejl(4575),))
        self._raekker.insert(0, replace(seneste, er_slettet=True))
        return kommando.id


def gruppe(slut: Any, hvem: Identitet) -> Visning:
    return Visning(Art.KONTAKTGRUPPE, "g", 13, NU, NU, slut, False, True, hvem.aktiv, NU)


@pytest.mark.parametrize(("nekter", "fri"), [(False, True), (True, False)])
def test_det_er_den_der_sidst_rettede_der_sletter_og_en_lukket_gruppe_glemmes_ikke(nekter: bool, fri: bool) -> None:
    raekker: list[Visning] = []
    kalder, star = identitet(), identitet(STAR)
    person = paa_scenen(borger())
    roller: Any = {"jobcentret": Register(kalder, raekker), "STAR": Register(star, raekker, nekter)}
    pulje = Pulje([person], lambda: None, lambda: roller)
    onske = Oenske(borger(), person, False)
    pulje.find(onske, NU)
    raekker += [gruppe(NU, star), gruppe(None, kalder)]
    pulje.aflever(uopretteligt=False)
    assert raekker[0].er_slettet is fri
    if fri:
        pulje.find(onske, NU)
    else:
        with pytest.raises(Udeladt, match="puljen er brugt op"):
            pulje.find(onske, NU)
