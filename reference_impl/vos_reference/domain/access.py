"""Access control: may this caller call this method for this citizen (epic; access matrix, starwiki FYS/13926415).

The levels are the columns of STAR's matrix: all citizens, own, formerly own, guest, and the corresponding levels for a
private operator (anden aktør) acting for a jobcenter and for a system without a caseworker. Beside the matrix stand the
blocked systems, the organisation types that may act on behalf of another, and the rules for caseworkers on Jobnet.
Not here: which of the citizen's registrations a reader sees (`domain.views`).
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
    """Return the error that denies access, or None where access is granted.

    - 4575: the method is closed to the organisation type, to operators or to the calling system; or the user's own
      organisation is of a type that cannot act on behalf of the active organisation.
    - 6005: the citizen does not belong to the calling jobcenter; 4575 for any other authority.
    - 4511: the citizen does not belong to the calling operator.

    An operator has its own levels only, even where the authority that it acts for has access to all citizens: in
    UnemploymentEnrollmentService a jobcenter reaches everyone and its operators their own (starwiki ISB/2394423423).
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
    """Return whether the citizen is a member of the authority on that day, or within `period` before or after."""
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
    """Return whether a caseworker on Jobnet has access: own citizens only, and for an akasse only in certain groups."""
    group = person.open_registration(Kind.KONTAKTGRUPPE, now)
    has = (None if group is None else group.type, None if person.tilmelding is None else person.tilmelding.category)
    return _own(person, identity.active, danish_day(now)) and any(
        all(required in (None, actual) for required, actual in zip(requirement, has, strict=True))
        for requirement in rules.jobnet.get(identity.active.type, ())
    )
