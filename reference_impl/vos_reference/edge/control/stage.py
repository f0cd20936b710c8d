"""The control API of the stage: seed citizens, switch the release, read the journal. It is no part of STAR's services.

It is served on a port of its own. Access control belongs to the server (the harness). Invalid input is refused as a whole,
and the refusal names the field and the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.routing import BaseRoute, Route

from vos_contracts.control import neighbours as control
from vos_contracts.control import stage
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.tables.releases import Release
from vos_contracts.wire.asgi.body import BodyLimits
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint, Endpoint, MethodChoice
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_reference.application.citizens import set_up
from vos_reference.application.clockwork import DueWork
from vos_reference.application.queue_subscriptions import subscribe
from vos_reference.application.runtime import Runtime
from vos_reference.application.turns import ClockTurns, Publishing, TakesTurns
from vos_reference.domain.decision import Refused
from vos_reference.edge.control.clock import TimeEdge, json_response, read
from vos_reference.edge.control.neighbours import InternalEdge
from vos_reference.edge.control.pages import PagesEdge, read_fields, read_number
from vos_reference.edge.control.webhooks import WebhooksEdge
from vos_reference.edge.journal import Journal


class ControlEdge:
    """The operations of the control API as endpoints."""

    def __init__(
        self,
        runtime: Runtime,
        journal: Journal,
        clockwork: DueWork,
        clock: ClockTurns,
        turns: TakesTurns,
        events: Publishing,
        new_performance: Callable[[], None],
        *,
        allow_real_cpr: bool,
    ) -> None:
        self._runtime = runtime
        self._journal = journal
        self._clock = clock
        self._turns = turns
        self._events = events
        self._new_performance = new_performance
        self._time = TimeEdge(
            runtime, clockwork, clock, turns, events, self._status_with, allow_real_cpr=allow_real_cpr
        )
        self._allow_real_cpr = allow_real_cpr

    def routes(self, limits: BodyLimits) -> Sequence[BaseRoute]:
        """Return the routes of the control API and of the internal interface."""
        endpoints: dict[str, Mapping[str, Endpoint]] = {
            "status": {"GET": self._status},
            "people": {"POST": self._people},
            "clock": {"GET": self._status, "PUT": self._time.clock},
            "release": {"PUT": self._release},
            "backend": {"PUT": self._backend},
            "subscriptions": {"POST": self._subscriptions},
            "batch": {"GET": self._time.show_batch, "POST": self._time.batch},
            "cpr-change": {"POST": self._time.cpr_change},
            "reset": {"POST": self._reset},
            "journal": {"GET": self._read_journal},
        }
        endpoints |= PagesEdge(self._runtime).endpoints()
        endpoints |= WebhooksEdge(self._runtime, self._turns).endpoints()
        paths = {f"/control/{name}": methods for name, methods in endpoints.items()}
        paths[control.PATH] = {"POST": InternalEdge(self._runtime, self._turns).command}
        return [
            Route(
                path,
                endpoint=MethodChoice(
                    {method: AsgiEndpoint(endpoint, write_errors, limits) for method, endpoint in methods.items()},
                    write_errors,
                ),
            )
            for path, methods in paths.items()
        ]

    async def _status(self, call: Call, path: dict[str, str]) -> Response:
        return await self._status_with({})

    async def _status_with(self, fell_due: Mapping[str, int]) -> Response:
        runtime = self._runtime
        with runtime.store.reading() as t:
            people = t.count_people()
        overlay = runtime.contract.overlay
        return json_response(
            stage.StatusDto(
                clock=runtime.clock.now(),
                clock_frozen=runtime.clock.frozen,
                clock_state=runtime.clock.state,
                release=runtime.release.name,
                backend=runtime.prs_soap,
                people=people,
                contract_hash=runtime.contract.hash,
                overlay=overlay.name if overlay else None,
                overlay_changes=overlay.changes if overlay else (),
                fell_due=fell_due,
                latency=runtime.latency,
            )
        )

    async def _people(self, call: Call, path: dict[str, str]) -> Response:
        wish = read(call, stage.PeopleDto)
        result = await self._turns.run(lambda: set_up(self._runtime, wish, allow_real_cpr=self._allow_real_cpr))
        if isinstance(result, Refused):
            return write_errors(result.errors, 400)
        return json_response(result.registrations)

    async def _release(self, call: Call, path: dict[str, str]) -> Response:
        wish = read(call, stage.ReleaseDto)
        releases = self._runtime.contract.releases
        if wish.release not in releases:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"release: skal være en af {', '.join(releases)}"))
        await self._turns.run(lambda: self._switch_release(releases[wish.release]))
        self._note(EntryType.RELEASE, release=wish.release)
        return await self._status(call, path)

    def _switch_release(self, release: Release) -> None:
        """Runs in a write turn, because a chunk of the nightly jobs must see one release only."""
        self._runtime.release = release

    async def _backend(self, call: Call, path: dict[str, str]) -> Response:
        self._runtime.backend = read(call, stage.BackendDto).backend
        return await self._status(call, path)

    async def _subscriptions(self, call: Call, path: dict[str, str]) -> Response:
        wish = read(call, stage.SubscriptionDto)
        refused = await self._turns.run(lambda: subscribe(self._runtime, wish))
        if refused is not None:
            return write_errors(refused.errors, 400)
        return Response(204)

    async def _reset(self, call: Call, path: dict[str, str]) -> Response:
        async with self._clock.alone(), self._events.alone():
            await self._turns.run(self._empty)
            self._new_performance()
            self._note(EntryType.RESET)
        return Response(204)

    def _empty(self) -> None:
        with self._runtime.store.transaction() as t:
            t.reset()
            t.after_commit(self._runtime.clock.reset)

    async def _read_journal(self, call: Call, path: dict[str, str]) -> Response:
        return json_response(self._journal.after(read_number(read_fields(call, {"after"}), "after", 0)))

    def _note(self, kind: EntryType, **data: str) -> None:
        self._journal(JournalEntry(kind=kind, instant=self._runtime.clock.now(), data=data))


def write_errors(errors: Sequence[ServiceError], status: int) -> Response:
    """Make a refusal in the error format of the services, with the rule as text."""
    response = json_response(
        {"fejl": [{"fejlkode": error.code, "fejltekst": error.description or "Intern fejl"} for error in errors]}
    )
    return Response(status or 400, response.headers, response.body)
