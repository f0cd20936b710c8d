"""A CPR change through the control API: moved data, messages, refusals; zeep fetches the message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest

from generalproeve.stage.stage import Stage
from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, STAR, TODAY, identity
from support.zeep_client import SR, client, headers
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.control.stage import CprChangeDto, RegistrationDto
from vos_contracts.model.cpr import masked
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Delete, Kind
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_reference.domain import batch_jobs
from vos_simulators.control import Control, ControlRefused
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People
from vos_simulators.transport import HttpTransport

MESSAGE = "GetCprChanged"
_people = People(seed=1996)


@pytest.fixture
def new_one() -> str:
    return _people.new(40, NOW.date()).cpr


@pytest.fixture
def kss(transport: HttpTransport) -> Party:
    return Party(identity(JOBCENTER), load(), transport, new_uuid)


def fetched(transport: HttpTransport, organisation: Organisation, system: int = 1001) -> Sequence[object]:
    return WsrmPoller(replace(identity(organisation), system=system), load(), transport).drain()


def code(response: object) -> list[int]:
    return [error.code for error in response.errors]  # type: ignore[attr-defined]  # a refusal


def test_everything_is_under_the_new_number_and_nothing_under_the_old(
    control: Control, kss: Party, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=13, start=NOW - timedelta(days=9)),))
    id_ = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 4, TODAY), Channel.PVS)
    assert isinstance(id_, str)
    before = kss.history(citizen.cpr, Kind.KONTAKTGRUPPE)
    response = control.cpr_change(citizen.cpr, new_one)
    assert (response.moved, response.messages) == (True, 0)
    assert kss.history(new_one, Kind.KONTAKTGRUPPE) == before
    assert code(kss.read(citizen.cpr, Kind.KONTAKTGRUPPE)) == [4404]
    for channel in Channel:
        assert code(kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), channel)) == [4404]
        assert isinstance(
            kss.register(new_one, Create(Kind.KONTAKTGRUPPE, 13 if channel is Channel.PRS else 4, TODAY), channel), str
        )
    assert code(kss.register(citizen.cpr, Delete(Kind.KONTAKTGRUPPE, id_), Channel.PVS)) == [4404]
    assert control.status().people == 1


def test_only_subscribers_at_the_citizens_authorities_get_a_message(
    control: Control, transport: HttpTransport, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    for organisation in (JOBCENTER, AKASSE, Organisation(8, "10200"), Organisation(2, "82")):
        control.subscribe(organisation.type, organisation.code, 1001, [MESSAGE])
    citizen = new_citizen()
    assert control.cpr_change(citizen.cpr, new_one).messages == 2
    for organisation in (JOBCENTER, AKASSE):
        (message,) = fetched(transport, organisation)
        assert isinstance(message, CprMessage)
        assert (message.old, message.new_one) == (citizen.cpr, new_one)
        assert message.registrant == batch_jobs.dfdg_identity("CPR-skift", NOW)
    for organisation in (Organisation(8, "10200"), Organisation(2, "82"), KOMMUNE, STAR):
        assert fetched(transport, organisation) == []


def test_without_a_subscription_there_is_no_message(
    control: Control, transport: HttpTransport, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    control.subscribe(AKASSE.type, AKASSE.code, 1001, [MESSAGE])
    assert control.cpr_change(new_citizen().cpr, new_one).messages == 1
    assert fetched(transport, JOBCENTER) == []


def test_the_subscription_uses_the_queue_that_the_system_has(
    control: Control, transport: HttpTransport, kss: Party, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    """Two systems have queues of their own and one subscribes; the other message types go to both."""
    control.subscribe(8, "10100", 1)
    control.subscribe(8, "10100", 2)
    control.subscribe(8, "10100", 2, [MESSAGE])
    citizen = new_citizen()
    kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PVS)
    assert control.cpr_change(citizen.cpr, new_one).messages == 1
    got = {system: [item.message_type for item in fetched(transport, JOBCENTER, system)] for system in (1, 2)}  # type: ignore[attr-defined]  # messages
    assert got == {
        1: ["GetContactGroupVersion5", "GetContactGroupVersion4"],
        2: ["GetContactGroupVersion5", "GetContactGroupVersion4", MESSAGE],
    }


def test_two_subscribers_of_a_shared_queue_get_one_message(
    control: Control, transport: HttpTransport, kss: Party, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    for system in (1, 2, 2):
        control.subscribe(8, "10100", system, [MESSAGE])
    citizen = new_citizen()
    kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PVS)
    assert control.cpr_change(citizen.cpr, new_one).messages == 1
    messages = fetched(transport, JOBCENTER)
    assert len(messages) == 3
    old = [message for message in messages if isinstance(message, WsrmMessage)]
    assert {item.cpr for item in old} == {citizen.cpr}, "messages queued before keep the old number"


@pytest.mark.parametrize(
    ("release", "moved"), [("2024-3", False), ("2024-4", True), ("2025-1", True), ("2025-2", True)]
)
def test_the_release_decides_whether_the_pointer_moves(
    control: Control, kss: Party, new_citizen: Callable[..., Citizen], new_one: str, release: str, moved: bool
) -> None:
    control.subscribe(8, "10100", 1001, [MESSAGE])
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=13),))
    control.change_release(release)
    response = control.cpr_change(citizen.cpr, new_one)
    assert response.moved is moved
    assert response.messages == (1 if release in ("2024-4", "2025-1") else 0)
    assert ("2024-3" in response.explanation) is not moved
    old, new = kss.read(citizen.cpr, Kind.KONTAKTGRUPPE), kss.read(new_one, Kind.KONTAKTGRUPPE)
    if moved:
        assert code(old) == [4404]
        assert isinstance(new, tuple)
    else:
        assert isinstance(old, tuple)
        assert code(new) == [1010]


def test_a_refused_cpr_change_names_field_and_rule(
    control: Control, stage: Stage, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    citizen, other = new_citizen(), new_citizen()
    control.set_up(known_cpr=["0203840021"])
    for old, new_, rules in (
        (new_one, "0203840048", [(1010, f"gammelt: {masked(new_one)} kendes ikke")]),
        ("0203840021", new_one, [(4404, f"gammelt: {masked('0203840021')} er kendt, men har ingen borger")]),
        (citizen.cpr, other.cpr, [(4977, f"nyt: {masked(other.cpr)} har allerede en borger")]),
        (citizen.cpr, citizen.cpr, [(1014, "nyt: skal være et andet nummer end gammelt")]),
        (citizen.cpr, "0101804321", [(1014, "nyt 010180xxxx: kan tilhøre et menneske")]),
        (citizen.cpr, "3002840021", [(1001, "nyt 300284xxxx: skal være ti cifre, der begynder med en dato")]),
        ("x", "3002840021", [(1001, "gammelt x: skal"), (1001, "nyt 300284xxxx: skal"), (1010, "gammelt: x kendes ikke")]),
    ):  # fmt: skip
        response = httpx.post(
            f"{stage.control}/control/cpr-change", content=msgspec.json.encode(CprChangeDto(old=old, new_one=new_))
        )
        assert response.status_code == 400
        findings = [(item["fejlkode"], item["fejltekst"]) for item in response.json()["fejl"]]
        assert len(findings) == len(rules), findings
        for (code_, text), (expected, begins) in zip(findings, rules, strict=True):
            assert code_ == expected
            assert text.startswith(begins)
    with pytest.raises(ControlRefused, match="gammelt"):
        control.cpr_change(new_one, citizen.cpr)
    assert control.cpr_change(citizen.cpr, "0203840021").moved, "a known number without a citizen can be taken"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"messageTypes": ["GetContactGroupVersion5"]}, "beskedtyper: GetContactGroupVersion5 sendes ikke på abonnement; det"),
        ({"messageTypes": ["Get"]}, "beskedtyper: Get sendes ikke på abonnement; det gør GetCprChanged"),
        ({"messageTypes": [MESSAGE], "organisationType": 7}, "GetCprChanged kan kun abonneres af jobcenter, akasse"),
        ({"messageTypes": [MESSAGE], "system": 9}, "system: 8/10100 har køer pr. system, og 9 har ingen"),
        ({"messageTypes": MESSAGE}, "$.messageTypes"),
        ({"organisationType": 99}, "organisationType: 99 findes ikke"),
        ({"system": 99999999999999999999}, "$.system"),
        ({"system": -1}, "$.system"),
        ({"subQueue": "x"}, "beskedtyper: skal nævne dem, der lægges i underkøen"),
        ({"subQueue": "x", "messageTypes": ["Get"]}, "beskedtyper: Get findes ikke; kendte er GetContactGroupVersion5"),
        ({"subQueue": "x", "messageTypes": [MESSAGE], "system": 9}, "system: 8/10100 har køer pr. system, og 9 har ingen"),
        ({"subQueue": " x", "messageTypes": [MESSAGE]}, "$.subQueue"),
    ],
)  # fmt: skip
def test_an_impossible_subscription_is_refused(
    control: Control, stage: Stage, body: dict[str, object], rule: str
) -> None:
    control.subscribe(8, "10100", 1)
    body_ = {"organisationType": 8, "organisationCode": "10100", "system": 1, **body}
    response = httpx.post(f"{stage.control}/control/subscriptions", json=body_)
    assert response.status_code == 400
    assert rule in response.json()["fejl"][0]["fejltekst"]


def test_zeep_fetches_the_message(
    stage: Stage, control: Control, new_citizen: Callable[..., Citizen], new_one: str
) -> None:
    control.subscribe(8, "10100", 0, [MESSAGE])
    citizen = new_citizen()
    control.cpr_change(citizen.cpr, new_one)
    wsrm, messages = client(stage, "WsrmService", 3), client(stage, "WsrmMessageService", 10)
    sequence = wsrm.service.CreateSequence(_soapheaders=headers(wsrm))
    assert [(item.ServiceName, item.MessageCount) for item in sequence.ServiceInventoryCollection.ServiceItem] == [
        (MESSAGE, 1)
    ]
    with_sequence = [*headers(messages), messages.get_element(SR)(Identifier=sequence.Identifier)]
    (message,) = messages.service.GetCprChanged(_soapheaders=with_sequence).body.CprChanged
    assert (message.OldPersonCivilRegistrationIdentifier, message.NewPersonCivilRegistrationIdentifier) == (
        citizen.cpr,
        new_one,
    )
    metadata = message.WSRMMetadata
    assert metadata.RegisteringUser.RequestUserStructure.UserFullName == "DFDG CPR-skift"
    assert metadata.RegisteringUser.RequestUserStructure.RequestUserTypeIdentifier.CodeListItemIdentifier == 3
    assert metadata.ClientSystemTypeIdentifier.CodeListItemIdentifier == 30


def test_the_birthday_follows_the_number(control: Control, new_citizen: Callable[..., Citizen]) -> None:
    """A citizen with a number corrected by a year turns 30 on the day of the new number."""
    citizen = new_citizen(age=25, kontaktgrupper=(RegistrationDto(type=12),))
    born = (NOW + timedelta(days=1)).date().replace(year=NOW.year - 30)
    new_one = _people.born(born).cpr
    control.cpr_change(citizen.cpr, new_one)
    control.move_clock(forward="P1D")
    report = control.latest_batch()
    assert report is not None
    assert report.changed == 1
