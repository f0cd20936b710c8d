"""Når: a party registers, changes or deletes. Så: how the call was answered."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire.rest import Afslag
from vos_features.expectation import lig
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.party import Kanal


@when(parsers.parse("{role:Party} registrerer {kind:Kind} {code:Number} via {channel:Channel}", extra_types=TYPES))
def registers(scenario: Scenario, role: str, kind: Art, code: int, channel: Kanal) -> None:
    """Register from today, the event this morning."""
    scenario.put_citizen_on_stage()
    today = scenario.day(TODAY)
    scenario.register(role, Opret(kind, code, today, haendelse=today), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med eget id via {channel:Channel}", extra_types=TYPES
    )
)
def registers_with_own_id(scenario: Scenario, role: str, kind: Art, code: int, channel: Kanal) -> None:
    """Register with an identifier of the caller's own."""
    scenario.put_citizen_on_stage()
    scenario.own_id = ny_uuid()
    scenario.register(role, Opret(kind, code, scenario.day(TODAY), id=scenario.own_id), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} igen med det samme id via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_with_same_id(scenario: Scenario, role: str, kind: Art, code: int, channel: Kanal) -> None:
    """Register with the identifier that was used before."""
    scenario.register(role, Opret(kind, code, scenario.day(TODAY), id=scenario.own_id), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med startdato {day:Day} via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_from(scenario: Scenario, role: str, kind: Art, code: int, day: int, channel: Kanal) -> None:
    """Register from another day."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opret(kind, code, scenario.day(day)), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med hændelsestidspunkt {day:Day} via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_what_happened_on(scenario: Scenario, role: str, kind: Art, code: int, day: int, channel: Kanal) -> None:
    """Register from today what happened on another day."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opret(kind, code, scenario.day(TODAY), haendelse=scenario.day(day)), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med slutdato {day:Day} via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_until(scenario: Scenario, role: str, kind: Art, code: int, day: int, channel: Kanal) -> None:
    """Register from today what ends on that day."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opret(kind, code, scenario.day(TODAY), slut=scenario.day(day)), channel)


@when(parsers.parse("{role:Party} afslutter {kind:TheKind} {day:Day} via {channel:Channel}", extra_types=TYPES))
def ends(scenario: Scenario, role: str, kind: Art, day: int, channel: Kanal) -> None:
    """Set the end of the citizen's latest registration."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opdater(kind, scenario.id_of(kind), scenario.day(day)), channel)


@when(parsers.parse("{role:Party} afslutter {kind:TheKind} uden slutdato via {channel:Channel}", extra_types=TYPES))
def ends_without_end(scenario: Scenario, role: str, kind: Art, channel: Kanal) -> None:
    """Update the citizen's latest registration, and leave the end out."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opdater(kind, scenario.id_of(kind), None), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter en {kind:Kind}, som ingen har registreret, via {channel:Channel}", extra_types=TYPES
    )
)
def ends_unknown(scenario: Scenario, role: str, kind: Art, channel: Kanal) -> None:
    """Update what is not there."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opdater(kind, ny_uuid(), scenario.day(TODAY)), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter en {kind:Kind}, som ingen har registreret, uden slutdato via {channel:Channel}",
        extra_types=TYPES,
    )
)
def ends_unknown_without_end(scenario: Scenario, role: str, kind: Art, channel: Kanal) -> None:
    """Update what is not there, and leave the end out."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Opdater(kind, ny_uuid(), None), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter kontaktgruppen {day:Day} via {channel:Channel} og angiver type {code:Number}",
        extra_types=TYPES,
    )
)
def ends_and_changes(scenario: Scenario, role: str, day: int, channel: Kanal, code: int) -> None:
    """Set the end, and try to change what cannot be changed."""
    scenario.put_citizen_on_stage()
    if channel is Kanal.PRS:
        scenario.stage.gate.require_soap_registration()
    end = scenario.day(day)
    command = Opdater(Art.KONTAKTGRUPPE, scenario.id_of(Art.KONTAKTGRUPPE), end)
    scenario.answer = scenario.party(role).opdater_med_type(scenario.cpr, command, code, end, channel)


@when(parsers.parse("{role:Party} sletter {kind:TheKind}", extra_types=TYPES))
def deletes(scenario: Scenario, role: str, kind: Art) -> None:
    """Delete the citizen's latest registration, over REST."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Slet(kind, scenario.id_of(kind)), Kanal.PVS)


@when(parsers.parse("{role:Party} sletter en {kind:Kind}, som ingen har registreret", extra_types=TYPES))
def deletes_unknown(scenario: Scenario, role: str, kind: Art) -> None:
    """Delete what is not there."""
    scenario.put_citizen_on_stage()
    scenario.answer = scenario.party(role).registrer(scenario.cpr, Slet(kind, ny_uuid()), Kanal.PVS)
    scenario.rest_answer = scenario.answer


@when(
    parsers.parse("{role:Party} sender den samme registrering af {kind:Kind} {code:Number} to gange", extra_types=TYPES)
)
def registers_twice(scenario: Scenario, role: str, kind: Art, code: int) -> None:
    """Send one call twice, request id and all; the first must be answered."""
    scenario.put_citizen_on_stage()
    command = Opret(kind, code, scenario.day(TODAY))
    first, scenario.answer = scenario.party(role).registrer_to_gange(scenario.cpr, command)
    assert isinstance(first, str), f"det første kald blev afvist: {first}"
    scenario.ids[kind] = first


@when(parsers.parse("{role:Party} kalder CreatePersonCategoryAndInterview", extra_types=TYPES))
def calls_withdrawn_method(scenario: Scenario, role: str) -> None:
    """Call the method that was withdrawn in 2023-4."""
    scenario.put_citizen_on_stage()
    scenario.answer = scenario.party(role).kald_udgaaet()


@then("er registreringen modtaget")
def is_received(scenario: Scenario) -> None:
    """The call was answered with the registration's id."""
    assert isinstance(scenario.answer, str), f"kaldet blev afvist: {scenario.answer}"


@then("har registreringen det id, som kalderen gav")
def has_own_id(scenario: Scenario) -> None:
    """The answer names the caller's own identifier."""
    lig("registreringens id er", scenario.answer, scenario.own_id)


@then(parsers.parse("bliver kaldet afvist med fejlkode {code:Number}", extra_types=TYPES))
def is_refused(scenario: Scenario, code: int) -> None:
    """The call was refused with that number, and no other."""
    answer = scenario.answer
    assert isinstance(answer, Afslag), f"kaldet blev modtaget og skulle have været afvist med {code}"
    found = sorted({error.kode for error in answer.fejl})
    assert found == [code], f"kaldet blev afvist med {found} og skulle have været afvist med {code}"
    if answer is scenario.rest_answer:
        lig(f"HTTP-status for {code} er", answer.status, scenario.stage.contract.fejl[code].http_status)


@then(parsers.parse("bliver kaldet afvist med fejlkoderne {codes:TwoNumbers}", extra_types=TYPES))
def is_refused_with_two(scenario: Scenario, codes: tuple[int, int]) -> None:
    """The call was refused with these numbers and no other, sorted."""
    said = " og ".join(map(str, codes))
    assert isinstance(scenario.answer, Afslag), f"kaldet blev modtaget og skulle have været afvist med {said}"
    lig("fejlkoderne er", [error.kode for error in scenario.answer.fejl], list(codes))


@then(parsers.parse("er svarets HTTP-status {status:Number}", extra_types=TYPES))
def has_status(scenario: Scenario, status: int) -> None:
    """The refusal has that status."""
    assert isinstance(scenario.answer, Afslag), "kaldet blev modtaget"
    lig("HTTP-status er", scenario.answer.status, status)


@then(parsers.parse("nævner afvisningen feltet {field:Word}", extra_types=TYPES))
def names_field(scenario: Scenario, field: str) -> None:
    """The refusal names the field, by its name on the wire."""
    _names(scenario, scenario.stage.contract.navne.json(field))


@then(parsers.parse('nævner afvisningen "{text:Quoted}"', extra_types=TYPES))
def names_text(scenario: Scenario, text: str) -> None:
    """The refusal says what is wrong in words."""
    _names(scenario, text)


def _names(scenario: Scenario, text: str) -> None:
    assert isinstance(scenario.answer, Afslag), "kaldet blev modtaget"
    said = "; ".join(error.beskrivelse for error in scenario.answer.fejl)
    assert text in said, f"afvisningen siger {said!r} og skulle nævne {text!r}"
