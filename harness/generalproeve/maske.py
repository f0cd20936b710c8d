"""Hide what identifies a citizen in everything that is printed or exported (DESIGN rule 6)."""

from __future__ import annotations

import re

from vos_contracts.cpr import maskeret

_CPR = re.compile(r"(?<!\d)(\d{6})(-?)(\d{4})(?!\d)")


def masker(tekst: str) -> str:
    """Hide the serial number of everything that looks like a CPR number."""
    return _CPR.sub(lambda fund: maskeret(fund[1] + fund[3]), tekst)
