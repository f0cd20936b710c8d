"""The sync call of AbonnementService: a system's whole list of WSB subscriptions (starwiki pageId 4150034662).

For both roles. The list replaces the previous one, all or nothing; sending it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import msgspec

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.body import in_our_spelling, require_unambiguous
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.instants import DANISH_TIME, FIRST_YEAR, LAST_YEAR, XS_DATE_TIME, in_calendar
from vos_contracts.wire.rest.registration import JSON, UUID, Refusal, Rest

AT_MOST = 10_000
"""The maximum number of subscriptions in one list."""


@dataclass(frozen=True, slots=True)
class SubscriptionWish:
    """One requested subscription: the authority, the entity, the relative path of the webhook, and the first and last day."""

    organisation: Organisation
    entity_id: int
    webhook: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Synchronised:
    """The counts of subscriptions that a sync created, deleted and left unchanged."""

    created: int
    deleted: int
    unchanged: int


class Subscriptions:
    """Reads and writes the sync call under the names of one contract."""

    def __init__(self, contract: Contract, rest: Rest) -> None:
        self.path = contract.names.path("subscriptionSync")
        self._rest = rest
        self._names = dict(contract.names.of_kind("subscription"))
        self._subscription = msgspec.defstruct(
            "SubscriptionDto",
            [
                ("orgType", int),
                ("orgCode", str | int),
                ("entityType", int),
                ("webhookUrl", str),
                ("startDate", datetime),
                ("endDate", datetime | None, None),
            ],
            rename=self._names,
            forbid_unknown_fields=True,
            kw_only=True,
        )
        self._listing = msgspec.defstruct(
            "SyncAbonnementerRequestDto",
            [("systemIdentifier", str), ("subscriptions", list[self._subscription])],  # type: ignore[name-defined]  # made at run time
            rename=self._names,
            forbid_unknown_fields=True,
            kw_only=True,
        )

    def read(self, body: bytes) -> tuple[str, tuple[SubscriptionWish, ...]]:
        """Read the system's id and its list.

        Raises:
            RemoteWireError: 1014, naming the field and the rule.
        """
        body = in_our_spelling(tuple(self._names.values()), body)
        try:
            decoded: Any = msgspec.json.decode(body, type=self._listing)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, str(exc))) from None
        require_unambiguous(body)
        self._require_times(msgspec.json.decode(body)[self._names["subscriptions"]])
        if not UUID.fullmatch(decoded.systemIdentifier):
            raise RemoteWireError(
                ServiceError(INVALID_REQUEST, f"{self._names['systemIdentifier']}: skal være en uuid")
            )
        if len(decoded.subscriptions) > AT_MOST:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{self._names['subscriptions']}: højst {AT_MOST}"))
        return decoded.systemIdentifier.lower(), tuple(
            SubscriptionWish(
                Organisation(subscription.orgType, str(subscription.orgCode)),
                subscription.entityType,
                subscription.webhookUrl,
                self._danish_day("startDate", subscription.startDate),
                None if subscription.endDate is None else self._danish_day("endDate", subscription.endDate),
            )
            for subscription in decoded.subscriptions
        )

    def _require_times(self, entries: list[dict[str, object]]) -> None:
        """Require the form of an xs:dateTime, whose offset may be missing; msgspec itself reads other forms too."""
        for entry in entries:
            for name in (self._names["startDate"], self._names["endDate"]):
                text = entry.get(name)
                if text is not None and not XS_DATE_TIME.fullmatch(str(text)):
                    rule = "skal være et tidspunkt som 2024-11-04T00:00:00"
                    raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{name}: {rule}"))

    def _danish_day(self, field: str, instant: datetime) -> date:
        """Return the Danish day; a time without an offset, as in the documented example, is Danish."""
        if not in_calendar(instant):
            raise RemoteWireError(
                ServiceError(INVALID_REQUEST, f"{self._names[field]}: skal ligge i årene {FIRST_YEAR}-{LAST_YEAR}")
            )
        return instant.date() if instant.tzinfo is None else instant.astimezone(DANISH_TIME).date()

    def write_response(self, result: Synchronised) -> Response:
        """Answer with the counts of what the list changed."""
        names = self._names
        response = {names[name]: getattr(result, name) for name in ("created", "deleted", "unchanged")}
        return Response(200, {"content-type": JSON}, msgspec.json.encode(response))

    def call(self, system_id: str, wishes: Iterable[SubscriptionWish], identity: Identity, call_id: str) -> Call:
        """Write the call; days are written from first to last second, as in the documented example."""
        listing = [
            self._subscription(
                orgType=wish.organisation.type,
                orgCode=wish.organisation.code,
                entityType=wish.entity_id,
                webhookUrl=wish.webhook,
                startDate=datetime.combine(wish.since, time.min),
                endDate=None if wish.until is None else datetime.combine(wish.until, time(23, 59, 59)),
            )
            for wish in wishes
        ]
        headers = {**self._rest.headers.write(identity, call_id=call_id), "content-type": JSON}
        body = msgspec.json.encode(self._listing(systemIdentifier=system_id, subscriptions=listing))
        return Call("POST", self.path, headers, body)

    def understand(self, response: Response) -> Synchronised | Refusal:
        """Read the answer.

        Raises:
            RemoteWireError: the answer is neither the three counts nor a refusal.
        """
        if response.status != 200:
            return self._rest.understand_refusal(response)
        content = self._rest.decode(response, dict[str, int])
        names = self._names
        try:
            return Synchronised(*(content[names[name]] for name in ("created", "deleted", "unchanged")))
        except KeyError as exc:
            raise RemoteWireError(
                ServiceError(INVALID_REQUEST, f"svaret mangler {exc}"), status=response.status
            ) from exc
