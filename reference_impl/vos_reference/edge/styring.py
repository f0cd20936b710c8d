"""The control API: seed citizens, move the clock and the release, read the journal. Ours, not STAR's.

A port of its own, so that it can be left out; who may speak to it is for whoever serves it (the harness). Bad input is
refused whole, with the field and the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.control import neighbours as control
from vos_contracts.control import stage
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.udgave import Udgave
from vos_contracts.wire.asgi import AsgiEndepunkt, Endepunkt, Metodevalg
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.body import Kropsgraenser
from vos_reference.application.abonnement import abonner
from vos_reference.application.drift import Drift
from vos_reference.application.opsaetning import opsaet
from vos_reference.application.turns import ClockTurns, Publishing, WriteTurns
from vos_reference.application.ur import Urvaerk
from vos_reference.domain.decision import Afvist
from vos_reference.edge.drift import DriftEdge, laes_felter, laes_tal
from vos_reference.edge.intern import InternEdge
from vos_reference.edge.journal import Journal
from vos_reference.edge.tid import TidEdge, json_svar, laes
from vos_reference.edge.wsb import WsbEdge


class StyringEdge:
    """The control API's operations as endpoints."""

    def __init__(
        self,
        drift: Drift,
        journal: Journal,
        urvaerk: Urvaerk,
        clock: ClockTurns,
        turns: WriteTurns,
        events: Publishing,
        ny_forestilling: Callable[[], None],
        *,
        tillad_rigtige_cpr: bool,
    ) -> None:
        self._drift = drift
        self._journal = journal
        self._clock = clock
        self._turns = turns
        self._events = events
        self._ny_forestilling = ny_forestilling
        self._tid = TidEdge(
            drift, urvaerk, clock, turns, events, self._status_med, tillad_rigtige_cpr=tillad_rigtige_cpr
        )
        self._tillad_rigtige_cpr = tillad_rigtige_cpr

    def ruter(self, graenser: Kropsgraenser) -> Sequence[BaseRoute]:
        """Return the routes."""
        valg: dict[str, Mapping[str, Endepunkt]] = {
            "status": {"GET": self._status},
            "personer": {"POST": self._personer},
            "ur": {"GET": self._status, "PUT": self._tid.ur},
            "udgave": {"PUT": self._udgave},
            "bagende": {"PUT": self._bagende},
            "abonnementer": {"POST": self._abonnementer},
            "batch": {"GET": self._tid.se_batch, "POST": self._tid.batch},
            "cprskift": {"POST": self._tid.cprskift},
            "nulstil": {"POST": self._nulstil},
            "journal": {"GET": self._laes_journal},
        }
        drift, wsb = DriftEdge(self._drift).endepunkter(), WsbEdge(self._drift, self._turns).endepunkter()
        stier = {f"/styring/{navn}": metoder for navn, metoder in (*valg.items(), *drift.items(), *wsb.items())}
        stier[control.STI] = {"POST": InternEdge(self._drift, self._turns).kommando}
        return [
            Route(
                sti,
                endpoint=Metodevalg(
                    {metode: AsgiEndepunkt(en, skriv_fejl, graenser) for metode, en in metoder.items()}, skriv_fejl
                ),
            )
            for sti, metoder in stier.items()
        ]

    async def _status(self, kald: Kald, sti: dict[str, str]) -> Svar:
        return await self._status_med({})

    async def _status_med(self, forfaldt: Mapping[str, int]) -> Svar:
        drift = self._drift
        with drift.store.laesning() as t:
            personer = t.antal_personer()
        overlay = drift.kontrakt.overlay
        return json_svar(
            stage.StatusDto(
                ur=drift.ur.now(),
                ur_frosset=drift.ur.frosset,
                ur_tilstand=drift.ur.tilstand,
                udgave=drift.udgave.navn,
                bagende=drift.prs_soap,
                personer=personer,
                kontrakt_hash=drift.kontrakt.hash,
                overlay=overlay.navn if overlay else None,
                overlay_aendringer=overlay.aendringer if overlay else (),
                forfaldt=forfaldt,
                latens=drift.latens,
            )
        )

    async def _personer(self, kald: Kald, sti: dict[str, str]) -> Svar:
        oenske = laes(kald, stage.PersonerDto)
        resultat = await self._turns.run(
            lambda: opsaet(self._drift, oenske, tillad_rigtige_cpr=self._tillad_rigtige_cpr)
        )
        if isinstance(resultat, Afvist):
            return skriv_fejl(resultat.fejl, 400)
        return json_svar(resultat.registreringer)

    async def _udgave(self, kald: Kald, sti: dict[str, str]) -> Svar:
        oenske = laes(kald, stage.UdgaveDto)
        udgaver = self._drift.kontrakt.udgaver
        if oenske.udgave not in udgaver:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"udgave: skal være en af {', '.join(udgaver)}"))
        await self._turns.run(lambda: self._switch_release(udgaver[oenske.udgave]))
        self._noter(Posttype.UDGAVE, udgave=oenske.udgave)
        return await self._status(kald, sti)

    def _switch_release(self, release: Udgave) -> None:
        """Called in a write turn, because a chunk of the nightly jobs is decided by one release."""
        self._drift.udgave = release

    async def _bagende(self, kald: Kald, sti: dict[str, str]) -> Svar:
        self._drift.bagende = laes(kald, stage.BagendeDto).bagende
        return await self._status(kald, sti)

    async def _abonnementer(self, kald: Kald, sti: dict[str, str]) -> Svar:
        oenske = laes(kald, stage.AbonnementDto)
        afvist = await self._turns.run(lambda: abonner(self._drift, oenske))
        if afvist is not None:
            return skriv_fejl(afvist.fejl, 400)
        return Svar(204)

    async def _nulstil(self, kald: Kald, sti: dict[str, str]) -> Svar:
        async with self._clock.alone(), self._events.alone():
            with self._drift.store.transaktion() as t:
                t.nulstil()
                t.bagefter(self._drift.ur.nulstil)
            self._ny_forestilling()
            self._noter(Posttype.NULSTILLET)
        return Svar(204)

    async def _laes_journal(self, kald: Kald, sti: dict[str, str]) -> Svar:
        return json_svar(self._journal.efter(laes_tal(laes_felter(kald, {"efter"}), "efter", 0)))

    def _noter(self, art: Posttype, **data: str) -> None:
        self._journal(Post(art=art, tidspunkt=self._drift.ur.now(), data=data))


def skriv_fejl(fejl: Sequence[Fejl], status: int) -> Svar:
    """Refuse in the same shape as the services, with the rule as text."""
    svar = json_svar({"fejl": [{"fejlkode": en.kode, "fejltekst": en.beskrivelse or "Intern fejl"} for en in fejl]})
    return Svar(status or 400, svar.headers, svar.krop)
