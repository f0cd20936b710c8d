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

NATTEN = {
    "Sygedagpenge", "En fremtidig sygemelding", "den, der meldte", "Fleksjobbet begynder", "På 30-årsdagen",
    "bliver til Ikke visiteret", "Kørt med", "hvor uret stilles",
}  # fmt: skip
"""What the nightly jobs tell the jobcentre."""
SKIFTET = {"Under det nye nummer", "det andet kommer som før", "fylder 30 under det nye", "En kørende scene"}
"""What is told beside a CPR change."""

ANKLAGER: dict[str, set[str]] = {
    "accepterer_fremtidig_slutdato": {"Fremtidig slutdato"},
    "glemmer_100029": {
        "En tilmeldts kontaktgruppe kan ikke skiftes", "Sygedagpengene ophører", "En fremtidig afmelding",
        "En tilmeldt, der fylder 30",
    },
    "forkert_fejlkode": {"Den samme kontaktgruppe kan ikke være åben", "En afvist registrering"},
    "taber_historik": {
        "afslutter en", "skifter borgerens", "slettes, og historikken", "ser de tolv", "ser ikke længere",
        "registrerer en personkategori", "ændrer ikke type",
        "den, der meldte, er registrant", "Fleksjobbet slutter", "På 30-årsdagen", "Kørt med", "også historikken",
        "En kørende scene",
    },
    "forfatteren_er_altid_star": {
        "får besked", "overgår til kontaktgruppe", "Et skift fra", "Den afledte", "den, der meldte", "med skift til gruppe 13",
        "Under det nye nummer",
    },
    "sender_dobbelt": {"får besked", "overgår til kontaktgruppe", "Et skift fra", "Den afledte", "med skift til gruppe 13"}
    | NATTEN
    | SKIFTET,
    "glemmer_standardkategorien": {"gruppens standard følger", "får standarden", "Den afledte", "bliver til Ikke visiteret"},
    "fem_aar_tilbage": {"ikke længere end fire år"},
    "gemmer_en_anden_gruppe": {
        "registrerer en kontaktgruppe", "afslutter en kontaktgruppe", "skifter borgerens", "Et id kan kun bruges",
        "slettes, og historikken", "overgår til kontaktgruppe 13", "Et skift fra", "kan registrere via",
        "med skift til gruppe 13", "også historikken", "det andet kommer som før", "En kørende scene",
    },
    "viser_akassen_alle_grupper": {"ser de tolv"},
    "lader_akassen_laese_kategorier": {"ser aldrig en personkategori", "registrerer en personkategori"},
    "lader_jobcentre_registrere_paa_alle": {"ikke er egen"},
    "lader_akassen_registrere": {"ikke registrere den", "A-kassens egen registrering", "A-kassen kan ikke registrere"},
    "taber_version_4": {"får besked", "Et skift fra", "Den afledte"} | NATTEN | SKIFTET,
    "fortaeller_akassen_om_kategorier": {"kun jobcentret får besked", "Den afledte", "bliver til Ikke visiteret"},
    "fortaeller_akassen_om_gruppe_4": {"registrerer kontaktgruppe 4"},
    "flytter_de_29_aarige": {"På 30-årsdagen", "født 29. februar", "Kørt med", "En kørende scene"},
    "kalder_natkoerslen_en_sagsbehandler": NATTEN - {"En fremtidig sygemelding", "den, der meldte"} | {"Abonnenterne hos"},
    "siger_at_pegepinden_er_flyttet": {"nye nummer", "under det nye", "flyttes pegepinden, og", "En kørende scene"},
    "fortaeller_andre_om_cprskiftet": {"Abonnenterne hos"},
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
