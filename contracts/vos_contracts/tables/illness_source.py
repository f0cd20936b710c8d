"""The codes for the source of a report of sickness (IllnessCompositeService v5, IllnessRecoveryInformationService v8)."""

from __future__ import annotations

from collections.abc import Mapping

from vos_contracts.model.neighbours import IllnessSource
from vos_contracts.tables.table import Table

IllnessSources = Mapping[str, Mapping[int, IllnessSource]]


def illness_sources(table: Table) -> IllnessSources:
    """Read the sources by XML element and code.

    Raises:
        ValueError: a code is not a number, or a source is unknown.
    """
    sources: dict[str, dict[int, IllnessSource]] = {}
    for (element, source), row in table.items():
        sources.setdefault(element, {})[int(row["code"])] = IllnessSource(source)
    return sources
