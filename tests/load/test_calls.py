"""A load call is byte for byte a scenario's call: what the users send is held against what the cast sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vos_contracts.contract import load
from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import ReadService
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.wire.base import Call, Response, UnreachableError
from vos_load.calls import KONTAKTGRUPPER, PERSONKATEGORI, LoadCalls, UnusableAnswer
from vos_load.load_profile import LoadChannel, LoadOperation
from vos_simulators.parties import JOBCENTER, KSS
from vos_simulators.party import Channel as CastChannel
from vos_simulators.party import Party
from vos_simulators.people import People

NOW = datetime(2024, 11, 18, 9, tzinfo=UTC)
CPR = People(1).new(40, NOW.date()).cpr
ID = "01900000-0000-7000-8000-000000000001"
CONTRACT = load()
IDENTITY: Identity = KSS.identity(JOBCENTER, NOW)


class _Listener:
    """A line that keeps what is sent on it, and never answers."""

    def __init__(self) -> None:
        self.call: list[Call] = []

    def send(self, call: Call) -> Response:
        self.call.append(call)
        raise UnreachableError("nobody there")


def _by_the_cast(operation: LoadOperation, channel: LoadChannel) -> Call:
    """Let the cast do the same, and catch its call."""
    listener = _Listener()
    actor = Party(IDENTITY, CONTRACT, listener, lambda: ID)
    cast_channel = CastChannel.PVS if channel is LoadChannel.REST else CastChannel.PRS
    commands = {
        LoadOperation.CREATE_KONTAKTGRUPPE: Create(Kind.KONTAKTGRUPPE, KONTAKTGRUPPER[0], NOW),
        LoadOperation.CREATE_PERSONKATEGORI: Create(Kind.PERSONKATEGORI, PERSONKATEGORI, NOW),
        LoadOperation.END_KONTAKTGRUPPE: Update(Kind.KONTAKTGRUPPE, ID, NOW),
        LoadOperation.END_PERSONKATEGORI: Update(Kind.PERSONKATEGORI, ID, NOW),
    }
    with pytest.raises(UnreachableError):
        match operation:
            case LoadOperation.READ_STATUS:
                actor.reader.status(CPR)
            case LoadOperation.READ_CODE_LIST:
                actor.reader.code_lists()
            case LoadOperation.READ_KONTAKTGRUPPE if channel is LoadChannel.REST:
                actor.read(CPR, Kind.KONTAKTGRUPPE)
            case LoadOperation.READ_KONTAKTGRUPPE:
                actor.reader.collections(ReadService.STATUS, CPR, (Kind.KONTAKTGRUPPE,))
            case LoadOperation.READ_HISTORY if channel is LoadChannel.REST:
                actor.history(CPR, Kind.KONTAKTGRUPPE)
            case LoadOperation.READ_HISTORY:
                actor.reader.collections(ReadService.HISTORY, CPR)
            case _:
                actor.register(CPR, commands[operation], cast_channel)
    (call,) = listener.call
    return call


def _without_request_id(call: Call) -> tuple[object, ...]:
    """Leave out the request id, which is new for every call."""
    headers = {name: value for name, value in call.headers.items() if name != "x-requestid"}
    return call.method, call.path, headers, call.body


@pytest.mark.parametrize(
    ("operation", "channel"),
    [
        (operation, channel)
        for operation in LoadOperation
        for channel in LoadChannel
        if operation is not LoadOperation.EMPTY_QUEUE
        and not (channel is LoadChannel.SOAP and operation in {LoadOperation.READ_STATUS, LoadOperation.READ_CODE_LIST})
    ],
)
def test_a_call_is_byte_for_byte_the_casts(operation: LoadOperation, channel: LoadChannel) -> None:
    call = LoadCalls(CONTRACT).write(operation, channel, CPR, IDENTITY, NOW, id_=ID)
    assert _without_request_id(call) == _without_request_id(_by_the_cast(operation, channel))


def test_every_call_has_a_request_id_of_its_own() -> None:
    calls = LoadCalls(CONTRACT)
    ids = {
        calls.write(LoadOperation.CREATE_PERSONKATEGORI, LoadChannel.REST, CPR, IDENTITY, NOW).headers["x-requestid"]
        for _ in range(5)
    }
    assert len(ids) == 5


def test_a_citizen_changes_group_every_time() -> None:
    calls = LoadCalls(CONTRACT)
    bodies = [
        calls.write(LoadOperation.CREATE_KONTAKTGRUPPE, LoadChannel.REST, CPR, IDENTITY, NOW, number=number).body
        for number in range(3)
    ]
    assert bodies[0] == bodies[2] != bodies[1]


@pytest.mark.parametrize(
    ("channel", "answer", "says"),
    [
        (LoadChannel.REST, Response(400, {}, b'{"fejl":[{"fejlkode":4731,"fejltekst":"x"}]}'), "4731"),
        (LoadChannel.REST, Response(502, {}, b"<html>"), "status 502"),
        (LoadChannel.REST, Response(200, {}, b'"hej"'), "status 200"),
        (LoadChannel.SOAP, Response(500, {}, b"<html/>"), "status 500"),
        (LoadChannel.SOAP, Response(200, {}, b"ikke xml"), "status 200"),
    ],
    ids=["refusal", "gateway", "no uuid", "no envelope", "no xml"],
)
def test_an_answer_that_is_no_success_is_an_error_with_its_reason(
    channel: LoadChannel, answer: Response, says: str
) -> None:
    with pytest.raises(UnusableAnswer, match=says):
        LoadCalls(CONTRACT).understand(LoadOperation.CREATE_KONTAKTGRUPPE, channel, answer)
