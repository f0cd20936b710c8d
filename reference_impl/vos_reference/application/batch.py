"""Run the nightly jobs for one Danish day, over those for whom something falls due (delta) or over everybody (full).

Each chunk is one transaction with its changes, their messages and the run's progress: killed at any point, a run goes on
where it was, and nothing is done twice. Not here: what a job does (`domain.batchjob`), when a night begins (`natkoersel`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from vos_contracts.base import stopwatch
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import Koerselsart
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Koersel, Status, Transaktion
from vos_reference.application.registration import conditions, save
from vos_reference.application.steps import AfterCommit, ThreadStep
from vos_reference.domain import dfdg
from vos_reference.domain.batchjob import Job, forfald
from vos_reference.domain.beslut import beslut_job
from vos_reference.domain.decision import Kalder
from vos_reference.domain.person import Person
from vos_reference.domain.tid import DANSK_TID, dansk_dag

KLUMP = 50
"""Citizens in one transaction: whoever writes meanwhile waits for it, 2 ms when nothing falls due and 20 ms when all change."""

IN_PLACE = 20
"""Citizens left to look at for whom a thread is not worth its while."""

Forloeb = Generator[Koersel | ThreadStep[Koersel], None, Koersel]
"""The chunks that may be carried out in a thread, the run after each chunk, and at the end the finished run: the report."""

Chunk = Callable[[Drift, Transaktion, Koersel], Koersel]


def aaben(drift: Drift) -> Koersel | None:
    """Return the run that was interrupted, if any; it is to be finished before another is begun."""
    with drift.store.laesning() as t:
        koersel = t.seneste_koersel()
    return koersel if koersel is not None and koersel.status is Status.I_GANG else None


def begynd(drift: Drift, art: Koerselsart, tidspunkt: datetime, *, natlig: bool = False) -> Koersel:
    """Begin a run of the instant's day."""
    dag = dansk_dag(tidspunkt)
    with drift.store.transaktion() as t:
        i_alt = t.antal_personer() if art is Koerselsart.FULD else sum(t.antal_forfaldne(job, dag) for job in Job)
        ny = Koersel(drift.ider(), dag, art, tidspunkt, natlig, i_alt=i_alt)
        t.gem_koersel(ny)
    return ny


def koer(drift: Drift, koersel: Koersel) -> Forloeb:
    """Carry a run through, chunk by chunk, from where it has come to.

    Errors: StoreUtilgaengelig, after which it can be gone on with.
    """
    koersel = replace(koersel, tidspunkt=koersel.tidspunkt.astimezone(DANSK_TID))  # as before it was interrupted
    naeste_klump = {Koerselsart.DELTA: _delta, Koerselsart.FULD: _fuld}[koersel.art]
    while koersel.status is Status.I_GANG:
        chunk = ThreadStep(partial(_carry_out, drift, koersel, naeste_klump))
        if koersel.i_alt - koersel.sete > IN_PLACE:
            yield chunk
        koersel = chunk.result()
        yield koersel
    drift.journal(Post(art=Posttype.KOERSEL, tidspunkt=koersel.tidspunkt, data=_data(koersel)))
    return koersel


def _carry_out(drift: Drift, koersel: Koersel, chunk: Chunk, after: AfterCommit) -> Koersel:
    """Carry out one chunk in one transaction, together with how far the run has come."""
    begun = stopwatch.seconds()
    with drift.store.write_beside(after) as t:
        koersel = chunk(drift, t, koersel)
        koersel = replace(koersel, sekunder=koersel.sekunder + stopwatch.seconds() - begun)
        t.gem_koersel(koersel)
    return koersel


def _delta(drift: Drift, t: Transaktion, koersel: Koersel) -> Koersel:
    """One chunk of the job that the run has come to: those for whom it falls due, each of whom it is then no longer due for."""
    raekkefoelge = _job(drift)
    job = Job(koersel.markoer) if koersel.markoer else raekkefoelge[0]
    personer = t.forfaldne(job, koersel.dag, KLUMP)
    for person in personer:
        efter = _udfoer(drift, t, koersel, job, person)
        koersel = koersel.med_tal(job, aendret=efter is not None)
        if efter is None:  # what was noted as due is no longer so: note what is
            t.gem(person, person, forfald(person, drift.kontrakt, koersel.tidspunkt))
        assert job not in {
            en for en, dag in forfald(efter or person, drift.kontrakt, koersel.tidspunkt) if dag <= koersel.dag
        }
    koersel = replace(koersel, sete=koersel.sete + len(personer), markoer=job.value)
    if len(personer) == KLUMP:
        return koersel
    videre = raekkefoelge[raekkefoelge.index(job) + 1 :]
    return replace(koersel, markoer=videre[0].value) if videre else replace(koersel, status=Status.FAERDIG)


def _fuld(drift: Drift, t: Transaktion, koersel: Koersel) -> Koersel:
    """One chunk of everybody, in the order of ids: all jobs in their order to each."""
    raekkefoelge = _job(drift)
    personer = t.personer_efter(koersel.markoer, KLUMP)
    rolige = 0
    for person in personer:
        if all(dag > koersel.dag for _, dag in forfald(person, drift.kontrakt, koersel.tidspunkt)):
            rolige += 1
            continue
        nu = person
        for job in raekkefoelge:
            efter = _udfoer(drift, t, koersel, job, nu)
            koersel = koersel.med_tal(job, aendret=efter is not None)
            nu = efter or nu
    koersel = koersel.set_af_alle(raekkefoelge, rolige)
    koersel = replace(koersel, sete=koersel.sete + len(personer))
    if len(personer) < KLUMP:
        return replace(koersel, status=Status.FAERDIG)
    return replace(koersel, markoer=personer[-1].id)


def _udfoer(drift: Drift, t: Transaktion, koersel: Koersel, job: Job, person: Person) -> Person | None:
    """Let a job do what it does to a citizen, and store it; None if it does nothing."""
    kalder = Kalder(dfdg.identitet(_navn(drift)(job), koersel.tidspunkt))
    betingelser = conditions(drift, koersel.tidspunkt, kalder)
    udfoert = beslut_job(person, job, betingelser)
    if udfoert is None:
        return None
    save(drift, t, person, udfoert, betingelser)
    return udfoert.person


def _job(drift: Drift) -> Sequence[Job]:
    return [Job(en.kode) for en in drift.kontrakt.batchjob]


def _navn(drift: Drift) -> Callable[[Job], str]:
    navne = {en.kode: en.navn for en in drift.kontrakt.batchjob}
    return lambda job: navne[job.value]


def _data(koersel: Koersel) -> dict[str, str | int]:
    return {
        "koersel": koersel.id,
        "dag": koersel.dag.isoformat(),
        "art": koersel.art.value,
        "natlig": "ja" if koersel.natlig else "nej",
        "sete": koersel.sete,
        "aendrede": koersel.aendrede,
    }
