"""The pool of test citizens of a profile: the known state of each, as the DTO that scenarios choose citizens by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated

from msgspec import Struct

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.reading import Setting
from vos_contracts.control.stage import (
    FravaerDto,
    HelbredsbegraensningDto,
    MembershipDto,
    PeriodDto,
    PersonDto,
    RegistrationDto,
)
from vos_contracts.model.cpr import birth_date, could_be_issued, masked
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.instants import DANISH_TIME
from vos_features.stage import AllowedRole
from vos_simulators.parties import JOBCENTER, KOMMUNE


class PoolCitizen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `citizens`: the complete known state of one citizen."""

    cpr: Annotated[str, Setting(help="Ten digits, without hyphen.", rule="must be ten digits", hidden=True)]
    jobcenter: Annotated[
        str | None, Setting(help="Code of its jobcenter; default that of the role jobcentret, empty for none.")
    ] = None
    kommune: Annotated[
        str | None, Setting(help="Code of its kommune; default that of the role kommunen, empty for none.")
    ] = None
    akasse: Annotated[str | None, Setting(help="Code of its akasse; default none.")] = None
    kontaktgruppe: Annotated[int | None, Setting(help="Type of its open kontaktgruppe.")] = None
    personkategori: Annotated[int | None, Setting(help="Type of its open personkategori.")] = None
    since: Annotated[date | None, Setting(help="First day of both.", rule="must be a date such as 2024-11-18")] = None
    tilmeldekategori: Annotated[int | None, Setting(help="Its tilmeldekategori.")] = None
    fravaer: Annotated[tuple[int, ...], Setting(help="Types of its fravaer.", rule="must be a list of types")] = ()
    aktivitetstillaeg: Annotated[bool, Setting(help="Whether it has aktivitetstillaeg.")] = False
    helbredsbegraensning: Annotated[bool, Setting(help="Whether it has a health limitation without an end.")] = False
    dead: Annotated[date | None, Setting(help="Day of its death.", rule="must be a date such as 2024-11-18")] = None


def person(where: str, citizen: PoolCitizen, roles: Mapping[str, AllowedRole], *, allow_real: bool) -> PersonDto:
    """Return the state of a pool citizen as the suite takes it.

    Raises:
        CannotRun: the CPR number cannot be used; the message shows it masked.
    """
    if len(citizen.cpr) != 10 or birth_date(citizen.cpr) is None:
        raise CannotRun(f"{where}.cpr: must be ten digits that begin with a date")
    if could_be_issued(citizen.cpr) and not allow_real:
        raise CannotRun(f"{where}.cpr: {masked(citizen.cpr)} could be a human being's; allow_real_cpr = true allows it")
    memberships = (
        _membership(OrganisationType.JOBCENTER, citizen.jobcenter, _of_role(roles, "jobcentret", JOBCENTER)),
        _membership(OrganisationType.KOMMUNE, citizen.kommune, _of_role(roles, "kommunen", KOMMUNE)),
        _membership(OrganisationType.AKASSE, citizen.akasse, None),
    )
    start = None if citizen.since is None else datetime.combine(citizen.since, time(), DANISH_TIME)
    return PersonDto(
        cpr=citizen.cpr,
        memberships=tuple(
            MembershipDto(organisation_type=membership.type, organisation_code=membership.code)
            for membership in memberships
            if membership is not None
        ),
        tilmeldekategori=citizen.tilmeldekategori,
        kontaktgrupper=_open(citizen.kontaktgruppe, start),
        personkategorier=_open(citizen.personkategori, start),
        fravaer=tuple(FravaerDto(type=kind) for kind in citizen.fravaer),
        aktivitetstillaeg=(PeriodDto(),) if citizen.aktivitetstillaeg else (),
        helbredsbegraensninger=(HelbredsbegraensningDto(),) if citizen.helbredsbegraensning else (),
        dead=citizen.dead,
    )


def _open(kind: int | None, start: datetime | None) -> tuple[RegistrationDto, ...]:
    return () if kind is None else (RegistrationDto(type=kind, start=start),)


def _membership(kind: int, code: str | None, default: Organisation | None) -> Organisation | None:
    if code is None:
        return default
    return Organisation(kind, code) if code else None


def _of_role(roles: Mapping[str, AllowedRole], name: str, default: Organisation) -> Organisation | None:
    if not roles:
        return default
    return roles[name].organisation if name in roles else None
