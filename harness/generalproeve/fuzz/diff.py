"""Compare the outcomes of one step by SOAP and by REST, apart from the differences that the release table allows.

The steps are played, and their outcomes read, in `twins`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from vos_contracts.tables.releases import EndDateSoap, Release
from vos_contracts.wire.soap.envelope import INTERNAL_ERRORS

RESPONSE, ROWS, STATUS, MESSAGES, EVENTS = "response", "rows", "status", "messages", "events"
DANISH = {RESPONSE: "svar", ROWS: "rækker", STATUS: "status", MESSAGES: "beskeder", EVENTS: "hændelser"}
"""The Danish name that a report prints for each part of an outcome."""
CARRIED_OUT = "carried_out"
UNREADABLE = "kan ikke læses"
FORM_ERRORS = frozenset({1001, 1014})
"""Error numbers for invalid input. By SOAP they stand alone, because a message that the schema refuses is read no
further; by REST they come together with the other errors of the call."""

Observed = Mapping[str, Any]
"""The outcome of a step for one twin, as plain JSON by the names above (`RESPONSE`, `ROWS` ...)."""


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One step in words, and its outcome for the twin called about by SOAP (`prs`) and by REST (`pvs`)."""

    step: str
    prs: Observed
    pvs: Observed


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of the outcome that are wrong (`what`), and every step up to the one where that happened."""

    what: tuple[str, ...]
    steps: tuple[StepOutcome, ...]


def breach(release: Release, prs: Observed, pvs: Observed) -> tuple[str, ...]:
    """Return the names of the parts of an outcome that are wrong; empty if none is.

    A part is wrong if the twins differ in it, if a refused call changed it, or if a message in it cannot be read.
    """
    same_response = (
        _same_response(release, prs[RESPONSE], pvs[RESPONSE])
        and not _unexpected(prs[RESPONSE])
        and not _unexpected(pvs[RESPONSE])
    )
    differing = {name for name in prs if not (same_response if name == RESPONSE else prs[name] == pvs[name])}
    left_behind = {
        name
        for outcome in (prs, pvs)
        if outcome[RESPONSE] != CARRIED_OUT
        for name in (ROWS, MESSAGES, EVENTS)
        if outcome[name]
    }
    unreadable = {MESSAGES for _, content in prs[MESSAGES] if str(content).startswith(UNREADABLE)}
    return tuple(name for name in prs if name in differing | left_behind | unreadable)


def _unexpected(response: object) -> bool:
    """Return whether a response is an internal error, or neither an acceptance nor a documented refusal."""
    return INTERNAL_ERRORS in response if isinstance(response, list) else response != CARRIED_OUT


def _only_on_rest(release: Release) -> frozenset[int]:
    """Return the error numbers that SOAP gives never, or only in some cases, in this release (DECISIONS.md)."""
    tables = {100028: release.error_100028_soap is not EndDateSoap.ALL, 100029: not release.error_100029_soap}
    return frozenset(code for code, only_rest in tables.items() if only_rest)


def _same_response(release: Release, prs: object, pvs: object) -> bool:
    if not isinstance(prs, list) or not isinstance(pvs, list):
        return prs == pvs
    only_rest = _only_on_rest(release) | (FORM_ERRORS if FORM_ERRORS & {*prs} else frozenset())
    return {*prs} <= {*pvs} and {*pvs} - {*prs} <= only_rest


def may_diverge(release: Release, prs: Observed, pvs: Observed) -> bool:
    """Return whether this release allows the twins to differ from here on.

    That is so when SOAP accepted the call and REST refused it only with error numbers that SOAP lacks in this release.
    """
    return (
        prs[RESPONSE] == CARRIED_OUT
        and isinstance(pvs[RESPONSE], list)
        and set(pvs[RESPONSE]) <= _only_on_rest(release)
    )
