"""The compiled schemas: what breaks one is told of it, whichever thread asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lxml import etree

from byggeklodser import kontrakt
from vos_contracts.wire.soap_skema import tjenester

GANGE = 2000


def test_to_traade_forstyrrer_ikke_hinanden() -> None:
    """An embedded stage validates in one thread what the hunt judges in another."""
    tjeneste = tjenester(kontrakt())["PersonRegistrationService"]
    request = tjeneste.operationer["CreateContactGroup"].request

    def brud(_: int) -> set[tuple[str, ...]]:
        element = etree.Element(request)
        etree.SubElement(element, "ukendt").text = "x"
        return {tjeneste.brud(element) for _ in range(GANGE)}

    with ThreadPoolExecutor(2) as traade:
        fundne = set[tuple[str, ...]]().union(*traade.map(brud, range(2)))
    (et,) = fundne
    assert "ukendt" in et[0]
