"""Så: what a party finds in its WSRM queue - and what it must not find."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.wire.soap import Fault
from vos_contracts.wire.wsrm import Besked, WsrmBesked
from vos_features.expectation import lig, sagt
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist
from vos_simulators.parties import STAR

SYSTEMBRUGER, DFDG = 3, Klientsystem.DFDG


@then(parsers.parse("har {role:Party} præcis disse beskeder:", extra_types=TYPES))
def has_exactly_these_messages(scenario: Scenario, role: str, datatable: list[list[str]]) -> None:
    """The queue held exactly these, in this order, each with the registrant's whole identity."""
    header, *expected = datatable
    found = [_cells(scenario, message, header) for message in _about_citizen(scenario, role)]
    lig(f"{role} har", found, expected, "have")


@then(parsers.parse("har {role:Party} ingen beskeder", extra_types=TYPES))
def has_no_messages(scenario: Scenario, role: str) -> None:
    """The queue held nothing about the citizen."""
    found = [f"{message.beskedtype} om {message.emne}" for message in _about_citizen(scenario, role)]
    assert not found, f"{role} har {sagt(found)} og skulle intet have"


@then(
    parsers.parse(
        "kan {role:Party} ikke tømme sin kø: fejlkode {code:Number}, og fejlen nævner {release:Release}",
        extra_types=TYPES,
    )
)
def cannot_empty_queue(scenario: Scenario, role: str, code: int, release: str) -> None:
    """The queue is closed, and its fault says from which release."""
    fault = _fault_of_queue(scenario, role)
    assert fault is not None, f"{role} tømte sin kø, som skulle være lukket"
    found = [error.kode for error in fault.fejl]
    assert found == [code], f"køen svarede {sagt(found)} og skulle have svaret {code}"
    assert release in fault.tekst, f"fejlen siger {fault.tekst!r}"


def _fault_of_queue(scenario: Scenario, role: str) -> Fault | None:
    try:
        scenario.party(role).indbakke.toem()
    except WsrmAfvist as refused:
        return refused.fault
    return None


@then(parsers.parse("har {role:Party} {count:Number} beskeder", extra_types=TYPES))
def has_number_of_messages(scenario: Scenario, role: str, count: int) -> None:
    """The queue held so many about the citizen."""
    found = [f"{message.beskedtype} om {message.emne}" for message in _about_citizen(scenario, role)]
    assert len(found) == count, f"{role} har {sagt(found)} og skulle have {count}"


def _about_citizen(scenario: Scenario, role: str) -> list[Besked]:
    scenario.stage.gate.require_wsrm()
    inbox = scenario.party(role).indbakke
    inbox.toem()
    return [message for message in inbox.beskeder if message.cpr == scenario.cpr]


@given("alle har læst deres beskeder")
@when("alle har læst deres beskeder")
def everybody_has_read(scenario: Scenario) -> None:
    """Let everybody empty their queue, so that what is said from now on stands alone."""
    scenario.put_citizen_on_stage()
    scenario.stage.gate.require_wsrm()
    scenario.cast.empty_inboxes()


def _cells(scenario: Scenario, message: Besked, header: list[str]) -> list[str]:
    cells = {
        "besked": message.beskedtype,
        "type": message.emne,
        "slut": "ja" if isinstance(message, WsrmBesked) and message.slut is not None else "",
        "slettet": "ja" if isinstance(message, WsrmBesked) and message.er_slettet else "",
        "registreret af": _registrant(scenario, message),
    }
    return [cells[column] for column in header]


def _registrant(scenario: Scenario, message: Besked) -> str:
    """Name the role whose whole identity - authority, user, own organisation, system - the message carries.

    DFDG itself, for STAR, is named by its system and job as the message gives them.
    """
    for role, party in scenario.cast.parties.items():
        if message.registrant in party.identiteter:
            return role
    dfdg = message.registrant
    if (dfdg.aktiv, dfdg.bruger_organisation, dfdg.bruger.type, dfdg.system) == (STAR, STAR, SYSTEMBRUGER, DFDG):
        return dfdg.bruger.navn
    return f"en anden: {message.registrant}"
