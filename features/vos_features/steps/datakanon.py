"""Når: Datakanon registers in bulk through the public services. Så: what came of it."""

from __future__ import annotations

import pytest
from pytest_bdd import parsers, then, when

from vos_contracts.model.registration import Art
from vos_contracts.wire.wsrm import WsrmBesked
from vos_features.capabilities import Evne
from vos_features.expectation import lig
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators import datakanon
from vos_simulators.bulk_registration import Optaelling, masseopret
from vos_simulators.party import Kanal

SEED = 13013


@pytest.fixture
def tallies() -> list[Optaelling]:
    """What bulk registrations of this scenario have come to."""
    return []


@when(parsers.parse("Datakanon opretter {count:Number} testborgere via {channel:Channel}", extra_types=TYPES))
def registers_in_bulk(scenario: Scenario, count: int, channel: Kanal, tallies: list[Optaelling]) -> None:
    """Register that many citizens, four calls at a time."""
    stage = scenario.stage
    stage.gate.require(Evne.RESET)  # the citizens are the same every time
    if channel is Kanal.PRS:
        stage.gate.require_soap_registration()
    tallies.append(
        masseopret(
            stage.control,
            stage.lines.tjenester("Datakanon"),
            stage.contract,
            antal=count,
            seed=SEED,
            kanal=channel,
            forbindelser=4,
        )
    )


@then("er ingen registrering afvist")
def nothing_is_refused(tallies: list[Optaelling]) -> None:
    """Every call was answered with an id."""
    latest = tallies[-1]
    assert not latest.afslag, f"afvist efter fejlkode: {dict(latest.afslag)}"
    lig("registrerede kontaktgrupper:", latest.registreringer["CreateKontaktgruppe"], latest.personer)


@then("læser STAR for hver testborger den kontaktgruppe og kategori, som Datakanon registrerede")
def is_read_by_star(scenario: Scenario, tallies: list[Optaelling]) -> None:
    """Each citizen has exactly the planned group and category, or the group's default, and nothing else."""
    star = scenario.party("STAR")
    for planned in _planned(scenario, tallies):
        default = scenario.stage.contract.grupperegler[planned.kontaktgruppe].standardkategori
        expected = {Art.KONTAKTGRUPPE: planned.kontaktgruppe, Art.PERSONKATEGORI: planned.personkategori or default}
        for kind, code in expected.items():
            answer = star.laes(planned.borger.cpr, kind)
            assert isinstance(answer, tuple), f"STAR kunne ikke læse {kind}: {answer}"
            lig(f"STAR læser {kind}", [view.type for view in answer], [] if code is None else [code])


@then("har jobcentret besked om hver testborger, registreret af Datakanon")
def jobcentre_is_told(scenario: Scenario, tallies: list[Optaelling]) -> None:
    """The queue names Datakanon's whole identity, system and user included, and no one else's."""
    scenario.stage.gate.require_wsrm()
    inbox = scenario.party("jobcentret").indbakke
    inbox.toem()
    messages = [message for message in inbox.beskeder if isinstance(message, WsrmBesked)]
    planned = {citizen.borger.cpr: citizen for citizen in _planned(scenario, tallies)}
    lig("borgere, som jobcentret har besked om:", {message.cpr for message in messages}, set(planned))
    for message in messages:
        assert message.registrant == scenario.party("Datakanon").identitet, f"registreret af {message.registrant}"
    told = [(message.cpr, message.beskedtype, message.type, message.slut is None) for message in messages]
    assert len(set(told)) == len(told), "en besked kom to gange"
    groups = {message.cpr: message.type for message in messages if message.beskedtype.startswith("GetContact")}
    lig("beskedernes kontaktgrupper er", groups, {cpr: citizen.kontaktgruppe for cpr, citizen in planned.items()})


def _planned(scenario: Scenario, tallies: list[Optaelling]) -> list[datakanon.Testborger]:
    everybody = datakanon.testborgere(SEED, scenario.now.date(), scenario.stage.contract)
    return [next(everybody) for _ in range(tallies[-1].personer)]
