"""Reading a registration by SOAP: every error that can be established, as by REST."""

from __future__ import annotations

from datetime import timedelta

import pytest

from byggeklodser import I_DAG, kontrakt
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap_registrering import laes_forespoergsel, skriv_forespoergsel


def test_alle_fejl_paa_en_gang() -> None:
    """A day that no calendar has, and two times that no channel can carry."""
    oprettelse = Opret(Art.KONTAKTGRUPPE, 2, I_DAG.replace(year=1900), slut=I_DAG.replace(year=9998))
    operation, element = skriv_forespoergsel("2902990000", oprettelse, kontrakt())
    with pytest.raises(RemoteWireError) as fundet:
        laes_forespoergsel(operation, element, kontrakt())
    assert [(en.kode, en.beskrivelse.partition(":")[0]) for en in fundet.value.fejl] == [
        (1001, "PersonCivilRegistrationIdentifier"),
        (1014, "ContactGroupEndTime"),
        (1014, "ContactGroupStartTime"),
    ]


def test_hvad_der_er_skrevet_laeses_som_det_var() -> None:
    oprettelse = Opret(Art.PERSONKATEGORI, 5, I_DAG, haendelse=I_DAG - timedelta(days=1), slut=I_DAG)
    operation, element = skriv_forespoergsel("0203840000", oprettelse, kontrakt())
    assert laes_forespoergsel(operation, element, kontrakt()) == ("0203840000", oprettelse)
