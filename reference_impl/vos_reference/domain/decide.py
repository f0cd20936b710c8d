"""Decide a command or a nightly job for a citizen: accepted or refused, with all consequences.

Every change - by a caller, a neighbour service or a nightly job - goes through `consequences`, so that the consequences do
not depend on the origin of the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from vos_contracts.model.neighbours import (
    CreateTilmelding,
    EndFleksjob,
    EndFravaer,
    EndTilmelding,
    NeighbourCommand,
    RegisterAktivitetstillaeg,
    RegisterFleksjob,
    RegisterFravaer,
    ReportIllness,
    ReportRecovery,
)
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, Update
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain import (
    aktivitetstillaeg,
    batch_jobs,
    fleksjob,
    fravaer,
    illness,
    kontaktgruppe,
    personkategori,
    tilmelding,
)
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.decision import Accepted, Caller, Decision, DecisionContext, Refused, refused
from vos_reference.domain.person import Person

Command = RegistrationCommand | NeighbourCommand


def decide(person: Person, command: Command, context: DecisionContext, *, id_exists: bool = False) -> Decision:
    """Decide a command, and collect every error that can be established.

    `id_exists` says that the caller's own identifier is in use already (4977). A dead citizen is 4405.
    """
    errors = []
    if person.dead is not None:
        errors.append(ServiceError(4405))
    if id_exists:
        errors.append(ServiceError(4977))
    return _combined(errors, person, _decide(person, command, context), context)


def decide_job(person: Person, job: Job, context: DecisionContext) -> Accepted | None:
    """Decide a nightly job; None where it does nothing for this citizen today.

    The registrant, also of the consequences, is the caller that reported it in advance, else DFDG from the context.
    """
    reporter = batch_jobs.reporter(job, person)
    if reporter is not None:
        context = replace(context, caller=Caller(reporter))
    accepted = batch_jobs.carry_out(job, person, context)
    return None if accepted is None else consequences(person, accepted, context)


def consequences(before: Person, accepted: Accepted, context: DecisionContext) -> Accepted:
    """Add the consequences of a change for the personkategori, the absences and the aktivitetstillaeg, in that order."""
    after = personkategori.follow_group(accepted, context)
    return aktivitetstillaeg.follow_group(before, fravaer.follow_group(after, context), context)


def _combined(errors: Iterable[ServiceError], person: Person, decision: Decision, context: DecisionContext) -> Decision:
    all_errors = tuple(errors)
    if isinstance(decision, Refused):
        return refused(*all_errors, *decision.errors)
    return refused(*all_errors) if all_errors else consequences(person, decision, context)


def _decide(person: Person, command: Command, context: DecisionContext) -> Decision:
    match command:
        case Create() | Update() | Delete():
            return _registration(person, command, context)
        case CreateTilmelding():
            return tilmelding.enrol(person, command, context)
        case EndTilmelding():
            return tilmelding.cancel_enrolment(person, command, context)
        case ReportIllness():
            return illness.report_illness(person, command, context)
        case ReportRecovery():
            return illness.report_recovery(person, command, context)
        case RegisterFravaer():
            return fravaer.register(person, command, context)
        case EndFravaer():
            return fravaer.end(person, command)
        case RegisterFleksjob():
            return fleksjob.register(person, command)
        case EndFleksjob():
            return fleksjob.end(person, command)
        case RegisterAktivitetstillaeg():
            return aktivitetstillaeg.register(person, command, context)
        case _:
            assert_never(command)


def _registration(person: Person, command: RegistrationCommand, context: DecisionContext) -> Decision:
    is_group = command.kind is Kind.KONTAKTGRUPPE
    module = kontaktgruppe if is_group else personkategori
    decision: Decision
    match command:
        case Create():
            new = context.new.kontaktgruppe if is_group else context.new.personkategori
            decision = module.create(person, command, command.id or new, context)
        case Update():
            decision = module.update(person, command, context)
        case Delete():
            decision = module.delete(person, command, context)
    return decision
