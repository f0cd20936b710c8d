"""The tool is measured before it measures: a stranger with a known, set delay on each channel, and the ratio that follows.

The delays are log-normal, as the epic's are thought to be, so that the interval has something to do; it is asked to hold the
truth with 99.9 % confidence, because one in twenty would otherwise be wrong by design. The stranger's own time for a call is
no part of the delay that was set: the ratio without the line is the one that is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.wiremock_server import wiremock
from vos_contracts.contract import Contract, load
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.receipt import Receipt
from vos_contracts.wire.soap.schemas import services
from vos_load.result import ALL, LoadResult, read_result
from vos_load.summary import channel_ratios

REST_MS, SIGMA, CONFIDENCE = 30.0, 0.3, 0.999
ATTEMPTS = 2
ID = "01900000-0000-7000-8000-000000000001"
PROFILE = """
title = "Kendt sandhed"
about = "To handlinger mod et target med kendt forsinkelse."
duration = "PT10M"
people = 60
[pairs]
operations = ["create_kontaktgruppe", "read_kontaktgruppe"]
block = 1
rounds = {rounds}
[[threshold]]
what = "errors"
max = 0
"""
ANSWER = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Response>{content}</Response></s:Body>'
    "</s:Envelope>"
)


def _mappings(times: float) -> dict[str, object]:
    """Let every call to REST wait as long as the epic's service does, and every call to SOAP that many times longer."""
    contract = load()
    prs = services(contract)["PersonRegistrationService"]

    def response(body: str, type_: str, median: float) -> dict[str, object]:
        delay = {"type": "lognormal", "median": median, "sigma": SIGMA}
        return {"status": 200, "body": body, "headers": {"content-type": type_}, "delayDistribution": delay}

    receipt = _receipt(contract)
    rest = f"{next(iter(Rest(contract).paths.values())).rsplit('/', 1)[0]}/.*"
    return {
        "mappings": [
            {"request": {"method": "GET", "urlPath": "/"}, "response": {"status": 200}},
            {"request": {"method": "GET", "urlPathPattern": rest}, "response": response("[]", "application/json", REST_MS)},
            {"request": {"method": "POST", "urlPathPattern": rest},
             "response": response(f'"{ID}"', "application/json", REST_MS)},
            {"request": {"method": "POST", "urlPath": prs.path},
             "response": response(receipt, "text/xml; charset=utf-8", REST_MS * times)},
            {"request": {"method": "POST", "urlPathPattern": "/PjakTassWCFtService/.*PersonStatusService.svc"},
             "response": response(ANSWER.format(content=""), "text/xml; charset=utf-8", REST_MS * times)},
        ]
    }  # fmt: skip


def _receipt(contract: Contract) -> str:
    created = Receipt(ID, datetime(2024, 11, 18, tzinfo=UTC))
    return envelope.write(registration.write_response("CreateContactGroup", created, contract)).decode()


def _measured(profile: Path, target: str, seed: int, folder: Path) -> LoadResult:
    process = subprocess.run(
        [sys.executable, "-m", "generalproeve", "load", "run", str(profile), target, "--seed", str(seed), "--out", str(folder)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stdout + process.stderr
    return read_result(folder)


@pytest.mark.slow
@pytest.mark.parametrize(("times", "rounds"), [(1, 16), (10, 10), (100, 8)])
def test_ratio_and_delay_are_found_at_a_foreign_target(times: int, rounds: int, tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "load.json").write_text(json.dumps(_mappings(times)), "utf-8")
    profile = tmp_path / "truth.toml"
    profile.write_text(PROFILE.format(rounds=rounds), "utf-8")
    found = []
    with wiremock(tmp_path) as target:
        while not any(low <= times <= high for low, high in found):
            assert len(found) < ATTEMPTS, f"{found}: an interval of so few rounds may miss by chance once, not twice"
            run = _measured(profile, target, len(found), tmp_path)
            ratios = channel_ratios(run.blocks, 1, CONFIDENCE, without_line=True)
            (ratio,) = (one for one in ratios if one.operation == ALL)
            assert (ratio.channel, ratio.against, ratio.rounds) == ("soap", "rest", rounds)
            found.append((ratio.low, ratio.high))
    for row in run.operations:
        if row.operation == ALL:
            delay = REST_MS * (times if row.channel == "soap" else 1)
            assert row.latency_ms["90"] > delay, "nine in ten of log-normal delays reach beyond their median"
            assert row.errors == 0
