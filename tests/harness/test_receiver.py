"""`generalproeve receiver` against webhooks with known habits: the judgement of each, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.builders import contract
from support.commands import Finished, run_command
from vos_simulators import habits
from vos_simulators.habits import Reaction, WebhookHabit
from vos_simulators.inboxes.webhook import WebhookReceiver


def receiver(*flags: str, code: int, folder: Path) -> Finished:
    return run_command("receiver", *flags, code=code, folder=folder)


def judgements(habit: WebhookHabit, folder: Path, code: int, *flags: str) -> tuple[dict[str, str], WebhookReceiver]:
    with WebhookReceiver(contract(), habit) as webhook:
        response = json.loads(receiver(f"{webhook.address}/wsb", "--json", *flags, code=code, folder=folder).stdout)
    assert response["breaches"] == sum(grade["judgement"] == "breach" for grade in response["grades"])
    return {grade["name"]: grade["judgement"] for grade in response["grades"]}, webhook


def test_a_good_webhook_passes(tmp_path: Path) -> None:
    found, webhook = judgements(habits.takes_in(), tmp_path, 0)
    assert set(found.values()) == {"passed", "not_seen"}
    assert found["samme besked igen efter modtagerens 500"] == "not_seen"
    assert len(found) == 15
    assert {arrival.path for arrival in webhook.arrivals} == {"/wsb"}
    assert sum(arrival.message is None for arrival in webhook.arrivals) == 3
    ids = [message.message_id for message in webhook.messages]
    assert len(ids) - len({*ids}) == 1, "one message is sent twice"
    assert {message.entity_name for message in webhook.messages} == {"Kontaktgruppe", "Personkategori"}


def test_an_akasse_gets_no_personkategori(tmp_path: Path) -> None:
    found, webhook = judgements(habits.takes_in(), tmp_path, 0, "--organisation", "2/81")
    assert {message.entity_name for message in webhook.messages} == {"Kontaktgruppe"}
    assert {str(message.recipient) for message in webhook.messages} == {"2/81"}
    assert len(found) == 12


def answers_500_to_the_unreadable() -> WebhookHabit:
    return lambda message, number: Reaction(200) if message is not None else Reaction(500, taken=False)


def takes_everything() -> WebhookHabit:
    return lambda message, number: Reaction(200)


@pytest.mark.parametrize(
    ("habit", "code", "name", "judgement"),
    [
        (answers_500_to_the_unreadable(), 1, "en ugyldig besked: ikke JSON", "breach"),
        (takes_everything(), 0, "en ugyldig besked: uden metadata", "remark"),
        (habits.redirects("http://127.0.0.1:9/"), 1, "Kontaktgruppe, oprettelse", "breach"),
        (habits.answers(500, 1), 1, "samme besked igen efter modtagerens 500", "passed"),
        (habits.resets(1_000_000), 1, "Kontaktgruppe, oprettelse", "breach"),
        (habits.answers_nothing(), 1, "Kontaktgruppe, oprettelse", "breach"),
        (habits.answers(404), 1, "samme besked to gange", "breach"),
    ],
)
def test_bad_habits_are_seen(tmp_path: Path, habit: WebhookHabit, code: int, name: str, judgement: str) -> None:
    assert judgements(habit, tmp_path, code)[0][name] == judgement


def test_an_answer_after_the_timeout_is_a_breach(tmp_path: Path) -> None:
    def habit(message: object, number: int) -> Reaction:
        return Reaction(200, delay=3.0 if number == 2 else 0.0)

    found, _ = judgements(habit, tmp_path, 1, "--timeout", "1")
    assert [name for name, judgement in found.items() if judgement == "breach"] == ["Kontaktgruppe, slet"]


def test_the_text_says_what_cannot_be_seen(tmp_path: Path) -> None:
    with WebhookReceiver(contract()) as webhook:
        text = receiver(webhook.address, code=0, folder=tmp_path).stdout
    assert "200 af 200 taget, median" in text
    assert "kan ikke ses udefra: om den anden gang ændrede noget" in text
    assert text.endswith("15 prøver, 0 brud\n")


@pytest.mark.parametrize(
    ("flags", "code", "says"),
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
def test_what_cannot_run_is_refused(tmp_path: Path, flags: list[str], code: int, says: str) -> None:
    assert says in receiver(*flags, code=code, folder=tmp_path).stderr
