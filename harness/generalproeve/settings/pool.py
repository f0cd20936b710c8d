"""The citizens of a profile's pool: what is known of each, read into what a scenario's citizen is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated

from msgspec import Struct

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings.reading import Setting
from vos_contracts.control.stage import ForloebDto, FravaerDto, PersonDto, RegistreringDto, TilknytningDto
from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.model.cpr import foedselsdato, kan_tilhoere_nogen, maskeret
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.tid import DANSK_TID
from vos_features.stage import Rolle
from vos_simulators.parties import JOBCENTER, KOMMUNE


class Citizen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `citizens`: what is true of it, and nothing else is."""

    cpr: Annotated[str, Setting(help="Ten digits, without hyphen.", rule="must be ten digits", hidden=True)]
    jobcenter: Annotated[
        str | None, Setting(help="Code of its jobcenter; that of the role jobcentret if not given, none if empty.")
    ] = None
    kommune: Annotated[
        str | None, Setting(help="Code of its kommune; that of the role kommunen if not given, none if empty.")
    ] = None
    akasse: Annotated[str | None, Setting(help="Code of its akasse; none if not given.")] = None
    kontaktgruppe: Annotated[int | None, Setting(help="Type of its open kontaktgruppe.")] = None
    personkategori: Annotated[int | None, Setting(help="Type of its open personkategori.")] = None
    since: Annotated[date | None, Setting(help="Day of both.", rule="must be a date such as 2024-11-18")] = None
    tilmeldekategori: Annotated[int | None, Setting(help="Its tilmeldekategori.")] = None
    fravaer: Annotated[tuple[int, ...], Setting(help="Types of its fravaer.", rule="must be a list of types")] = ()
    aktivitetstillaeg: Annotated[bool, Setting(help="Whether it has aktivitetstillaeg.")] = False
    doed: Annotated[date | None, Setting(help="Day of its death.", rule="must be a date such as 2024-11-18")] = None


def person(where: str, citizen: Citizen, roles: Mapping[str, Rolle], *, allow_real: bool) -> PersonDto:
    """Return the citizen as the suite knows it.

    Raises:
        KanIkkeKoere: the number cannot be used; it is masked in the message.
    """
    if len(citizen.cpr) != 10 or foedselsdato(citizen.cpr) is None:
        raise KanIkkeKoere(f"{where}.cpr: must be ten digits that begin with a date")
    if kan_tilhoere_nogen(citizen.cpr) and not allow_real:
        raise KanIkkeKoere(
            f"{where}.cpr: {maskeret(citizen.cpr)} could be a human being's; allow_real_cpr = true lets it in all the same"
        )
    memberships = (
        _membership(Organisationstype.JOBCENTER, citizen.jobcenter, _of_role(roles, "jobcentret", JOBCENTER)),
        _membership(Organisationstype.KOMMUNE, citizen.kommune, _of_role(roles, "kommunen", KOMMUNE)),
        _membership(Organisationstype.AKASSE, citizen.akasse, None),
    )
    start = None if citizen.since is None else datetime.combine(citizen.since, time(), DANSK_TID)
    return PersonDto(
        cpr=citizen.cpr,
        tilknytninger=tuple(
            TilknytningDto(organisation_type=membership.type, organisation_kode=membership.kode)
            for membership in memberships
            if membership is not None
        ),
        tilmeldekategori=citizen.tilmeldekategori,
        kontaktgrupper=_open(citizen.kontaktgruppe, start),
        personkategorier=_open(citizen.personkategori, start),
        fravaer=tuple(FravaerDto(type=kind) for kind in citizen.fravaer),
        aktivitetstillaeg=(ForloebDto(),) if citizen.aktivitetstillaeg else (),
        doed=citizen.doed,
    )


def _open(kind: int | None, start: datetime | None) -> tuple[RegistreringDto, ...]:
    return () if kind is None else (RegistreringDto(type=kind, start=start),)


def _membership(kind: int, code: str | None, default: Organisation | None) -> Organisation | None:
    if code is None:
        return default
    return Organisation(kind, code) if code else None


def _of_role(roles: Mapping[str, Rolle], name: str, default: Organisation) -> Organisation | None:
    if not roles:
        return default
    return roles[name].organisation if name in roles else None
