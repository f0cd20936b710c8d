"""The citizens of a profile's pool: what is known of each, read into what the suite compares a scene's citizen with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

import msgspec

from generalproeve.udgang import KanIkkeKoere
from vos_contracts.cpr import foedselsdato, kan_tilhoere_nogen, maskeret
from vos_contracts.identitet import Organisation
from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.styring import ForloebDto, FravaerDto, PersonDto, RegistreringDto, TilknytningDto
from vos_contracts.wire.tid import DANSK_TID
from vos_features.stage import Rolle
from vos_simulators.parties import JOBCENTER, KOMMUNE


class Borgerpost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of `citizens`: what is true of it, and nothing else is; `since` is the day of the group and the category.

    `jobcenter` and `kommune` are those of the roles where nothing is said; an empty text is none.
    """

    cpr: str
    jobcenter: str | None = None
    kommune: str | None = None
    akasse: str | None = None
    kontaktgruppe: int | None = None
    personkategori: int | None = None
    since: date | None = None
    tilmeldekategori: int | None = None
    fravaer: tuple[int, ...] = ()
    aktivitetstillaeg: bool = False
    doed: date | None = None


def person(hvor: str, post: Borgerpost, roller: Mapping[str, Rolle], *, tillad_rigtige: bool) -> PersonDto:
    """Read one citizen; errors: KanIkkeKoere naming key and rule, the number masked."""
    if len(post.cpr) != 10 or foedselsdato(post.cpr) is None:
        raise KanIkkeKoere(f"{hvor}.cpr: must be ten digits that begin with a date")
    if kan_tilhoere_nogen(post.cpr) and not tillad_rigtige:
        raise KanIkkeKoere(
            f"{hvor}.cpr: {maskeret(post.cpr)} could be a human being's; allow_real_cpr = true lets it in all the same"
        )
    hos = (
        _hos(Organisationstype.JOBCENTER, post.jobcenter, _rollens(roller, "jobcentret", JOBCENTER)),
        _hos(Organisationstype.KOMMUNE, post.kommune, _rollens(roller, "kommunen", KOMMUNE)),
        _hos(Organisationstype.AKASSE, post.akasse, None),
    )
    start = None if post.since is None else datetime.combine(post.since, time(), DANSK_TID)
    return PersonDto(
        cpr=post.cpr,
        tilknytninger=tuple(
            TilknytningDto(organisation_type=en.type, organisation_kode=en.kode) for en in hos if en is not None
        ),
        tilmeldekategori=post.tilmeldekategori,
        kontaktgrupper=_aaben(post.kontaktgruppe, start),
        personkategorier=_aaben(post.personkategori, start),
        fravaer=tuple(FravaerDto(type=en) for en in post.fravaer),
        aktivitetstillaeg=(ForloebDto(),) if post.aktivitetstillaeg else (),
        doed=post.doed,
    )


def _aaben(type_: int | None, start: datetime | None) -> tuple[RegistreringDto, ...]:
    return () if type_ is None else (RegistreringDto(type=type_, start=start),)


def _hos(type_: int, kode: str | None, ellers: Organisation | None) -> Organisation | None:
    if kode is None:
        return ellers
    return Organisation(type_, kode) if kode else None


def _rollens(roller: Mapping[str, Rolle], navn: str, ellers: Organisation) -> Organisation | None:
    if not roller:
        return ellers
    return roller[navn].organisation if navn in roller else None
