"""The one place that mints identifiers.

It stands in the contract's package because both sides of the wire mint request ids and identifiers, and the reference, the
simulators and the load driver have no other package in common.
"""

from __future__ import annotations

import uuid_utils  # noqa: TID251 - the one place


def new_uuid() -> str:
    """Mint a version 7 UUID in lower case: ordered by time, so that an index grows at one end."""
    return str(uuid_utils.uuid7())
