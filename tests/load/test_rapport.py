from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from vos_load import dom, opgoerelse, rapport, resultat
from vos_load.optagelse import Optagelse
from vos_load.profil import Graense, Maal
from vos_load.resultat import Nattens, Resultat


@pytest.fixture
def koersel() -> Resultat:
    optagelse = Optagelse(120.0)
    for nummer in range(200):
        optagelse.forfalden(nummer / 2, 1.0, 100.0)
        optagelse.kaldt(nummer / 2, "laes_status", "rest", 2.0 + nummer % 7, 3.0, "")
        optagelse.kaldt(nummer / 2, "laes_historik", "converter", 4.0 + nummer % 7, 5.0, "")
    optagelse.kaldt(3.0, "laes_status", "rest", 1.0, None, "status 400 med <script>alert(1)</script>")
    for runde in range(8):
        optagelse.blok(runde, "laes_historik", "rest", [2.0, 2.1])
        optagelse.blok(runde, "laes_historik", "converter", [6.0, 6.3])
    taget = optagelse.tag()
    hele = opgoerelse.maalinger(taget)
    return dom.doem(
        Resultat(
            profile="p", title="En titel", about="Om den", source="Epic", workload="aaben",
            stage={"target": "reference 2024-4", "release": "2024-4", "contract": "abc", "latency": "epic"},
            machine={"python": "3"}, seed=7, started="2026-01-01", seconds=100.0, calls=401, errors=1,
            error_reasons=taget.grunde, operations=hele, ratios=opgoerelse.forholdstal(taget.blokke, 1),
            ratios_without_line=[], line_ms=None, converter_parts_ms={"parse": 0.1, "rest": 0.7},
            offer=opgoerelse.tilbud(taget), series=opgoerelse.serie(taget),
            memory_mib=[(0, 90), (1, 91), (2, 92)], nightly=Nattens(begun=1, ended=2, seen=10, changed=3),
            distributions=opgoerelse.fordelinger(taget), blocks=taget.blokke,
        ),
        [Graense(what=Maal.FEJL, max=0)],
    )  # fmt: skip


def test_siden_behoever_intet_uden_for_sig_selv(koersel: Resultat) -> None:
    side = rapport.html(koersel)
    fremmede = {en for en in re.findall(r"(?:src|href)=\"([^\"]+)\"", side) if not en.startswith("#")}
    assert fremmede == set()
    assert "@import" not in side
    assert side.count("<svg") == 6


def test_siden_svarer_med_tallet_og_dets_interval(koersel: Resultat) -> None:
    side = rapport.html(koersel)
    assert "SOAP gennem konverteren er <b>3.00</b> gange så langsom som REST" in side
    assert "epikken forventer ca. 100" in side
    assert "svartidsmodel: epic" in side, "a model of latency is on every report"


def test_hvad_et_maal_siger_kan_ikke_koere_i_siden(koersel: Resultat) -> None:
    side = rapport.html(koersel)
    assert "<script" not in side
    assert "&lt;script&gt;alert(1)" in side


def test_domme_staar_i_siden(koersel: Resultat) -> None:
    assert 'class="overskredet">overskredet' in rapport.html(koersel)


def test_resultatet_kan_laeses_igen(koersel: Resultat, tmp_path: Path) -> None:
    fil = tmp_path / resultat.FIL
    fil.write_bytes(msgspec.json.encode(koersel))
    assert resultat.laes(tmp_path) == koersel == resultat.laes(fil)


@pytest.mark.parametrize("indhold", [b"", b"{}", b"[1]"], ids=["tom", "uden felter", "liste"])
def test_en_fil_der_ikke_er_et_resultat_naevnes(tmp_path: Path, indhold: bytes) -> None:
    (tmp_path / resultat.FIL).write_bytes(indhold)
    with pytest.raises(ValueError, match=r"result\.json: is not the result of a load run"):
        resultat.laes(tmp_path)
    with pytest.raises(ValueError, match="findes: is not"):
        resultat.laes(tmp_path / "findes")
