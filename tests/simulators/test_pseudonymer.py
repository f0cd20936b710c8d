from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from vos_contracts.model.cpr import SYNTETISK_REST, foedselsdato, kan_tilhoere_nogen, rest_11
from vos_simulators.bi.pseudonyms import Noeglefejl, Pseudonymer
from vos_simulators.people import Folk

DAG = date(2024, 11, 18)
NOEGLE = b"proeve: en noegle paa mindst 16 bytes"


def alder(foedt: date, dag: date) -> int:
    return dag.year - foedt.year - ((dag.month, dag.day) < (foedt.month, foedt.day))


def folk(antal: int = 600) -> list[str]:
    en = Folk(7)
    return [en.ny(nummer % 75 + 16, DAG).cpr for nummer in range(antal)]


def foedt(cpr: str) -> date:
    dag = foedselsdato(cpr)
    assert dag is not None
    return dag


def test_numrene_kan_ikke_tilhoere_nogen_og_er_hverken_ens_eller_nogens_egne() -> None:
    originaler, alle = folk(), Pseudonymer(NOEGLE, DAG)
    pseudonymer = [alle.cpr(cpr) for cpr in originaler]
    assert [cpr for cpr in pseudonymer if kan_tilhoere_nogen(cpr) or foedselsdato(cpr) is None] == []
    assert len(set(pseudonymer)) == len(originaler)
    assert set(pseudonymer).isdisjoint(originaler)


def test_alle_af_en_dag_faar_hver_sit() -> None:
    """Every synthetic citizen there can be with these birth dates: no two pseudonyms meet, by construction."""
    alle = Pseudonymer(NOEGLE, DAG)
    dage = [date(1984, 3, 2), date(1984, 3, 3), date(1999, 5, 1)]
    numre = [
        cpr
        for dag, ciffer, loebenummer in product(dage, range(10), range(1000))
        if foedselsdato(cpr := f"{dag:%d%m%y}{ciffer}{loebenummer:03d}") == dag and rest_11(cpr) in SYNTETISK_REST
    ]
    assert len(numre) > 5000
    assert len({alle.cpr(cpr) for cpr in numre}) == len(numre)
    assert not alle.moedte_fremmede


@pytest.mark.parametrize("referencedag", [DAG, date(2024, 2, 29), date(2025, 1, 1), date(2024, 12, 31)])
def test_alle_bliver_paa_deres_side_af_tredive(referencedag: date) -> None:
    """Whoever has filled 30 keeps the age in years; a younger one keeps the month of birth, and so of the 30th birthday."""
    alle, en = Pseudonymer(NOEGLE, referencedag), Folk(9)
    for aar, skub in product((18, 29, 30, 31, 45, 64), range(-40, 41, 4)):
        cpr = en.ny(aar, referencedag + timedelta(days=skub)).cpr
        foer, efter = foedt(cpr), foedt(alle.cpr(cpr))
        gammel, ny = alder(foer, referencedag), alder(efter, referencedag)
        assert (gammel >= 30) is (ny >= 30), f"{foer} -> {efter}"
        if gammel >= 30:
            assert gammel == ny
        else:
            assert (foer.year, foer.month) == (efter.year, efter.month)


@pytest.mark.parametrize("referencedag", [DAG, date(2024, 6, 30), date(2024, 1, 2)])
def test_ogsaa_de_der_fylder_tredive_i_referencedagens_maaned(referencedag: date) -> None:
    """The month of the 30th birthday is cut at the day itself: nobody of either side stands for one of the other."""
    alle = Pseudonymer(NOEGLE, referencedag)
    for dag, loebenummer in product(range(2, 31), range(0, 1000, 97)):
        foer = date(referencedag.year - 30, referencedag.month, dag)
        cpr = next(
            c for n in range(1000) if rest_11(c := f"{foer:%d%m%y}0{(loebenummer + n) % 1000:03d}") in SYNTETISK_REST
        )
        efter = foedt(alle.cpr(cpr))
        assert (alder(foer, referencedag) >= 30) is (alder(efter, referencedag) >= 30), f"{foer} -> {efter}"


def test_samme_noegle_samme_pseudonym_og_en_anden_noegle_et_andet() -> None:
    originaler = folk(50)
    foerste, anden, tredje = (
        list(map(Pseudonymer(noegle, DAG).cpr, originaler)) for noegle in (NOEGLE, NOEGLE, NOEGLE + b"!")
    )
    assert foerste == anden
    assert [en for en, to in zip(foerste, tredje, strict=True) if en == to] == []
    assert Pseudonymer(NOEGLE, DAG).fingeraftryk != Pseudonymer(NOEGLE + b"!", DAG).fingeraftryk


def test_id_er_er_uuid_er_for_hver_slags() -> None:
    en = Pseudonymer(NOEGLE, DAG)
    assert en.id("borger", "x") == en.id("borger", "x")
    assert len({en.id("borger", "x"), en.id("registrering", "x"), en.id("borger", "y")}) == 3
    assert en.id("borger", "x")[14] == "8"


def test_et_nummer_der_ikke_er_vores_drages_og_meldes() -> None:
    en = Pseudonymer(NOEGLE, DAG)
    anden_rest = next(cpr for n in range(1000) if rest_11(cpr := f"0203840{n:03d}") not in {0, *SYNTETISK_REST})
    for cpr in (anden_rest, "0101304005"):  # the second is born on 1 January, and in 2030
        pseudonym = en.cpr(cpr)
        assert en.moedte_fremmede
        assert not kan_tilhoere_nogen(pseudonym)
        assert alder(foedt(pseudonym), DAG) == alder(foedt(cpr), DAG)


def test_doedsdagen_bliver_maaneden_og_aldrig_foer_foedslen() -> None:
    en = Pseudonymer(NOEGLE, DAG)
    assert en.doed(None, DAG) is None
    assert en.doed(date(2024, 3, 17), date(1950, 1, 2)) == date(2024, 3, 1)
    assert en.doed(date(2024, 3, 17), date(2024, 3, 9)) == date(2024, 3, 9)


def test_en_kort_noegle_afvises() -> None:
    with pytest.raises(Noeglefejl, match="the key has 5 bytes and must have at least 16"):
        Pseudonymer(b"12345", DAG)
