"""The control API's part on webservice messages: subscriber systems, how delivery stands, dead letters, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vos_contracts.control import webhooks
from vos_contracts.wire.asgi import Endepunkt
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_reference.application.drift import Drift
from vos_reference.application.turns import WriteTurns
from vos_reference.application.wsbabonnement import opret_system
from vos_reference.edge.tid import json_svar, laes

DOEDE_HOEJST = 1000
"""How many dead letters are listed."""


class WsbEdge:
    """Endpoints."""

    def __init__(self, drift: Drift, turns: WriteTurns) -> None:
        self._drift = drift
        self._turns = turns

    def endepunkter(self) -> Mapping[str, Mapping[str, Endepunkt]]:
        """Return the endpoints by name below /styring and by HTTP method."""
        return {
            "subscribersystemer": {"PUT": self._system},
            "wsb": {"GET": self._stand, "PUT": self._tilstand},
            "wsb/genspil": {"POST": self._genspil},
        }

    async def _system(self, kald: Kald, sti: dict[str, str]) -> Svar:
        oenske = laes(kald, webhooks.SubscribersystemDto)
        afvist = await self._turns.run(lambda: opret_system(self._drift, oenske))
        if afvist is not None:
            raise RemoteWireError(*afvist.fejl, status=400)
        return Svar(204)

    async def _tilstand(self, kald: Kald, sti: dict[str, str]) -> Svar:
        self._drift.wsb_tilstand = laes(kald, webhooks.WsbtilstandDto).tilstand
        return await self._stand(kald, sti)

    async def _genspil(self, kald: Kald, sti: dict[str, str]) -> Svar:
        oenske = laes(kald, webhooks.GenspilDto) if kald.krop else webhooks.GenspilDto()
        antal = await self._turns.run(lambda: self._replay(oenske.besked_ider))
        self._drift.noget_at_sende()
        return json_svar(webhooks.GenspilletDto(genspillet=antal))

    def _replay(self, message_ids: Sequence[str] | None) -> int:
        with self._drift.store.transaktion() as t:
            return t.genspil(message_ids)

    async def _stand(self, kald: Kald, sti: dict[str, str]) -> Svar:
        with self._drift.store.laesning() as t:
            stande, doede = t.modtagerstande(), t.doede(DOEDE_HOEJST)
        return json_svar(
            webhooks.WsbDto(
                tilstand=self._drift.wsb_tilstand,
                modtagere=tuple(
                    webhooks.WsbmodtagerDto(
                        system_identifier=en.modtager.system,
                        organisation_type=en.modtager.organisation.type,
                        organisation_kode=en.modtager.organisation.kode,
                        venter=en.venter,
                        doede=en.doede,
                        naeste=en.naeste,
                    )
                    for en in stande
                ),
                doede=tuple(
                    webhooks.DoedbeskedDto(
                        besked_id=en.konvolut.id,
                        system_identifier=en.konvolut.modtager.system,
                        organisation_type=en.konvolut.modtager.organisation.type,
                        organisation_kode=en.konvolut.modtager.organisation.kode,
                        entitet_id=en.konvolut.entitet_id,
                        lagt=en.konvolut.lagt,
                        forsoeg=en.forsoeg,
                        grund=en.grund,
                    )
                    for en in doede
                ),
            )
        )
