"""The way of the events from the outbox to the broker: what comes next, and what is confirmed (epic AC 1005.17.28.11).

Straight-line and without waiting: `background.relay` publishes between `hent` and `afslut`. The position moves only after
the confirmation, so that a kill at any point means a repeat under the same id and never a loss.
"""

from __future__ import annotations

from collections.abc import Sequence

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.wire.haendelser import afkod_haendelse, emne
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Haendelsesbrev


def hent(drift: Drift, maegler: str, antal: int) -> Sequence[Haendelsesbrev]:
    """List each domain's next events, at most that many for each, in the order in which they were raised."""
    breve: list[Haendelsesbrev] = []
    with drift.store.laesning() as t:
        for domaene in drift.kontrakt.domains:
            for nr, krop in t.haendelser_efter(domaene, t.maeglerposition(maegler, domaene), antal):
                haendelse = afkod_haendelse(krop)
                emne_ = emne(domaene, haendelse, drift.kontrakt.navne)
                breve.append(Haendelsesbrev(domaene, nr, haendelse.haendelse_id, emne_, krop))
    return sorted(breve, key=lambda en: en.nr)


def afslut(drift: Drift, maegler: str, breve: Sequence[Haendelsesbrev]) -> None:
    """Store that the broker has these."""
    naaet = {en.domaene: en.nr for en in breve}
    with drift.store.transaktion() as t:
        for domaene, nr in naaet.items():
            t.flyt_maeglerposition(maegler, domaene, nr)


def noter(drift: Drift, maegler: str, tilstand: str, grund: str = "") -> None:
    """Tell the journal that the broker is away, and why, or that it is back."""
    data = {"maegler": maegler, "tilstand": tilstand} | ({"grund": grund} if grund else {})
    drift.journal(Post(art=Posttype.MAEGLER, tidspunkt=drift.ur.now(), data=data))
