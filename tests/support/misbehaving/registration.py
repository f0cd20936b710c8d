"""Who registers wrongly: rules that are not held, errors with another number, calls that do something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from support.misbehaving.bending import bender, bender_table
from vos_contracts.contract import Contract
from vos_contracts.model.registration import Create
from vos_contracts.tables.errors import ServiceError
from vos_contracts.tables.releases import EndDateSoap
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.receipt import Receipt
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application import registration
from vos_reference.domain import decide, decision, kontaktgruppe, personkategori
from vos_reference.domain.decision import Accepted, accepted
from vos_reference.domain.person import Registration
from vos_reference.edge.rest import registration as rest_edge
from vos_reference.edge.soap.converter import Converter

ONLY_SET_OF_KONVERTEREN = ServiceError(1011)


@bender((kontaktgruppe, "_future_end_date"))
def accepts_future_end_date(real: Any, *arguments: Any) -> Iterator[ServiceError]:
    return iter(())


@bender_table((kontaktgruppe, "_future_end_date"))
def enforces_100028_on_soap_too_early(contract: Contract) -> Contract:
    releases = {name: replace(item, error_100028_soap=EndDateSoap.ALL) for name, item in contract.releases.items()}
    return replace(contract, releases=releases)


@bender((kontaktgruppe, "_changes_enrolled"))
def forgets_100029(real: Any, *arguments: Any) -> bool:
    return False


@bender((Converter, "register"))
async def forgets_100029_on_soap(real: Any, *arguments: Any) -> Any:
    result = await real(*arguments)
    if isinstance(result, tuple) and ServiceError(100029) in result:
        return Receipt(arguments[0]._new_id(), arguments[0]._now())
    return result


@bender_table((kontaktgruppe, "_changes_enrolled"))
def enforces_100029_on_soap_too_early(contract: Contract) -> Contract:
    releases = {name: replace(item, error_100029_soap=True) for name, item in contract.releases.items()}
    return replace(contract, releases=releases)


@bender((kontaktgruppe, "_creation_errors"))
def wrong_error_code(real: Any, *arguments: Any) -> Iterator[ServiceError]:
    for error in real(*arguments):
        yield replace(error, code=4645) if error.code == 4644 else error


@bender((Converter, "register"))
async def translates_error_codes_on_soap(real: Any, *arguments: Any) -> Any:
    result = await real(*arguments)
    return (ONLY_SET_OF_KONVERTEREN,) if isinstance(result, tuple) else result


@bender((rest_edge, "answer_registration"))
def answers_with_wrong_status(real: Any, *arguments: Any) -> Any:
    the_response = real(*arguments)
    return replace(the_response, status=422) if the_response.status == 400 else the_response


@bender((Rest, "write_errors"), (envelope, "_line"))
def answers_with_another_text(real: Any, *arguments: Any) -> Any:
    answer = real(*arguments)
    if isinstance(answer, str):
        return answer.replace("Slutdato kan ikke", "Slutdatoen må ikke")
    return replace(answer, body=answer.body.replace(b"Slutdato kan ikke", b"Slutdatoen maa ikke"))


@bender((SqliteTransaction, "remember_call"))
def carries_out_repeated_calls(real: Any, *arguments: Any) -> bool:
    real(*arguments)
    return True


@bender((registration, "decide"))
def lets_id_be_reused(real: Any, *arguments: Any, **andre: Any) -> Any:
    return real(*arguments)


@bender((decide, "_registration"))
def ignores_the_callers_id(real: Any, person: Any, command: Any, context: Any) -> Any:
    return real(person, replace(command, id=None) if isinstance(command, Create) else command, context)


@bender((decision, "first_row"))
def stores_another_group(real: Any, command: Any, id_: str, context: Any) -> Registration:
    new: Registration = real(command, id_, context)
    return replace(new, type=4 if command.type == 13 else command.type)


@bender((decision, "first_row"))
def stores_now_as_event_time(real: Any, command: Any, id_: str, context: Any) -> Registration:
    new: Registration = real(command, id_, context)
    return replace(new, event=context.now)


@bender((Registration, "ended"))
def moves_start_on_update(real: Any, row: Any, end: Any, *other: Any) -> Registration:
    closed: Registration = real(row, end, *other)
    return replace(closed, start=end)


@bender((kontaktgruppe, "delete"), (personkategori, "delete"))
def forgets_to_delete(real: Any, person: Any, command: Any, context: Any) -> Any:
    decision = real(person, command, context)
    return accepted(decision.id, person, ()) if isinstance(decision, Accepted) else decision


@bender((Registration, "may_be_deleted_by"))
def lets_anyone_delete(real: Any, *arguments: Any) -> bool:
    return True


@bender((decision, "end_errors"))
def lets_end_precede_start(real: Any, end: Any, start: Any = None) -> Any:
    return real(end)


@bender((Converter, "register"))
async def converter_is_the_user(real: Any, itself: Any, cpr: str, command: Any, identity: Any) -> Any:
    return await real(itself, cpr, command, replace(identity, user=replace(identity.user, id="konverter")))


@bender((Converter, "register"))
async def converter_loses_what_the_error_adds(real: Any, *arguments: Any) -> Any:
    answer = await real(*arguments)
    return tuple(replace(error, description="") for error in answer) if isinstance(answer, tuple) else answer
