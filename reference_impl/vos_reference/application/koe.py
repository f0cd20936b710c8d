"""The WSRM queue that its owner empties: CreateSequence, fetch, CloseSequence or TerminateSequence (DECISIONS section 5).

An open sequence is returned again to its owner; fetching is repeatable until the sequence ends; one left open for an hour
of stage time closes itself. Not OASIS push.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.identity import Identitet
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Ejer, Konvolut, Sekvens, Transaktion
from vos_reference.domain.decision import Afvist, afvist
from vos_reference.domain.tid import senere

HOEJST = 500
"""Messages per transfer (WSRM20)."""

LEVETID = timedelta(minutes=60)
"""How long a sequence stays open, by the stage clock."""


@dataclass(frozen=True, slots=True)
class Inventar:
    """An open sequence and how many messages of each type wait in it."""

    sekvens: Sekvens
    antal: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Hentet:
    """The messages of one type in a sequence, oldest first."""

    konvolutter: tuple[Konvolut, ...]


class Sekvensudloeb:
    """What closes sequences that were left open, as something that falls due (`application.ur`)."""

    navn = "sekvensudloeb"

    def __init__(self, drift: Drift) -> None:
        self._drift = drift

    def naeste(self) -> datetime | None:
        """Return the first instant at which the oldest open sequence has been open for too long."""
        with self._drift.store.laesning() as t:
            aabnet = t.aeldste_sekvens()
        return None if aabnet is None else senere(aabnet, LEVETID + timedelta(microseconds=1))

    def udfoer(self, tidspunkt: datetime) -> Iterator[None]:
        """Give back the messages of the sequences that have been open for too long."""
        with self._drift.store.transaktion() as t:
            t.frigiv_aabnet_foer(senere(tidspunkt, -LEVETID))
        yield


@dataclass(frozen=True, slots=True)
class Lukket:
    """A sequence that has ended."""

    sekvens: Sekvens


def opret_sekvens(drift: Drift, identitet: Identitet, underkoe: str) -> Inventar | Afvist:
    """Open a transfer of at most 500 messages, or return the one that is open."""
    with drift.store.transaktion() as t:
        now = drift.ur.now()
        t.frigiv_aabnet_foer(senere(now, -LEVETID))
        ejer = _ejer(t, identitet)
        if isinstance(ejer, Afvist):
            return ejer
        if underkoe and not t.findes_underkoe(ejer, underkoe):
            return afvist(Fejl(4589, f"underkøen {underkoe} findes ikke hos kalderen"))
        sekvens, antal = _aaben_eller_ny(drift, t, ejer, underkoe, now)
        linjer = " ".join(beskedtype for beskedtype, _ in antal)
        ialt = sum(antal_ for _, antal_ in antal)
        t.bagefter(lambda: _noter(drift, now, "CreateSequence", sekvens, ialt, linjer))
    return Inventar(sekvens, antal)


def hent(drift: Drift, identitet: Identitet, sekvens_id: str, beskedtype: str) -> Hentet | Afvist:
    """Fetch the sequence's messages of one type; repeatable until the sequence ends."""
    with drift.store.transaktion() as t:
        now = drift.ur.now()
        t.frigiv_aabnet_foer(senere(now, -LEVETID))
        sekvens = _egen(t, identitet, sekvens_id)
        if isinstance(sekvens, Afvist):
            return sekvens
        beskeder = tuple(t.beskeder(sekvens.id, beskedtype))
        t.bagefter(lambda: _noter(drift, now, beskedtype, sekvens, len(beskeder)))
    return Hentet(beskeder)


def luk_sekvens(drift: Drift, identitet: Identitet, sekvens_id: str) -> Lukket | Afvist:
    """Give everything back: the messages come again in the next transfer."""
    return _slut(drift, identitet, sekvens_id, slet=False)


def afslut_sekvens(drift: Drift, identitet: Identitet, sekvens_id: str) -> Lukket | Afvist:
    """Commit: the sequence's messages leave the queue."""
    return _slut(drift, identitet, sekvens_id, slet=True)


def _slut(drift: Drift, identitet: Identitet, sekvens_id: str, *, slet: bool) -> Lukket | Afvist:
    with drift.store.transaktion() as t:
        now = drift.ur.now()
        t.frigiv_aabnet_foer(senere(now, -LEVETID))
        sekvens = _egen(t, identitet, sekvens_id)
        if isinstance(sekvens, Afvist):
            return sekvens
        antal = 0
        if slet:
            antal = t.slet_sekvens(sekvens.id)
        else:
            t.frigiv(sekvens.id)
        t.bagefter(lambda: _noter(drift, now, "TerminateSequence" if slet else "CloseSequence", sekvens, antal))
    return Lukket(sekvens)


def _aaben_eller_ny(
    drift: Drift, t: Transaktion, ejer: Ejer, underkoe: str, now: datetime
) -> tuple[Sekvens, tuple[tuple[str, int], ...]]:
    """Return the open sequence, unless it is empty and something has come since: that goes into a new one.

    Whoever else has the empty one believes it empty, and may end it so.
    """
    aaben = t.aaben_sekvens(ejer, underkoe)
    if aaben is not None:
        antal = tuple(t.inventar(aaben.id))
        if antal or not t.noget_venter(ejer, underkoe):
            return aaben, antal
        t.slet_sekvens(aaben.id)
    ny = Sekvens(drift.ider(), ejer, underkoe, now)
    t.opret_sekvens(ny, HOEJST)
    return ny, tuple(t.inventar(ny.id))


def _ejer(t: Transaktion, identitet: Identitet) -> Ejer | Afvist:
    """One queue per subscribed system; an organisation without subscriptions has one that any of its systems empties."""
    ejere: Sequence[Ejer] = t.koeejere(identitet.aktiv)
    if not ejere:
        return Ejer(identitet.aktiv, 0)
    ejer = Ejer(identitet.aktiv, identitet.system)
    if ejer in ejere:
        return ejer
    return afvist(Fejl(4575, f"system {identitet.system} har ingen WSRM-kø hos {identitet.aktiv}"))


def _egen(t: Transaktion, identitet: Identitet, sekvens_id: str) -> Sekvens | Afvist:
    ejer = _ejer(t, identitet)
    if isinstance(ejer, Afvist):
        return ejer
    sekvens = t.find_sekvens(sekvens_id)
    if sekvens is None or sekvens.ejer != ejer:
        return afvist(Fejl(4589, "sekvensen findes ikke hos kalderen, eller den er afsluttet"))
    return sekvens


def _noter(drift: Drift, now: datetime, operation: str, sekvens: Sekvens, antal: int, inventar: str = "") -> None:
    drift.journal(
        Post(
            art=Posttype.SEKVENS,
            tidspunkt=now,
            data={
                "operation": operation,
                "ejer": str(sekvens.ejer.organisation),
                "system": sekvens.ejer.system,
                "underkoe": sekvens.underkoe,
                "inventar": inventar,
                "sekvens": sekvens.id,
                "antal": antal,
            },
        )
    )
