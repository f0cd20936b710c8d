"""Compare the outcomes of a step for two twins, except for differences that the release table explains.

Also found: what a refused step left behind.

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
"""The Danish words for these parts of an outcome."""
CARRIED_OUT = "carried_out"
UNREADABLE = "kan ikke læses"
FORM_ERRORS = frozenset({1001, 1014})
"""Errors of form. SOAP reports them alone, because the schema is checked first; REST reports them with the others."""

Observed = Mapping[str, Any]
"""The outcome of a step for one twin: plain JSON by the names above."""


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One step in words, and its outcome for the twin by SOAP (`prs`) and the twin by REST (`pvs`)."""

    step: str
    prs: Observed
    pvs: Observed


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A difference between the twins: in which parts (`what`), and all steps up to it."""

    what: tuple[str, ...]
    steps: tuple[StepOutcome, ...]


def breach(release: Release, prs: Observed, pvs: Observed) -> tuple[str, ...]:
    """Return the Danish names of the parts that differ, and what a refused step left behind."""
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
    """Return whether an answer is neither documented nor a refusal, or is an internal error."""
    return INTERNAL_ERRORS in response if isinstance(response, list) else response != CARRIED_OUT


def _only_on_rest(release: Release) -> frozenset[int]:
    """Return the errors that the release gives over REST only, or over SOAP for some citizens only (DECISIONS.md)."""
    tables = {100028: release.error_100028_soap is not EndDateSoap.ALL, 100029: not release.error_100029_soap}
    return frozenset(code for code, only_rest in tables.items() if only_rest)


def _same_response(release: Release, prs: object, pvs: object) -> bool:
    if not isinstance(prs, list) or not isinstance(pvs, list):
        return prs == pvs
    only_rest = _only_on_rest(release) | (FORM_ERRORS if FORM_ERRORS & {*prs} else frozenset())
    return {*prs} <= {*pvs} and {*pvs} - {*prs} <= only_rest


def may_diverge(release: Release, prs: Observed, pvs: Observed) -> bool:
    """Return whether the release explains the difference: REST refuses with an error that SOAP does not give yet."""
    return (
        prs[RESPONSE] == CARRIED_OUT
        and isinstance(pvs[RESPONSE], list)
        and set(pvs[RESPONSE]) <= _only_on_rest(release)
    )
