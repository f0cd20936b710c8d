"""Client of a stage's control API: citizens, clock, release, nightly jobs, subscriptions, delivery and journal.

Not here: events, state and history as pages (`vos_simulators.stage_reader`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from vos_contracts.control import stage, webhooks
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.base import Call, Response, Transport

T = TypeVar("T")


class ControlRefused(Exception):
    """The control API answered with an error; `rule` holds the error texts of its body, or the whole message."""

    def __init__(self, status: int, body: bytes) -> None:
        try:
            errors = msgspec.json.decode(body)["fejl"]
            self.rule = "; ".join(error["fejltekst"] for error in errors)
        except (msgspec.DecodeError, KeyError, TypeError):
            self.rule = body.decode("utf-8", "replace")
        super().__init__(f"the control API answered {status}: {self.rule}")


class Control:
    """Client of one stage's control API.

    Raises:
        ControlRefused: the control API answered a call with status 300 or above.
        UnreachableError: the control API did not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def status(self) -> stage.StatusDto:
        """Read clock, release, contract hash and number of citizens."""
        return self._response("GET", "status", stage.StatusDto)

    def set_up(self, *people: stage.PersonDto, known_cpr: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Seed citizens, all or none; return the ids of each citizen's registrations, kontaktgrupper first."""
        seed = stage.PeopleDto(people=people, known_cpr=tuple(known_cpr))
        return self._response("POST", "people", tuple[tuple[str, ...], ...], seed)

    def set_clock(self, instant: datetime) -> None:
        """Freeze the stage clock at that instant."""
        self._call("PUT", "clock", stage.ClockDto(instant=instant))

    def move_clock(
        self,
        instant: datetime | None = None,
        forward: float | str | None = None,
        state: stage.ClockMode | None = None,
    ) -> stage.StatusDto:
        """Move the stage clock to an instant or forward, or change its mode; return once all work that fell due is done."""
        return self._response(
            "PUT", "clock", stage.StatusDto, stage.ClockDto(instant=instant, forward=forward, state=state)
        )

    def batch(self, kind: stage.RunKind = stage.RunKind.DELTA) -> stage.RunDto:
        """Run the nightly jobs now; return the report."""
        return self._response("POST", "batch", stage.RunDto, stage.BatchDto(kind=kind))

    def latest_batch(self) -> stage.RunDto | None:
        """Read the report of the nightly jobs that run now, or of the latest run."""
        response: stage.RunDto | None = msgspec.json.decode(self._call("GET", "batch").body, type=stage.RunDto | None)
        return response

    def cpr_change(self, old: str, new_one: str) -> stage.CprChangeResponseDto:
        """Report a new CPR number of a citizen, as CPR does."""
        return self._response(
            "POST", "cpr-change", stage.CprChangeResponseDto, stage.CprChangeDto(old=old, new_one=new_one)
        )

    def change_release(self, release: str) -> None:
        """Move the running stage to another release."""
        self._call("PUT", "release", stage.ReleaseDto(release=release))

    def force_backend(self, backend: PrsSoap | None) -> None:
        """Force the backend of PersonRegistrationService; None restores the choice of the release."""
        self._call("PUT", "backend", stage.BackendDto(backend=backend))

    def subscribe(
        self, organisation_type: int, organisation_code: str, system: int, message_types: Sequence[str] = ()
    ) -> None:
        """Create a WSRM queue for one system of an organisation, subscribed to these message types."""
        dto = stage.SubscriptionDto(
            organisation_type=organisation_type,
            organisation_code=organisation_code,
            system=system,
            message_types=tuple(message_types),
        )
        self._call("POST", "subscriptions", dto)

    def route_to_sub_queue(
        self, organisation_type: int, organisation_code: str, system: int, sub_queue: str, message_types: Sequence[str]
    ) -> None:
        """Route messages of these types to a sub-queue of the system's WSRM queue from now on."""
        dto = stage.SubscriptionDto(
            organisation_type=organisation_type,
            organisation_code=organisation_code,
            system=system,
            sub_queue=sub_queue,
            message_types=tuple(message_types),
        )
        self._call("POST", "subscriptions", dto)

    def subscriber_system(self, system_id: str, base_url: str, *organisations: Organisation) -> None:
        """Set up a system that may subscribe to webservice messages on behalf of these organisations."""
        dto = webhooks.SubscriberSystemDto(
            system_identifier=system_id,
            base_url=base_url,
            organisations=tuple(
                webhooks.OrganisationDto(organisation_type=organisation.type, organisation_code=organisation.code)
                for organisation in organisations
            ),
        )
        self._call("PUT", "subscriber-systems", dto)

    def wsb(self, state: WsbMode | None = None) -> webhooks.WsbDto:
        """Set the delivery mode of webservice messages if one is given; return mode and dead letters."""
        if state is None:
            return self._response("GET", "wsb", webhooks.WsbDto)
        return self._response("PUT", "wsb", webhooks.WsbDto, webhooks.WsbModeDto(state=state))

    def replay(self, *message_ids: str) -> int:
        """Send dead letters again, all of them if none is named; return the number sent."""
        response = self._response(
            "POST", "wsb/replay", webhooks.ReplayedDto, webhooks.ReplayDto(message_ids=message_ids or None)
        )
        return response.replayed

    def reset(self) -> None:
        """Reset the stage: delete all citizens, registrations and messages."""
        self._call("POST", "reset")

    def journal(self, after: int = 0) -> stage.JournalDto:
        """Read the journal entries after that number."""
        return self._response("GET", f"journal?after={after}", stage.JournalDto)

    def _response(self, method: str, path: str, type_: type[T], body: msgspec.Struct | None = None) -> T:
        return msgspec.json.decode(self._call(method, path, body).body, type=type_)

    def _call(self, method: str, path: str, body: msgspec.Struct | None = None) -> Response:
        response = self._transport.send(
            Call(
                method,
                f"/control/{path}",
                {"content-type": "application/json"},
                msgspec.json.encode(body) if body else b"",
            )
        )
        if response.status >= 300:
            raise ControlRefused(response.status, response.body)
        return response
