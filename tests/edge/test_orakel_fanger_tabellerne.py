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

import vos_reference.application.registration as registration
from byggeklodser import kontrakt
from vos_contracts.koder.recipients import Beskedtype, Modtagerrolle, Naar, RecipientRule, WsbRule, WsrmRule
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
WSRM = [en for en in kontrakt().wsrm_recipients if en.naar is not Naar.CPRSKIFT]
WSB = kontrakt().wsb_recipients


def aarsager(regel: WsrmRule | WsbRule, art: Art) -> str:
    """Name what this row is there for: everything, or one of the fund's four cases."""
    if regel.recipient is Modtagerrolle.JOBCENTER:
        return ENHVER_J if art is KG else "1 4 6 8 nat"
    assert regel.kontaktgruppe is not None
    return LUKNING.get(regel.naar) or ENHVER_A[regel.kontaktgruppe]


def test_tabellerne_har_de_raekker_som_epicen_giver() -> None:
    assert (len(WSRM), len(WSB), sum(map(len, DOMAENER.values()))) == (7, 6, 5)


@pytest.mark.parametrize("regel", WSRM, ids=str)
def test_en_raekke_for_lidt_i_wsrm_savnes(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, regel: WsrmRule
) -> None:
    _andre_regler(monkeypatch, registration, "wsrm_drafts", uden=regel)
    hvem = J if regel.recipient is Modtagerrolle.JOBCENTER else A
    art = PC if regel.subject is V1_ else KG
    assert fundne(forestilling.spil()) == {(MANGLER, hvem, regel.subject): aarsager(regel, art)}


@pytest.mark.parametrize("regel", WSB, ids=str)
def test_en_raekke_for_lidt_i_wsb_savnes(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, regel: WsbRule
) -> None:
    _andre_regler(monkeypatch, registration, "wsb_drafts", uden=regel)
    hvem = WJ if regel.recipient is Modtagerrolle.JOBCENTER else WA
    navn = kontrakt().wsb_entiteter[regel.subject].navn
    assert fundne(forestilling.spil()) == {(MANGLER, hvem, navn): aarsager(regel, regel.subject)}


@pytest.mark.parametrize(
    ("regel", "ventet"),
    [
        (RecipientRule(V1_, Modtagerrolle.AKASSE, Naar.ENHVER, None), {(EKSTRA, A, V1): "1 4 6 8 nat"}),
        (RecipientRule(V5_, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 25), {(EKSTRA, A, V5): "5 7"}),
        (RecipientRule(V5_, Modtagerrolle.AKASSE, Naar.SKIFTER_FRA, 13), {(EKSTRA, A, V5): "3"}),
        (RecipientRule(V5_, Modtagerrolle.AKASSE, Naar.SKIFTER_FRA, 12), {(EKSTRA, A, V5): "nat"}),
        (RecipientRule(V5_, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 13), {(DUBLET, A, V5): "2"}),
    ],
    ids=str,
)
def test_en_raekke_for_meget_i_wsrm_er_ekstra(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, regel: WsrmRule, ventet: Fundne
) -> None:
    _andre_regler(monkeypatch, registration, "wsrm_drafts", med=regel)
    assert fundne(forestilling.spil()) == ventet


@pytest.mark.parametrize(("domaene", "art"), [(en, art) for en, arter in DOMAENER.items() for art in arter])
def test_et_domaene_der_ikke_hoerer_savner(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, domaene: str, art: Art
) -> None:
    _andre_regler(monkeypatch, registration, "event_drafts", uden=RecipientRule(art, domaene))
    ventet = f"0 {ENHVER_J}" if art is KG else "1 4 6 8 nat"
    assert fundne(forestilling.spil()) == {(MANGLER, f"{domaene} (hændelse)", art.value): ventet}


def test_et_domaene_der_hoerer_for_meget_faar_det_at_vide(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_meget = RecipientRule(PC, "Virksomhedsindsats")
    _andre_regler(monkeypatch, registration, "event_drafts", med=for_meget)
    assert fundne(forestilling.spil()) == {(EKSTRA, "Virksomhedsindsats (hændelse)", "personkategori"): "1 4 6 8 nat"}
