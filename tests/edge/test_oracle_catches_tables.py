"""A recipients' table with a row too few or too many: the oracle, which does not read the tables, names what follows."""

from __future__ import annotations

from typing import Any

import pytest
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

import vos_reference.application.registration as registration
from vos_contracts.model.registration import Kind
from vos_contracts.tables.recipients import MessageType, RecipientRole, RecipientRule, When, WsbRule, WsrmRule
from vos_simulators.oracle.expected import DOMAINS, V1, V5

V1_, V5_ = MessageType.PERSONKATEGORI_V1, MessageType.KONTAKTGRUPPE_V5


def _andre_rules(patch: pytest.MonkeyPatch, place: Any, name: str, without: Any = None, with_: Any = None) -> None:
    """Let the sender read its recipients' table so, its last argument."""
    real = getattr(place, name)

    def bent(*other: Any) -> Any:
        return real(
            *other[:-1], (*(item for item in other[-1] if item != without), *([] if with_ is None else [with_]))
        )

    patch.setattr(place, name, bent)


ANY_J, ANY_A = "1 2 3 4 5 6 7 8 night", {13: "2", 23: "4"}
CLOSING = {When.CHANGES_SINCE: "6", When.CLOSES_ENTIRELY: "8"}
WSRM = [recipient for recipient in contract().wsrm_recipients if recipient.when is not When.CPR_CHANGE]
WSB = contract().wsb_recipients


def causes(rule: WsrmRule | WsbRule, kind: Kind) -> str:
    """Name what this row is there for: everything, or one of the fund's four cases."""
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
    _andre_rules(monkeypatch, registration, "wsrm_drafts", without=rule)
    who = J if rule.recipient is RecipientRole.JOBCENTER else A
    kind = PC if rule.subject is V1_ else KG
    assert findings(performance.scenario()) == {(MISSING, who, rule.subject): causes(rule, kind)}


@pytest.mark.parametrize("rule", WSB, ids=str)
def test_a_row_missing_from_wsb_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, rule: WsbRule
) -> None:
    _andre_rules(monkeypatch, registration, "wsb_drafts", without=rule)
    who = WJ if rule.recipient is RecipientRole.JOBCENTER else WA
    name = contract().wsb_entities[rule.subject].name
    assert findings(performance.scenario()) == {(MISSING, who, name): causes(rule, rule.subject)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RecipientRule(V1_, RecipientRole.AKASSE, When.ANY, None), {(EXTRA, A, V1): "1 4 6 8 night"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.TRANSFERS_UNTIL, 25), {(EXTRA, A, V5): "5 7"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.CHANGES_SINCE, 13), {(EXTRA, A, V5): "3"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.CHANGES_SINCE, 12), {(EXTRA, A, V5): "night"}),
        (RecipientRule(V5_, RecipientRole.AKASSE, When.TRANSFERS_UNTIL, 13), {(DUPLICATE, A, V5): "2"}),
    ],
    ids=str,
)
def test_a_row_too_many_in_wsrm_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, rule: WsrmRule, expected: Found
) -> None:
    _andre_rules(monkeypatch, registration, "wsrm_drafts", with_=rule)
    assert findings(performance.scenario()) == expected


@pytest.mark.parametrize(("domain", "kind"), [(item, kind) for item, kinds in DOMAINS.items() for kind in kinds])
def test_a_domain_that_gets_no_events_is_found(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, domain: str, kind: Kind
) -> None:
    _andre_rules(monkeypatch, registration, "event_drafts", without=RecipientRule(kind, domain))
    expected = f"0 {ANY_J}" if kind is KG else "1 4 6 8 night"
    assert findings(performance.scenario()) == {(MISSING, f"{domain} (hændelse)", kind.value): expected}


def test_a_domain_that_gets_too_many_events_is_found(performance: Performance, monkeypatch: pytest.MonkeyPatch) -> None:
    for_much = RecipientRule(PC, "Virksomhedsindsats")
    _andre_rules(monkeypatch, registration, "event_drafts", with_=for_much)
    assert findings(performance.scenario()) == {
        (EXTRA, "Virksomhedsindsats (hændelse)", "personkategori"): "1 4 6 8 night"
    }
