"""A refusal is judged by its codes, and by its texts where the epic or a public page has them."""

from __future__ import annotations

import pytest

from vos_contracts import contract
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.rest.registration import Refusal
from vos_features.expectation import refused_with

KNOWN = contract.load().errors
FUTURE = "Slutdato kan ikke være fremtidig"


@pytest.mark.parametrize(
    ("code", "text", "by_soap"),
    [
        (100028, FUTURE, False),
        (100028, FUTURE, True),
        (4644, "Borger har allerede en åben kontaktgruppe", False),
        (4644, "This Client has an open existing contactgroup", True),
        (1014, "Failed to validate message: sluttidspunkt: skal angives", True),
        (4977, "Any text: the contract's own is assumed", False),
        (4708, "Any text: no page has one", False),
        (99, "Any text: the contract does not know the code", False),
    ],
)
def test_the_text_of_the_contract_is_accepted(code: int, text: str, by_soap: bool) -> None:
    refused_with(Refusal(400, (ServiceError(code),), (text,), by_soap), KNOWN, code)


@pytest.mark.parametrize(
    ("code", "text", "by_soap"),
    [
        (100028, "", False),
        (100028, "Noget helt andet", False),
        (100028, f"{FUTURE}!", True),
        (100028, f"{FUTURE}: i morgen", False),
        (4644, "Borger har allerede en åben kontaktgruppe", True),
        (4644, "This Client has an open existing contactgroup", False),
    ],
)
def test_another_text_is_a_breach(code: int, text: str, by_soap: bool) -> None:
    with pytest.raises(AssertionError, match=f"fejlteksten til {code}"):
        refused_with(Refusal(400, (ServiceError(code),), (text,), by_soap), KNOWN, code)


def test_another_code_is_a_breach() -> None:
    with pytest.raises(AssertionError, match="100029"):
        refused_with(Refusal(400, (ServiceError(100029),)), KNOWN, 100028)
