"""The contents of the SOAP reads: the collections of PSS v20 and PHS v4, and of the status service.

From release 2025-1 the collections are empty (epic AC 1005.17.28.8 and .9). Not here: the filter for akasser
(`domain.views`).
"""

from __future__ import annotations

from datetime import date, datetime

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import AktivitetstillaegView, CitizenStatus, MasterData, PersonReading, ReadService
from vos_contracts.model.registration import Kind, RegistrationView
from vos_contracts.tables.access import OrganisationType
from vos_contracts.tables.releases import Release
from vos_reference.domain import views
from vos_reference.domain.danish_time import danish_day, midnight
from vos_reference.domain.person import Person


def collections(
    person: Person, service: ReadService, reader: Identity, now: datetime, release: Release, contract: Contract
) -> PersonReading:
    """Return the current registrations, or the history, by kind (both present, also when empty), and the master data."""
    master = _master_data(person, danish_day(now))
    if release.empty_read_collections:
        return PersonReading(dict.fromkeys(Kind, ()), master)
    show = views.history if service is ReadService.HISTORY else views.current
    by_kind = {kind: tuple(item.view() for item in show(person, kind, reader, now, contract)) for kind in Kind}
    return PersonReading(by_kind, master)


def _master_data(person: Person, day: date) -> MasterData:
    kommune, jobcenter = (
        person.authority_of_type(type_, day) for type_ in (OrganisationType.KOMMUNE, OrganisationType.JOBCENTER)
    )
    return MasterData(
        None if person.tilmelding is None else person.tilmelding.category,
        None if kommune is None else kommune.code,
        None if jobcenter is None else jobcenter.code,
    )


def status(person: Person, reader: Identity, now: datetime, contract: Contract) -> CitizenStatus:
    """Return what is in force now: registrations, aktivitetstillaeg and helbredsbegraensninger; the same in every release."""

    def current(kind: Kind) -> tuple[RegistrationView, ...]:
        return tuple(row.view() for row in views.current(person, kind, reader, now, contract))

    aktivitetstillaeg = (allowance for allowance in person.aktivitetstillaeg if allowance.is_valid(danish_day(now)))
    return CitizenStatus(
        tuple(limitation for limitation in person.helbredsbegraensninger if limitation.is_valid(now)),
        tuple(
            AktivitetstillaegView(item.id, midnight(item.since), None if item.until is None else midnight(item.until))
            for item in aktivitetstillaeg
        ),
        current(Kind.KONTAKTGRUPPE),
        current(Kind.PERSONKATEGORI),
    )
