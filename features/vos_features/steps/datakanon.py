"""Steps about bulk registration by Datakanon."""

from __future__ import annotations

import pytest
from pytest_bdd import parsers, then, when

from vos_contracts.model.registration import Kind
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_features.capabilities import Capability
from vos_features.expectation import equal, said
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators import datakanon
from vos_simulators.bulk_registration import Count, bulk_create
from vos_simulators.party import Channel

SEED = 13013


@pytest.fixture
def tallies() -> list[Count]:
    """The results of the bulk registrations of this scenario."""
    return []


@when(parsers.parse("Datakanon opretter {count:Number} testborgere via {channel:Channel}", extra_types=TYPES))
def registers_in_bulk(scenario: Scenario, count: int, channel: Channel, tallies: list[Count]) -> None:
    """Register that number of citizens over four concurrent connections."""
    stage = scenario.stage
    stage.gate.require(Capability.RESET)  # the seed gives the same citizens every time
    if channel is Channel.PRS:
        stage.gate.require_soap_registration()
    tallies.append(
        bulk_create(
            stage.control,
            stage.lines.services("Datakanon"),
            stage.contract,
            count=count,
            seed=SEED,
            channel=channel,
            open_connections=4,
        )
    )


@then("er ingen registrering afvist")
def nothing_is_refused(tallies: list[Count]) -> None:
    """Every registration was accepted."""
    latest = tallies[-1]
    assert not latest.refusal, f"afvist efter fejlkode: {dict(latest.refusal)}"
    equal("registrerede kontaktgrupper:", latest.registrations["CreateKontaktgruppe"], latest.people)


@then("læser STAR for hver testborger den kontaktgruppe og kategori, som Datakanon registrerede")
def is_read_by_star(scenario: Scenario, tallies: list[Count]) -> None:
    """Each citizen has exactly the planned group and category, or the group's default, and nothing else."""
    star = scenario.party("STAR")
    for planned in _planned(scenario, tallies):
        default = scenario.stage.contract.group_rules[planned.kontaktgruppe].default_category
        expected = {Kind.KONTAKTGRUPPE: planned.kontaktgruppe, Kind.PERSONKATEGORI: planned.personkategori or default}
        for kind, code in expected.items():
            answer = star.read(planned.citizen.cpr, kind)
            assert isinstance(answer, tuple), f"STAR kunne ikke læse {kind}: {said(answer)}"
            equal(f"STAR læser {kind}", [view.type for view in answer], [] if code is None else [code])


@then("har jobcentret besked om hver testborger, registreret af Datakanon")
def jobcentre_is_told(scenario: Scenario, tallies: list[Count]) -> None:
    """Every message has Datakanon's whole identity as registrant, including system and user."""
    scenario.stage.gate.require_wsrm()
    inbox = scenario.party("jobcentret").inbox
    inbox.drain()
    messages = [message for message in inbox.messages if isinstance(message, WsrmMessage)]
    planned = {citizen.citizen.cpr: citizen for citizen in _planned(scenario, tallies)}
    equal("borgere, som jobcentret har besked om:", {message.cpr for message in messages}, set(planned))
    for message in messages:
        assert message.registrant == scenario.party("Datakanon").identity, f"registreret af {said(message.registrant)}"
    told = [(message.cpr, message.message_type, message.type, message.end is None) for message in messages]
    assert len(set(told)) == len(told), "en besked kom to gange"
    groups = {message.cpr: message.type for message in messages if message.message_type.startswith("GetContact")}
    equal("beskedernes kontaktgrupper er", groups, {cpr: citizen.kontaktgruppe for cpr, citizen in planned.items()})


def _planned(scenario: Scenario, tallies: list[Count]) -> list[datakanon.TestCitizen]:
    everybody = datakanon.test_citizens(SEED, scenario.now.date(), scenario.stage.contract)
    return [next(everybody) for _ in range(tallies[-1].people)]
