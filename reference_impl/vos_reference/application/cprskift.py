"""Carry out a CPR change: find the citizen, move the pointer, tell the subscribers; one transaction.

Messages that are queued already stay as they are, under the number that the citizen had. Not here: what
moves (`domain.cprskift`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.model.cpr import maskeret
from vos_contracts.wire import wsrm_cpr
from vos_contracts.wire.wsrm_cpr import CprBesked
from vos_reference.application.drift import Drift
from vos_reference.application.opsaetning import cprfejl
from vos_reference.application.ports import CprOpslag, Ejer, Konvolut, Transaktion
from vos_reference.application.registration import OPSLAGSFEJL, conditions, note
from vos_reference.domain import cprskift, dfdg
from vos_reference.domain.batchjob import forfald
from vos_reference.domain.cprskift import Flyttet
from vos_reference.domain.decision import Afvist, Kalder, Vilkaar, afvist
from vos_reference.domain.person import Person
from vos_reference.domain.recipients import wsrm_drafts

JOB = "CPR-skift"


@dataclass(frozen=True, slots=True)
class Skiftet:
    """What came of it: whether the pointer moved in the stage's release, and how many messages tell so."""

    flyttet: bool
    beskeder: int = 0


def skift_cpr(drift: Drift, gammelt: str, nyt: str, *, tillad_rigtige_cpr: bool) -> Skiftet | Afvist:
    """Move a citizen to a new number, or say everything that is wrong; errors: StoreUtilgaengelig."""
    fejl = [
        *cprfejl(gammelt, felt="gammelt", tillad_rigtige_cpr=True),
        *cprfejl(nyt, felt="nyt", tillad_rigtige_cpr=tillad_rigtige_cpr),
    ]
    if gammelt == nyt:
        fejl.append(Fejl(VALIDERER_IKKE, "nyt: skal være et andet nummer end gammelt"))
    with drift.store.transaktion() as t:
        now = drift.ur.now()
        betingelser = conditions(drift, now, Kalder(dfdg.identitet(JOB, now)))
        person = t.find_person(gammelt)
        if isinstance(person, CprOpslag):
            regel = "kendes ikke" if person is CprOpslag.UKENDT else "er kendt, men har ingen borger"
            fejl.append(Fejl(OPSLAGSFEJL[person].kode, f"gammelt: {maskeret(gammelt)} {regel}"))
        if gammelt != nyt and isinstance(t.find_person(nyt), Person):
            fejl.append(Fejl(4977, f"nyt: {maskeret(nyt)} har allerede en borger"))
        if fejl or isinstance(person, CprOpslag):
            return afvist(*fejl)
        flyttet = cprskift.flyt(person, nyt, betingelser)
        if flyttet is None:
            return Skiftet(flyttet=False)
        t.gem(person, flyttet.person, forfald(flyttet.person, drift.kontrakt, now))
        konvolutter = tuple(_konvolutter(drift, t, flyttet, betingelser))
        t.laeg_i_koe(konvolutter)
        data: dict[str, str | int] = {"gammelt": gammelt, "beskeder": len(konvolutter)}
        t.bagefter(lambda: drift.journal(Post(art=Posttype.CPRSKIFT, tidspunkt=now, cpr=nyt, data=data)))
        t.bagefter(lambda: note(drift, nyt, konvolutter))
    return Skiftet(flyttet=True, beskeder=len(konvolutter))


def _konvolutter(drift: Drift, t: Transaktion, flyttet: Flyttet, betingelser: Vilkaar) -> Iterator[Konvolut]:
    if not drift.udgave.wsrm:
        return
    haendelse, rules = flyttet.haendelse, drift.kontrakt.wsrm_recipients
    for draft in wsrm_drafts((haendelse,), flyttet.person, betingelser.dag, rules):
        organisation = draft.recipient
        egne = t.koeejere(organisation)
        abonnenter = t.abonnenter(organisation, draft.subject)
        koeer = sorted({en if en in egne else Ejer(organisation, 0) for en in abonnenter})
        for ejer in koeer:
            besked = CprBesked(
                besked_id=drift.ider(),
                registrant=haendelse.registrant,
                gammelt=haendelse.gammelt,
                nyt=haendelse.nyt,
            )
            yield Konvolut(besked.besked_id, besked.beskedtype, ejer, wsrm_cpr.kod(besked), betingelser.now)
