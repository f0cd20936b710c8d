"""The zeep client, given only the served ?wsdl, reads PSS v20 and PHS v4: filled in 2024-4, and empty lists from 2025-1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import zeep
from lxml import etree
from zeep.exceptions import Fault

from generalproeve.stage.stage import Stage
from support.builders import NOW, YESTERDAY
from support.zeep_client import FD, client, headers
from vos_contracts.control.stage import RegistrationDto
from vos_contracts.tables.releases import PrsSoap
from vos_simulators.control import Control
from vos_simulators.people import Citizen

GROUP, CATEGORY = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
NOT_ASKED_FOR = {"Core": False, "AddressContact": False, "Authority": False, "CV": False}


@pytest.fixture(params=["converter", "classic"], autouse=True)
def backend(request: pytest.FixtureRequest, control: Control) -> str:
    control.force_backend(PrsSoap(request.param))
    return str(request.param)


@pytest.fixture
def citizen(new_citizen: Callable[..., Citizen]) -> Citizen:
    return new_citizen(
        kontaktgrupper=(
            RegistrationDto(type=4, start=YESTERDAY.replace(month=10), end=YESTERDAY),
            RegistrationDto(type=2, id=GROUP, start=YESTERDAY),
        ),
        personkategorier=(RegistrationDto(type=5, id=CATEGORY, start=YESTERDAY),),
    )


def status(stage: Stage, cpr: str, *heads: Any, group: bool = True, category: bool = True) -> Any:
    pss = client(stage, "PersonStatusService", 20)
    return pss.service.GetVariablePersonStatus(
        PersonCivilRegistrationIdentifier=cpr,
        RequestVariableType={**NOT_ASKED_FOR, "ContactGroup": group, "PersonCategory": category},
        _soapheaders=headers(pss, *heads),
    )


def history(stage: Stage, cpr: str, *heads: Any) -> Any:
    phs = client(stage, "PersonHistoryService", 4)
    return phs.service.GetPersonHistory(PersonCivilRegistrationIdentifier=cpr, _soapheaders=headers(phs, *heads))


def entries(collection: Any, name: str) -> list[Any]:
    return [] if collection is None else list(collection[name] or ())


def test_status_is_read_with_zeep(stage: Stage, citizen: Citizen) -> None:
    response = status(stage, citizen.cpr)
    assert response.PersonCivilRegistrationIdentifier == citizen.cpr
    (group,) = response.ContactGroupCollection.ContactGroupItem
    assert (group.ContactGroupIdentifier, group.ContactGroupTypeIdentifier.CodeListItemIdentifier) == (GROUP, 2)
    assert (group.ContactGroupStartTime, group.ContactGroupEndTime) == (YESTERDAY, None)
    assert group.RegisteringAuthority.OrganisationTypeIdentifier
    (category,) = response.PersonCategoryCollection.PersonCategoryItem
    assert (category.PersonCategoryIdentifier, category.PersonCategoryTypeIdentifier.CodeListItemIdentifier) == (
        CATEGORY, 5,
    )  # fmt: skip


@pytest.mark.parametrize(("group", "category"), [(True, False), (False, True), (False, False)])
def test_collections_that_were_not_asked_for_are_empty(
    stage: Stage, citizen: Citizen, group: bool, category: bool
) -> None:
    response = status(stage, citizen.cpr, group=group, category=category)
    found = (
        len(entries(response.ContactGroupCollection, "ContactGroupItem")),
        len(entries(response.PersonCategoryCollection, "PersonCategoryItem")),
    )
    assert found == (int(group), int(category))


def test_history_is_read_with_zeep(stage: Stage, citizen: Citizen) -> None:
    response = history(stage, citizen.cpr)
    groups = response.ContactGroupHistoryCollection.ContactGroupHistoryItem
    found = [
        (
            group.ContactGroupTypeIdentifier.CodeListItemIdentifier,
            group.ContactGroupEndTime,
            group.RegistrationMetadata.IsCurrent,
        )
        for group in groups
    ]
    assert (2, None, True) in found
    assert (4, YESTERDAY, True) in found
    assert not any(group.RegistrationMetadata.IsDeleted for group in groups)
    (category,) = response.PersonCategoryHistoryCollection.PersonCategoryHistoryItem
    assert category.PersonCategoryIdentifier == CATEGORY
    assert category.RegistrationMetadata.RegisteringAuthority.OrganisationCode


@pytest.mark.parametrize("release", ["2025-1", "2025-2"])
def test_from_2025_1_the_lists_are_present_and_empty(
    stage: Stage, citizen: Citizen, control: Control, release: str
) -> None:
    control.change_release(release)
    for service, version, operation, body in (
        ("PersonStatusService", 20, "GetVariablePersonStatus",
         {"RequestVariableType": {**NOT_ASKED_FOR, "ContactGroup": True, "PersonCategory": True}}),
        ("PersonHistoryService", 4, "GetPersonHistory", {}),
    ):  # fmt: skip
        item = client(stage, service, version)
        with item.settings(raw_response=True):
            response = item.service[operation](
                PersonCivilRegistrationIdentifier=citizen.cpr, _soapheaders=headers(item), **body
            )
        assert response.status_code == 200
        collections = [
            item for item in etree.fromstring(response.content).iter("{*}*") if str(item.tag).endswith("Collection")
        ]
        assert [len(collection) for collection in collections] == [0, 0], operation


def test_an_akasse_sees_its_groups_and_no_category(stage: Stage, new_citizen: Callable[..., Citizen]) -> None:
    citizen = new_citizen(
        kontaktgrupper=(
            RegistrationDto(type=4, start=NOW.replace(year=2018), end=NOW.replace(year=2019)),
            RegistrationDto(type=3, start=NOW.replace(year=2022), end=NOW.replace(year=2023)),
            RegistrationDto(type=2, start=YESTERDAY),
        ),
        personkategorier=(RegistrationDto(type=5, start=YESTERDAY),),
    )
    response = status(stage, citizen.cpr, 2, "81")
    (group,) = response.ContactGroupCollection.ContactGroupItem
    assert group.ContactGroupTypeIdentifier.CodeListItemIdentifier == 2
    assert entries(response.PersonCategoryCollection, "PersonCategoryItem") == []
    response = history(stage, citizen.cpr, 2, "81")
    groups = response.ContactGroupHistoryCollection.ContactGroupHistoryItem
    assert {item.ContactGroupTypeIdentifier.CodeListItemIdentifier for item in groups} == {2}
    assert entries(response.PersonCategoryHistoryCollection, "PersonCategoryHistoryItem") == []


@pytest.mark.parametrize(
    ("cpr", "heads", "code"),
    [("", (8, "10200"), "6005"), ("", (2, "82"), "4575"), ("0203840021", (8, "10100"), "1010"),
     ("3002840000", (8, "10100"), "1001")],
)  # fmt: skip
def test_the_error_codes_are_the_same_as_on_rest(
    stage: Stage, citizen: Citizen, cpr: str, heads: tuple[int, str], code: str
) -> None:
    for read in (status, history):
        with pytest.raises(Fault) as caught:
            read(stage, cpr or citizen.cpr, *heads)
        assert caught.value.detail.find(f"{FD}FaultDetails").findtext(f"{FD}ErrorCode") == code


def test_udk_reads_every_citizen_without_a_membership(stage: Stage, citizen: Citizen) -> None:
    """SOAP reads use their own row of the access matrix, even where the replacing REST method would refuse."""
    assert len(status(stage, citizen.cpr, 30, "1").ContactGroupCollection.ContactGroupItem) == 1


def test_the_wsdl_is_valid_for_zeep(stage: Stage) -> None:
    for service, version in (("PersonStatusService", 20), ("PersonHistoryService", 4)):
        item: zeep.Client = client(stage, service, version)
        assert list(item.wsdl.services) == [service]
