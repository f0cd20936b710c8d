"""A refusal is judged by its codes, and by its texts where the epic or a public page has them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from vos_contracts import contract
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.reading import AktivitetstillaegView, CitizenStatus, CodeList, Collections, row
from vos_contracts.model.registration import Kind, RegistrationView
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.rest.registration import Refusal
from vos_contracts.wire.rest.subscriptions import Synchronised
from vos_features.expectation import refused_with, said

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


START = datetime(2024, 11, 18, 8, 0, tzinfo=UTC)
JOBCENTER = Organisation(8, "101")
VIEW = RegistrationView(Kind.KONTAKTGRUPPE, "r1", 2, None, START, None, False, True, JOBCENTER, START)
ENDED = RegistrationView(Kind.PERSONKATEGORI, "r2", 8, None, START, START, True, False, JOBCENTER, START)
ALLOWANCE = AktivitetstillaegView("a1", START, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "intet"),
        (None, "intet"),
        ({}, "intet"),
        (True, "ja"),
        ([2, None], "2, intet"),
        ({4, 10, 2}, "10, 2, 4"),
        ([["2", "ja"], ["8", ""]], "2 | ja; 8 | "),
        ({"registrations": 2, "citizens": 1}, "registrations: 2, citizens: 1"),
        (date(2024, 11, 18), "18-11-2024"),
        (START, "18-11-2024 kl. 09:00:00"),
        (START.replace(microsecond=5), "18-11-2024 kl. 09:00:00.000005"),
        (VIEW, "kontaktgruppe 2 fra 18-11-2024 kl. 09:00:00"),
        (
            (VIEW, ENDED),
            "kontaktgruppe 2 fra 18-11-2024 kl. 09:00:00, "
            "personkategori 8 fra 18-11-2024 kl. 09:00:00 til 18-11-2024 kl. 09:00:00 (slettet)",
        ),
        (Collections((row(VIEW),)), "kontaktgruppe 2 fra 18-11-2024 kl. 09:00:00"),
        (CitizenStatus((), (ALLOWANCE,), (), ()), "aktivitetstillæg fra 18-11-2024 kl. 09:00:00"),
        (CodeList("Liste", ()), "Liste med 0 værdier"),
        (
            Identity(JOBCENTER, User("Bo", 1, "b1"), JOBCENTER, START, 1),
            "8/101 ved brugeren Bo (1/b1) fra 8/101, system 1",
        ),
        (Synchronised(2, 1, 0), "2 oprettet, 1 slettet, 0 uændret"),
        (Refusal(400, (ServiceError(1014, "x"),)), "status 400 med 1014 x"),
    ],
)
def test_a_value_is_said_in_danish(value: object, text: str) -> None:
    assert said(value) == text
