"""What parts two twins, and what a refusal may not leave behind; the release table says what may.

Not here: playing and reading (`tvillinger`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from vos_contracts.koder.udgave import SlutdatoSoap, Udgave
from vos_contracts.wire.soap import INTERN_FEJL

SVAR, RAEKKER, STATUS, BESKEDER, HAENDELSER = "svar", "rækker", "status", "beskeder", "hændelser"
ULAESELIG = "kan ikke læses"
FORMFEJL = frozenset({1001, 1014})
"""By SOAP the schema speaks first, and of a message that it refuses nothing more is read; by REST all is read at once."""

Iagttaget = Mapping[str, Any]
"""What a step came to for one twin, by the names above, as plain JSON."""


class Skridt(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what was done, and what it came to for the twin by SOAP and the one by REST."""

    trin: str
    prs: Iagttaget
    pvs: Iagttaget


class Forskel(msgspec.Struct, frozen=True, kw_only=True):
    """Where the twins parted: in what, and everything up to there."""

    hvad: tuple[str, ...]
    skridt: tuple[Skridt, ...]


def brud(udgave: Udgave, prs: Iagttaget, pvs: Iagttaget) -> tuple[str, ...]:
    """Name what parts the twins, and what a refusal left behind."""
    ens_svar = _ens_svar(udgave, prs[SVAR], pvs[SVAR]) and not _uventet(prs[SVAR]) and not _uventet(pvs[SVAR])
    skilt = {navn for navn in prs if not (ens_svar if navn == SVAR else prs[navn] == pvs[navn])}
    efterladt = {
        navn for en in (prs, pvs) if en[SVAR] != "udført" for navn in (RAEKKER, BESKEDER, HAENDELSER) if en[navn]
    }
    ulaeselig = {BESKEDER for _, hvad in prs[BESKEDER] if str(hvad).startswith(ULAESELIG)}
    return tuple(navn for navn in prs if navn in skilt | efterladt | ulaeselig)


def _uventet(svar: object) -> bool:
    """Say whether it is neither a decision nor a refusal: an answer that is not the documented one, or an internal error."""
    return INTERN_FEJL in svar if isinstance(svar, list) else svar != "udført"


def _kun_paa_rest(udgave: Udgave) -> frozenset[int]:
    """Return the errors that the release gives by REST alone, or by SOAP for some only (DECISIONS section 3)."""
    koder = {100028: udgave.fejl_100028_soap is not SlutdatoSoap.ALLE, 100029: not udgave.fejl_100029_soap}
    return frozenset(kode for kode, kun_rest in koder.items() if kun_rest)


def _ens_svar(udgave: Udgave, prs: object, pvs: object) -> bool:
    if not isinstance(prs, list) or not isinstance(pvs, list):
        return prs == pvs
    kun_rest = _kun_paa_rest(udgave) | (FORMFEJL if FORMFEJL & {*prs} else frozenset())
    return {*prs} <= {*pvs} and {*pvs} - {*prs} <= kun_rest


def maa_skilles(udgave: Udgave, prs: Iagttaget, pvs: Iagttaget) -> bool:
    """Say whether the release itself parts the twins here: REST refuses, for a reason that SOAP does not know yet."""
    return prs[SVAR] == "udført" and isinstance(pvs[SVAR], list) and set(pvs[SVAR]) <= _kun_paa_rest(udgave)
