"""One test per cell of the access matrix (method by organisation type), with every relation that an access level distinguishes.

Calls go over REST and over SOAP with both backends; the methods of a neighbour service go over the internal interface.
The expected answer is derived here from the meaning of the levels, not by the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from support.builders import NOW, TODAY, contract, identity
from support.direct import Direct
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.control.stage import MembershipDto
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.reading import ReadService
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.tables.access import Level
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.rest.registration import Refusal
from vos_reference.bootstrap import build
from vos_reference.config import Configuration
from vos_simulators.control import Control
from vos_simulators.neighbours.client import Neighbour
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage

OPERATOR = Organisation(4, "12345678")
FOREIGN_OPERATOR = Organisation(4, "87654321")
PVS, PRS, ACCESS_CODES = "PersonVisiteringService", "PersonRegistrationService", {4575, 6005, 4511}
SOAP = (PrsSoap.CONVERTER.value, PrsSoap.CLASSIC.value)
UNKNOWN = "00000000-0000-0000-0000-0000000000ee"


@dataclass(frozen=True)
class Relation:
    """How the caller is related to the citizen."""

    name: str
    own: bool = False
    former: int | None = None
    guest: bool = False
    operator: Organisation | None = None
    operator_is_engaged: bool = False
    system: bool = False


RELATIONS = (
    Relation("own", own=True),
    Relation("foreign"),
    Relation("former for 60 days", former=60),
    Relation("former for 200 days", former=200),
    Relation("guest", guest=True),
    Relation("operator of an own citizen", own=True, operator=OPERATOR, operator_is_engaged=True),
    Relation("operator of a guest", guest=True, operator=OPERATOR, operator_is_engaged=True),
    Relation("operator without the citizen", own=True, operator=FOREIGN_OPERATOR),
    Relation("operator of a foreign citizen", operator=OPERATOR, operator_is_engaged=True),
    Relation("system", system=True),
)


def expected_answer(method: str, organisation_type: int, relation: Relation) -> int:
    """Return what the table "Tilladte organisationer" says: 0 for access, or the error code."""
    levels = contract().access.matrix.get(method, {}).get(organisation_type, frozenset())
    if relation.operator is not None:
        granted = {Level.AA_OWN, Level.AA_GUEST, Level.AA_ALL} & levels
        if not granted:
            return 4575
        own = Level.AA_OWN in levels and relation.own and relation.operator_is_engaged
        guests = Level.AA_GUEST in levels and relation.guest and relation.operator_is_engaged
        return 0 if own or guests or Level.AA_ALL in levels else 4511
    if Level.ALL in levels:
        return 0
    if not {Level.OWN, Level.FORMER_OWN, Level.GUEST, Level.SYSTEM_ALL} & levels:
        return 4575
    access = (
        (Level.OWN in levels and relation.own)
        or (Level.GUEST in levels and relation.guest)
        or (Level.SYSTEM_ALL in levels and relation.system)
        or (Level.FORMER_OWN in levels and (relation.own or relation.former == 60))
    )
    if access:
        return 0
    return 6005 if organisation_type == 8 else 4575


class StageAccess:
    """A stage in this process, with a citizen of every relation to one organisation."""

    def __init__(self, contract_: Contract | None = None) -> None:
        application = build(Configuration(db=None, clock=NOW), contract_ or contract(), empty_store())  # type: ignore[arg-type]  # no file
        self.transport = Direct(application.services)
        self.control, self.neighbour = Control(Direct(application.control)), Neighbour(Direct(application.control))
        self._people = People(seed=5)

    def citizen(self, organisation: Organisation, relation: Relation) -> str:
        citizen = self._people.new(40, NOW.date())
        dto = on_stage(citizen, jobcenter=None, kommune=None)

        def membership_of(of: Organisation, until: int | None = None) -> MembershipDto:
            end = None if until is None else NOW.date() - timedelta(days=until)
            return MembershipDto(organisation_type=of.type, organisation_code=of.code, until=end)

        memberships = [membership_of(organisation)] if relation.own else []
        if relation.former is not None:
            memberships.append(membership_of(organisation, relation.former))
        if relation.operator_is_engaged:
            memberships.append(membership_of(OPERATOR))
        dto.memberships = tuple(memberships)
        dto.guests = (membership_of(organisation),) if relation.guest else ()
        self.control.set_up(dto)
        return citizen.cpr


@pytest.fixture(scope="module")
def stage() -> Iterator[StageAccess]:
    yield StageAccess()


def caller(organisation: Organisation, relation: Relation) -> Identity:
    who = identity(organisation, relation.operator)
    return replace(who, user=replace(who.user, type=3)) if relation.system else who


Call = Callable[[Party, str], object]


def register(command: Create | Update | Delete, channel: Channel) -> Call:
    return lambda party, cpr: party.register(cpr, command, channel)


def call_of(method: str) -> dict[str, Call]:
    """Return every way to call a method; SOAP once per backend."""
    service, _, name = method.partition(".")
    if service in set(ReadService):
        read_service = ReadService(service)
        return {
            "converter": lambda a, cpr: a.reader.collections(read_service, cpr),
            "classic": lambda a, cpr: a.reader.collections(read_service, cpr),
        }
    if service == PRS:
        kind = Kind.KONTAKTGRUPPE if name.endswith("ContactGroup") else Kind.PERSONKATEGORI
        prs = Create(kind, 13, TODAY) if name.startswith("Create") else Update(kind, UNKNOWN, NOW)
        return {"converter": register(prs, Channel.PRS), "classic": register(prs, Channel.PRS)}
    if service != PVS:
        return {"REST": lambda a, cpr: a.reader.status(cpr)}
    kind = Kind.KONTAKTGRUPPE if "ontaktgruppe" in name else Kind.PERSONKATEGORI
    if name.startswith("Get"):
        single = name in ("GetKontaktgruppe", "GetPersonkategori")
        part = "historik" if name.endswith("Historik") else (UNKNOWN if single else "")
        return {"REST": lambda a, cpr: a.read(cpr, kind, part)}
    if name.endswith("MedIdentifier"):
        return {"REST": lambda a, cpr: a.register(cpr, Create(kind, 13, TODAY, id=new_uuid()), Channel.PVS)}
    if name.startswith("Delete"):
        return {"REST": register(Delete(kind, UNKNOWN), Channel.PVS)}
    command = Create(kind, 13, TODAY) if name.startswith("Create") else Update(kind, UNKNOWN, NOW)
    return {
        "REST": register(command, Channel.PVS),
        "converter": register(command, Channel.PRS),
        "classic": register(command, Channel.PRS),
    }


NEIGHBOURS: Mapping[str, neighbours.NeighbourCommand] = {
    "FravaerService.CreateFravaer": neighbours.RegisterFravaer(id=UNKNOWN, type=2, since=NOW.date()),
    "FravaerService.UpdateFravaer": neighbours.EndFravaer(id=UNKNOWN, until=NOW.date()),
    "FlexjobService.CreateFlexjob": neighbours.RegisterFleksjob(id=UNKNOWN, since=NOW.date()),
    "FlexjobService.UpdateFlexjob": neighbours.EndFleksjob(id=UNKNOWN, until=NOW.date()),
    "AktivitetstillaegService.CreateAktivitetstillaeg": neighbours.RegisterAktivitetstillaeg(
        id=UNKNOWN, since=NOW.date()
    ),
    "UnemploymentEnrollmentService.UnemploymentEnrollment": neighbours.CreateTilmelding(
        category=2, unemployment_degree=1, on_date=NOW.date()
    ),
    "UnemploymentEnrollmentService.CancelUnemploymentEnrollment": neighbours.EndTilmelding(on_date=NOW.date(), cause=1),
    "IllnessCompositeService.CreateIllness": neighbours.ReportIllness(
        id=UNKNOWN, source=neighbours.IllnessSource.FRAVAER, since=NOW.date()
    ),
    "IllnessCompositeService.CreateRecovery": neighbours.ReportRecovery(id=UNKNOWN, on_date=NOW.date()),
    "IllnessRecoveryInformationService.CreateIllness": neighbours.ReportIllness(
        id=UNKNOWN, source=neighbours.IllnessSource.EMPLOYMENT, since=NOW.date()
    ),
    "IllnessRecoveryInformationService.CreateRecovery": neighbours.ReportRecovery(id=UNKNOWN, on_date=NOW.date()),
}
SERVICES = {PVS, PRS, *ReadService, "VisiteringOgStatusStatusService"}
METHODS = [method for method in contract().access.matrix if method.partition(".")[0] in SERVICES]


@pytest.mark.parametrize("organisation_type", sorted(contract().organisation_types))
@pytest.mark.parametrize("method", METHODS)
def test_each_cell_of_the_access_matrix(stage: StageAccess, method: str, organisation_type: int) -> None:
    organisation = Organisation(organisation_type, "101")
    for relation in RELATIONS:
        expected = expected_answer(method, organisation_type, relation)
        for way, call in call_of(method).items():
            stage.control.force_backend(PrsSoap(way) if way != "REST" else None)
            party = Party(caller(organisation, relation), contract(), stage.transport, new_uuid)
            response = call(party, stage.citizen(organisation, relation))
            codes = {error.code for error in response.errors} if isinstance(response, Refusal) else set()
            assert codes & ACCESS_CODES == ({expected} if expected else set()), f"{relation.name} over {way}: {codes}"
            assert not expected or codes == {expected}, (
                f"{relation.name} over {way}: more than the refusal was told: {codes}"
            )


@pytest.mark.parametrize("organisation_type", sorted(contract().organisation_types))
@pytest.mark.parametrize("method", NEIGHBOURS)
def test_each_cell_of_a_neighbour_service(stage: StageAccess, method: str, organisation_type: int) -> None:
    organisation = Organisation(organisation_type, "101")
    for relation in RELATIONS:
        expected = expected_answer(method, organisation_type, relation)
        cpr = stage.citizen(organisation, relation)
        response = stage.neighbour.tell(method, cpr, caller(organisation, relation), NEIGHBOURS[method])
        codes = [error.code for error in response.errors]
        assert codes == [expected] if expected else not ACCESS_CODES & set(codes), f"{relation.name}: {codes}"


def test_the_classic_backend_checks_the_soap_operation() -> None:
    matrix = {
        method: {} if method == f"{PRS}.CreateContactGroup" else row for method, row in contract().access.matrix.items()
    }
    closed = replace(contract(), access=replace(contract().access, matrix=matrix))
    stage, organisation, own = StageAccess(closed), Organisation(8, "101"), RELATIONS[0]
    for way, expected in ((PrsSoap.CLASSIC, True), (PrsSoap.CONVERTER, False)):
        stage.control.force_backend(way)
        party = Party(caller(organisation, own), closed, stage.transport, new_uuid)
        response = register(Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PRS)(party, stage.citizen(organisation, own))
        assert isinstance(response, Refusal) == expected, way


def test_all_methods_are_covered() -> None:
    assert {*METHODS, *NEIGHBOURS} == set(contract().access.matrix)
    assert {method.partition(".")[0] for method in METHODS} == SERVICES
