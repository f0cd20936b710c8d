"""The control API on webservice messages: who may subscribe, how delivery stands, dead letters. Ours, not STAR's."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vos_contracts.control.stage import OrganisationCode
from vos_contracts.tables.webhooks import WsbMode


class OrganisationDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """An authority."""

    organisation_type: int
    organisation_code: OrganisationCode


class SubscriberSystemDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A system that may subscribe to WSB: where it listens, and for which authorities; STAR's management sets it up."""

    system_identifier: str
    base_url: str
    organisations: tuple[OrganisationDto, ...]


class WsbRecipientDto(msgspec.Struct, rename="camel", kw_only=True):
    """How one receiver stands: a subscriber system on behalf of one authority."""

    system_identifier: str
    organisation_type: int
    organisation_code: str
    waiting: int
    dead: int
    next_item: datetime | None


class DeadLetterDto(msgspec.Struct, rename="camel", kw_only=True):
    """A message that was given up, and why."""

    message_id: str
    system_identifier: str
    organisation_type: int
    organisation_code: str
    entity_id: int
    queued: datetime
    attempt: int
    reason: str


class WsbDto(msgspec.Struct, rename="camel", kw_only=True):
    """How the delivery of webservice messages stands."""

    state: WsbMode
    recipients: tuple[WsbRecipientDto, ...]
    dead: tuple[DeadLetterDto, ...]


class WsbModeDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Deliver as designed, or as observed."""

    state: WsbMode


class ReplayDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Send dead letters again: those with these message ids, or all if none are named."""

    message_ids: tuple[str, ...] | None = None


class ReplayedDto(msgspec.Struct, rename="camel", kw_only=True):
    """How many messages wait again."""

    replayed: int
