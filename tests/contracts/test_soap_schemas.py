"""The compiled schemas report the violations of the element that each thread validates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lxml import etree

from support.builders import contract
from vos_contracts.wire.soap.schemas import services

TIMES = 2000


def test_two_threads_do_not_mix_their_schema_errors() -> None:
    """An embedded stage and the fuzz engine validate with the same schema in different threads."""
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
