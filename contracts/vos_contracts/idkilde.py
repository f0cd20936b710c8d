"""The one place that mints identifiers, for both sides of the wire."""

from __future__ import annotations

import uuid_utils  # noqa: TID251 - the one place


def ny_uuid() -> str:
    """Mint a version 7 uuid in lower case: ordered by time of minting, so that an index grows at one end."""
    return str(uuid_utils.uuid7())
