"""The internal interface, on which STAR's neighbour services tell of enrolment, sickness, absence and flexjob."""

from __future__ import annotations

import msgspec

from vos_contracts.control import neighbours as control
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.body import kraev_entydig
from vos_reference.application.drift import Drift
from vos_reference.application.registration import fortael
from vos_reference.application.turns import WriteTurns
from vos_reference.domain.decision import Afvist, Kalder


class InternEdge:
    """One endpoint for every command."""

    def __init__(self, drift: Drift, turns: WriteTurns) -> None:
        self._drift = drift
        self._turns = turns

    async def kommando(self, kald: Kald, sti: dict[str, str]) -> Svar:
        """Carry out a command; a refusal is an answer with its errors, not an error of the interface."""
        try:
            besked = control.decode_call(kald.krop)
        except (msgspec.DecodeError, UnicodeDecodeError) as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, str(brud))) from brud
        kraev_entydig(kald.krop)
        if not besked.identitet.registreringstidspunkt.tzinfo:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, "identitet.registreringstidspunkt: skal have offset"))
        kalder = Kalder(besked.identitet)
        resultat = await self._turns.run(
            lambda: fortael(self._drift, besked.cpr, besked.tjeneste, besked.kommando, kalder)
        )
        if isinstance(resultat, Afvist):
            svar = control.Nabosvar(fejl=tuple(control.Nabofejl(en.kode, en.beskrivelse) for en in resultat.fejl))
        else:
            svar = control.Nabosvar(id=resultat.id, tidspunkt=self._drift.ur.now())
        return Svar(200, {"content-type": "application/json"}, control.encode_answer(svar))
