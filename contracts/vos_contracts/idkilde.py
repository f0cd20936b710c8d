"""The one place that mints identifiers, for both sides of the wire."""

from __future__ import annotations

from uuid import uuid4  # noqa: TID251 - the one place


def ny_uuid() -> str:
    """Mint a random version 4 uuid in lower case."""
    return str(uuid4())
