"""A duplicate field is refused, however its name is escaped; the fast check never accepts one."""

from __future__ import annotations

import pytest

from support.builders import contract
from vos_contracts.model.registration import Kind
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest.registration import Rest

TYPE, START = '"kontaktgruppeType":13', '"starttidspunkt":"2024-11-18T00:00:00+01:00"'


@pytest.mark.parametrize(
    "extra",
    [
        TYPE,
        START,
        '"kontaktgruppeType" : 2',
        '"kontaktgruppe\\u0054ype":2',
        '"\\u006bontaktgruppeType":13',
        '"sluttidspunkt":null,"sluttidspunkt":null',
    ],
)
def test_a_duplicate_field_is_refused(extra: str) -> None:
    with pytest.raises(RemoteWireError, match="feltet står to gange"):
        Rest(contract()).read_create(Kind.KONTAKTGRUPPE, f"{{{TYPE},{START},{extra}}}".encode(), None)


def test_an_escaped_field_name_is_the_same_name() -> None:
    body = f'{{"kontaktgruppe\\u0054ype":13,{START}}}'.encode()
    assert Rest(contract()).read_create(Kind.KONTAKTGRUPPE, body, None).type == 13
