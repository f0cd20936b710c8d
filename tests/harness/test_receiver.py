"""`generalproeve receiver` as a party meets it: what each habit of a webhook comes to, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from byggeklodser import kontrakt
from vos_simulators import habits
from vos_simulators.habits import Reaction, WebhookHabit
from vos_simulators.inboxes.webhook import WsbModtager


def receiver(*flag: str, kode: int, mappe: Path) -> subprocess.CompletedProcess[str]:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "receiver", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout + resultat.stderr
    return resultat


def domme(uvane: WebhookHabit, mappe: Path, kode: int, *flag: str) -> tuple[dict[str, str], WsbModtager]:
    with WsbModtager(kontrakt(), uvane) as modtager:
        svar = json.loads(receiver(f"{modtager.adresse}/wsb", "--json", *flag, kode=kode, mappe=mappe).stdout)
    assert svar["breaches"] == sum(en["dom"] == "brud" for en in svar["grades"])
    return {en["navn"]: en["dom"] for en in svar["grades"]}, modtager


def test_en_god_webhook_bestaar(tmp_path: Path) -> None:
    fundet, modtager = domme(habits.takes_in(), tmp_path, 0)
    assert set(fundet.values()) == {"bestået", "ikke set"}
    assert fundet["samme besked igen efter modtagerens 500"] == "ikke set"
    assert len(fundet) == 15
    assert {en.sti for en in modtager.ankomster} == {"/wsb"}
    assert sum(en.besked is None for en in modtager.ankomster) == 3
    ider = [en.besked_id for en in modtager.beskeder]
    assert len(ider) - len({*ider}) == 1, "one message is sent twice"
    assert {en.entitet_navn for en in modtager.beskeder} == {"Kontaktgruppe", "Personkategori"}


def test_en_akasse_faar_ingen_personkategori(tmp_path: Path) -> None:
    fundet, modtager = domme(habits.takes_in(), tmp_path, 0, "--organisation", "2/81")
    assert {en.entitet_navn for en in modtager.beskeder} == {"Kontaktgruppe"}
    assert {str(en.modtager) for en in modtager.beskeder} == {"2/81"}
    assert len(fundet) == 12


def med_500_til_det_ulaeselige() -> WebhookHabit:
    return lambda besked, nummer: Reaction(200) if besked is not None else Reaction(500, taken=False)


def tager_alt() -> WebhookHabit:
    return lambda besked, nummer: Reaction(200)


@pytest.mark.parametrize(
    ("uvane", "kode", "navn", "dom"),
    [
        (med_500_til_det_ulaeselige(), 1, "en ugyldig besked: ikke JSON", "brud"),
        (tager_alt(), 0, "en ugyldig besked: uden metadata", "bemærkning"),
        (habits.redirects("http://127.0.0.1:9/"), 1, "Kontaktgruppe, oprettelse", "brud"),
        (habits.answers(500, 1), 1, "samme besked igen efter modtagerens 500", "bestået"),
        (habits.resets(1_000_000), 1, "Kontaktgruppe, oprettelse", "brud"),
        (habits.answers_nothing(), 1, "Kontaktgruppe, oprettelse", "brud"),
        (habits.answers(404), 1, "samme besked to gange", "brud"),
    ],
)
def test_uvaner_ses(tmp_path: Path, uvane: WebhookHabit, kode: int, navn: str, dom: str) -> None:
    assert domme(uvane, tmp_path, kode)[0][navn] == dom


def test_en_langsom_webhook_brydes_ved_fristen(tmp_path: Path) -> None:
    def uvane(besked: object, nummer: int) -> Reaction:
        return Reaction(200, delay=3.0 if nummer == 2 else 0.0)

    fundet, _ = domme(uvane, tmp_path, 1, "--timeout", "1")
    assert [navn for navn, dom in fundet.items() if dom == "brud"] == ["Kontaktgruppe, slet"]


def test_tekst_siger_hvad_der_ikke_kan_ses(tmp_path: Path) -> None:
    with WsbModtager(kontrakt()) as modtager:
        tekst = receiver(modtager.adresse, kode=0, mappe=tmp_path).stdout
    assert "200 af 200 taget, median" in tekst
    assert "kan ikke ses udefra: om den anden gang ændrede noget" in tekst
    assert tekst.endswith("15 prøver, 0 brud\n")


@pytest.mark.parametrize(
    ("flag", "kode", "siger"),
    [
        (["http://127.0.0.1:1/wsb"], 3, "no webhook answers at http://127.0.0.1:1/wsb"),
        (["http://eksempel.dk/wsb"], 2, "is not on this machine; --allow-remote"),
        (["wsb"], 2, "must be an address"),
        (["http://127.0.0.1:1/", "--organisation", "7/101"], 2, "organisation type 7 is sent no webservice messages"),
        (["http://127.0.0.1:1/", "--organisation", "jobcenter"], 2, "must be TYPE/CODE"),
        ([], 4, "Missing argument"),
        (["http://127.0.0.1:1/", "--timeout", "0"], 4, "--timeout"),
    ],
)
def test_det_der_ikke_kan_koere(tmp_path: Path, flag: list[str], kode: int, siger: str) -> None:
    assert siger in receiver(*flag, kode=kode, mappe=tmp_path).stderr
