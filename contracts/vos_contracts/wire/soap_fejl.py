"""What a schema reports, as errors a caller can read: the element and the rule, without namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl

_ELEMENT = re.compile(r"^Element '(?:\{[^}]*\})?([^']*)'(?:, attribute '[^']*')?: ?")
_FACET = re.compile(r"^\[facet '[^']*'\] ")
_NAVNERUM = re.compile(r"\{(?:https?|urn):[^}]*\}")
_CPR = "PersonCivilRegistrationIdentifier"
UGYLDIGT_CPR = 1001
HOEJST = 20
"""Errors reported of one message; what is wrong in more than twenty places is not that message."""


def skemafejl(brud: Iterable[str], kode: int = VALIDERER_IKKE) -> list[Fejl]:
    """Turn breaches of a schema into errors with that number; a CPR number that breaks its pattern is 1001."""
    fejl: dict[str, Fejl] = {}
    for navn, regel in _meldinger(brud):
        nummer = UGYLDIGT_CPR if navn == _CPR and "pattern" in regel and kode == VALIDERER_IKKE else kode
        fejl.setdefault(navn, Fejl(nummer, f"{navn}: {regel}"))
        if len(fejl) == HOEJST:
            break
    return list(fejl.values())


def _meldinger(brud: Iterable[str]) -> Iterator[tuple[str, str]]:
    for besked in brud:
        fund = _ELEMENT.match(besked)
        navn = fund[1] if fund else "konvolutten"
        regel = _FACET.sub("", besked[fund.end() :] if fund else besked)
        yield navn, _NAVNERUM.sub("", regel).strip()
