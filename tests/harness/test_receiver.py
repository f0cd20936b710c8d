"""`generalproeve receiver` as a party meets it: what each habit of a webhook comes to, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders import contract

from vos_simulators import habits
from vos_simulators.habits import Reaction, WebhookHabit
from vos_simulators.inboxes.webhook import WebhookReceiver


def receiver(*flag: str, code: int, folder: Path) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "receiver", *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout + result.stderr
    return result


def judgements(habit: WebhookHabit, folder: Path, code: int, *flag: str) -> tuple[dict[str, str], WebhookReceiver]:
    with WebhookReceiver(contract(), habit) as recipient:
        response = json.loads(receiver(f"{recipient.address}/wsb", "--json", *flag, code=code, folder=folder).stdout)
    assert response["breaches"] == sum(item["judgement"] == "breach" for item in response["grades"])
    return {item["name"]: item["judgement"] for item in response["grades"]}, recipient


def test_en_god_webhook_bestaar(tmp_path: Path) -> None:
    found, recipient = judgements(habits.takes_in(), tmp_path, 0)
    assert set(found.values()) == {"bestået", "ikke set"}
    assert found["samme besked igen efter modtagerens 500"] == "ikke set"
    assert len(found) == 15
    assert {arrival.path for arrival in recipient.arrivals} == {"/wsb"}
    assert sum(arrival.message is None for arrival in recipient.arrivals) == 3
    ids = [item.message_id for item in recipient.messages]
    assert len(ids) - len({*ids}) == 1, "one message is sent twice"
    assert {item.entity_name for item in recipient.messages} == {"Kontaktgruppe", "Personkategori"}


def test_en_akasse_faar_ingen_personkategori(tmp_path: Path) -> None:
    found, recipient = judgements(habits.takes_in(), tmp_path, 0, "--organisation", "2/81")
    assert {message.entity_name for message in recipient.messages} == {"Kontaktgruppe"}
    assert {str(message.recipient) for message in recipient.messages} == {"2/81"}
    assert len(found) == 12


def with_500_to_it_unreadable() -> WebhookHabit:
    return lambda message, number: Reaction(200) if message is not None else Reaction(500, taken=False)


def takes_all() -> WebhookHabit:
    return lambda message, number: Reaction(200)


@pytest.mark.parametrize(
    ("habit", "code", "name", "judgement"),
    [
        (with_500_to_it_unreadable(), 1, "en ugyldig besked: ikke JSON", "breach"),
        (takes_all(), 0, "en ugyldig besked: uden metadata", "bemærkning"),
        (habits.redirects("http://127.0.0.1:9/"), 1, "Kontaktgruppe, oprettelse", "breach"),
        (habits.answers(500, 1), 1, "samme besked igen efter modtagerens 500", "bestået"),
        (habits.resets(1_000_000), 1, "Kontaktgruppe, oprettelse", "breach"),
        (habits.answers_nothing(), 1, "Kontaktgruppe, oprettelse", "breach"),
        (habits.answers(404), 1, "samme besked to gange", "breach"),
    ],
)
def test_uvaner_ses(tmp_path: Path, habit: WebhookHabit, code: int, name: str, judgement: str) -> None:
    assert judgements(habit, tmp_path, code)[0][name] == judgement


def test_en_langsom_webhook_brydes_ved_fristen(tmp_path: Path) -> None:
    def habit(message: object, number: int) -> Reaction:
        return Reaction(200, delay=3.0 if number == 2 else 0.0)

    found, _ = judgements(habit, tmp_path, 1, "--timeout", "1")
    assert [name for name, judgement in found.items() if judgement == "breach"] == ["Kontaktgruppe, slet"]


def test_tekst_siger_hvad_der_ikke_kan_ses(tmp_path: Path) -> None:
    with WebhookReceiver(contract()) as recipient:
        text = receiver(recipient.address, code=0, folder=tmp_path).stdout
    assert "200 af 200 taget, median" in text
    assert "kan ikke ses udefra: om den anden gang ændrede noget" in text
    assert text.endswith("15 prøver, 0 brud\n")


@pytest.mark.parametrize(
    ("flag", "code", "says"),
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
def test_det_der_ikke_kan_koere(tmp_path: Path, flag: list[str], code: int, says: str) -> None:
    assert says in receiver(*flag, code=code, folder=tmp_path).stderr
