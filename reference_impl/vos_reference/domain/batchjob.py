"""What the nightly jobs do to one citizen on one day, and on which day a job next has something to do (epic AC .16).

Pure: a citizen and a day in, a decision or nothing out. Doing it twice is doing it once, since a decision rests on how the
citizen stands. In which order they run, and when, is a table (`koder/batchjob`); the runner is `application.batch`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art
from vos_reference.domain import kontaktgruppe, sygdom, tilmelding
from vos_reference.domain.decision import Udfoert, Vilkaar
from vos_reference.domain.person import Person, Raskmelding, Sygdom, Tilmelding
from vos_reference.domain.tid import aarsdag, dansk_dag, midnat

OVERGANGSALDER = 30


class Job(StrEnum):
    """The nightly jobs, as `koder/batchjob` names them: what ends before what begins."""

    AFMELDING = "afmelding"
    SYGEMELDING = "sygemelding"
    RASKMELDING = "raskmelding"
    SYGEDAGPENGE_OPHOER = "sygedagpenge_ophoer"
    FLEKSJOB = "fleksjob"
    TREDIVE_AAR = "tredive_aar"
    UDLOEB = "udloeb"


Forfald = tuple[tuple[Job, date], ...]


def udfoer(job: Job, person: Person, vilkaar: Vilkaar) -> Udfoert | None:
    """Decide what that job does to the citizen today; None if it does nothing."""
    forfalder = _dag(job, person, vilkaar.kontrakt, vilkaar.now)
    if person.doed is not None or forfalder is None or forfalder > vilkaar.dag:
        return None
    return _UDFOER[job](person, vilkaar)


def melder(job: Job, person: Person) -> Identitet | None:
    """Return who told beforehand what the job carries out, and so stands as registrant; None where nobody did."""
    meldt: Tilmelding | Sygdom | Raskmelding | None
    match job:
        case Job.AFMELDING:
            meldt = person.tilmelding
        case Job.SYGEMELDING:
            meldt = person.sygdom
        case Job.RASKMELDING:
            meldt = None if person.sygdom is None else person.sygdom.raskmelding
        case Job.SYGEDAGPENGE_OPHOER | Job.FLEKSJOB | Job.TREDIVE_AAR | Job.UDLOEB:
            meldt = None
    return None if meldt is None else meldt.registrant


def forfald(person: Person, kontrakt: Kontrakt, now: datetime) -> Forfald:
    """List, for each job that will have something to do, the first day on which it has."""
    if person.doed is not None:
        return ()
    dage = ((job, _dag(job, person, kontrakt, now)) for job in Job)
    return tuple((job, dag) for job, dag in dage if dag is not None)


def _dag(job: Job, person: Person, kontrakt: Kontrakt, now: datetime) -> date | None:
    syg = person.sygdom
    match job:
        case Job.AFMELDING:
            return None if person.tilmelding is None else person.tilmelding.til
        case Job.SYGEMELDING:
            return syg.fra if syg is not None and not syg.begyndt else None
        case Job.RASKMELDING:
            return syg.raskmelding.dato if syg is not None and syg.raskmelding is not None else None
        case Job.SYGEDAGPENGE_OPHOER:
            if syg is None or syg.til is None or syg.raskmelding is not None:
                return None  # a recovery that is reported takes the place of the end that was foreseen
            return syg.til + timedelta(days=1)
        case Job.FLEKSJOB:
            return _fleksjobdag(person, kontrakt, now)
        case Job.TREDIVE_AAR:
            gruppe = person.aaben(Art.KONTAKTGRUPPE, now)
            ny = None if gruppe is None else kontrakt.grupperegler[gruppe.type].overgaar_ved_30
            return None if ny is None else aarsdag(person.foedt, OVERGANGSALDER)
        case Job.UDLOEB:
            return _udloebsdag(person, kontrakt, now)


def _udloebsdag(person: Person, kontrakt: Kontrakt, now: datetime) -> date | None:
    """Find the day on which a group or category ends that was given its end beforehand, and something follows from it."""
    gruppe, kategori = person.aaben(Art.KONTAKTGRUPPE, now), person.aaben(Art.PERSONKATEGORI, now)
    slutter = [en.slut for en in (gruppe, kategori) if en is not None and en.slut is not None]
    if gruppe is None and kategori is not None:
        return dansk_dag(max(_slut(person, Art.KONTAKTGRUPPE), default=kategori.start))
    if gruppe is not None and kategori is None and kontrakt.grupperegler[gruppe.type].standardkategori is not None:
        sluttede = [slut for slut in _slut(person, Art.PERSONKATEGORI) if slut > gruppe.start]
        if sluttede:
            return dansk_dag(max(sluttede))
    return dansk_dag(min(slutter)) if slutter else None


def _slut(person: Person, art: Art) -> list[datetime]:
    return [en.slut for en in person.registreringer.values() if en.art is art and en.slut and not en.er_slettet]


def _fleksjobdag(person: Person, kontrakt: Kontrakt, now: datetime) -> date | None:
    """Find the day on which an activity begins for one who waits for it, or ends with none after it for one who has it."""
    gruppe = person.aaben(Art.KONTAKTGRUPPE, now)
    if gruppe is None or not person.fleksjob:
        return None
    regler, i_dag = kontrakt.grupperegler[gruppe.type], dansk_dag(now)
    if regler.fleksjob_start is not None:
        begynder = (en.fra for en in person.fleksjob if en.til is None or en.til > max(i_dag, en.fra))
        return min(begynder, default=None)
    if regler.fleksjob_slut is not None:
        for slut in sorted(en.til for en in person.fleksjob if en.til is not None):
            i_gang = any(en.gaelder(max(slut, i_dag)) for en in person.fleksjob)
            if slut >= dansk_dag(gruppe.start) and not i_gang:
                return slut
    return None


def _afmeld(person: Person, vilkaar: Vilkaar) -> Udfoert:
    assert person.tilmelding is not None
    assert person.tilmelding.til is not None
    return Udfoert("", tilmelding.slut(person, person.tilmelding.til), ())


def _sygemeld(person: Person, vilkaar: Vilkaar) -> Udfoert:
    return sygdom.begynd(Udfoert("", person, ()), vilkaar)


def _raskmeld(person: Person, vilkaar: Vilkaar) -> Udfoert:
    assert person.sygdom is not None
    assert person.sygdom.raskmelding is not None
    return sygdom.bliv_rask(person, person.sygdom.raskmelding, vilkaar)


def _sygedagpenge_ophoerer(person: Person, vilkaar: Vilkaar) -> Udfoert:
    assert person.sygdom is not None
    assert person.sygdom.til is not None
    dag = person.sygdom.til + timedelta(days=1)
    return sygdom.bliv_rask(person, Raskmelding(dag, vilkaar.kalder.identitet), vilkaar)


def _fleksjob(person: Person, vilkaar: Vilkaar) -> Udfoert:
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    assert gruppe is not None
    regler = vilkaar.kontrakt.grupperegler[gruppe.type]
    ny = regler.fleksjob_start or regler.fleksjob_slut
    dag = _fleksjobdag(person, vilkaar.kontrakt, vilkaar.now)
    assert ny is not None
    assert dag is not None
    return Udfoert("", person, ()).med(kontaktgruppe.skift(person, ny, midnat(dag), vilkaar))


def _fyld_tredive(person: Person, vilkaar: Vilkaar) -> Udfoert:
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    assert gruppe is not None
    ny = vilkaar.kontrakt.grupperegler[gruppe.type].overgaar_ved_30
    assert ny is not None
    tid = midnat(aarsdag(person.foedt, OVERGANGSALDER))
    return Udfoert("", person, ()).med(kontaktgruppe.skift(person, ny, tid, vilkaar))


def _udloeb(person: Person, vilkaar: Vilkaar) -> Udfoert:
    """Nothing but what follows: the row that ends it was registered when its end was."""
    return Udfoert("", person, ())


_UDFOER: Mapping[Job, Callable[[Person, Vilkaar], Udfoert]] = {
    Job.AFMELDING: _afmeld,
    Job.SYGEMELDING: _sygemeld,
    Job.RASKMELDING: _raskmeld,
    Job.SYGEDAGPENGE_OPHOER: _sygedagpenge_ophoerer,
    Job.FLEKSJOB: _fleksjob,
    Job.TREDIVE_AAR: _fyld_tredive,
    Job.UDLOEB: _udloeb,
}
