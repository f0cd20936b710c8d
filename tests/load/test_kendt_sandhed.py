"""The tool is measured before it measures: a stranger with a known, set delay on each channel, and the ratio that follows.

The delays are log-normal, as the epic's are thought to be, so that the interval has something to do; it is asked to hold the
truth with 99.9 % confidence, because one in twenty would otherwise be wrong by design. The stranger's own time for a call is
no part of the delay that was set: the ratio without the line is the one that is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from wiremockserver import wiremock

from vos_contracts.kontrakt import indlaes
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_load import opgoerelse, resultat
from vos_load.resultat import ALLE

REST_MS, SIGMA, SIKKERHED = 30.0, 0.3, 0.999
FORSOEG = 2
ID = "01900000-0000-7000-8000-000000000001"
PROFIL = """
title = "Kendt sandhed"
about = "To handlinger mod et maal med kendt forsinkelse."
duration = "PT10M"
people = 60
[pairs]
operations = ["opret_kontaktgruppe", "laes_kontaktgruppe"]
block = 1
rounds = {runder}
[[threshold]]
what = "errors"
max = 0
"""
SVAR = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Response>{indhold}</Response></s:Body>'
    "</s:Envelope>"
)


def _mapninger(gange: float) -> dict[str, object]:
    """Let every call to REST wait as long as the epic's service does, and every call to SOAP that many times longer."""
    kontrakt = indlaes()
    prs = tjenester(kontrakt)["PersonRegistrationService"]

    def svar(krop: str, type_: str, median: float) -> dict[str, object]:
        forsinkelse = {"type": "lognormal", "median": median, "sigma": SIGMA}
        return {"status": 200, "body": krop, "headers": {"content-type": type_}, "delayDistribution": forsinkelse}

    kvittering = _kvittering(kontrakt)
    rest = f"{next(iter(Rest(kontrakt).stier.values())).rsplit('/', 1)[0]}/.*"
    return {
        "mappings": [
            {"request": {"method": "GET", "urlPath": "/"}, "response": {"status": 200}},
            {"request": {"method": "GET", "urlPathPattern": rest}, "response": svar("[]", "application/json", REST_MS)},
            {"request": {"method": "POST", "urlPathPattern": rest},
             "response": svar(f'"{ID}"', "application/json", REST_MS)},
            {"request": {"method": "POST", "urlPath": prs.sti},
             "response": svar(kvittering, "text/xml; charset=utf-8", REST_MS * gange)},
            {"request": {"method": "POST", "urlPathPattern": "/PjakTassWCFtService/.*PersonStatusService.svc"},
             "response": svar(SVAR.format(indhold=""), "text/xml; charset=utf-8", REST_MS * gange)},
        ]
    }  # fmt: skip


def _kvittering(kontrakt: object) -> str:
    from datetime import UTC, datetime

    from vos_contracts.kontrakt import Kontrakt
    from vos_contracts.wire import soap, soap_registrering
    from vos_contracts.wire.soap_kvittering import Kvittering

    assert isinstance(kontrakt, Kontrakt)
    svar = soap_registrering.skriv_svar(
        "CreateContactGroup", Kvittering(ID, datetime(2024, 11, 18, tzinfo=UTC)), kontrakt
    )
    return soap.skriv(svar).decode()


def _maalt(profil: Path, maal: str, seed: int, mappe: Path) -> resultat.Resultat:
    koert = subprocess.run(
        [sys.executable, "-m", "generalproeve", "load", "run", str(profil), maal, "--seed", str(seed), "--out", str(mappe)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert koert.returncode == 0, koert.stdout + koert.stderr
    return resultat.laes(mappe)


@pytest.mark.parametrize(("gange", "runder"), [(1, 16), (10, 10), (100, 8)])
def test_forhold_og_forsinkelse_findes_hos_et_fremmed_maal(gange: int, runder: int, tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "load.json").write_text(json.dumps(_mapninger(gange)), "utf-8")
    profil = tmp_path / "sandhed.toml"
    profil.write_text(PROFIL.format(runder=runder), "utf-8")
    fundne = []
    with wiremock(tmp_path) as maal:
        while not any(lav <= gange <= hoej for lav, hoej in fundne):
            assert len(fundne) < FORSOEG, f"{fundne}: an interval of so few rounds may miss by chance once, not twice"
            koersel = _maalt(profil, maal, len(fundne), tmp_path)
            tal = opgoerelse.forholdstal(koersel.blocks, 1, SIKKERHED, uden_linjen=True)
            (fundet,) = (en for en in tal if en.operation == ALLE)
            assert (fundet.channel, fundet.against, fundet.rounds) == ("soap", "rest", runder)
            fundne.append((fundet.low, fundet.high))
    for en in koersel.operations:
        if en.operation == ALLE:
            sat = REST_MS * (gange if en.channel == "soap" else 1)
            assert en.latency_ms["90"] > sat, "nine in ten of log-normal delays reach beyond their median"
            assert en.errors == 0
