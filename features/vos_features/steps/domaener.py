"""Så: what a business domain hears, and what monitoring finds when its view is held against the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest

from vos_contracts.driftslaesning import OPSAETTER, Borgerstand, LagtHaendelse, Stand
from vos_contracts.koder.haendelse import Aendringstype
from vos_contracts.synkronisering import Afvigelse
from vos_features.evner import Evne
from vos_features.forventning import lig, sagt
from vos_features.spil import Spil
from vos_features.steps.ordforraad import naar, saa
from vos_simulators import uvaner
from vos_simulators.overvaager import Filsyn, Rapport, overvaag

_AENDRING = {
    Aendringstype.OPRETTET: "oprettet",
    Aendringstype.AENDRET: "ændret",
    Aendringstype.SLETTET: "slettet",
}
_UVANER: dict[str, Callable[[], uvaner.Uvane[LagtHaendelse]]] = {
    "holder op med at lytte": uvaner.stops_listening,
    "begynder at tabe hver anden hændelse": uvaner.loses_every_second,
    "begynder at tage hændelserne i forkert rækkefølge": uvaner.applies_out_of_order,
    "begynder at høre hver hændelse to gange": uvaner.hears_everything_twice,
}


@pytest.fixture
def filer() -> dict[str, Filsyn]:
    """The views that domains have delivered as files in this scene."""
    return {}


@pytest.fixture
def rapporter() -> list[Rapport]:
    """What monitoring has found in this scene, the latest last."""
    return []


@saa("hører {domaene} præcis disse hændelser:")
def praecis(spil: Spil, domaene: str, datatable: list[list[str]]) -> None:
    """The domain was sent exactly these about the citizen, in this order, besides what the stage was set with."""
    hoved, *forventet = datatable
    fundet = [_raekke(spil, en, hoved) for en in _om_borgeren(spil, domaene)]
    lig(f"{domaene} hører", fundet, forventet, "have hørt")


@saa("hører {domaene} ingen hændelser")
def ingen(spil: Spil, domaene: str) -> None:
    """The domain was sent nothing about the citizen, besides what the stage was set with."""
    fundet = [f"{_AENDRING[en.haendelse.aendringstype]} {en.haendelse.type}" for en in _om_borgeren(spil, domaene)]
    assert not fundet, f"{domaene} hører {sagt(fundet)} og skulle intet have hørt"


@naar("{domaene} (?P<vane>holder op med at lytte|begynder at .+)")
def faar_en_uvane(spil: Spil, domaene: str, vane: str) -> None:
    """Let the domain hear what there is, and be careless from now on."""
    assert spil.cpr
    spil.ensemble.domaener[domaene].lyt()
    spil.ensemble.domaener[domaene].uvane = _UVANER[vane]()


@naar("{domaene} leverer sit eget billede, hvor borgeren har kontaktgruppe {type}")
def leverer_billede(spil: Spil, domaene: str, type_: int, filer: dict[str, Filsyn]) -> None:
    """Deliver a real domain's view: it knows numbers and types, and none of our identifiers."""
    filer[domaene] = Filsyn([Borgerstand(cpr=spil.cpr, kontaktgrupper=(Stand(type=type_),))])


@naar("overvågningen kører")
def overvaagningen_koerer(spil: Spil, filer: dict[str, Filsyn], rapporter: list[Rapport]) -> None:
    """Hold every domain's view against the truth about every citizen."""
    spil.ensemble.kraev(Evne.RESET)
    rapporter.append(overvaag(spil.ensemble.laeser, tuple(spil.ensemble.domaener.values()), filer))


@saa("finder den ingen afvigelser")
def ingen_afvigelser(rapporter: list[Rapport]) -> None:
    """Every domain knows what we know."""
    assert rapporter[-1].borgere, "overvågningen så ingen borgere"
    fundet = [
        f"{en.domaene} {en.slags.dansk}: {en.vores or 'intet'} mod {en.deres or 'intet'}"
        for en in _afvigelser(rapporter)
    ]
    assert not fundet, f"overvågningen fandt {sagt(fundet)}"


@saa("finder den præcis disse afvigelser:")
def praecis_disse(spil: Spil, rapporter: list[Rapport], datatable: list[list[str]]) -> None:
    """Each divergence has its kind, both types, and the event that should have told."""
    hoved, *forventet = datatable
    fundet = [_afvigelse(spil, en, hoved) for en in _afvigelser(rapporter)]
    lig("overvågningen fandt", fundet, forventet, "have fundet")


@saa("står borgerens CPR-nummer ikke i rapporten")
def maskeret(spil: Spil, rapporter: list[Rapport]) -> None:
    """The report names the citizen without the serial number."""
    tekst = msgspec.json.encode(_afvigelser(rapporter)).decode()
    assert spil.cpr not in tekst, "rapporten røber et CPR-nummer"
    assert spil.cpr[:6] in tekst, "rapporten siger ikke, hvem det handler om"


def _om_borgeren(spil: Spil, domaene: str) -> list[LagtHaendelse]:
    en = spil.ensemble.domaener[domaene]
    en.lyt()
    alle = (borger for side in spil.ensemble.laeser.tilstand() for borger in side.borgere)
    ider = [borger.borger_id for borger in alle if borger.cpr == spil.cpr]
    assert len(ider) == 1, f"tilstanden har borgeren {len(ider)} gange"
    return [hoert for hoert in en.fortalt(ider[0]) if hoert.haendelse.myndighed != OPSAETTER]


def _raekke(spil: Spil, en: LagtHaendelse, hoved: Sequence[str]) -> list[str]:
    haendelse = en.haendelse
    celler = {
        "art": haendelse.entitet.value,
        "type": str(haendelse.type),
        "ændring": _AENDRING[haendelse.aendringstype],
        "slut": "" if haendelse.slut is None else "ja",
        "myndighed": spil.ensemble.besaetning.myndighed(haendelse.myndighed) or f"en anden: {haendelse.myndighed}",
    }
    return [celler[kolonne] for kolonne in hoved]


def _afvigelser(rapporter: list[Rapport]) -> list[Afvigelse]:
    return [en for fundne in rapporter[-1].afvigelser.values() for en in fundne]


def _afvigelse(spil: Spil, en: Afvigelse, hoved: Sequence[str]) -> list[str]:
    celler = {
        "domæne": en.domaene,
        "afvigelse": en.slags.dansk,
        "art": en.art.value,
        "vores": "" if en.vores is None else str(en.vores),
        "deres": "" if en.deres is None else str(en.deres),
        "hændelse": _haendelse(spil, en),
    }
    return [celler[kolonne] for kolonne in hoved]


def _haendelse(spil: Spil, en: Afvigelse) -> str:
    """Say what the event told that the divergence names."""
    for sendt in spil.ensemble.laeser.haendelser(en.domaene, 0):
        if sendt.nr == en.haendelse_nr:
            lig("afvigelsens hændelse er", sendt.haendelse.haendelse_id, en.haendelse_id)
            return f"{sendt.haendelse.type} {_AENDRING[sendt.haendelse.aendringstype]}"
    return ""
