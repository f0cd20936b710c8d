"""What the code on the wire says of sickness: an absence, or a KSD case from work or from unemployment (ICS5, IRI8)."""

from __future__ import annotations

from collections.abc import Mapping

from vos_contracts.model.neighbours import Sygekilde
from vos_contracts.tabel import Tabel

Sygekilder = Mapping[str, Mapping[int, Sygekilde]]


def sygekilder(tabel: Tabel) -> Sygekilder:
    """Read the sources by element and code; errors: ValueError for a cell that is no number, or no source."""
    kilder: dict[str, dict[int, Sygekilde]] = {}
    for (element, kilde), raekke in tabel.items():
        kilder.setdefault(element, {})[int(raekke["kode"])] = Sygekilde(kilde)
    return kilder
