"""A recipient table with a row too few or too many: the oracle does not read the tables and finds the consequence."""

from __future__ import annotations

from typing import Any

import pytest

import vos_reference.application.registration as registration
from support.builders import contract
from support.performance import (
    DUPLICATE,
    EXTRA,
    KG,
    MISSING,
    PC,
    WA,
    WJ,
    A,
    Found,
    J,
    Performance,
    findings,
)
from vos_contracts.model.registration import Kind
from vos_contracts.tables.recipients import MessageType, RecipientRole, RecipientRule, When, WsbRule, WsrmRule
from vos_simulators.oracle.expected import DOMAINS, V1, V5

V1_, V5_ = MessageType.PERSONKATEGORI_V1, MessageType.KONTAKTGRUPPE_V5


def _bend_table(patch: pytest.MonkeyPatch, place: Any, name: str, without: Any = None, with_: Any = None) -> None:
    """Give the sender another recipient table, which is the last argument of the function `name`."""
    real = getattr(place, name)

    def bent(*other: Any) -> Any:
        return real(
            *other[:-1], (*(item for item in other[-1] if item != without), *([] if with_ is None else [with_]))
        )

    patch.setattr(place, name, bent)


ANY_J, ANY_A = "1 2 3 4 5 6 7 8 night", {13: "2", 23: "4"}
CLOSING = {When.GROUP_REPLACED: "6", When.GROUP_ENDS: "8"}
WSRM = [recipient for recipient in contract().wsrm_recipients if recipient.when is not When.CPR_CHANGE]
WSB = contract().wsb_recipients


def causes(rule: WsrmRule | WsbRule, kind: Kind) -> str:
    """Return the steps of the performance that this row applies to."""
    if rule.recipient is RecipientRole.JOBCENTER:
        return ANY_J if kind is KG else "1 4 6 8 night"
    assert rule.kontaktgruppe is not None
    return CLOSING.get(rule.when) or ANY_A[rule.kontaktgruppe]


def test_the_tables_have_the_rows_of_the_epic() -> None:
    assert (len(WSRM), len(WSB), sum(map(len, DOMAINS.values()))) == (7, 6, 5)


@pytest.mark.parametrize("rule", WSRM, ids=str)
def test_a_row_missing_from_wsrm_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, rule: WsrmRule
) -> None:
    _bend_table(monkeypatch, registration, "wsrm_drafts", without=rule)
    who = J if rule.recipient is RecipientRole.JOBCENTER else A
    kind = PC if rule.subject is V1_ else KG
    assert findings(performance.scenario()) == {(MISSING, who, rule.subject): causes(rule, kind)}


@pytest.mark.parametrize("rule", WSB, ids=str)
def test_a_row_missing_from_wsb_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, rule: WsbRule
) -> None:
    _bend_table(monkeypatch, registration, "wsb_drafts", without=rule)
    who = WJ if rule.recipient is RecipientRole.JOBCENTER else WA
    name = contract().wsb_entities[rule.subject].name
    assert findings(performance.scenario()) == {(MISSING, who, name): causes(rule, rule.subject)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RecipientRule(V1_, RecipientRole.AKASSE, When.ANY, None), {(EXTRA, A, V1): "1 4 6 8 night"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.GROUP_STARTS, 25), {(EXTRA, A, V5): "5 7"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.GROUP_REPLACED, 13), {(EXTRA, A, V5): "3"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.GROUP_REPLACED, 12), {(EXTRA, A, V5): "night"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.GROUP_STARTS, 13), {(DUPLICATE, A, V5): "2"}),
    ],
    ids=str,
)
def test_a_row_too_many_in_wsrm_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, rule: WsrmRule, expected: Found
) -> None:
    _bend_table(monkeypatch, registration, "wsrm_drafts", with_=rule)
    assert findings(performance.scenario()) == expected


@pytest.mark.parametrize(("domain", "kind"), [(item, kind) for item, kinds in DOMAINS.items() for kind in kinds])
def test_a_domain_that_gets_no_events_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, domain: str, kind: Kind
) -> None:
    _bend_table(monkeypatch, registration, "event_drafts", without=RecipientRule(kind, domain))
    expected = f"0 {ANY_J}" if kind is KG else "1 4 6 8 night"
    assert findings(performance.scenario()) == {(MISSING, f"{domain} (hændelse)", kind.value): expected}


def test_a_domain_that_gets_too_many_events_is_found(performance: Performance, monkeypatch: pytest.MonkeyPatch) -> None:
    extra_rule = RecipientRule(PC, "Virksomhedsindsats")
    _bend_table(monkeypatch, registration, "event_drafts", with_=extra_rule)
    assert findings(performance.scenario()) == {
        (EXTRA, "Virksomhedsindsats (hændelse)", "personkategori"): "1 4 6 8 night"
    }
