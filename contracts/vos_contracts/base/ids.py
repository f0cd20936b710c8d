"""The only place that mints identifiers.

It is in this package because the reference, the simulators and the load driver all mint identifiers, and the contract is
the only package that they share.
"""

from __future__ import annotations

import uuid_utils  # noqa: TID251 - the only place


def new_uuid() -> str:
    """Mint a version 7 UUID in lower case. It is ordered by time, so a database index grows at one end."""
    return str(uuid_utils.uuid7())
