"""A stand-in party plays its roles: through every scene, on a remote stage, beside another, and carelessly."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest
from fjernscene import fjernscene, pulje
from processer import scene_i_proces
from standin_spil import PART, begyndt, faerdig, spil

from vos_features import SCENARIOS
from vos_simulators.people import Folk

KSS, AKASSE = "kss=external:0", "akasse=external:0"
SOAP_SCENE = "A-kassen får besked om et medlem, der overgår til kontaktgruppe 13 via PRS"


def test_standinen_kender_intet_til_os() -> None:
    trae = ast.parse(PART.read_text("utf-8"))
    moduler = {
        navn.partition(".")[0]
        for en in ast.walk(trae)
        if isinstance(en, ast.Import | ast.ImportFrom)
        for navn in ([en.module or ""] if isinstance(en, ast.ImportFrom) else [del_.name for del_ in en.names])
    }
    assert moduler - set(sys.stdlib_module_names) == {"httpx", "lxml", "zeep"}


def test_standinen_spiller_hver_scene_som_kss_og_akasse(tmp_path: Path) -> None:
    spillet = spil(tmp_path, "embedded:", [KSS, AKASSE])
    assert spillet.udfald() == {}
    assert spillet.kode == 0
    antal = Counter(en["part"] for en in spillet.opgaver if en["art"] == "opgave")
    assert antal["kss"] >= 300
    assert antal["akasse"] >= 30
    gjort = [en["nr"] for en in spillet.opgaver if en["art"] == "gjort"]
    assert gjort == [en["nr"] for en in spillet.opgaver if en["art"] == "opgave"]


def test_standinen_spiller_paa_en_fjern_scene(tmp_path: Path) -> None:
    with fjernscene(tmp_path, pulje(Folk(4721), antal=2)):
        spillet = spil(tmp_path, "fjern", ["kss=external:0,system=1001", "akasse=external:0,system=2001"])
    assert spillet.udfald() == {}
    assert Counter(en["verdict"] for en in spillet.scener)["passed"] >= 150
    assert sum(en["art"] == "gjort" for en in spillet.opgaver) >= 100


@pytest.mark.parametrize(
    ("fejl", "sagt"),
    [
        ("wrong-organisation", "organisation: ventet 8/10100, kom 8/99999"),
        ("wrong-date", "ContactGroup/ContactGroupStartTime: ventet 2024-11-18, kom 2024-11-15"),
        (
            "rest-for-soap",
            "kanal: ventet SOAP, kom REST; service: ventet PersonRegistrationService, kom PersonV",
        ),
        ("wrong-type", "ContactGroup/ContactGroupTypeIdentifier/CodeListItemIdentifier: ventet 13, kom 7"),
    ],
)
def test_den_skoedesloese_faar_forskellen_at_vide(fejl: str, sagt: str, tmp_path: Path) -> None:
    spillet = spil(tmp_path, "embedded:", [KSS], "-k", SOAP_SCENE, fejl=fejl, frist=2)
    egne = [en for en in spillet.scener if en["registrant"] == "jobcentret"]
    assert [en["verdict"] for en in egne] == ["failed"]
    assert egne[0]["reason"].startswith(f"kss kaldte anderledes end ventet: {sagt}")
    assert spillet.kode == 1
    (udeblev,) = [en for en in spillet.opgaver if en["art"] == "udeblev"]
    assert udeblev["forskelle"]


def test_den_der_tier_kan_ikke_bedoemmes(tmp_path: Path) -> None:
    spillet = spil(tmp_path, "embedded:", [KSS], "-k", SOAP_SCENE, fejl="deaf", frist=1)
    egne = [en for en in spillet.scener if en["registrant"] == "jobcentret"]
    assert [en["verdict"] for en in egne] == ["errored"]
    assert "kss kaldte ikke inden for 1 s" in egne[0]["reason"]
    assert spillet.kode == 3


def test_to_parter_paa_en_scene_tager_ikke_hinandens_kald(tmp_path: Path) -> None:
    """Two runs at once, each with its own stand-in, on one stage that neither empties."""
    egenskab = (SCENARIOS / "registrering" / "kontaktgruppe.feature").read_text("utf-8")
    assert "der går" not in egenskab, "a scene that moves the clock moves the other party's too"
    mapper = [tmp_path / navn for navn in ("en", "to")]
    for mappe in mapper:
        mappe.mkdir()
    with scene_i_proces("--clock", "2024-11-18T09:00:00+01:00", mappe=tmp_path) as proces:
        valg = ("--control", proces.styring, "-k", "Registrering og læsning af kontaktgruppe")
        with (
            begyndt(mapper[0], proces.tjenester, ["kss=external:0,system=1101"], *valg) as en,
            begyndt(mapper[1], proces.tjenester, ["kss=external:0,system=1201"], *valg) as to,
        ):
            spillede = [faerdig(mapper[0], en), faerdig(mapper[1], to)]
    for spillet in spillede:
        assert spillet.udfald() == {}
        assert sum(en_["art"] == "gjort" for en_ in spillet.opgaver) >= 10
    borgere = [{en_["borger"] for en_ in spillet.opgaver if en_["art"] == "opgave"} for spillet in spillede]
    assert borgere[0].isdisjoint(borgere[1])
