"""The suite convicts the guilty: for every misbehaving reference exactly the scenes fail that carry what it breaks.

Each runs in a process of its own, with the real command's own parts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from misdaedere import MISDAEDERE

SPIL = """
import json, sys
from pathlib import Path
from generalproeve import koersel
from generalproeve.cli.test import PROEVEDAG
from generalproeve.forloeb import Ramme
from generalproeve.konfiguration import Sceneopsaetning
from generalproeve.scene import indlejret
with indlejret(Sceneopsaetning(port=0, control_port=0, clock=PROEVEDAG), bygger=sys.argv[1]) as scene:
    ramme = Ramme("t", "2024-4", "converter", PROEVEDAG, "0", "h", None, ())
    forloeb = koersel.spil(scene, ramme, [])
print(json.dumps([[en.udfald, en.navn, en.forklaring] for en in forloeb.scener]))
"""

ANKLAGER: dict[str, set[str]] = {
    "accepterer_fremtidig_slutdato": {"Fremtidig slutdato"},
    "glemmer_100029": {
        "En tilmeldts kontaktgruppe kan ikke skiftes", "skifter gruppe ved at ændre tilmeldingen",
        "skifter derefter til jobafklaring", "En afmelding, der ikke kan ske", "En fremtidig afmelding",
        "Ved raskmelding af KG 25",
    },
    "forkert_fejlkode": {"Den samme kontaktgruppe kan ikke være åben", "En afvist registrering"},
    "taber_historik": {
        "afslutter en", "skifter borgerens", "slettes, og historikken", "ser de tolv", "ser ikke længere",
        "registrerer en personkategori", "ændrer ikke type", "skifter gruppe ved at ændre tilmeldingen",
        "Ved raskmelding af KG 24", "raskmelder tilbage i tiden", "raskmelding tilbage i tiden",
    },
    "forfatteren_er_altid_star": {
        "får besked", "overgår til kontaktgruppe", "Et skift fra", "Den afledte", "skifter derefter til jobafklaring",
    },
    "sender_dobbelt": {
        "får besked", "overgår til kontaktgruppe", "Et skift fra", "Den afledte", "skifter derefter til jobafklaring",
    },
    "glemmer_standardkategorien": {
        "gruppens standard følger", "får standarden", "Den afledte", "med standardkategori",
        "Personkategorien følger afmeldingen", "skifter gruppe ved at ændre tilmeldingen", "raskmelder tilbage i tiden",
    },
    "fem_aar_tilbage": {"ikke længere end fire år"},
    "gemmer_en_anden_gruppe": {
        "registrerer en kontaktgruppe", "afslutter en kontaktgruppe", "skifter borgerens", "Et id kan kun bruges",
        "slettes, og historikken", "overgår til kontaktgruppe 13", "Et skift fra", "kan registrere via",
        "skifter derefter til jobafklaring", "fra KG 25 til jobafklaring",
    },
    "viser_akassen_alle_grupper": {"ser de tolv"},
    "lader_akassen_laese_kategorier": {"ser aldrig en personkategori", "registrerer en personkategori"},
    "lader_jobcentre_registrere_paa_alle": {"ikke er egen", "ikke jobcentrets borger", "kan ikke indberette sygdom"},
    "lader_akassen_registrere": {
        "ikke registrere den", "A-kassens egen registrering", "A-kassen kan ikke registrere",
        "a-kassen kan ikke indberette sygdom",
    },
    "taber_version_4": {"får besked", "Et skift fra", "Den afledte"},
    "fortaeller_akassen_om_kategorier": {
        "kun jobcentret får besked", "Den afledte", "med standardkategori", "skifter gruppe ved at ændre tilmeldingen",
        "raskmelder tilbage i tiden",
    },
    "fortaeller_akassen_om_gruppe_4": {
        "registrerer kontaktgruppe 4", "lader kontaktgruppen stå", "skifter til gruppe 4",
    },
    "glemmer_den_huskede_gruppe": {
        "Ved raskmelding af KG 25", "vender tilbage uden at blive det", "raskmelding tilbage i tiden",
        "kun raskmeldes én gang",
    },
    "lukker_ikke_ved_raskmelding": {"Ved raskmelding af KG 24", "Raskmelding af KG 24", "KG 25 lukkes helt"},
    "afmelder_ikke_ved_sygdom": {"skifter derefter til jobafklaring", "raskmelder uden andet"},
    "udstiller_kollektionerne_i_2025": {"er listerne i PSS og PHS tomme", "tømmes for den samme", "skifter til REST"},
    "toemmer_kollektionerne_for_tidligt": {
        "i PSS, PHS og PVS", "tømmes for den samme", "PSS viser kun", "i PHS", "hvor den end læser", "alle services",
    },
    "glemmer_filteret_i_soap": {"i PSS, PHS og PVS", "i PHS", "hvor den end læser"},
    "viser_et_ophoert_tillaeg": {"et aktivitetstillæg, der er ophørt"},
}  # fmt: skip


def spil(bygger: str, mappe: Path) -> list[list[str]]:
    resultat = subprocess.run(
        [sys.executable, "-c", SPIL, bygger],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert resultat.returncode == 0, resultat.stderr
    scener: list[list[str]] = json.loads(resultat.stdout.splitlines()[-1])
    return scener


def test_hver_misdaeder_har_en_anklage() -> None:
    assert set(ANKLAGER) == set(MISDAEDERE)


def test_den_uskyldige_gaar_fri(tmp_path: Path) -> None:
    scener = spil("vos_reference.bootstrap:byg", tmp_path)
    assert len(scener) > 100
    assert [en for en in scener if en[0] != "passed"] == []


@pytest.mark.parametrize("navn", sorted(MISDAEDERE))
def test_den_skyldige_doemmes(navn: str, tmp_path: Path) -> None:
    scener = spil(f"misdaedere:{navn}", tmp_path)
    doemt = [(scene, forklaring) for udfald, scene, forklaring in scener if udfald == "failed"]
    assert [scene for udfald, scene, _ in scener if udfald == "errored"] == []
    assert doemt, f"nobody saw {navn}"
    for del_ in ANKLAGER[navn]:
        assert any(del_ in scene for scene, _ in doemt), f"{navn}: no scene about {del_!r} fell"
    assert [scene for scene, _ in doemt if not any(del_ in scene for del_ in ANKLAGER[navn])] == []
    assert all(forklaring for _, forklaring in doemt)
