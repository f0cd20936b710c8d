"""The paged reads of the control API: refusals, and that a reader who continues gets everything once."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest

from generalproeve.stage.stage import Stage
from vos_contracts.control.operations import EventPage, ExtractPage, StatePage
from vos_contracts.control.stage import RegistrationDto
from vos_simulators.people import Citizen
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport


def fetch(stage: Stage, path: str) -> httpx.Response:
    return httpx.get(f"{stage.control}/control/{path}", trust_env=False)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("events", "domain: skal være en af JobSearch, Kontaktforloeb, Virksomhedsindsats"),
        ("events?domain=jobsearch", "domain: skal være en af"),
        ("events?domain=JobSearch&after=-1", "after: skal være et helt tal, 0 eller større"),
        ("events?domain=JobSearch&after=", "after: skal være et helt tal"),
        ("events?domain=JobSearch&after=1&after=2", "et felt må kun stå én gang"),
        ("events?domain=JobSearch&since=1", "since: kendte felter er after, count, domain"),
        ("extract?count=0", "count: skal være 1-5000"),
        ("extract?count=5001", "count: skal være 1-5000"),
        ("extract?after=9999999999999999999999", "after: skal være et helt tal"),
        ("extract/citizens?after=x", "after: skal være et helt tal"),
        ("state?domain=JobSearch", "domain: kendte felter er after, count"),
    ],
)
def test_a_bad_query_is_refused_with_field_and_rule(stage: Stage, path: str, says: str) -> None:
    response = fetch(stage, path)
    assert response.status_code == 400
    assert says in response.json()["fejl"][0]["fejltekst"]


def test_other_methods_are_refused(stage: Stage) -> None:
    for path in ("events", "state", "extract", "extract/citizens"):
        response = httpx.post(f"{stage.control}/control/{path}", trust_env=False)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


def test_an_empty_stage_has_empty_pages(stage: Stage) -> None:
    page = msgspec.json.decode(fetch(stage, "state").content, type=StatePage)
    assert (page.citizens, page.next_item) == ((), None)
    empty = msgspec.json.decode(fetch(stage, "events?domain=JobSearch&after=7").content, type=EventPage)
    assert empty == EventPage(next_item=7, events=())
    extract = msgspec.json.decode(fetch(stage, "extract?after=7").content, type=ExtractPage)
    assert (extract.next_item, extract.registrations, extract.citizens) == (7, (), ())


@pytest.mark.parametrize("page", [1, 2, 3, 1000])
def test_pages_of_any_size_give_everything_once(stage: Stage, new_citizen: Callable[..., Citizen], page: int) -> None:
    citizens = [new_citizen(kontaktgrupper=(RegistrationDto(type=13),)) for _ in range(3)]
    with HttpTransport(stage.control) as transport:
        reader = OperationsReader(transport, page)
        states = [citizen for one_page in reader.state() for citizen in one_page.citizens]
        events = list(reader.events("Virksomhedsindsats", 0))
        rows = [registration for one_page in reader.registrations(0) for registration in one_page.registrations]
        master_data = [citizen for one_page in reader.citizens(0) for citizen in one_page.citizens]
    numbers = {citizen.cpr for citizen in citizens}
    assert len(states) == len(events) == len(rows) == len(master_data) == 3
    assert (
        {item.cpr for item in states}
        == {item.event.cpr for item in events}
        == {entry.cpr for entry in master_data}
        == numbers
    )
    assert {item.kontaktgrupper[0].id for item in states} == {row.id for row in rows}
    assert {row.citizen_id for row in rows} == {entry.citizen_id for entry in master_data}
    assert [item.nr for item in events] == sorted({item.nr for item in events})


def test_a_state_page_names_the_last_event_it_includes(stage: Stage, new_citizen: Callable[..., Citizen]) -> None:
    new_citizen(kontaktgrupper=(RegistrationDto(type=13),))
    with HttpTransport(stage.control) as transport:
        reader = OperationsReader(transport)
        (page,) = reader.state()
        last = max(event.nr for domain in ("JobSearch", "Virksomhedsindsats") for event in reader.events(domain, 0))
    assert page.event_nr == last
