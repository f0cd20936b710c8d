"""What the code on the wire says of sickness: an absence, or a KSD case from work or from unemployment (ICS5, IRI8)."""

from __future__ import annotations

from collections.abc import Mapping

from vos_contracts.model.neighbours import IllnessSource
from vos_contracts.tables.table import Table

IllnessSources = Mapping[str, Mapping[int, IllnessSource]]


def illness_sources(table: Table) -> IllnessSources:
    """Read the sources by element and code; errors: ValueError for a cell that is no number, or no source."""
    sources: dict[str, dict[int, IllnessSource]] = {}
    for (element, source), row in table.items():
        sources.setdefault(element, {})[int(row["code"])] = IllnessSource(source)
    return sources
