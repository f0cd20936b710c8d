"""A field that stands twice is refused, however its name is written; the quick look never lets one through."""

from __future__ import annotations

import pytest

from byggeklodser import kontrakt
from vos_contracts.model.registration import Art
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest import Rest

TYPE, START = '"kontaktgruppeType":13', '"starttidspunkt":"2024-11-18T00:00:00+01:00"'


@pytest.mark.parametrize(
    "ekstra",
    [
        TYPE,
        START,
        '"kontaktgruppeType" : 2',
        '"kontaktgruppe\\u0054ype":2',
        '"\\u006bontaktgruppeType":13',
        '"sluttidspunkt":null,"sluttidspunkt":null',
    ],
)
def test_et_felt_der_staar_to_gange_afvises(ekstra: str) -> None:
    with pytest.raises(RemoteWireError, match="feltet står to gange"):
        Rest(kontrakt()).laes_opret(Art.KONTAKTGRUPPE, f"{{{TYPE},{START},{ekstra}}}".encode(), None)


def test_et_navn_med_omskrivning_er_det_samme_navn() -> None:
    krop = f'{{"kontaktgruppe\\u0054ype":13,{START}}}'.encode()
    assert Rest(kontrakt()).laes_opret(Art.KONTAKTGRUPPE, krop, None).type == 13
