"""A run through the real command: reports, exit codes, and what a planted breach looks like."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from fjernscene import certifikater
from processer import scene_i_proces

from byggeklodser import NU
from generalproeve.base.masking import masker
from generalproeve.bevis import Kaldsbevis
from generalproeve.forloeb import Forloeb, Ramme, Sceneforloeb, Trin
from generalproeve.journal import KROP_LOFT, Journalskriver
from generalproeve.konsol import brud, sammendrag, som_json
from generalproeve.rapport.junit import junit
from generalproeve.rapport.side import html
from generalproeve.udfald import Udfald, samlet
from vos_contracts import krav
from vos_contracts.wire.base import Kald, Svar

CPR = "0203840021"
RAMME = Ramme("reference 2024-4", "2024-4", "converter", NU, "0.1.0", "abc", None, ())


def kommando(*flag: str, mappe: Path, kode: int) -> subprocess.CompletedProcess[str]:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "test", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
        env={**os.environ, "COLUMNS": "200"},  # noqa: TID251 - the child's terminal width
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout + resultat.stderr
    return resultat


def test_et_krav_spilles_og_rapporteres(tmp_path: Path) -> None:
    resultat = kommando("--krav", "test_4_pc_wsrm_v1", "--out", "ud", mappe=tmp_path, kode=0)
    linjer = resultat.stdout.splitlines()
    antal = int(linjer[0].removesuffix(" scener på reference 2024-4"))
    assert antal >= 14
    assert any("[8/10100: PC1 8, 8/10100: PC1 5]" in linje for linje in linjer)
    assert linjer[-2].startswith(f"{antal} scener: {antal} bestået på ")
    junit = ET.parse(tmp_path / "ud" / "junit.xml").getroot()
    tilfaelde = list(junit.iter("testcase"))
    assert len(tilfaelde) == antal
    scene = next(en for en in tilfaelde if en.get("classname") == "WSRM-beskeder om personkategori")
    assert str(scene.get("name")).startswith("jobcentret registrerer en personkategori via PRS")
    egenskaber = {(en.get("name"), en.get("value")) for en in scene.iter("property")}
    assert ("krav", "test_4_pc_wsrm_v1") in egenskaber
    poster = [json.loads(linje) for linje in (tmp_path / "ud" / "journal.ndjson").read_text("utf-8").splitlines()]
    assert [post["nr"] for post in poster] == list(range(1, len(poster) + 1))
    assert {post["art"] for post in poster} == {"begyndt", "trin", "kald", "besked_hentet", "udfald", "sluttet"}
    assert poster[0]["kontrakt"]
    assert sum(post["art"] == "udfald" and post["udfald"] == "passed" for post in poster) == antal
    udfald = [post for post in poster if post["art"] == "udfald"]
    antaget = next(post["antagne_navne"] for post in udfald if post["scene"] == scene.get("name"))
    assert set(antaget) == {"PersonRegistrationService", "REST", "WsrmService", "WsrmMessageService"} - {"REST"}
    assert antaget["PersonRegistrationService"] > 0
    side = (tmp_path / "ud" / "report.html").read_text("utf-8")
    assert re.search(r"hviler på \d+ antagelser", side)
    assert krav.indlaes()["test_4_pc_wsrm_v1"].tekst in side.replace("&#39;", "'")
    assert re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//""", side) is None, "the page must hold all it shows"
    for fil in ("report.html", "journal.ndjson", "junit.xml"):
        tekst = (tmp_path / "ud" / fil).read_text("utf-8")
        assert masker(tekst) == tekst, f"{fil} shows a CPR number whole"


def test_json_til_maskiner(tmp_path: Path) -> None:
    resultat = kommando("embedded:release=2025-1", "-k", "fremtidig", "--json", mappe=tmp_path, kode=0)
    svar = json.loads(resultat.stdout)
    assert (svar["release"], svar["verdict"], svar["counts"]["failed"]) == ("2025-1", "passed", 0)
    assert len(svar["scenes"]) == svar["counts"]["passed"] >= 7
    assert Path(tmp_path / svar["files"]["junit.xml"]).is_file()


def test_filens_certifikater_gaelder_ikke_den_scene_som_koerslen_selv_starter(tmp_path: Path) -> None:
    certifikater(tmp_path)
    stage = '[stage]\ntls_certificate = "server.pem"\ntls_key = "server.key"\nclient_ca = "ca.pem"\n'
    (tmp_path / "generalproeve.toml").write_text(stage, "utf-8")
    flag = ("embedded:", "-k", "En fejlagtig kontaktgruppe slettes", "--json", "--out", "ud")
    (scenen,) = json.loads(kommando(*flag, mappe=tmp_path, kode=0).stdout)["scenes"]
    assert scenen["verdict"] == "passed"


def test_scener_vaelges_paa_det_navn_tabellen_viser(tmp_path: Path) -> None:
    resultat = kommando("-k", "OVERGÅR til kontaktgruppe 23 via PVS", "--json", mappe=tmp_path, kode=0)
    assert [en["scene"] for en in json.loads(resultat.stdout)["scenes"]] == [
        "A-kassen får besked om et medlem, der overgår til kontaktgruppe 23 via PVS"
    ] * 2


def test_i_en_udgave_uden_soap_og_wsrm_udelades_scenerne_med_grund(tmp_path: Path) -> None:
    resultat = kommando("embedded:release=2025-2", "--json", mappe=tmp_path, kode=0)
    scener = json.loads(resultat.stdout)["scenes"]
    udeladte = [en for en in scener if en["verdict"] == "omitted"]
    assert {en["verdict"] for en in scener} == {"passed", "omitted"}
    assert {en["reason"] for en in udeladte} == {
        "PersonRegistrationService er udgået i 2025-2", "WSRM er udgået i 2025-2",
    }  # fmt: skip
    junit = ET.parse(tmp_path / "rehearsal" / "junit.xml").getroot()
    assert junit.get("skipped") == str(len(udeladte)) == str(len(list(junit.iter("skipped"))))
    assert junit.get("failures") == junit.get("errors") == "0"


@pytest.mark.parametrize(
    ("flag", "kode", "tekst"),
    [
        (["-k", "findesikke"], 5, ""),
        (["-k", "and and"], 5, ""),
        (["--db", "findes/ikke/x.db"], 2, "unable to open database file"),
        (["--out", "/proc/x"], 2, "/proc/x: No such file or directory"),
        (["--krav", "findes_ikke"], 2, "--krav findes_ikke: no such requirement"),
        (["http://127.0.0.1:1"], 3, "generalproeve: target http://127.0.0.1:1: "),
        (["embedded"], 2, "target 'embedded': must be embedded:"),
        (["embedded:udgave=1"], 2, "'udgave=1' is not release=RELEASE"),
        (["embedded:release=2030-1"], 2, "udgave '2030-1' findes ikke"),
        (["embedded:backend=x"], 2, "backend: must be classic or converter, not 'x'"),
        (["--ukendt"], 4, "No such option"),
        (["--cast-deadline", "-1"], 4, "--cast-deadline"),
    ],
)
def test_udgangskoder(tmp_path: Path, flag: list[str], kode: int, tekst: str) -> None:
    assert tekst in kommando(*flag, mappe=tmp_path, kode=kode).stderr


def scene(udfald: Udfald, forklaring: str = "") -> Sceneforloeb:
    kald = Kald("POST", "/sti", {"x-userfullname": "<script>alert(1)</script>", "x-cpr": CPR}, b'{"cpr":"0203840021"}')
    trin = Trin(
        "Så er registreringen modtaget",
        udfald,
        forklaring,
        [Kaldsbevis(kald, Svar(400, {}, b"<b>nej</b> 0203840021 020384-0021"), 0.01)],
    )
    return Sceneforloeb(
        "Egenskab", "En scene", ("test_1_kg_registrering_laesning",), {"kanal": "PRS", "registrant": "STAR"}, [trin],
        udfald, forklaring,
    )  # fmt: skip


def test_et_brud_siges_i_klart_sprog() -> None:
    forloeb = Forloeb(RAMME, [scene(Udfald.FAILED, f"borger {CPR} har [4644]"), scene(Udfald.PASSED)], 2, 1.25)
    assert brud(forloeb) == [
        "BRUD: En scene", "  Så er registreringen modtaget", "  borger 020384xxxx har [4644]",
    ]  # fmt: skip
    assert sammendrag(forloeb) == "2 scener: 1 brud, 1 bestået på 1.2 s (reference 2024-4)"
    assert json.loads(som_json(forloeb, {}))["verdict"] == "failed"


def test_intet_i_rapporten_koerer_eller_roeber_et_cpr_nummer() -> None:
    side = html(Forloeb(RAMME, [scene(Udfald.FAILED, "<img src=x onerror=alert(1)>")], 1))
    assert "<script>alert(1)" not in side
    assert "<img src=x" not in side
    assert "<b>nej</b>" not in side
    assert CPR not in side
    assert "020384-0021" not in side
    assert "020384xxxx" in side


def test_junit_har_hvert_udfald_og_roeber_intet() -> None:
    alle = [scene(udfald, f"borger {CPR} \x00") for udfald in Udfald]
    rod = ET.fromstring(junit(Forloeb(RAMME, alle, len(alle), indsamlingsfejl=["kan ikke læses"])))
    assert [(en.get("tests"), en.get("failures"), en.get("errors"), en.get("skipped")) for en in rod.iter("testsuite")] == [
        ("5", "1", "1", "2"), ("1", "0", "1", "0"),
    ]  # fmt: skip
    assert [[barn.tag for barn in en if barn.tag != "properties"] for en in rod.iter("testcase")] == [
        ["failure", "system-out"], ["error", "system-out"], [], ["skipped"], ["skipped"], ["error"],
    ]  # fmt: skip
    assert CPR not in ET.tostring(rod, "unicode")
    assert "020384-0021" not in ET.tostring(rod, "unicode")


def test_udfaldenes_forrang() -> None:
    alle = list(Udfald)
    assert alle == [Udfald.FAILED, Udfald.ERRORED, Udfald.PASSED, Udfald.SKIPPED, Udfald.OMITTED]
    for nummer, udfald in enumerate(alle):
        assert samlet(alle[nummer:]) is udfald
    assert samlet([]) is Udfald.OMITTED


def test_journalen_maskerer_ogsaa_hvor_der_skaeres_og_hvor_tegn_skrives_om(tmp_path: Path) -> None:
    skaaret = "x" * (KROP_LOFT - 9) + CPR
    forloeb = Forloeb(RAMME, [scene(Udfald.FAILED, f"\x01{CPR}")], 1)
    bevis = forloeb.scener[0].trin[0].kald[0]
    forloeb.scener[0].trin[0].kald.append(replace(bevis, svar=Svar(200, {}, skaaret.encode())))
    skriver = Journalskriver(tmp_path / "journal.ndjson")
    skriver.begyndt(forloeb)
    skriver.scene_spillet(forloeb, forloeb.scener[0])
    skriver.sluttet(forloeb)
    tekst = (tmp_path / "journal.ndjson").read_text("utf-8")
    assert CPR[:9] not in tekst
    assert "020384-0021" not in tekst


def test_et_uuid_er_intet_cpr_nummer() -> None:
    uuid = "ab123456-7890-7777-8888-0a2345678901"
    assert masker(f"{uuid} {CPR[:6]}-{CPR[6:]}") == f"{uuid} 020384xxxx"


def test_kun_det_der_ligner_et_cpr_nummer_maskeres() -> None:
    assert masker(f"{CPR} 12345678901 123456789 x{CPR}y") == "020384xxxx 12345678901 123456789 x020384xxxxy"


@pytest.mark.parametrize(
    ("fil", "flag", "maal", "udgave"),
    [
        ("", ["embedded:", "--release", "2025-1"], "reference 2025-1", "2025-1"),
        ("", ["embedded:release=2024-3", "--backend", "classic"], "reference 2024-3, classic", "2024-3"),
        ("[stage]\nrelease = '2025-1'\n", ["embedded:"], "reference 2025-1", "2025-1"),
        ("[stage]\nrelease = '2025-1'\n", ["embedded:release=2024-3"], "reference 2024-3", "2024-3"),
    ],
)
def test_rapporten_siger_den_udgave_der_spilles(
    tmp_path: Path, fil: str, flag: list[str], maal: str, udgave: str
) -> None:
    (tmp_path / "generalproeve.toml").write_text(fil, "utf-8")
    svar = json.loads(kommando(*flag, "-k", "findesikke", "--json", mappe=tmp_path, kode=5).stdout)
    assert (svar["target"], svar["release"]) == (maal, udgave)


def test_en_scene_der_koerer_i_en_anden_udgave_end_den_bedte_spilles_ikke(tmp_path: Path) -> None:
    with scene_i_proces("--people", "0", mappe=tmp_path) as proces:
        maal = [proces.klar["services"], "--control", proces.klar["control"], "-k", "findesikke"]
        kommando(*maal, "--release", "2024-4", mappe=tmp_path, kode=5)
        fejl = kommando(*maal, "--release", "2025-1", mappe=tmp_path, kode=2).stderr
    assert "--release 2025-1: " in fejl
    assert "is in 2024-4" in fejl
