"""The compiled schemas: what breaks one is told of it, whichever thread asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lxml import etree
from support.builders import contract

from vos_contracts.wire.soap.schemas import services

TIMES = 2000


def test_two_threads_do_not_mix_their_schema_errors() -> None:
    """An embedded stage validates in one thread what the hunt judges in another."""
    service = services(contract())["PersonRegistrationService"]
    request = service.operations["CreateContactGroup"].request

    def breach(_: int) -> set[tuple[str, ...]]:
        element = etree.Element(request)
        etree.SubElement(element, "unknown").text = "x"
        return {service.breach(element) for _ in range(TIMES)}

    with ThreadPoolExecutor(2) as threads:
        findings = set[tuple[str, ...]]().union(*threads.map(breach, range(2)))
    (finding,) = findings
    assert "unknown" in finding[0]
