"""May this caller do this to that citizen? The matrix decides, and what stands beside it (epic; FYS/13926415).

The levels are the columns of STAR's matrix: all, own, formerly own, guest, and the same for a private operator (anden aktør)
that acts for a jobcentre, and for a system without a caseworker. Not here: what of the citizen is seen (`view`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import AccessRules, ClientSystem, Level, OrganisationType, UserType
from vos_contracts.tables.errors import ServiceError
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.person import Person


def refusal(
    service_method: str, identity: Identity, person: Person, now: datetime, rules: AccessRules
) -> ServiceError | None:
    """Return the error that keeps the caller out, or None.

    An operator reaches by its own levels only, also where the authority it acts for reaches all: the matrix of
    UnemploymentEnrollmentService opens a jobcentre to all and its operators to their own (starwiki ISB/2394423423).
    4575 where the method is closed to the organisation type, the operator or the calling system, or where the user's own
    organisation is of a type that cannot act for the active one, 6005 for a jobcentre and
    4575 for another authority that the citizen does not belong to, 4511 for an operator that does not have the citizen.
    """
    if (identity.system, service_method) in rules.blocked:
        return ServiceError(4575, f"metoden kan ikke kaldes fra system {identity.system}")
    own = identity.user_organisation.type
    if own != identity.active.type and (identity.active.type, own) not in rules.on_behalf:
        return ServiceError(4575, f"en bruger fra organisationstype {own} kan ikke handle for {identity.active.type}")
    levels = rules.matrix.get(service_method, {}).get(identity.active.type, frozenset())
    party = identity.user_organisation.type == OrganisationType.OTHER_PARTY
    if party or Level.ALL not in levels:
        possible = levels & (_OPERATOR_LEVELS if party else _AUTHORITY_LEVELS)
        if not possible:
            return ServiceError(4575)
        period = rules.periods.get((service_method, identity.active.type), _NONE)
        day = danish_day(now)
        if not any(_WHEN[level](person, identity, day, period) for level in possible):
            return ServiceError(4511 if party else _not_own_error(identity))
    if _on_jobnet(identity) and not _reaches_on_jobnet(person, identity, now, rules):
        return ServiceError(_not_own_error(identity))
    return None


Period = tuple[timedelta, timedelta]
When = Callable[[Person, Identity, date, Period], bool]
_NONE = (timedelta(0), timedelta(0))
_AUTHORITY_LEVELS = frozenset({Level.OWN, Level.FORMER_OWN, Level.GUEST, Level.SYSTEM_ALL})
_OPERATOR_LEVELS = frozenset({Level.AA_OWN, Level.AA_GUEST, Level.AA_ALL})


def _own(person: Person, organisation: Organisation, day: date, period: Period = _NONE) -> bool:
    """Say whether the citizen is the authority's own: on that day, or so many days before or after."""
    before, after = period
    return any(
        membership.organisation == organisation
        and membership.since - before <= day
        and (membership.until is None or day < membership.until + after)
        for membership in person.memberships
    )


def _guest(person: Person, organisation: Organisation, day: date) -> bool:
    return any(guest.organisation == organisation and guest.is_valid(day) for guest in person.guests)


_WHEN: Mapping[Level, When] = {
    Level.OWN: lambda p, i, day, _: _own(p, i.active, day),
    Level.FORMER_OWN: lambda p, i, day, period: _own(p, i.active, day, period),
    Level.GUEST: lambda p, i, day, _: _guest(p, i.active, day),
    Level.SYSTEM_ALL: lambda p, i, day, _: i.user.type == UserType.SYSTEM,
    Level.AA_OWN: lambda p, i, day, _: _own(p, i.user_organisation, day) and _own(p, i.active, day),
    Level.AA_GUEST: lambda p, i, day, _: _own(p, i.user_organisation, day) and _guest(p, i.active, day),
    Level.AA_ALL: lambda p, i, day, _: True,
}


def _not_own_error(identity: Identity) -> int:
    return 6005 if identity.active.type == OrganisationType.JOBCENTER else 4575


def _on_jobnet(identity: Identity) -> bool:
    return identity.system == ClientSystem.JOBNET and identity.user.type == UserType.CASEWORKER


def _reaches_on_jobnet(person: Person, identity: Identity, now: datetime, rules: AccessRules) -> bool:
    """Say whether a caseworker who is logged in on Jobnet reaches the citizen: an own one, for an a-kasse in few groups."""
    group = person.open_registration(Kind.KONTAKTGRUPPE, now)
    has = (None if group is None else group.type, None if person.tilmelding is None else person.tilmelding.category)
    return _own(person, identity.active, danish_day(now)) and any(
        all(required in (None, actual) for required, actual in zip(requirement, has, strict=True))
        for requirement in rules.jobnet.get(identity.active.type, ())
    )
