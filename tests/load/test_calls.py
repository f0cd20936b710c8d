"""A load call is byte for byte a scenario's call: what the users send is held against what the cast sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vos_contracts.kontrakt import indlaes
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.base import Kald, Svar, UnreachableError
from vos_load.calls import KONTAKTGRUPPER, PERSONKATEGORI, LoadCalls, UnusableAnswer
from vos_load.load_profile import LoadChannel, Operation
from vos_simulators.parties import JOBCENTER, KSS
from vos_simulators.party import Aktoer
from vos_simulators.party import Kanal as CastChannel
from vos_simulators.people import Folk

NOW = datetime(2024, 11, 18, 9, tzinfo=UTC)
CPR = Folk(1).ny(40, NOW.date()).cpr
ID = "01900000-0000-7000-8000-000000000001"
CONTRACT = indlaes()
IDENTITY: Identitet = KSS.identity(JOBCENTER, NOW)


class _Listener:
    """A line that keeps what is sent on it, and never answers."""

    def __init__(self) -> None:
        self.kald: list[Kald] = []

    def send(self, kald: Kald) -> Svar:
        self.kald.append(kald)
        raise UnreachableError("nobody there")


def _by_the_cast(operation: Operation, channel: LoadChannel) -> Kald:
    """Let the cast do the same, and catch its call."""
    listener = _Listener()
    actor = Aktoer(IDENTITY, CONTRACT, listener, lambda: ID)
    cast_channel = CastChannel.PVS if channel is LoadChannel.REST else CastChannel.PRS
    commands = {
        Operation.CREATE_KONTAKTGRUPPE: Opret(Art.KONTAKTGRUPPE, KONTAKTGRUPPER[0], NOW),
        Operation.CREATE_PERSONKATEGORI: Opret(Art.PERSONKATEGORI, PERSONKATEGORI, NOW),
        Operation.END_KONTAKTGRUPPE: Opdater(Art.KONTAKTGRUPPE, ID, NOW),
        Operation.END_PERSONKATEGORI: Opdater(Art.PERSONKATEGORI, ID, NOW),
    }
    with pytest.raises(UnreachableError):
        match operation:
            case Operation.READ_STATUS:
                actor.laeser.status(CPR)
            case Operation.READ_CODE_LIST:
                actor.laeser.kodelister()
            case Operation.READ_KONTAKTGRUPPE if channel is LoadChannel.REST:
                actor.laes(CPR, Art.KONTAKTGRUPPE)
            case Operation.READ_KONTAKTGRUPPE:
                actor.laeser.kollektioner(Laesetjeneste.STATUS, CPR, (Art.KONTAKTGRUPPE,))
            case Operation.READ_HISTORY if channel is LoadChannel.REST:
                actor.historik(CPR, Art.KONTAKTGRUPPE)
            case Operation.READ_HISTORY:
                actor.laeser.kollektioner(Laesetjeneste.HISTORIK, CPR)
            case _:
                actor.registrer(CPR, commands[operation], cast_channel)
    (kald,) = listener.kald
    return kald


def _without_request_id(kald: Kald) -> tuple[object, ...]:
    """Leave out the request id, which is new for every call."""
    headers = {navn: vaerdi for navn, vaerdi in kald.headers.items() if navn != "x-requestid"}
    return kald.metode, kald.sti, headers, kald.krop


@pytest.mark.parametrize(
    ("operation", "channel"),
    [
        (operation, channel)
        for operation in Operation
        for channel in LoadChannel
        if operation is not Operation.EMPTY_QUEUE
        and not (channel is LoadChannel.SOAP and operation in {Operation.READ_STATUS, Operation.READ_CODE_LIST})
    ],
)
def test_a_call_is_byte_for_byte_the_casts(operation: Operation, channel: LoadChannel) -> None:
    kald = LoadCalls(CONTRACT).write(operation, channel, CPR, IDENTITY, NOW, id_=ID)
    assert _without_request_id(kald) == _without_request_id(_by_the_cast(operation, channel))


def test_every_call_has_a_request_id_of_its_own() -> None:
    calls = LoadCalls(CONTRACT)
    ids = {
        calls.write(Operation.CREATE_PERSONKATEGORI, LoadChannel.REST, CPR, IDENTITY, NOW).headers["x-requestid"]
        for _ in range(5)
    }
    assert len(ids) == 5


def test_a_citizen_changes_group_every_time() -> None:
    calls = LoadCalls(CONTRACT)
    bodies = [
        calls.write(Operation.CREATE_KONTAKTGRUPPE, LoadChannel.REST, CPR, IDENTITY, NOW, number=number).krop
        for number in range(3)
    ]
    assert bodies[0] == bodies[2] != bodies[1]


@pytest.mark.parametrize(
    ("channel", "answer", "says"),
    [
        (LoadChannel.REST, Svar(400, {}, b'{"fejl":[{"fejlkode":4731,"fejltekst":"x"}]}'), "4731"),
        (LoadChannel.REST, Svar(502, {}, b"<html>"), "status 502"),
        (LoadChannel.REST, Svar(200, {}, b'"hej"'), "status 200"),
        (LoadChannel.SOAP, Svar(500, {}, b"<html/>"), "status 500"),
        (LoadChannel.SOAP, Svar(200, {}, b"ikke xml"), "status 200"),
    ],
    ids=["refusal", "gateway", "no uuid", "no envelope", "no xml"],
)
def test_an_answer_that_is_no_success_is_an_error_with_its_reason(
    channel: LoadChannel, answer: Svar, says: str
) -> None:
    with pytest.raises(UnusableAnswer, match=says):
        LoadCalls(CONTRACT).understand(Operation.CREATE_KONTAKTGRUPPE, channel, answer)
