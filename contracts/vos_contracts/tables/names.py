"""The names on the wire (headers, paths, JSON, XML, broker) as a table that an overlay may change.

Keys are `<kind>.<canonical name>`, values are the names on the wire. Not here: what a name means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tables.table import Certainty, Table


@dataclass(frozen=True, slots=True)
class Names:
    """Look up names on the wire by canonical name.

    A KeyError means that our own code asked for a name that the table does not have."""

    values: Mapping[str, str]
    assumed: frozenset[str]

    def header(self, name: str) -> str:
        """The HTTP header's name as written; comparison is case-insensitive."""
        return self.values[f"header.{name}"]

    def json(self, name: str) -> str:
        """The JSON member's name."""
        return self.values[f"json.{name}"]

    def path(self, name: str) -> str:
        """The path or path segment of a REST resource."""
        return self.values[f"path.{name}"]

    def namespace(self, name: str) -> str:
        """The XML namespace of a service or a header."""
        return self.values[f"namespace.{name}"]

    def broker(self, name: str) -> str:
        """The name of the exchange, or the prefix of the queues, on the broker."""
        return self.values[f"broker.{name}"]

    def topic(self, name: str) -> str:
        """One word of a routing key."""
        return self.values[f"topic.{name}"]

    def element(self, service: str, name: str) -> str:
        """The local name of a service's XML element; the canonical name where the table has no row."""
        return self.values.get(f"element.{service}.{name}", name)

    def of_kind(self, kind: str) -> Mapping[str, str]:
        """All names of one kind, by canonical name."""
        prefix = f"{kind}."
        return {key.removeprefix(prefix): value for key, value in self.values.items() if key.startswith(prefix)}


def names(table: Table) -> Names:
    """Read the names table."""
    return Names(
        {key: row["value"] for (key,), row in table.items()},
        frozenset(key for (key,), row in table.items() if row.certainty is Certainty.ASSUMED),
    )
