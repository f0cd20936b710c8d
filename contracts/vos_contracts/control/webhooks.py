"""The control API for webservice messages (WSB): subscriber systems, the state of delivery, and dead letters. Not STAR's."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vos_contracts.control.stage import OrganisationCode
from vos_contracts.tables.webhooks import WsbMode


class OrganisationDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """One authority: its type and its code."""

    organisation_type: int
    organisation_code: OrganisationCode


class SubscriberSystemDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A system that may subscribe to WSB: its base URL and the authorities it acts for. In reality STAR sets it up."""

    system_identifier: str
    base_url: str
    organisations: tuple[OrganisationDto, ...]


class WsbRecipientDto(msgspec.Struct, rename="camel", kw_only=True):
    """The delivery state of one receiver: a subscriber system on behalf of one authority. `next_item` is the next attempt."""

    system_identifier: str
    organisation_type: int
    organisation_code: str
    waiting: int
    dead: int
    next_item: datetime | None


class DeadLetterDto(msgspec.Struct, rename="camel", kw_only=True):
    """A message that will not be retried, and the reason."""

    message_id: str
    system_identifier: str
    organisation_type: int
    organisation_code: str
    entity_id: int
    queued: datetime
    attempt: int
    reason: str


class WsbDto(msgspec.Struct, rename="camel", kw_only=True):
    """The delivery state of all webservice messages."""

    state: WsbMode
    recipients: tuple[WsbRecipientDto, ...]
    dead: tuple[DeadLetterDto, ...]


class WsbModeDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Choose the retry rule: as designed, or as observed in STAR's test environment."""

    state: WsbMode


class ReplayDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Queue dead letters for delivery again: those with these message ids, or all if no ids are given."""

    message_ids: tuple[str, ...] | None = None


class ReplayedDto(msgspec.Struct, rename="camel", kw_only=True):
    """How many dead letters were queued again."""

    replayed: int
