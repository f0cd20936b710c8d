"""Reading a registration by SOAP: every error that can be established, as by REST."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.builders import TODAY, contract
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap.registration import read_query, write_query


def test_all_errors_are_reported_at_once() -> None:
    """A day that no calendar has, and two times that no channel can carry."""
    creation = Create(Kind.KONTAKTGRUPPE, 2, TODAY.replace(year=1900), end=TODAY.replace(year=9998))
    operation, element = write_query("2902990000", creation, contract())
    with pytest.raises(RemoteWireError) as found:
        read_query(operation, element, contract())
    assert [(error.code, error.description.partition(":")[0]) for error in found.value.errors] == [
        (1001, "PersonCivilRegistrationIdentifier"),
        (1014, "ContactGroupEndTime"),
        (1014, "ContactGroupStartTime"),
    ]


def test_a_written_registration_is_read_back_unchanged() -> None:
    creation = Create(Kind.PERSONKATEGORI, 5, TODAY, event=TODAY - timedelta(days=1), end=TODAY)
    operation, element = write_query("0203840000", creation, contract())
    assert read_query(operation, element, contract()) == ("0203840000", creation)
