"""When the nightly jobs run by themselves: every Danish night at the table's hour, missed nights one by one in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from vos_contracts.control.stage import Koerselsart
from vos_reference.application import batch
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Koersel, Status
from vos_reference.domain.tid import dansk_dag, kl

_DOEGN = timedelta(days=1)


class Natkoersel:
    """The nights as something that falls due (`application.ur`); a run that was interrupted falls due again at once."""

    navn = "natkoersel"

    def __init__(self, drift: Drift) -> None:
        self._drift = drift
        self._klokken = drift.kontrakt.batchjob[0].klokken

    def begynd(self) -> None:
        """Note, on an empty store, that the nights until now lie before the stage; idempotent."""
        now = self._drift.ur.now()
        dag = dansk_dag(now)
        if kl(dag, self._klokken).astimezone(UTC) > now.astimezone(UTC):
            dag -= _DOEGN
        with self._drift.store.transaktion() as t:
            if t.seneste_nat() is None:
                t.gem_koersel(
                    Koersel(self._drift.ider(), dag, Koerselsart.DELTA, now, natlig=True, status=Status.FOER_SCENEN)
                )

    def naeste(self) -> datetime | None:
        """Return the instant of the interrupted run, or of the night after the last."""
        aaben = batch.aaben(self._drift)
        if aaben is not None:
            return aaben.tidspunkt
        with self._drift.store.laesning() as t:
            nat = t.seneste_nat()
        return None if nat is None else kl(nat + _DOEGN, self._klokken)

    def udfoer(self, tidspunkt: datetime) -> Iterator[object]:
        """Run that night, or go on with what was interrupted."""
        aaben = batch.aaben(self._drift)
        koersel = aaben or batch.begynd(self._drift, Koerselsart.DELTA, tidspunkt, natlig=True)
        yield from batch.koer(self._drift, koersel)
