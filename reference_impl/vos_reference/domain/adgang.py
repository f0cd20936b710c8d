"""May this caller do this to that citizen? The matrix decides, and what stands beside it (epic; FYS/13926415).

The levels are the columns of STAR's matrix: all, own, formerly own, guest, and the same for a private operator (anden aktør)
that acts for a jobcentre, and for a system without a caseworker. Not here: what of the citizen is seen (`visning`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from vos_contracts.koder.aktoerer import Adgangsregler, Brugertype, Klientsystem, Niveau, Organisationstype
from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.registration import Art
from vos_reference.domain.person import Person
from vos_reference.domain.tid import dansk_dag


def afvisning(
    tjeneste_metode: str, identitet: Identitet, person: Person, now: datetime, regler: Adgangsregler
) -> Fejl | None:
    """Return the error that keeps the caller out, or None.

    An operator reaches by its own levels only, also where the authority it acts for reaches all: the matrix of
    UnemploymentEnrollmentService opens a jobcentre to all and its operators to their own (starwiki ISB/2394423423).
    4575 where the method is closed to the organisation type, the operator or the calling system, or where the user's own
    organisation is of a type that cannot act for the active one, 6005 for a jobcentre and
    4575 for another authority that the citizen does not belong to, 4511 for an operator that does not have the citizen.
    """
    if (identitet.system, tjeneste_metode) in regler.spaerrede:
        return Fejl(4575, f"metoden kan ikke kaldes fra system {identitet.system}")
    egen = identitet.bruger_organisation.type
    if egen != identitet.aktiv.type and (identitet.aktiv.type, egen) not in regler.paa_vegne:
        return Fejl(4575, f"en bruger fra organisationstype {egen} kan ikke handle for {identitet.aktiv.type}")
    niveauer = regler.matrix.get(tjeneste_metode, {}).get(identitet.aktiv.type, frozenset())
    aktoer = identitet.bruger_organisation.type == Organisationstype.ANDEN_AKTOER
    if aktoer or Niveau.ALLE not in niveauer:
        mulige = niveauer & (_AKTOERENS if aktoer else _EGNE)
        if not mulige:
            return Fejl(4575)
        periode = regler.perioder.get((tjeneste_metode, identitet.aktiv.type), _INGEN)
        dag = dansk_dag(now)
        if not any(_NAAR[niveau](person, identitet, dag, periode) for niveau in mulige):
            return Fejl(4511 if aktoer else _ikke_egen(identitet))
    if _paa_jobnet(identitet) and not _raekker_paa_jobnet(person, identitet, now, regler):
        return Fejl(_ikke_egen(identitet))
    return None


Periode = tuple[timedelta, timedelta]
Naar = Callable[[Person, Identitet, date, Periode], bool]
_INGEN = (timedelta(0), timedelta(0))
_EGNE = frozenset({Niveau.EGNE, Niveau.TIDLIGERE_EGNE, Niveau.GAEST, Niveau.SYSTEM_ALLE})
_AKTOERENS = frozenset({Niveau.AA_EGNE, Niveau.AA_GAEST, Niveau.AA_ALLE})


def _egen(person: Person, organisation: Organisation, dag: date, periode: Periode = _INGEN) -> bool:
    """Say whether the citizen is the authority's own: on that day, or so many days before or after."""
    foer, efter = periode
    return any(
        en.organisation == organisation and en.fra - foer <= dag and (en.til is None or dag < en.til + efter)
        for en in person.tilknytninger
    )


def _gaest(person: Person, organisation: Organisation, dag: date) -> bool:
    return any(en.organisation == organisation and en.gaelder(dag) for en in person.gaester)


_NAAR: Mapping[Niveau, Naar] = {
    Niveau.EGNE: lambda p, i, dag, _: _egen(p, i.aktiv, dag),
    Niveau.TIDLIGERE_EGNE: lambda p, i, dag, periode: _egen(p, i.aktiv, dag, periode),
    Niveau.GAEST: lambda p, i, dag, _: _gaest(p, i.aktiv, dag),
    Niveau.SYSTEM_ALLE: lambda p, i, dag, _: i.bruger.type == Brugertype.SYSTEM,
    Niveau.AA_EGNE: lambda p, i, dag, _: _egen(p, i.bruger_organisation, dag) and _egen(p, i.aktiv, dag),
    Niveau.AA_GAEST: lambda p, i, dag, _: _egen(p, i.bruger_organisation, dag) and _gaest(p, i.aktiv, dag),
    Niveau.AA_ALLE: lambda p, i, dag, _: True,
}


def _ikke_egen(identitet: Identitet) -> int:
    return 6005 if identitet.aktiv.type == Organisationstype.JOBCENTER else 4575


def _paa_jobnet(identitet: Identitet) -> bool:
    return identitet.system == Klientsystem.JOBNET and identitet.bruger.type == Brugertype.SAGSBEHANDLER


def _raekker_paa_jobnet(person: Person, identitet: Identitet, now: datetime, regler: Adgangsregler) -> bool:
    """Say whether a caseworker who is logged in on Jobnet reaches the citizen: an own one, for an a-kasse in few groups."""
    gruppe = person.aaben(Art.KONTAKTGRUPPE, now)
    har = (None if gruppe is None else gruppe.type, None if person.tilmelding is None else person.tilmelding.kategori)
    return _egen(person, identitet.aktiv, dansk_dag(now)) and any(
        all(kraevet in (None, faktisk) for kraevet, faktisk in zip(krav, har, strict=True))
        for krav in regler.jobnet.get(identitet.aktiv.type, ())
    )
