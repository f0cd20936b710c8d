"""Who tells the business domains, monitoring and BI something else than what is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from support.misbehaving.bending import bender, bender_table
from vos_contracts.contract import Contract
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import ClientSystem
from vos_contracts.tables.recipients import RecipientRule
from vos_reference.application import extracts, monitoring, registration


def _hears_not(contract: Contract, domain: str, kind: Kind) -> Contract:
    rules = tuple(rule for rule in contract.event_recipients if rule != RecipientRule(kind, domain))
    assert len(rules) == len(contract.event_recipients) - 1
    return replace(contract, event_recipients=rules)


@bender_table((registration, "event_drafts"))
def drops_categories_for_jobsearch(contract: Contract) -> Contract:
    return _hears_not(contract, "JobSearch", Kind.PERSONKATEGORI)


@bender_table((registration, "event_drafts"))
def drops_groups_for_kontaktforloeb(contract: Contract) -> Contract:
    return _hears_not(contract, "Kontaktforloeb", Kind.KONTAKTGRUPPE)


@bender_table((registration, "event_drafts"))
def tells_virksomhedsindsats_about_categories(contract: Contract) -> Contract:
    rules = tuple(RecipientRule(kind, domain) for domain in contract.domains for kind in Kind)
    return replace(contract, event_recipients=rules)


@bender((registration, "raise_events"))
def hides_nightly_changes_from_domains(real: Any, runtime: Any, t: Any, person: Any, events: Any, now: Any) -> None:
    today = [event for event in events if event.registration.registrant.system != ClientSystem.DFDG]
    real(runtime, t, person, today, now)


@bender((monitoring, "state"))
def monitoring_misses_categories(real: Any, *arguments: Any) -> Any:
    page = real(*arguments)
    citizens = tuple(msgspec.structs.replace(citizen, personkategorier=()) for citizen in page.citizens)
    return msgspec.structs.replace(page, citizens=citizens)


@bender((extracts, "registrations"))
def omits_deleted_from_delivery(real: Any, *arguments: Any) -> Any:
    page = real(*arguments)
    return msgspec.structs.replace(
        page, registrations=tuple(item for item in page.registrations if not item.is_deleted)
    )


@bender((extracts, "registrations"))
def delivers_each_registration_twice(real: Any, *arguments: Any) -> Any:
    page = real(*arguments)
    return msgspec.structs.replace(page, registrations=(*page.registrations, *page.registrations))
