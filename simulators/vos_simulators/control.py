"""The control API as a caller sees it: seed citizens, move the clock and the release, read the journal."""

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
    """The control API refused; the message is its own, and `rule` its words about the field and the rule."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status}: {body.decode('utf-8', 'replace')}")
        try:
            response = msgspec.json.decode(body)
            self.rule = "; ".join(item["fejltekst"] for item in response["fejl"])
        except (msgspec.DecodeError, KeyError, TypeError):
            self.rule = str(self)


class Control:
    """One stage's control API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def status(self) -> stage.StatusDto:
        """Ask how the stage stands."""
        return self._response("GET", "status", stage.StatusDto)

    def set_up(self, *people: stage.PersonDto, known_cpr: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Seed citizens, all or none; return per citizen the ids of its registrations, contact groups first."""
        wish = stage.PeopleDto(people=people, known_cpr=tuple(known_cpr))
        return self._response("POST", "people", tuple[tuple[str, ...], ...], wish)

    def set_clock(self, instant: datetime) -> None:
        """Freeze the stage clock at that instant."""
        self._call("PUT", "clock", stage.ClockDto(instant=instant))

    def move_clock(
        self,
        instant: datetime | None = None,
        forward: float | str | None = None,
        state: stage.ClockMode | None = None,
    ) -> stage.StatusDto:
        """Move the stage clock to an instant, forward, or into another state; return when what fell due has settled."""
        return self._response(
            "PUT", "clock", stage.StatusDto, stage.ClockDto(instant=instant, forward=forward, state=state)
        )

    def batch(self, kind: stage.RunKind = stage.RunKind.DELTA) -> stage.RunDto:
        """Run the nightly jobs now; return the report."""
        return self._response("POST", "batch", stage.RunDto, stage.BatchDto(kind=kind))

    def latest_batch(self) -> stage.RunDto | None:
        """Ask how far the present run has come, or how the last one went."""
        response: stage.RunDto | None = msgspec.json.decode(self._call("GET", "batch").body, type=stage.RunDto | None)
        return response

    def cpr_change(self, old: str, new_one: str) -> stage.CprChangeResponseDto:
        """Tell, as CPR does, that a citizen has a new number."""
        return self._response(
            "POST", "cpr-change", stage.CprChangeResponseDto, stage.CprChangeDto(old=old, new_one=new_one)
        )

    def change_release(self, release: str) -> None:
        """Move the running stage to another release."""
        self._call("PUT", "release", stage.ReleaseDto(release=release))

    def force_backend(self, backend: PrsSoap | None) -> None:
        """Force what stands behind PersonRegistrationService, or let the release choose."""
        self._call("PUT", "backend", stage.BackendDto(backend=backend))

    def subscribe(
        self, organisation_type: int, organisation_code: str, system: int, message_types: Sequence[str] = ()
    ) -> None:
        """Give one system of an organisation its own WSRM queue, or let it subscribe to these messages."""
        dto = stage.SubscriptionDto(
            organisation_type=organisation_type,
            organisation_code=organisation_code,
            system=system,
            message_types=tuple(message_types),
        )
        self._call("POST", "subscriptions", dto)

    def put_i_sub_queue(
        self, organisation_type: int, organisation_code: str, system: int, sub_queue: str, message_types: Sequence[str]
    ) -> None:
        """Put messages of these types into a sub-queue of the system's WSRM queue from now on."""
        dto = stage.SubscriptionDto(
            organisation_type=organisation_type,
            organisation_code=organisation_code,
            system=system,
            sub_queue=sub_queue,
            message_types=tuple(message_types),
        )
        self._call("POST", "subscriptions", dto)

    def subscriber_system(self, system_id: str, base_url: str, *organisations: Organisation) -> None:
        """Set up a system that may subscribe to webservice messages for these authorities."""
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
        """Ask how the delivery of webservice messages stands, after putting it into that mode if one is given."""
        if state is None:
            return self._response("GET", "wsb", webhooks.WsbDto)
        return self._response("PUT", "wsb", webhooks.WsbDto, webhooks.WsbModeDto(state=state))

    def replay(self, *message_ids: str) -> int:
        """Send dead letters again, all if none is named; return how many."""
        response = self._response(
            "POST", "wsb/replay", webhooks.ReplayedDto, webhooks.ReplayDto(message_ids=message_ids or None)
        )
        return response.replayed

    def reset(self) -> None:
        """Empty the stage."""
        self._call("POST", "reset")

    def journal(self, after: int = 0) -> stage.JournalDto:
        """Read the entries after that number."""
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
