"""The suite convicts the guilty: for every misbehaving reference the scenes fail that carry what it breaks.

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
    forloeb = koersel.spil(scene.scenen, ramme, [])
print(json.dumps([[en.udfald, en.navn, en.forklaring] for en in forloeb.scener]))
"""

ANKLAGER: dict[str, set[str]] = {
    "accepterer_fremtidig_slutdato": {
        "Fremtidig slutdato",
    },
    "glemmer_100029": {
        "En afmelding, der ikke kan ske",
        "En fremtidig afmelding",
        "En tilmeldt, der fylder 30",
        "En tilmeldts kontaktgruppe kan ikke skiftes",
        "Sygedagpengene ophører",
        "Ved raskmelding af KG 25",
        "skifter derefter til jobafklaring",
        "skifter gruppe ved at ændre tilmeldingen",
    },
    "forkert_fejlkode": {
        "Den samme kontaktgruppe kan ikke være åben",
        "En afvist registrering",
    },
    "taber_historik": {
        "En kørende scene",
        "Fleksjobbet slutter",
        "Kørt med",
        "På 30-årsdagen",
        "Ved raskmelding af KG 24",
        "afslutter en",
        "den, der meldte, er registrant",
        "også historikken",
        "raskmelder tilbage i tiden",
        "raskmelding tilbage i tiden",
        "registrerer en personkategori",
        "ser de tolv",
        "ser ikke længere",
        "skifter borgerens",
        "skifter gruppe ved at ændre tilmeldingen",
        "slettes, og historikken",
        "ændrer ikke type",
    },
    "forfatteren_er_altid_star": {
        "Den afledte",
        "Et skift fra",
        "Under det nye nummer",
        "den, der meldte",
        "får besked",
        "med skift til gruppe 13",
        "overgår til kontaktgruppe",
        "skifter derefter til jobafklaring",
    },
    "sender_dobbelt": {
        "Den afledte",
        "En fremtidig sygemelding",
        "En kørende scene",
        "Et skift fra",
        "Fleksjobbet begynder",
        "Kørt med",
        "På 30-årsdagen",
        "Sygedagpenge",
        "Under det nye nummer",
        "bliver til Ikke visiteret",
        "den, der meldte",
        "det andet kommer som før",
        "fylder 30 under det nye",
        "får besked",
        "hvor uret stilles",
        "med skift til gruppe 13",
        "overgår til kontaktgruppe",
        "skifter derefter til jobafklaring",
    },
    "glemmer_standardkategorien": {
        "Den afledte",
        "Personkategorien følger afmeldingen",
        "bliver til Ikke visiteret",
        "får standarden",
        "gruppens standard følger",
        "med standardkategori",
        "raskmelder tilbage i tiden",
        "skifter gruppe ved at ændre tilmeldingen",
    },
    "fem_aar_tilbage": {
        "ikke længere end fire år",
    },
    "gemmer_en_anden_gruppe": {
        "En kørende scene",
        "Et id kan kun bruges",
        "Et skift fra",
        "afslutter en kontaktgruppe",
        "det andet kommer som før",
        "fra KG 25 til jobafklaring",
        "kan registrere via",
        "med skift til gruppe 13",
        "også historikken",
        "overgår til kontaktgruppe 13",
        "registrerer en kontaktgruppe",
        "skifter borgerens",
        "skifter derefter til jobafklaring",
        "slettes, og historikken",
    },
    "viser_akassen_alle_grupper": {
        "ser de tolv",
    },
    "lader_akassen_laese_kategorier": {
        "registrerer en personkategori",
        "ser aldrig en personkategori",
    },
    "lader_jobcentre_registrere_paa_alle": {
        "ikke er egen",
        "ikke jobcentrets borger",
        "kan ikke indberette sygdom",
    },
    "lader_akassen_registrere": {
        "A-kassen kan ikke registrere",
        "A-kassens egen registrering",
        "a-kassen kan ikke indberette sygdom",
        "ikke registrere den",
    },
    "taber_version_4": {
        "Den afledte",
        "En fremtidig sygemelding",
        "En kørende scene",
        "Et skift fra",
        "Fleksjobbet begynder",
        "Kørt med",
        "På 30-årsdagen",
        "Sygedagpenge",
        "Under det nye nummer",
        "bliver til Ikke visiteret",
        "den, der meldte",
        "det andet kommer som før",
        "fylder 30 under det nye",
        "får besked",
        "hvor uret stilles",
    },
    "fortaeller_akassen_om_kategorier": {
        "Den afledte",
        "bliver til Ikke visiteret",
        "kun jobcentret får besked",
        "med standardkategori",
        "raskmelder tilbage i tiden",
        "skifter gruppe ved at ændre tilmeldingen",
    },
    "fortaeller_akassen_om_gruppe_4": {
        "lader kontaktgruppen stå",
        "registrerer kontaktgruppe 4",
        "skifter til gruppe 4",
    },
    "glemmer_den_huskede_gruppe": {
        "Fleksjobbet slutter under sygdom",
        "Ved raskmelding af KG 25",
        "kun raskmeldes én gang",
        "raskmelding tilbage i tiden",
        "vender tilbage uden at blive det",
    },
    "lukker_ikke_ved_raskmelding": {
        "KG 25 lukkes helt",
        "Raskmelding af KG 24",
        "Ved raskmelding af KG 24",
    },
    "afmelder_ikke_ved_sygdom": {
        "raskmelder uden andet",
        "skifter derefter til jobafklaring",
    },
    "flytter_de_29_aarige": {
        "En kørende scene",
        "Kørt med",
        "På 30-årsdagen",
        "født 29. februar",
    },
    "kalder_natkoerslen_en_sagsbehandler": {
        "Abonnenterne hos",
        "Fleksjobbet begynder",
        "Kørt med",
        "På 30-årsdagen",
        "Sygedagpenge",
        "bliver til Ikke visiteret",
        "hvor uret stilles",
    },
    "siger_at_pegepinden_er_flyttet": {
        "En kørende scene",
        "flyttes pegepinden, og",
        "nye nummer",
        "under det nye",
    },
    "fortaeller_andre_om_cprskiftet": {
        "Abonnenterne hos",
    },
    "udstiller_kollektionerne_i_2025": {
        "er listerne i PSS og PHS tomme",
        "skifter til REST",
        "tømmes for den samme",
    },
    "toemmer_kollektionerne_for_tidligt": {
        "PSS viser kun",
        "alle services",
        "hvor den end læser",
        "i PHS",
        "i PSS, PHS og PVS",
        "tømmes for den samme",
    },
    "glemmer_filteret_i_soap": {
        "hvor den end læser",
        "i PHS",
        "i PSS, PHS og PVS",
    },
    "viser_et_ophoert_tillaeg": {
        "et aktivitetstillæg, der er ophørt",
    },
    "lader_landssupporten_registrere_kategorier": {"Personkategori kan ikke registreres fra Landssupporten"},
    "lader_akassen_naa_alle_paa_jobnet": {"når ikke et medlem i kontaktgruppe"},
    "beholder_aktivitetstillaegget": {
        "hvor tillægget ikke er tilladt",
        "væk fra aktivitetsparat",
        "En lukket kontaktgruppe afslutter",
        "I 2024-3 lukkes gruppen",
    },
    "lader_fravaeret_staa": {
        "I 2024-3 lukkes gruppen",
        "borgeren kan tilmeldes igen",
        "dermed det fravær",
        "fraværet forhindrer ikke længere",
    },
    "glemmer_de_udloebne": {
        "I 2024-3 lukkes gruppen",
        "bliver på dagen til gruppens standard",
    },
    "holder_wsrm_i_live": {
        "I 2025-2 er WSRM ophørt",
    },
}

DRIFT: dict[str, set[str]] = {
    "sender_dobbelt": {"Datakanon registrerer", "Datakanon opretter"},
    "glemmer_standardkategorien": {
        "Datakanon opretter", "En fuld leverance", "Registrering via", "Et skift af kontaktgruppe via",
        "JobSearch holder op", "fortælles til domænerne", "KG-skift slår igennem",
    },
    "gemmer_en_anden_gruppe": {
        "Datakanon registrerer", "Datakanon opretter", "En deltaleverance", "Kontaktforloeb holder op",
        "har en gruppe for meget",
    },
    "taber_version_4": {"Datakanon registrerer"},
    "fortaeller_akassen_om_kategorier": {"Datakanon registrerer"},
    "glemmer_kategorier_til_jobsearch": {
        "Registrering via", "Et skift af kontaktgruppe via", "JobSearch holder op", "fortælles til domænerne",
        "KG-skift slår igennem",
    },
    "fortaeller_virksomhedsindsats_om_kategorier": {
        "Registrering via", "Et skift af kontaktgruppe via", "En ny personkategori fortælles ikke",
        "fortælles til domænerne",
    },
    "siger_at_pegepinden_er_flyttet": {"kommer igen i deltaleverancen", "domænernes billede følger"},
    "leverer_ikke_det_slettede": {"En deltaleverance"},
}  # fmt: skip
for _navn, _scener in DRIFT.items():
    ANKLAGER[_navn] = ANKLAGER.get(_navn, set()) | _scener


def spil(bygger: str, mappe: Path) -> list[list[str]]:
    resultat = subprocess.run(
        [sys.executable, "-c", SPIL, bygger],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, encoding="utf-8", timeout=900, check=False,
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
    assert doemt, f"nobody saw {navn}"
    for del_ in ANKLAGER[navn]:
        assert any(del_ in scene for scene, _ in doemt), f"{navn}: no scene about {del_!r} fell"
    assert all(forklaring for _, forklaring in doemt)
