"""How a party's poller behaved, told by the stage after real calls: each lapse is seen, and a good poller has none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.builders import JOBCENTER, NOW, TODAY, contract, identity

from generalproeve.stage.stage import Stage
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import JournalDto
from vos_contracts.model.registration import Create, Kind
from vos_simulators.control import Control
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.poller_behaviour import BadHabit, Finding, behaviour, mistet
from vos_simulators.transport import HttpTransport

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"


@pytest.fixture
def poller(transport: HttpTransport, new_citizen: Callable[..., Citizen]) -> WsrmPoller:
    """A queue with version 5 and version 4 of one group."""
    kss = Party(identity(), contract(), transport, new_uuid)
    assert isinstance(kss.register(new_citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PVS), str)
    return WsrmPoller(identity(JOBCENTER), contract(), transport)


def finding(control: Control) -> list[tuple[BadHabit, str]]:
    (item,) = behaviour(control.journal().entries, control.status().clock)
    assert all(isinstance(item, Finding) for item in item.finding)
    return [(item.bad_habit, item.message_type) for item in item.finding]


def test_en_god_poller_har_intet_at_bebrejde_sig(control: Control, poller: WsrmPoller) -> None:
    poller.drain()
    control.move_clock(forward=300)
    poller.drain()
    assert finding(control) == []
    (item,) = behaviour(control.journal().entries, control.status().clock)
    assert (item.owner, item.messages, item.ended) == ("8/10100 system 0", 2, 1)
    assert item.gap is not None
    assert item.gap <= timedelta(seconds=300)


def test_den_der_ikke_afslutter(control: Control, poller: WsrmPoller) -> None:
    sequence = poller.create()
    poller.fetch(sequence.id, V5)
    assert finding(control) == []
    control.move_clock(forward=3601)
    assert finding(control) == [(BadHabit.FORGOTTEN_AT_END, "")]
    poller.drain()
    assert finding(control) == [(BadHabit.FORGOTTEN_AT_END, "")]


def test_en_tom_sekvens_kan_staa_aaben_uden_at_nogen_lider_skade(control: Control, poller: WsrmPoller) -> None:
    poller.drain()
    for _ in range(5):
        assert poller.create().entries == ()
        control.move_clock(forward=600)
    assert finding(control) == []
    control.move_clock(forward=3601)
    assert finding(control) == []
    (item,) = behaviour(control.journal().entries, control.status().clock)
    assert item.gap == timedelta(seconds=600), "it came each time, though the sequence was the same"


def test_den_der_springer_en_linje_over(control: Control, poller: WsrmPoller) -> None:
    sequence = poller.create()
    poller.fetch(sequence.id, V5)
    poller.end(sequence.id)
    assert finding(control) == [(BadHabit.IGNORED_ONE_LINE, V4)]


def test_den_der_henter_to_gange_og_det_der_ikke_er_der(control: Control, poller: WsrmPoller) -> None:
    sequence = poller.create()
    for message_type in (V5, V5, V4, V1):
        poller.fetch(sequence.id, message_type)
    assert poller.create().id == sequence.id
    poller.close(sequence.id)
    assert finding(control) == [
        (BadHabit.FETCHED_TO_TIMES, V5),
        (BadHabit.FETCHED_WITHOUT_FOR, V1),
        (BadHabit.BEGAN_AGAIN, ""),
    ]


def command(stage: Stage, *flag: str, code: int, folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "poller", "--control", stage.control, *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def test_kommandoen_siger_foelgen(stage: Stage, poller: WsrmPoller, tmp_path: Path) -> None:
    sequence = poller.create()
    poller.fetch(sequence.id, V5)
    poller.end(sequence.id)
    text = command(stage, code=1, folder=tmp_path)
    assert text.startswith("8/10100 system 0: 1 sekvenser, 1 afsluttet, 2 beskeder, kom én gang")
    assert f"uden at hente en linje i inventaret {V4} - følge: de beskeder er væk" in text
    (load,) = json.loads(command(stage, "--json", code=1, folder=tmp_path))["owners"]
    assert load["lapses"][0]["type"] == V4


def test_uden_sekvenser_er_der_intet_at_sige(stage: Stage, tmp_path: Path) -> None:
    assert command(stage, code=5, folder=tmp_path) == ""


def test_kun_hvad_der_kan_mangle_er_tabt() -> None:
    sequence, reset = (JournalEntry(kind=kind, instant=NOW) for kind in (EntryType.SEQUENCE, EntryType.RESET))
    assert mistet(JournalDto(next_item=9, lost=7, entries=(sequence, sequence))) == 7
    assert mistet(JournalDto(next_item=9, lost=7, entries=(reset, sequence))) == 0
