"""Steps in which a party registers, updates or deletes, and steps about the answer."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.wire.rest.registration import Refusal
from vos_features.expectation import equal, refused_with, said
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.party import Channel


@when(parsers.parse("{role:Party} registrerer {kind:Kind} {code:Number} via {channel:Channel}", extra_types=TYPES))
def registers(scenario: Scenario, role: str, kind: Kind, code: int, channel: Channel) -> None:
    """Register from today, with the event at midnight today."""
    scenario.put_citizen_on_stage()
    today = scenario.day(TODAY)
    scenario.register(role, Create(kind, code, today, event=today), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med eget id via {channel:Channel}", extra_types=TYPES
    )
)
def registers_with_own_id(scenario: Scenario, role: str, kind: Kind, code: int, channel: Channel) -> None:
    """Register with an identifier of the caller's own."""
    scenario.put_citizen_on_stage()
    scenario.own_id = new_uuid()
    scenario.register(role, Create(kind, code, scenario.day(TODAY), id=scenario.own_id), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} igen med det samme id via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_with_same_id(scenario: Scenario, role: str, kind: Kind, code: int, channel: Channel) -> None:
    """Register with the identifier of the previous registration."""
    scenario.register(role, Create(kind, code, scenario.day(TODAY), id=scenario.own_id), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med startdato {day:Day} via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_from(scenario: Scenario, role: str, kind: Kind, code: int, day: int, channel: Channel) -> None:
    """Register from another day."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Create(kind, code, scenario.day(day)), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med hændelsestidspunkt {day:Day} via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_what_happened_on(
    scenario: Scenario, role: str, kind: Kind, code: int, day: int, channel: Channel
) -> None:
    """Register from today, with the event on another day."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Create(kind, code, scenario.day(TODAY), event=scenario.day(day)), channel)


@when(
    parsers.parse(
        "{role:Party} registrerer {kind:Kind} {code:Number} med slutdato {day:Day} via {channel:Channel}",
        extra_types=TYPES,
    )
)
def registers_until(scenario: Scenario, role: str, kind: Kind, code: int, day: int, channel: Channel) -> None:
    """Register from today, with an end on that day."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Create(kind, code, scenario.day(TODAY), end=scenario.day(day)), channel)


@when(parsers.parse("{role:Party} afslutter {kind:TheKind} {day:Day} via {channel:Channel}", extra_types=TYPES))
def ends(scenario: Scenario, role: str, kind: Kind, day: int, channel: Channel) -> None:
    """Set the end of the citizen's latest registration."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Update(kind, scenario.id_of(kind), scenario.day(day)), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter {kind:TheKind} i dag kl. {hour:Number} via {channel:Channel}", extra_types=TYPES
    )
)
def ends_at_hour(scenario: Scenario, role: str, kind: Kind, hour: int, channel: Channel) -> None:
    """Set the end of the latest registration of that kind to that hour of today."""
    scenario.put_citizen_on_stage()
    end = scenario.day(TODAY).replace(hour=hour)
    scenario.register(role, Update(kind, scenario.id_of(kind), end), channel)


@when(parsers.parse("{role:Party} afslutter {kind:TheKind} uden slutdato via {channel:Channel}", extra_types=TYPES))
def ends_without_end(scenario: Scenario, role: str, kind: Kind, channel: Channel) -> None:
    """Update the citizen's latest registration without an end."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Update(kind, scenario.id_of(kind), None), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter en {kind:Kind}, som ingen har registreret, via {channel:Channel}", extra_types=TYPES
    )
)
def ends_unknown(scenario: Scenario, role: str, kind: Kind, channel: Channel) -> None:
    """Update an unknown registration."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Update(kind, new_uuid(), scenario.day(TODAY)), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter en {kind:Kind}, som ingen har registreret, uden slutdato via {channel:Channel}",
        extra_types=TYPES,
    )
)
def ends_unknown_without_end(scenario: Scenario, role: str, kind: Kind, channel: Channel) -> None:
    """Update an unknown registration, without an end."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Update(kind, new_uuid(), None), channel)


@when(
    parsers.parse(
        "{role:Party} afslutter kontaktgruppen {day:Day} via {channel:Channel} og angiver type {code:Number}",
        extra_types=TYPES,
    )
)
def ends_and_changes(scenario: Scenario, role: str, day: int, channel: Channel, code: int) -> None:
    """Set the end, and give a type, which cannot be changed."""
    scenario.put_citizen_on_stage()
    if channel is Channel.PRS:
        scenario.stage.gate.require_soap_registration()
    end = scenario.day(day)
    command = Update(Kind.KONTAKTGRUPPE, scenario.id_of(Kind.KONTAKTGRUPPE), end)
    scenario.answer = scenario.party(role).update_with_type(scenario.cpr, command, code, end, channel)


@when(parsers.parse("{role:Party} sletter {kind:TheKind}", extra_types=TYPES))
def deletes(scenario: Scenario, role: str, kind: Kind) -> None:
    """Delete the citizen's latest registration, over REST."""
    scenario.put_citizen_on_stage()
    scenario.register(role, Delete(kind, scenario.id_of(kind)), Channel.PVS)


@when(parsers.parse("{role:Party} sletter en {kind:Kind}, som ingen har registreret", extra_types=TYPES))
def deletes_unknown(scenario: Scenario, role: str, kind: Kind) -> None:
    """Delete an unknown registration."""
    scenario.put_citizen_on_stage()
    scenario.answer = scenario.party(role).register(scenario.cpr, Delete(kind, new_uuid()), Channel.PVS)
    scenario.rest_answer = scenario.answer


@when(
    parsers.parse("{role:Party} sender den samme registrering af {kind:Kind} {code:Number} to gange", extra_types=TYPES)
)
def registers_twice(scenario: Scenario, role: str, kind: Kind, code: int) -> None:
    """Send one call twice with the same request id; the first must be accepted."""
    scenario.put_citizen_on_stage()
    command = Create(kind, code, scenario.day(TODAY))
    first, scenario.answer = scenario.party(role).register_twice(scenario.cpr, command)
    assert isinstance(first, str), f"det første kald blev afvist: {first}"
    scenario.ids[kind] = first


@when(parsers.parse("{role:Party} kalder CreatePersonCategoryAndInterview", extra_types=TYPES))
def calls_withdrawn_method(scenario: Scenario, role: str) -> None:
    """Call the method that was withdrawn in 2023-4."""
    scenario.put_citizen_on_stage()
    scenario.answer = scenario.party(role).call_withdrawn()


@then("er registreringen modtaget")
def is_received(scenario: Scenario) -> None:
    """The call was answered with the registration's id."""
    assert isinstance(scenario.answer, str), f"kaldet blev afvist: {said(scenario.answer)}"


@then("har registreringen det id, som kalderen gav")
def has_own_id(scenario: Scenario) -> None:
    """The answer names the caller's own identifier."""
    equal("registreringens id er", scenario.answer, scenario.own_id)


@then(parsers.parse("bliver kaldet afvist med fejlkode {code:Number}", extra_types=TYPES))
def is_refused(scenario: Scenario, code: int) -> None:
    """The call was refused with that error code and no other, over REST with its HTTP status."""
    answer = scenario.answer
    assert isinstance(answer, Refusal), f"kaldet blev modtaget og skulle have været afvist med {code}"
    refused_with(answer, scenario.stage.contract.errors, code)
    if answer is scenario.rest_answer:
        equal(f"HTTP-status for {code} er", answer.status, scenario.stage.contract.errors[code].http_status)


@then(parsers.parse("bliver kaldet afvist med fejlkoderne {codes:TwoNumbers}", extra_types=TYPES))
def is_refused_with_two(scenario: Scenario, codes: tuple[int, int]) -> None:
    """The call was refused with exactly these error codes, sorted."""
    said = " og ".join(map(str, codes))
    assert isinstance(scenario.answer, Refusal), f"kaldet blev modtaget og skulle have været afvist med {said}"
    refused_with(scenario.answer, scenario.stage.contract.errors, *codes)


@then(parsers.parse("er svarets HTTP-status {status:Number}", extra_types=TYPES))
def has_status(scenario: Scenario, status: int) -> None:
    """The refusal has that HTTP status."""
    assert isinstance(scenario.answer, Refusal), "kaldet blev modtaget"
    equal("HTTP-status er", scenario.answer.status, status)


@then(parsers.parse("nævner afvisningen feltet {field:Word}", extra_types=TYPES))
def names_field(scenario: Scenario, field: str) -> None:
    """The refusal names the field by its JSON name."""
    _names(scenario, scenario.stage.contract.names.json(field))


@then(parsers.parse('nævner afvisningen "{text:Quoted}"', extra_types=TYPES))
def names_text(scenario: Scenario, text: str) -> None:
    """The text of the refusal holds these words."""
    _names(scenario, text)


def _names(scenario: Scenario, text: str) -> None:
    assert isinstance(scenario.answer, Refusal), "kaldet blev modtaget"
    said = "; ".join(error.description for error in scenario.answer.errors)
    assert text in said, f"afvisningen siger {said!r} og skulle nævne {text!r}"
