"""The grades of a party's poller, from the stage's journal of real calls: every lapse is seen, and a good poller has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from generalproeve.stage.stage import Stage
from support.builders import JOBCENTER, NOW, TODAY, contract, identity
from support.commands import run_command
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import JournalDto
from vos_contracts.model.registration import Create, Kind
from vos_simulators.control import Control
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.poller_behaviour import BadHabit, behaviour, lost_entries
from vos_simulators.transport import HttpTransport

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"


@pytest.fixture
def poller(transport: HttpTransport, new_citizen: Callable[..., Citizen]) -> WsrmPoller:
    """A poller whose queue has version 5 and version 4 of one kontaktgruppe."""
    kss = Party(identity(), contract(), transport, new_uuid)
    assert isinstance(kss.register(new_citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PVS), str)
    return WsrmPoller(identity(JOBCENTER), contract(), transport)


def findings(control: Control) -> list[tuple[BadHabit, str]]:
    (polled,) = behaviour(control.journal().entries, control.status().clock)
    return [(lapse.bad_habit, lapse.message_type) for lapse in polled.finding]


def test_a_good_poller_has_no_lapses(control: Control, poller: WsrmPoller) -> None:
    poller.drain()
    control.move_clock(forward=300)
    poller.drain()
    assert findings(control) == []
    (polled,) = behaviour(control.journal().entries, control.status().clock)
    assert (polled.owner, polled.messages, polled.ended) == ("8/10100 system 0", 2, 1)
    assert polled.gap is not None
    assert polled.gap <= timedelta(seconds=300)


def test_a_sequence_that_is_not_terminated_is_a_lapse_when_it_expires(control: Control, poller: WsrmPoller) -> None:
    sequence = poller.create()
    poller.fetch(sequence.id, V5)
    assert findings(control) == []
    control.move_clock(forward=3601)
    assert findings(control) == [(BadHabit.DID_NOT_TERMINATE, "")]
    poller.drain()
    assert findings(control) == [(BadHabit.DID_NOT_TERMINATE, "")]


def test_an_empty_sequence_may_stay_open(control: Control, poller: WsrmPoller) -> None:
    poller.drain()
    for _ in range(5):
        assert poller.create().entries == ()
        control.move_clock(forward=600)
    assert findings(control) == []
    control.move_clock(forward=3601)
    assert findings(control) == []
    (polled,) = behaviour(control.journal().entries, control.status().clock)
    assert polled.gap == timedelta(seconds=600), "each CreateSequence is a poll, although it returns the same sequence"


def test_a_line_that_is_not_fetched_is_a_lapse(control: Control, poller: WsrmPoller) -> None:
    sequence = poller.create()
    poller.fetch(sequence.id, V5)
    poller.end(sequence.id)
    assert findings(control) == [(BadHabit.SKIPPED_A_LINE, V4)]


def test_fetching_twice_fetching_what_is_not_there_and_beginning_again_are_lapses(
    control: Control, poller: WsrmPoller
) -> None:
    sequence = poller.create()
    for message_type in (V5, V5, V4, V1):
        poller.fetch(sequence.id, message_type)
    assert poller.create().id == sequence.id
    poller.close(sequence.id)
    assert findings(control) == [
        (BadHabit.FETCHED_TWICE, V5),
        (BadHabit.FETCHED_UNLISTED, V1),
        (BadHabit.BEGAN_AGAIN, ""),
    ]


def grade(stage: Stage, *flags: str, code: int, folder: Path) -> str:
    return run_command("poller", "--control", stage.control, *flags, folder=folder, code=code).stdout


def test_the_command_states_the_consequence(stage: Stage, poller: WsrmPoller, tmp_path: Path) -> None:
    sequence = poller.create()
    poller.fetch(sequence.id, V5)
    poller.end(sequence.id)
    text = grade(stage, code=1, folder=tmp_path)
    assert text.startswith("8/10100 system 0: 1 sekvenser, 1 afsluttet, 2 beskeder, kom én gang")
    assert f"uden at hente en linje i inventaret {V4} - følge: de beskeder er væk" in text
    (party,) = json.loads(grade(stage, "--json", code=1, folder=tmp_path))["owners"]
    assert party["lapses"][0]["type"] == V4


def test_without_sequences_nothing_is_printed(stage: Stage, tmp_path: Path) -> None:
    assert grade(stage, code=5, folder=tmp_path) == ""


def test_entries_from_before_a_reset_do_not_count_as_lost() -> None:
    sequence, reset = (JournalEntry(kind=kind, instant=NOW) for kind in (EntryType.SEQUENCE, EntryType.RESET))
    assert lost_entries(JournalDto(next_item=9, lost=7, entries=(sequence, sequence))) == 7
    assert lost_entries(JournalDto(next_item=9, lost=7, entries=(reset, sequence))) == 0
