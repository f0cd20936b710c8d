"""The control API's operations that have to do with time: the clock, the nightly jobs, and CPR's news of a new number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from vos_contracts.control import stage
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import Urtilstand
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.body import kraev_entydig
from vos_contracts.wire.tid import i_kalenderen
from vos_reference.application import batch
from vos_reference.application.cprskift import skift_cpr
from vos_reference.application.drift import Drift
from vos_reference.application.levering import Ro
from vos_reference.application.ports import Jobtal, Koersel, Status
from vos_reference.application.turns import ClockTurns, WriteTurns
from vos_reference.application.ur import Maal, Urvaerk
from vos_reference.clock import TidenGaarKunFremad
from vos_reference.domain.batchjob import Job
from vos_reference.domain.decision import Afvist
from vos_reference.domain.tid import dansk_dag
from vos_reference.edge.varighed import UgyldigVarighed, frem

FLYTTET = "pegepinden er flyttet: det gamle nummer svarer 4404, og det nye har alt, også historikken"
IKKE_FLYTTET = "i udgave {} flyttes pegepinden ikke i dette domæne (det sker fra 2024-4); intet er ændret"

Dto = TypeVar("Dto")
StatusSvar = Callable[[Mapping[str, int]], Awaitable[Svar]]


class TidEdge:
    """Endpoints; `status` writes the stage's status with what fell due on the way."""

    def __init__(
        self,
        drift: Drift,
        urvaerk: Urvaerk,
        clock: ClockTurns,
        turns: WriteTurns,
        haendelser: Ro,
        status: StatusSvar,
        *,
        tillad_rigtige_cpr: bool,
    ) -> None:
        self._drift = drift
        self._urvaerk = urvaerk
        self._clock = clock
        self._turns = turns
        self._haendelser = haendelser
        self._status = status
        self._tillad_rigtige_cpr = tillad_rigtige_cpr

    async def ur(self, kald: Kald, sti: dict[str, str]) -> Svar:
        """Move the clock, carry out what falls due on the way, and answer when it has settled."""
        oenske = laes(kald, stage.UrDto)
        async with self._clock.alone():
            try:
                forfaldt = await self._clock.carry_out(self._urvaerk.stil(*self._maal(oenske)))
            except UgyldigVarighed as brud:
                raise _brud(f"frem: {brud}") from brud
            except TidenGaarKunFremad as brud:
                raise _brud(f"{'tilstand' if oenske.tidspunkt is None else 'tidspunkt'}: {brud}") from brud
            await self._haendelser.indtil_ro()  # once, at the end: a broker lives on the machine's time
            with self._drift.store.transaktion() as t:
                t.uret_naaede(self._drift.ur.now())
            data = {"ur": self._drift.ur.now().isoformat(), "tilstand": self._drift.ur.tilstand.value}
            self._drift.journal(Post(art=Posttype.UR, tidspunkt=self._drift.ur.now(), data=data))
            return await self._status(forfaldt)

    async def batch(self, kald: Kald, sti: dict[str, str]) -> Svar:
        """Run the nightly jobs now and answer with the report; a run that was interrupted is finished first."""
        oenske = laes(kald, stage.BatchDto) if kald.krop else stage.BatchDto()
        async with self._clock.alone():
            now = self._drift.ur.now()
            if oenske.dag not in (None, dansk_dag(now)):
                raise _brud(f"dag: scenen er på {dansk_dag(now)}; stil uret frem for at køre en senere dags job")
            aaben = batch.aaben(self._drift)
            if aaben is not None:
                await self._clock.carry_out(batch.koer(self._drift, aaben))
            koersel = batch.begynd(self._drift, oenske.art, now)
            return json_svar(self._koersel_dto(await self._clock.carry_out(batch.koer(self._drift, koersel))))

    async def se_batch(self, kald: Kald, sti: dict[str, str]) -> Svar:
        """Answer how far the present run has come, or how the last one went; null if there is none."""
        with self._drift.store.laesning() as t:
            koersel = t.seneste_koersel()
        vist = koersel if koersel is not None and koersel.status is not Status.FOER_SCENEN else None
        return json_svar(None if vist is None else self._koersel_dto(vist))

    async def cprskift(self, kald: Kald, sti: dict[str, str]) -> Svar:
        """Carry out a CPR change as the stage's release does."""
        oenske = laes(kald, stage.CprskiftDto)
        skiftet = await self._turns.run(
            lambda: skift_cpr(self._drift, oenske.gammelt, oenske.nyt, tillad_rigtige_cpr=self._tillad_rigtige_cpr)
        )
        if isinstance(skiftet, Afvist):
            raise RemoteWireError(*skiftet.fejl, status=400)
        forklaring = FLYTTET if skiftet.flyttet else IKKE_FLYTTET.format(self._drift.udgave.navn)
        return json_svar(
            stage.CprskiftSvarDto(flyttet=skiftet.flyttet, forklaring=forklaring, beskeder=skiftet.beskeder)
        )

    def _maal(self, oenske: stage.UrDto) -> tuple[Maal, Urtilstand]:
        """Return where the clock is to stand, and how it is to go on."""
        ur, tidspunkt, varighed = self._drift.ur, oenske.tidspunkt, oenske.frem
        if tidspunkt is None and varighed is None and oenske.tilstand is None:
            raise _brud("angiv tidspunkt, frem eller tilstand")
        if tidspunkt is not None and (tidspunkt.tzinfo is None or not i_kalenderen(tidspunkt)):
            raise _brud("tidspunkt: skal være en date-time med offset")
        if oenske.tilstand is Urtilstand.REEL:
            if tidspunkt is not None or varighed is not None:
                raise _brud("tilstand: reel følger maskinens ur; angiv hverken tidspunkt eller frem")
            return lambda nu: ur.maskinens(), Urtilstand.REEL
        stille = Urtilstand.FROSSET if ur.frosset or tidspunkt is not None else Urtilstand.FORSKUDT

        def maal(nu: datetime) -> datetime:
            til = tidspunkt or nu
            return til if varighed is None else frem(til, varighed)

        return maal, oenske.tilstand or stille

    def _koersel_dto(self, koersel: Koersel) -> stage.KoerselDto:
        ingen = Jobtal()
        tal = [(en, koersel.tal.get(Job(en.kode), ingen)) for en in self._drift.kontrakt.batchjob]
        return stage.KoerselDto(
            id=koersel.id,
            dag=koersel.dag,
            art=koersel.art,
            tidspunkt=koersel.tidspunkt.astimezone(UTC),
            natlig=koersel.natlig,
            faerdig=koersel.status is Status.FAERDIG,
            i_alt=koersel.i_alt,
            sete=koersel.sete,
            aendrede=koersel.aendrede,
            sekunder=round(koersel.sekunder, 6),
            job=tuple(
                stage.JobtalDto(job=en.kode, navn=en.navn, sete=jobtal.sete, aendrede=jobtal.aendrede)
                for en, jobtal in tal
            ),
        )


def laes(kald: Kald, dto: type[Dto]) -> Dto:
    """Read a body; errors: RemoteWireError naming the field and the rule."""
    try:
        laest = msgspec.json.decode(kald.krop, type=dto)
    except (msgspec.DecodeError, UnicodeDecodeError) as brud:
        raise _brud(str(brud)) from brud
    kraev_entydig(kald.krop)
    return laest


def json_svar(indhold: object) -> Svar:
    """Answer with JSON."""
    return Svar(200, {"content-type": "application/json"}, msgspec.json.encode(indhold))


def _brud(regel: str) -> RemoteWireError:
    return RemoteWireError(Fejl(VALIDERER_IKKE, regel))
