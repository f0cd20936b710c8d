"""The same scenes on a remote stage: over HTTPS with client certificates, without any control API, with its own citizens."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from fjernscene import ROLLER, dag, fjernscene, pulje
from processer import Proces, scene_i_proces

from vos_simulators.control import Styring
from vos_simulators.people import Folk
from vos_simulators.transport import HttpTransport

GRUNDE = (
    r"scenen(s| kan ikke) .+",
    r"puljen (mangler|er brugt op): borger, .+",
    r"ingen kan optræde som .+ på denne scene",
)


def spil(mappe: Path, *flag: str, kode: int = 0, maal: str = "fjern") -> list[dict[str, Any]]:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "test", maal, "--out", "ud", "--json", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout[-4000:] + resultat.stderr
    scener: list[dict[str, Any]] = json.loads(resultat.stdout)["scenes"]
    return scener


def test_hele_suiten_mod_en_fjern_scene(tmp_path: Path) -> None:
    with fjernscene(tmp_path, pulje(Folk(4711), antal=3)):
        scener = spil(tmp_path)
    antal = Counter(en["verdict"] for en in scener)
    assert {en["scene"]: en["reason"] for en in scener if en["verdict"] not in {"passed", "omitted"}} == {}
    assert antal["passed"] >= 180
    grunde = {en["reason"] for en in scener if en["verdict"] == "omitted"}
    assert [grund for grund in grunde if not any(re.fullmatch(en, grund) for en in GRUNDE)] == []
    assert "scenens ur kan ikke flyttes" in grunde
    assert "scenens hændelser, journal og rækker kan ikke læses" in grunde
    assert all(en["reason"] == "" for en in scener if en["verdict"] == "passed")


def test_borgeren_efterlades_som_den_blev_fundet(tmp_path: Path) -> None:
    cpr = Folk(4712).ny(40, dag()).cpr
    navn = "jobcentret registrerer en kontaktgruppe via"
    with fjernscene(tmp_path, [{"cpr": cpr, "akasse": "81"}]) as proces:
        for _ in range(2):
            scener = spil(tmp_path, "-k", navn)
            assert [en["verdict"] for en in scener] == ["passed", "passed"]
        assert laes(proces, tmp_path, cpr) == []
        spil(tmp_path, "-k", "giver også standardkategorien fra den dag", kode=5)


def test_en_borger_der_ikke_kan_genskabes_bruges_kun_en_gang(tmp_path: Path) -> None:
    cpr = Folk(4713).ny(40, dag()).cpr
    with fjernscene(tmp_path, [{"cpr": cpr, "akasse": "81", "kontaktgruppe": 2, "personkategori": 8}]):
        scener = spil(tmp_path, "-k", "registrerer en personkategori via")
    spillet, *resten = scener
    assert spillet["verdict"] == "passed"
    assert {en["verdict"] for en in resten} == {"omitted"}
    assert resten[0]["reason"].startswith("puljen er brugt op: borger, fyldt 30 år")


def test_systemet_er_certifikatets_og_ikke_headerens(tmp_path: Path) -> None:
    cpr = Folk(4714).ny(40, dag()).cpr
    with fjernscene(tmp_path, [{"cpr": cpr}]) as proces:
        lss = {"x-clientSystemIdentifier": "3002"}
        assert opret_kategori(proces, tmp_path, cpr, "lss", {}) == 4575
        assert opret_kategori(proces, tmp_path, cpr, "en-fremmed", lss) != 4575
        with klient(tmp_path, None) as uden, pytest.raises(httpx.TransportError):
            uden.get(proces.tjenester)


def klient(mappe: Path, certifikat: str | None) -> httpx.Client:
    tls = ssl.create_default_context(cafile=mappe / "ca.pem")
    if certifikat is not None:
        tls.load_cert_chain(mappe / f"{certifikat}.pem", mappe / f"{certifikat}.key")
    return httpx.Client(verify=tls, trust_env=False)


def headers(rolle: str, cpr: str) -> dict[str, str]:
    type_, kode = ROLLER[rolle][0].split("/")
    return {
        "x-civilregistrationIdentifier": cpr, "x-organisationTypeIdentifier": type_, "x-organisationCode": kode,
        "x-userFullName": "En", "x-requestUserTypeIdentifier": "2", "x-userIdentifier": "en",
        "x-requestOrganisationTypeIdentifier": type_, "x-requestOrganisationCode": kode,
        "x-registrationDateTime": "2026-01-01T00:00:00+01:00",
    }  # fmt: skip


def laes(proces: Proces, mappe: Path, cpr: str) -> object:
    with klient(mappe, "star") as http:
        svar = http.get(f"{proces.tjenester}/v1/PersonVisitering/kontaktgruppe", headers=headers("STAR", cpr))
    assert svar.status_code == 200
    return svar.json()


def opret_kategori(proces: Proces, mappe: Path, cpr: str, certifikat: str, flere: dict[str, str]) -> int:
    with klient(mappe, certifikat) as http:
        svar = http.post(
            f"{proces.tjenester}/v1/PersonVisitering/personkategori",
            headers={**headers("Landssupporten", cpr), "x-requestId": f"{certifikat}-1", **flere},
            json={"personkategoriType": 5, "starttidspunkt": f"{dag()}T00:00:00+01:00"},
        )
    assert svar.status_code >= 400
    kode: int = svar.json()["fejl"][0]["fejlkode"]
    return kode


def test_en_scene_der_deles_nulstilles_ikke(tmp_path: Path) -> None:
    with scene_i_proces("--clock", "2024-11-18T09:00:00+01:00", mappe=tmp_path) as proces:
        med = ("--control", proces.styring)
        scener = spil(tmp_path, "-k", "overgår til", *med, maal=proces.tjenester)
        antal = Counter(en["verdict"] for en in scener)
        assert set(antal) <= {"passed", "omitted"}
        assert antal["passed"] >= 15
        with HttpTransport(proces.styring) as linje:
            assert Styring(linje).status().personer >= 4 + antal["passed"]
