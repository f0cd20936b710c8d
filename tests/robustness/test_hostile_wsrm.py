"""Hostile WSRM calls: sequence headers and identifiers that are missing, repeated, huge or of another owner."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from lxml import etree

from support.adversary import FROZEN, Adversary, status, without_trace
from support.builders import AKASSE, JOBCENTER, identity
from support.processes import stage_process
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.messages.wsrm import CLOSE, CONTROL, END, MESSAGES, Wsrm
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import services

XML = "content-type: text/xml; charset=utf-8"
TYPE = "GetContactGroupVersion5"


@cache
def wsrm() -> Wsrm:
    return Wsrm(load())


@pytest.fixture(scope="module")
def adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)


def call(adversary: Adversary, service: str, body: bytes) -> bytes:
    response = adversary.call("POST", services(load())[service].path, XML, body=body)
    assert status(response) in (200, 500), response
    assert b"<ErrorCode>1011</ErrorCode>" not in response
    assert without_trace(response)
    assert len(response) < 16_384
    return response


def message(body: etree._Element, sequence: str | None = None, organisation: Organisation = JOBCENTER) -> str:
    header = None if sequence is None else wsrm().sequence_header("SequenceRequest", sequence)
    return envelope.write_call(identity(organisation), body, header).decode()


@pytest.fixture
def sequence(adversary: Adversary) -> Iterator[str]:
    """An open sequence with a message; after the test the owner must still be able to fetch and terminate it."""
    adversary.neighbour_served()
    response = call(adversary, CONTROL, message(wsrm().write_create()).encode())
    assert status(response) == 200
    body = envelope.read_response(response.partition(b"\r\n\r\n")[2])
    assert isinstance(body, etree._Element)
    inventory = wsrm().read_inventory(body)
    yield inventory.id
    response = call(adversary, MESSAGES, message(wsrm().write_fetch(TYPE), inventory.id).encode())
    assert status(response) == 200
    assert b"PersonCivilRegistrationIdentifier" in response
    assert status(call(adversary, CONTROL, message(wsrm().write_ending(END, inventory.id)).encode())) == 200


UNKNOWN = "01a21dde-f6fd-7096-ad36-980ab334a5f9"
WRONG = [
    "", " ", "\t\n", "x", "0", "-1", "null", "x" * 10_000, "9" * 10_000, "æøå", "\u202e", "../../", "' OR 1=1 --", "%00", "*",
    UNKNOWN, f"{UNKNOWN} {UNKNOWN}", "{" + UNKNOWN + "}", "urn:uuid:" + UNKNOWN, "<a/>", "&amp;", "${jndi:ldap://x}",
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_an_unknown_sequence_is_refused(adversary: Adversary, sequence: str, wrong: str) -> None:
    for operation in (CLOSE, END):
        response = call(adversary, CONTROL, message(wsrm().write_ending(operation, wrong)).encode())
        assert b"Fault>" in response
    response = call(adversary, MESSAGES, message(wsrm().write_fetch(TYPE), wrong).encode())
    assert b"Fault>" in response


@pytest.mark.parametrize(
    "change", ["new element", "two identifiers", "empty", "text", "two headers", "wrong namespace", "deep"]
)
def test_a_malformed_sequence_request_is_refused(adversary: Adversary, sequence: str, change: str) -> None:
    """The header must name exactly one sequence."""
    whole = message(wsrm().write_fetch(TYPE), sequence)
    since = whole.index("<", whole.index("SequenceRequest") - 6)
    until = whole.index(">", whole.rindex("SequenceRequest")) + 1
    header = whole[since:until]
    begin, end = header.rindex("<", 0, header.index(sequence)), header.index(">", header.index(sequence)) + 1
    identifier = header[begin:end]
    malformed = {
        "new element": header.replace(identifier, f"{identifier}<Ukendt>x</Ukendt>"),
        "two identifiers": header.replace(identifier, identifier + identifier.replace(sequence, new_uuid())),
        "empty": header.replace(identifier, ""),
        "text": header.replace(identifier, f"hej {identifier}"),
        "two headers": header + header,
        "wrong namespace": header.replace(wsrm().sequence_request[1:].partition("}")[0], "urn:andet"),
        "deep": header.replace(identifier, "<a>" * 10_000 + identifier + "</a>" * 10_000),
    }[change]
    response = call(adversary, MESSAGES, (whole[:since] + malformed + whole[until:]).encode())
    assert b"Fault>" in response, response


@pytest.mark.parametrize("sub_queue", ["x" * 100_000, "\u202e", "' OR 1=1", " ", "\n" * 1000, "<a/>"])
def test_an_unknown_sub_queue_is_empty_or_refused(adversary: Adversary, sequence: str, sub_queue: str) -> None:
    response = call(adversary, CONTROL, message(wsrm().write_create(sub_queue)).encode())
    if status(response) == 200 and sub_queue.strip():
        assert b"ServiceItem>" not in response


def test_the_sequence_of_another_owner_is_refused(adversary: Adversary, sequence: str) -> None:
    """Only the owner of the queue may use the id of a sequence."""
    for other in (AKASSE, Organisation(8, "10200"), Organisation(1, "1")):
        for operation in (CLOSE, END):
            response = call(
                adversary, CONTROL, message(wsrm().write_ending(operation, sequence), organisation=other).encode()
            )
            assert b"Fault>" in response
        response = call(adversary, MESSAGES, message(wsrm().write_fetch(TYPE), sequence, other).encode())
        assert b"Fault>" in response
        assert b"PersonCivil" not in response
