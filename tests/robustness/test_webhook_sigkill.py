"""Kill the sending process at random moments, sometimes with a closed receiver: delivery is at least once, in order."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose the moments
import threading
from pathlib import Path

import pytest

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, contract, identity
from support.processes import StageProcess, stage_process
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import UnreachableError
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_simulators.control import Control
from vos_simulators.habits import WEBHOOK_HABITS
from vos_simulators.inboxes.webhook import WebhookReceiver
from vos_simulators.oracle.expected import WsbSubscriber, expected
from vos_simulators.oracle.happened import from_stage
from vos_simulators.oracle.received import from_wsb
from vos_simulators.oracle.verdict import DeviationKind, assess
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport

CALLS = 40
DEADLINE_S = 60
SYSTEM = "0193e6a0-0000-7000-8000-00000000000b"


def register_until_killed(process: StageProcess, cpr_numbers: list[str], enough: threading.Event) -> None:
    """Change kontaktgrupper until the stage is killed; set `enough` after `CALLS` answered calls."""
    with HttpTransport(process.services) as transport, HttpTransport(process.control) as line:
        control = Control(line)
        kss = Party(identity(), contract(), transport, new_uuid)
        try:
            for number in range(10_000):
                command = Create(Kind.KONTAKTGRUPPE, (13, 25, 23, 4)[number // len(cpr_numbers) % 4], TODAY)
                kss.register(cpr_numbers[number % len(cpr_numbers)], command, Channel.PVS)
                if number % 10 == 0:
                    control.move_clock(forward=2)
                if number >= CALLS:
                    enough.set()
        except UnreachableError:
            return


def wait_for_more(recipient: WebhookReceiver, count: int) -> None:
    """Wait until the receiver has been called `count` more times."""
    before = len(recipient.arrivals)
    recipient.wait(lambda: len(recipient.arrivals) >= before + count, f"{count} more calls", DEADLINE_S)


@pytest.mark.parametrize(
    ("habit", "kills"),
    [
        ("takes_in", 1),
        *(pytest.param(habit, 4, marks=pytest.mark.slow) for habit in ("takes_in", "answers_500_twice", "resets")),
    ],
)
def test_messages_of_a_repeatedly_killed_stage_are_delivered_at_least_once_in_order(
    tmp_path: Path, habit: str, kills: int
) -> None:
    rng = random.Random(habit)
    people = People(seed=7)
    citizens = [people.new(40, NOW.date()) for _ in range(5)]
    flags = ("--db", "stage.db", "--people", "0", "--clock", NOW.isoformat())
    repetitions = 0
    with WebhookReceiver(contract(), WEBHOOK_HABITS[habit]()) as recipient:
        for number in range(kills):
            with stage_process(*flags, folder=tmp_path) as process:
                if number == 0:
                    with HttpTransport(process.control) as line, HttpTransport(process.services) as services:
                        control = Control(line)
                        control.set_up(*(on_stage(citizen, akasse=AKASSE) for citizen in citizens))
                        control.subscriber_system(SYSTEM, recipient.address, JOBCENTER, AKASSE)
                        wire = Subscriptions(contract(), Rest(contract()))
                        wishes = [SubscriptionWish(item, 100008, "/wsb", NOW.date()) for item in (JOBCENTER, AKASSE)]
                        response = services.send(wire.call(SYSTEM, wishes, identity(), new_uuid()))
                        assert wire.understand(response) == Synchronised(2, 0, 0)
                enough = threading.Event()
                arguments = (process, [citizen.cpr for citizen in citizens], enough)
                thread = threading.Thread(target=register_until_killed, args=arguments, daemon=True)
                thread.start()
                assert enough.wait(DEADLINE_S)
                if number % 2:
                    recipient.close()
                else:
                    wait_for_more(recipient, rng.randrange(1, 8))
                process.kill()
                thread.join(timeout=DEADLINE_S)
                assert not thread.is_alive()
                if number % 2:
                    recipient.open_up()
        with stage_process(*flags, folder=tmp_path) as process, HttpTransport(process.control, timeout=None) as line:
            control = Control(line)
            control.move_clock(forward="PT4H")
            assert [(item.waiting, item.dead) for item in control.wsb().recipients] == [(0, 0), (0, 0)]
            subscribers = [WsbSubscriber(SYSTEM, item, frozenset({Kind.KONTAKTGRUPPE})) for item in (JOBCENTER, AKASSE)]
            expected_messages = [
                item
                for item in expected(from_stage(OperationsReader(line)), subscribers, wsrm=False)
                if item.recipient in {subscriber.recipient for subscriber in subscribers}
            ]
            deviations = assess(expected_messages, [from_wsb(SYSTEM, message) for message in recipient.messages])
        assert [str(deviation) for deviation in deviations if deviation.breach] == []
        repetitions += sum(deviation.kind is DeviationKind.REPETITION for deviation in deviations)
        assert len(expected_messages) > CALLS
    assert repetitions > 0 or habit != "resets"
