"""Status and code lists at the edge: access, the filter for an a-kasse, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import httpx
import pytest

from generalproeve.settings.stage import StageSettings
from generalproeve.stage.stage import Stage, embedded
from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, STAR, TODAY, YESTERDAY, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.control.stage import RegistrationDto
from vos_contracts.model.identity import Organisation
from vos_contracts.model.reading import KONTAKTGRUPPER, PERSONKATEGORIER, CitizenStatus, ReadService, row
from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.rest.reading import twin
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.transport import HttpTransport

FOREIGN = [(Organisation(8, "10200"), 6005), (Organisation(7, "102"), 4575), (Organisation(30, "1"), 4575)]


def party(transport: HttpTransport, organisation: Organisation) -> Party:
    return Party(identity(organisation), load(), transport, new_uuid)


@pytest.fixture
def citizen(new_citizen: Callable[..., Citizen]) -> Citizen:
    return new_citizen(
        kontaktgrupper=(RegistrationDto(type=3, start=YESTERDAY),),
        personkategorier=(RegistrationDto(type=5, start=YESTERDAY),),
    )


@pytest.mark.parametrize("organisation", [JOBCENTER, KOMMUNE, STAR], ids=["jobcenter", "kommune", "STAR"])
def test_status_for_authorised_readers(transport: HttpTransport, citizen: Citizen, organisation: Organisation) -> None:
    response = party(transport, organisation).reader.status(citizen.cpr)
    assert isinstance(response, CitizenStatus)
    assert (
        [kontaktgruppe.type for kontaktgruppe in response.kontaktgrupper],
        [personkategori.type for personkategori in response.personkategorier],
    ) == ([3], [5])


@pytest.mark.parametrize(("organisation", "code"), FOREIGN, ids=["jobcenter", "kommune", "UDK"])
def test_status_for_unauthorised_readers(
    transport: HttpTransport, citizen: Citizen, organisation: Organisation, code: int
) -> None:
    response = party(transport, organisation).reader.status(citizen.cpr)
    assert isinstance(response, Refusal)
    assert [error.code for error in response.errors] == [code]


def test_status_for_an_akasse_without_membership_is_filtered(transport: HttpTransport, citizen: Citizen) -> None:
    response = party(transport, Organisation(2, "82")).reader.status(citizen.cpr)
    assert isinstance(response, CitizenStatus)
    assert (response.kontaktgrupper, response.personkategorier) == ((), ())


@pytest.mark.parametrize("backend", [PrsSoap.CONVERTER, PrsSoap.CLASSIC])
@pytest.mark.parametrize("organisation", [JOBCENTER, AKASSE, STAR], ids=["jobcenter", "a-kasse", "STAR"])
def test_soap_shows_the_same_as_rest(
    transport: HttpTransport, control: Control, new_citizen: Callable[..., Citizen], organisation: Organisation,
    backend: PrsSoap,
) -> None:  # fmt: skip
    control.force_backend(backend)
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=4, start=YESTERDAY),))
    kss, reader = party(transport, JOBCENTER), party(transport, organisation)
    assert isinstance(kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PVS), str)
    assert isinstance(kss.register(citizen.cpr, Create(Kind.PERSONKATEGORI, 9, TODAY), Channel.PVS), str)
    for service, read in ((ReadService.STATUS, reader.read), (ReadService.HISTORY, reader.history)):
        soap = reader.reader.collections(service, citizen.cpr)
        assert not isinstance(soap, Refusal)
        for kind in Kind:
            rest = read(citizen.cpr, kind)
            if isinstance(rest, Refusal):
                assert (organisation, kind, [error.code for error in rest.errors]) == (
                    AKASSE,
                    Kind.PERSONKATEGORI,
                    [4575],
                )
                assert soap.of(kind) == ()
            else:
                assert soap.of(kind) == tuple(row(item) for item in rest)
                assert rest


def test_the_twin_is_not_public(stage: Stage) -> None:
    for service in ReadService:
        assert httpx.get(f"{stage.services}{twin(service)}").status_code == 404


def test_the_code_lists_can_be_read_without_identity(stage: Stage, transport: HttpTransport) -> None:
    response = httpx.get(f"{stage.services}/v1/Kodeliste")
    assert [item["kodelisteNavn"] for item in response.json()] == [KONTAKTGRUPPER, PERSONKATEGORIER]
    lists = party(transport, JOBCENTER).reader.code_lists(KONTAKTGRUPPER)
    assert isinstance(lists, tuple)
    assert {value.code: value for value in lists[0].values} == dict(load().kontaktgrupper)


@pytest.mark.parametrize("name", ["Ukendt", "kontaktgruppetypecodelist", "%20", "KontaktgruppeTypeCodeList%00"])
def test_an_unknown_code_list_is_refused(stage: Stage, name: str) -> None:
    response = httpx.get(f"{stage.services}/v1/Kodeliste/{name}")
    assert (response.status_code, [error["fejlkode"] for error in response.json()["fejl"]]) == (400, [2001])


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("overlay")
    (folder / "kontaktgruppe.csv").write_text("code,valid_until\n13,2024-11-18\n", "utf-8")
    with embedded(StageSettings(port=0, control_port=0, clock=NOW, contract=folder)) as item:
        yield item


@pytest.mark.parametrize("channel", Channel)
def test_an_expired_value_is_shown_and_cannot_be_used(expired: Stage, channel: Channel) -> None:
    """The end is exclusive: a value that ends today cannot be used today; an older registration still shows it."""
    citizen, other = (People(seed).new(40, NOW.date()) for seed in (21, 22))
    with HttpTransport(expired.control) as control, HttpTransport(expired.services) as transport:
        control = Control(control)
        control.reset()
        old = on_stage(other)
        old.kontaktgrupper = (RegistrationDto(type=13, start=YESTERDAY),)
        control.set_up(on_stage(citizen), old)
        kss = Party(identity(), expired.contract, transport, new_uuid)
        (listing,) = kss.reader.code_lists(KONTAKTGRUPPER)
        (value,) = (item for item in listing.values if item.code == 13)  # type: ignore[union-attr]  # a code list, no refusal
        assert (value.valid_from, value.valid_until) == (date(2000, 1, 1), date(2024, 11, 18))
        response = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), channel)
        assert isinstance(response, Refusal)
        assert [error.code for error in response.errors] == [2003]
        assert isinstance(kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 4, TODAY), channel), str)
        views = kss.read(other.cpr, Kind.KONTAKTGRUPPE)
        assert isinstance(views, tuple)
        assert [item.type for item in views] == [13]
