"""The control API of webservice messages: subscriber systems, state of the delivery, dead letters, and the failure mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vos_contracts.control import webhooks
from vos_contracts.wire.asgi.endpoint import Endpoint
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import TakesTurns
from vos_reference.application.webhook_subscriptions import create_system
from vos_reference.edge.control.clock import json_response, read

DEAD_AT_MOST = 1000
"""The most dead letters that are listed."""


class WebhooksEdge:
    """The operations on webservice messages as endpoints."""

    def __init__(self, runtime: Runtime, turns: TakesTurns) -> None:
        self._runtime = runtime
        self._turns = turns

    def endpoints(self) -> Mapping[str, Mapping[str, Endpoint]]:
        """Return the endpoints by path below /control and by HTTP method."""
        return {
            "subscriber-systems": {"PUT": self._system},
            "wsb": {"GET": self._standing, "PUT": self._state},
            "wsb/replay": {"POST": self._replay},
        }

    async def _system(self, call: Call, path: dict[str, str]) -> Response:
        wish = read(call, webhooks.SubscriberSystemDto)
        refused = await self._turns.run(lambda: create_system(self._runtime, wish))
        if refused is not None:
            raise RemoteWireError(*refused.errors, status=400)
        return Response(204)

    async def _state(self, call: Call, path: dict[str, str]) -> Response:
        self._runtime.wsb_state = read(call, webhooks.WsbModeDto).state
        return await self._standing(call, path)

    async def _replay(self, call: Call, path: dict[str, str]) -> Response:
        wish = read(call, webhooks.ReplayDto) if call.body else webhooks.ReplayDto()
        count = await self._turns.run(lambda: self._replay_dead(wish.message_ids))
        self._runtime.on_wsb_queued()
        return json_response(webhooks.ReplayedDto(replayed=count))

    def _replay_dead(self, message_ids: Sequence[str] | None) -> int:
        with self._runtime.store.transaction() as t:
            return t.replay(message_ids)

    async def _standing(self, call: Call, path: dict[str, str]) -> Response:
        with self._runtime.store.reading() as t:
            states, dead = t.recipient_states(), t.dead(DEAD_AT_MOST)
        return json_response(
            webhooks.WsbDto(
                state=self._runtime.wsb_state,
                recipients=tuple(
                    webhooks.WsbRecipientDto(
                        system_identifier=item.recipient.system,
                        organisation_type=item.recipient.organisation.type,
                        organisation_code=item.recipient.organisation.code,
                        waiting=item.waiting,
                        dead=item.dead,
                        next_item=item.next_item,
                    )
                    for item in states
                ),
                dead=tuple(
                    webhooks.DeadLetterDto(
                        message_id=item.envelope.id,
                        system_identifier=item.envelope.recipient.system,
                        organisation_type=item.envelope.recipient.organisation.type,
                        organisation_code=item.envelope.recipient.organisation.code,
                        entity_id=item.envelope.entity_id,
                        queued=item.envelope.queued,
                        attempt=item.attempt,
                        reason=item.reason,
                    )
                    for item in dead
                ),
            )
        )
