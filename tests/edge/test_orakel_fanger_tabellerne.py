"""A recipients' table with a row too few or too many: the oracle, which does not read the tables, names what follows."""

from __future__ import annotations

from typing import Any

import pytest
from forestilling import (
    DUBLET,
    EKSTRA,
    KG,
    MANGLER,
    PC,
    WA,
    WJ,
    A,
    Forestilling,
    Fundne,
    J,
    fundne,
)

import vos_reference.application.gem as gem
import vos_reference.application.levering as levering
from byggeklodser import kontrakt
from vos_contracts.koder.wsb import Wsbregel
from vos_contracts.koder.wsrm import Beskedtype, Modtagerregel, Modtagerrolle, Naar
from vos_contracts.model.registration import Art
from vos_simulators.oracle.expected import DOMAENER, V1, V5

V1_, V5_ = Beskedtype.PERSONKATEGORI_V1, Beskedtype.KONTAKTGRUPPE_V5


def _andre_regler(patch: pytest.MonkeyPatch, sted: Any, navn: str, uden: Any = None, med: Any = None) -> None:
    """Let the sender read its recipients' table so, its last argument."""
    aegte = getattr(sted, navn)

    def boejet(*andet: Any) -> Any:
        return aegte(*andet[:-1], (*(en for en in andet[-1] if en != uden), *([] if med is None else [med])))

    patch.setattr(sted, navn, boejet)


ENHVER_J, ENHVER_A = "1 2 3 4 5 6 7 8 nat", {13: "2", 23: "4"}
LUKNING = {Naar.SKIFTER_FRA: "6", Naar.LUKKER_HELT: "8"}
WSRM = [en for en in kontrakt().wsrm_modtagere if en.naar is not Naar.CPRSKIFT]
WSB = kontrakt().wsb_modtagere


def aarsager(regel: Modtagerregel | Wsbregel, art: Art) -> str:
    """Name what this row is there for: everything, or one of the fund's four cases."""
    if regel.rolle is Modtagerrolle.JOBCENTER:
        return ENHVER_J if art is KG else "1 4 6 8 nat"
    assert regel.kontaktgruppe is not None
    return LUKNING.get(regel.naar) or ENHVER_A[regel.kontaktgruppe]


def test_tabellerne_har_de_raekker_som_epicen_giver() -> None:
    assert (len(WSRM), len(WSB), sum(map(len, DOMAENER.values()))) == (7, 6, 5)


@pytest.mark.parametrize("regel", WSRM, ids=str)
def test_en_raekke_for_lidt_i_wsrm_savnes(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, regel: Modtagerregel
) -> None:
    _andre_regler(monkeypatch, gem, "udkast", uden=regel)
    hvem = J if regel.rolle is Modtagerrolle.JOBCENTER else A
    art = PC if regel.besked is V1_ else KG
    assert fundne(forestilling.spil()) == {(MANGLER, hvem, regel.besked): aarsager(regel, art)}


@pytest.mark.parametrize("regel", WSB, ids=str)
def test_en_raekke_for_lidt_i_wsb_savnes(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, regel: Wsbregel
) -> None:
    _andre_regler(monkeypatch, levering, "wsbudkast", uden=regel)
    hvem = WJ if regel.rolle is Modtagerrolle.JOBCENTER else WA
    navn = kontrakt().wsb_entiteter[regel.art].navn
    assert fundne(forestilling.spil()) == {(MANGLER, hvem, navn): aarsager(regel, regel.art)}


@pytest.mark.parametrize(
    ("regel", "ventet"),
    [
        (Modtagerregel(V1_, Modtagerrolle.AKASSE, Naar.ENHVER, None), {(EKSTRA, A, V1): "1 4 6 8 nat"}),
        (Modtagerregel(V5_, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 25), {(EKSTRA, A, V5): "5 7"}),
        (Modtagerregel(V5_, Modtagerrolle.AKASSE, Naar.SKIFTER_FRA, 13), {(EKSTRA, A, V5): "3"}),
        (Modtagerregel(V5_, Modtagerrolle.AKASSE, Naar.SKIFTER_FRA, 12), {(EKSTRA, A, V5): "nat"}),
        (Modtagerregel(V5_, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 13), {(DUBLET, A, V5): "2"}),
    ],
    ids=str,
)
def test_en_raekke_for_meget_i_wsrm_er_ekstra(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, regel: Modtagerregel, ventet: Fundne
) -> None:
    _andre_regler(monkeypatch, gem, "udkast", med=regel)
    assert fundne(forestilling.spil()) == ventet


@pytest.mark.parametrize(("domaene", "art"), [(en, art) for en, arter in DOMAENER.items() for art in arter])
def test_et_domaene_der_ikke_hoerer_savner(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, domaene: str, art: Art
) -> None:
    aegte = gem.haendelsesudkast
    monkeypatch.setattr(
        gem,
        "haendelsesudkast",
        lambda haendelser, alle: aegte(haendelser, {**alle, domaene: alle[domaene] - {art}}),
    )
    ventet = f"0 {ENHVER_J}" if art is KG else "1 4 6 8 nat"
    assert fundne(forestilling.spil()) == {(MANGLER, f"{domaene} (hændelse)", art.value): ventet}


def test_et_domaene_der_hoerer_for_meget_faar_det_at_vide(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch
) -> None:
    aegte = gem.haendelsesudkast
    monkeypatch.setattr(
        gem, "haendelsesudkast", lambda haendelser, alle: aegte(haendelser, {**alle, "Virksomhedsindsats": {KG, PC}})
    )
    assert fundne(forestilling.spil()) == {(EKSTRA, "Virksomhedsindsats (hændelse)", "personkategori"): "1 4 6 8 nat"}
