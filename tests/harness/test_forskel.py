"""Two runs are held against each other, and a run against the differences that were expected of it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from boejet import kommando

from byggeklodser import NU
from generalproeve.forloeb import Forloeb, Ramme, Sceneforloeb
from generalproeve.rapport import forventet
from generalproeve.rapport.forskel import Slags, forskelle
from generalproeve.rapport.laesning import Koert, Laest
from generalproeve.scenenavne import scenenavne
from generalproeve.udfald import Udfald

REFERENCEN, BOEJEDE = "vos_reference.bootstrap:byg", "misdaedere:accepterer_fremtidig_slutdato"
VALG = "Fremtidig slutdato i 2024-4"
EGENSKAB = "De nye valideringer 100028 og 100029, og fra hvilken udgave de gælder på hvilken kanal"
PRS, PVS = (f"{VALG} via {kanal} afvises" for kanal in ("PRS", "PVS"))
ANDEN = "Fremtidig slutdato i 2025-1 via PVS afvises"


@pytest.fixture(scope="module")
def mappe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs: `god` and `ond` of the same two scenes, `anden` of a third."""
    mappe = tmp_path_factory.mktemp("koersler")
    kommando(REFERENCEN, "test", "embedded:", "-k", VALG, "--out", "god", mappe=mappe)
    kommando(BOEJEDE, "test", "embedded:", "-k", VALG, "--out", "ond", mappe=mappe, kode=1)
    kommando(REFERENCEN, "test", "embedded:release=2025-1", "-k", ANDEN, "--out", "anden", mappe=mappe)
    return mappe


def test_to_ens_koersler(mappe: Path) -> None:
    assert kommando("-", "report", "diff", "god", "god", mappe=mappe).stdout == "0 af 2 scener er ikke som før\n"


def test_en_scene_der_brydes_og_en_der_rettes(mappe: Path) -> None:
    brudt = kommando("-", "report", "diff", "god", "ond", mappe=mappe, kode=1).stdout
    assert f"værre: {EGENSKAB}: {PRS}: bestået -> brud  kaldet blev modtaget og skulle" in brudt
    assert brudt.endswith("2 af 2 scener er ikke som før\n")
    rettet = kommando("-", "report", "diff", "ond", "god", mappe=mappe, kode=1).stdout
    assert f"bedre: {EGENSKAB}: {PVS}: brud -> bestået" in rettet


def test_nye_scener_og_scener_der_er_vaek_og_hvad_der_blev_spillet_paa(mappe: Path) -> None:
    svar = json.loads(
        kommando("-", "report", "diff", "god", "anden/journal.ndjson", "--json", mappe=mappe, kode=1).stdout
    )
    assert {(en["kind"], en["scene"], en["before"], en["after"]) for en in svar["scenes"]} == {
        ("ny", ANDEN, None, "passed"), ("væk", PRS, "passed", None), ("væk", PVS, "passed", None),
    }  # fmt: skip
    assert {"what": "udgave", "before": "2024-4", "after": "2025-1"} in svar["played_on"]


def test_det_der_ikke_er_en_koersel_siges(mappe: Path) -> None:
    assert "findes-ikke" in kommando("-", "report", "diff", "god", "findes-ikke", mappe=mappe, kode=2).stderr
    (mappe / "forkert.ndjson").write_text("{}\n", "utf-8")
    assert (
        "forkert.ndjson: not the journal"
        in kommando("-", "report", "show", "forkert.ndjson", mappe=mappe, kode=2).stderr
    )


def koert(**udfald: Udfald) -> Koert:
    return Koert(
        {}, {("E", navn, 0): Laest(en, "fordi" if en != "passed" else "", 1) for navn, en in udfald.items()}, True
    )


@pytest.mark.parametrize(
    ("foer", "nu", "slags"),
    [
        (Udfald.PASSED, Udfald.FAILED, Slags.VAERRE),
        (Udfald.PASSED, Udfald.OMITTED, Slags.VAERRE),
        (Udfald.ERRORED, Udfald.FAILED, Slags.VAERRE),
        (Udfald.OMITTED, Udfald.ERRORED, Slags.VAERRE),
        (Udfald.FAILED, Udfald.ERRORED, Slags.BEDRE),
        (Udfald.FAILED, Udfald.OMITTED, Slags.BEDRE),
        (Udfald.OMITTED, Udfald.PASSED, Slags.BEDRE),
        (Udfald.SKIPPED, Udfald.OMITTED, Slags.ANDERLEDES),
    ],
)
def test_hvad_der_er_vaerre_og_bedre(foer: Udfald, nu: Udfald, slags: Slags) -> None:
    assert [en.slags for en in forskelle(koert(a=foer), koert(a=nu))] == [slags]
    assert forskelle(koert(a=nu), koert(a=nu)) == []


def fil(mappe: Path, *poster: tuple[str, str, str, str]) -> str:
    (mappe / "forventet.toml").write_text(
        "\n".join(
            f'[[difference]]\nfeature = "{EGENSKAB}"\nscene = "{scene}"\nverdict = "{udfald}"\nreason = "{grund}"\n'
            + (f'contains = "{indhold}"\n' if indhold else "")
            for scene, udfald, grund, indhold in poster
        ),
        "utf-8",
    )
    return "forventet.toml"


SAG = "sag 1234 hos STAR"
BEGGE = ((PRS, "failed", SAG, "100028"), (PVS, "failed", SAG, ""))


def test_det_forventede_taales_og_staar_i_rapporterne(tmp_path: Path) -> None:
    resultat = kommando(
        BOEJEDE, "test", "embedded:", "-k", VALG, "--expect", fil(tmp_path, *BEGGE), "--out", "ud", mappe=tmp_path
    )
    assert f"FORVENTET: {PVS}: brud, fordi {SAG}" in resultat.stdout
    assert SAG in (tmp_path / "ud" / "report.html").read_text("utf-8")
    rod = ET.parse(tmp_path / "ud" / "junit.xml").getroot()
    assert (rod.get("failures"), rod.get("skipped")) == ("0", "2")
    assert all(SAG in str(en.get("message")) for en in rod.iter("skipped"))


@pytest.mark.parametrize(
    ("bygger", "poster", "siger"),
    [
        (REFERENCEN, BEGGE, f"FORÆLDET FORVENTNING: {EGENSKAB}: {PVS}: came out as: passed"),
        (BOEJEDE, BEGGE[:1], ""),
        (BOEJEDE, (BEGGE[0], (PVS, "failed", SAG, "4404")), f"{PVS}: came out as: failed kaldet blev modtaget"),
        (BOEJEDE, (BEGGE[0], (PVS, "errored", SAG, "")), f"{PVS}: came out as: failed kaldet blev modtaget"),
    ],
)
def test_en_foraeldet_forventning_og_et_uventet_brud_faelder_koerslen(
    bygger: str, poster: tuple[tuple[str, str, str, str], ...], siger: str, tmp_path: Path
) -> None:
    flag = ("test", "embedded:", "-k", VALG, "--expect", fil(tmp_path, *poster))
    assert siger in kommando(bygger, *flag, mappe=tmp_path, kode=1).stdout


def test_den_der_ikke_var_valgt_er_ikke_foraeldet(tmp_path: Path) -> None:
    flag = ("test", "embedded:", "-k", PRS, "--expect", fil(tmp_path, *BEGGE))
    assert "FORÆLDET" not in kommando(BOEJEDE, *flag, mappe=tmp_path).stdout


@pytest.mark.parametrize(
    ("post", "siger"),
    [
        (
            ("Fremtidig slutdato i 2024-4 via PRS afvisse", "failed", SAG, ""),
            f"there is no such scene; the nearest is {EGENSKAB}",
        ),
        ((PRS, "failed", " ", ""), "reason: must say why"),
        ((PRS, "passed", SAG, ""), "verdict: passed is no difference"),
        ((PRS, "gal", SAG, ""), "Invalid enum value 'gal'"),
    ],
)
def test_en_fil_der_ikke_holder_spilles_der_ikke_paa(
    post: tuple[str, str, str, str], siger: str, tmp_path: Path
) -> None:
    resultat = kommando(REFERENCEN, "test", "--expect", fil(tmp_path, post), mappe=tmp_path, kode=2)
    assert siger in resultat.stderr
    assert "scener på" not in resultat.stdout


def test_filen_kan_skrives_af_en_koersel_og_mangler_kun_grundene(mappe: Path, tmp_path: Path) -> None:
    skrevet = kommando("-", "report", "expect", "ond", mappe=mappe).stdout
    (tmp_path / "f.toml").write_text(skrevet, "utf-8")
    assert "must say why" in kommando(REFERENCEN, "test", "--expect", "f.toml", mappe=tmp_path, kode=2).stderr
    (tmp_path / "f.toml").write_text(skrevet.replace('reason = ""', f'reason = "{SAG}"'), "utf-8")
    kommando(BOEJEDE, "test", "embedded:", "-k", VALG, "--expect", "f.toml", mappe=tmp_path)


def test_scenernes_navne_er_dem_rapporten_har() -> None:
    kendte = list(scenenavne())
    assert len(kendte) > 400
    assert {(EGENSKAB, PRS), (EGENSKAB, PVS), (EGENSKAB, ANDEN)} <= set(kendte)


def test_en_scene_der_aldrig_blev_spillet_faelder_koerslen() -> None:
    ramme = Ramme("t", "2024-4", "converter", NU, "0", "h", None, ())
    spillet = Sceneforloeb("E", "a", (), {}, [], udfald=Udfald.PASSED)
    post = forventet.Forventning("E", "b", Udfald.FAILED, SAG)
    opgjort = forventet.opgoer(Forloeb(ramme, [spillet], i_alt=2), [post])
    assert [(en.scene, hvorfor) for en, hvorfor in opgjort.foraeldede] == [("b", "never ran")]
    assert list(opgjort.linjer())[-1] == "1 scener blev aldrig spillet"
