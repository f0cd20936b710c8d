"""What parts two twins, and what a refusal may not leave behind; the release table says what may.

Not here: playing and reading (`twins`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from vos_contracts.tables.releases import EndDateSoap, Release
from vos_contracts.wire.soap.envelope import INTERNAL_ERRORS

RESPONSE, ROWS, STATUS, MESSAGES, EVENTS = "response", "rows", "status", "messages", "events"
DANISH = {RESPONSE: "svar", ROWS: "rækker", STATUS: "status", MESSAGES: "beskeder", EVENTS: "hændelser"}
"""What a person reads for each of them."""
CARRIED_OUT = "carried_out"
UNREADABLE = "kan ikke læses"
FORM_ERRORS = frozenset({1001, 1014})
"""By SOAP the schema speaks first, and of a message that it refuses nothing more is read; by REST all is read at once."""

Observed = Mapping[str, Any]
"""What a step came to for one twin, by the names above, as plain JSON."""


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what was done, and what it came to for the twin by SOAP and the one by REST."""

    step: str
    prs: Observed
    pvs: Observed


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where the twins parted: in what, and everything up to there."""

    what: tuple[str, ...]
    steps: tuple[StepOutcome, ...]


def breach(release: Release, prs: Observed, pvs: Observed) -> tuple[str, ...]:
    """Name what parts the twins, and what a refusal left behind."""
    same_response = (
        _same_response(release, prs[RESPONSE], pvs[RESPONSE])
        and not _unexpected(prs[RESPONSE])
        and not _unexpected(pvs[RESPONSE])
    )
    differing = {name for name in prs if not (same_response if name == RESPONSE else prs[name] == pvs[name])}
    left_behind = {
        name for item in (prs, pvs) if item[RESPONSE] != CARRIED_OUT for name in (ROWS, MESSAGES, EVENTS) if item[name]
    }
    unreadable = {MESSAGES for _, what in prs[MESSAGES] if str(what).startswith(UNREADABLE)}
    return tuple(name for name in prs if name in differing | left_behind | unreadable)


def _unexpected(response: object) -> bool:
    """Say whether it is neither a decision nor a refusal: an answer that is not the documented one, or an internal error."""
    return INTERNAL_ERRORS in response if isinstance(response, list) else response != CARRIED_OUT


def _only_on_rest(release: Release) -> frozenset[int]:
    """Return the errors that the release gives by REST alone, or by SOAP for some only (DECISIONS.md)."""
    tables = {100028: release.error_100028_soap is not EndDateSoap.ALL, 100029: not release.error_100029_soap}
    return frozenset(code for code, only_rest in tables.items() if only_rest)


def _same_response(release: Release, prs: object, pvs: object) -> bool:
    if not isinstance(prs, list) or not isinstance(pvs, list):
        return prs == pvs
    only_rest = _only_on_rest(release) | (FORM_ERRORS if FORM_ERRORS & {*prs} else frozenset())
    return {*prs} <= {*pvs} and {*pvs} - {*prs} <= only_rest


def may_diverge(release: Release, prs: Observed, pvs: Observed) -> bool:
    """Say whether the release itself parts the twins here: REST refuses, for a reason that SOAP does not know yet."""
    return (
        prs[RESPONSE] == CARRIED_OUT
        and isinstance(pvs[RESPONSE], list)
        and set(pvs[RESPONSE]) <= _only_on_rest(release)
    )
