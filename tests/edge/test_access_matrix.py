"""One test per cell of the access matrix: method by organisation type, tried as everybody whom a level tells apart.

Through the front door, over REST and over SOAP behind both back ends; a neighbour service's over the internal interface.
What must be answered is worked out here from what the levels mean, not by the code that decides.
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
PVS, PRS, PASSWORDS = "PersonVisiteringService", "PersonRegistrationService", {4575, 6005, 4511}
SOAP = (PrsSoap.CONVERTER.value, PrsSoap.CLASSIC.value)
UNKNOWN = "00000000-0000-0000-0000-0000000000ee"


@dataclass(frozen=True)
class Ratio:
    """Who the caller is to the citizen."""

    name: str
    own: bool = False
    former: int | None = None
    guest: bool = False
    operator: Organisation | None = None
    OPERATOR_S: bool = False
    system: bool = False


RATIO = (
    Ratio("own", own=True),
    Ratio("foreign"),
    Ratio("ophoert for 60 dage siden", former=60),
    Ratio("ophoert for 200 dage siden", former=200),
    Ratio("guest", guest=True),
    Ratio("operatør for egen", own=True, operator=OPERATOR, OPERATOR_S=True),
    Ratio("operatør for gæst", guest=True, operator=OPERATOR, OPERATOR_S=True),
    Ratio("operatør uden borgeren", own=True, operator=FOREIGN_OPERATOR),
    Ratio("operatør for en fremmed", operator=OPERATOR, OPERATOR_S=True),
    Ratio("system", system=True),
)


def expected_answer(method: str, organisation_type: int, ratio: Ratio) -> int:
    """What a reader of "Tilladte organisationer" would say: 0, or the code."""
    levels = contract().access.matrix.get(method, {}).get(organisation_type, frozenset())
    if ratio.operator is not None:
        party = {Level.AA_OWN, Level.AA_GUEST, Level.AA_ALL} & levels
        if not party:
            return 4575
        own = Level.AA_OWN in levels and ratio.own and ratio.OPERATOR_S
        guests = Level.AA_GUEST in levels and ratio.guest and ratio.OPERATOR_S
        return 0 if own or guests or Level.AA_ALL in levels else 4511
    if Level.ALL in levels:
        return 0
    if not {Level.OWN, Level.FORMER_OWN, Level.GUEST, Level.SYSTEM_ALL} & levels:
        return 4575
    access = (
        (Level.OWN in levels and ratio.own)
        or (Level.GUEST in levels and ratio.guest)
        or (Level.SYSTEM_ALL in levels and ratio.system)
        or (Level.FORMER_OWN in levels and (ratio.own or ratio.former == 60))
    )
    if access:
        return 0
    return 6005 if organisation_type == 8 else 4575


class StageAccess:
    """A stage in this process, with citizens of every relation to one organisation."""

    def __init__(self, contract_: Contract | None = None) -> None:
        application = build(Configuration(db=None, clock=NOW), contract_ or contract(), empty_store())  # type: ignore[arg-type]  # no file
        self.transport = Direct(application.services)
        self.control, self.neighbour = Control(Direct(application.control)), Neighbour(Direct(application.control))
        self._people = People(seed=5)

    def citizen(self, organisation: Organisation, ratio: Ratio) -> str:
        citizen = self._people.new(40, NOW.date())
        dto = on_stage(citizen, jobcenter=None, kommune=None)

        def hos(item: Organisation, until: int | None = None) -> MembershipDto:
            end = None if until is None else NOW.date() - timedelta(days=until)
            return MembershipDto(organisation_type=item.type, organisation_code=item.code, until=end)

        memberships = [hos(organisation)] if ratio.own else []
        if ratio.former is not None:
            memberships.append(hos(organisation, ratio.former))
        if ratio.OPERATOR_S:
            memberships.append(hos(OPERATOR))
        dto.memberships = tuple(memberships)
        dto.guests = (hos(organisation),) if ratio.guest else ()
        self.control.set_up(dto)
        return citizen.cpr


@pytest.fixture(scope="module")
def stage() -> Iterator[StageAccess]:
    yield StageAccess()


def caller(organisation: Organisation, ratio: Ratio) -> Identity:
    who = identity(organisation, ratio.operator)
    return replace(who, user=replace(who.user, type=3)) if ratio.system else who


Call = Callable[[Party, str], object]


def register(command: Create | Update | Delete, channel: Channel) -> Call:
    return lambda party, cpr: party.register(cpr, command, channel)


def call_of(method: str) -> dict[str, Call]:
    """Every way to call a method; SOAP behind each back end."""
    service, _, name = method.partition(".")
    if service in set(ReadService):
        item = ReadService(service)
        return {
            "converter": lambda a, cpr: a.reader.collections(item, cpr),
            "classic": lambda a, cpr: a.reader.collections(item, cpr),
        }
    if service == PRS:
        kind = Kind.KONTAKTGRUPPE if name.endswith("ContactGroup") else Kind.PERSONKATEGORI
        prs = Create(kind, 13, TODAY) if name.startswith("Create") else Update(kind, UNKNOWN, NOW)
        return {"converter": register(prs, Channel.PRS), "classic": register(prs, Channel.PRS)}
    if service != PVS:
        return {"REST": lambda a, cpr: a.reader.status(cpr)}
    kind = Kind.KONTAKTGRUPPE if "ontaktgruppe" in name else Kind.PERSONKATEGORI
    if name.startswith("Get"):
        part_ = (
            "history"
            if name.endswith("Historik")
            else UNKNOWN
            if name in ("GetKontaktgruppe", "GetPersonkategori")
            else ""
        )
        return {"REST": lambda a, cpr: a.read(cpr, kind, part_)}
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
def test_cellen(stage: StageAccess, method: str, organisation_type: int) -> None:
    organisation = Organisation(organisation_type, "101")
    for ratio in RATIO:
        expected = expected_answer(method, organisation_type, ratio)
        for way, call in call_of(method).items():
            stage.control.force_backend(PrsSoap(way) if way != "REST" else None)
            party = Party(caller(organisation, ratio), contract(), stage.transport, new_uuid)
            response = call(party, stage.citizen(organisation, ratio))
            tables = {error.code for error in response.errors} if isinstance(response, Refusal) else set()
            assert tables & PASSWORDS == ({expected} if expected else set()), f"{ratio.name} over {way}: {tables}"
            assert not expected or tables == {expected}, (
                f"{ratio.name} over {way}: more than the refusal was told: {tables}"
            )


@pytest.mark.parametrize("organisation_type", sorted(contract().organisation_types))
@pytest.mark.parametrize("method", NEIGHBOURS)
def test_naboens_celle(stage: StageAccess, method: str, organisation_type: int) -> None:
    organisation = Organisation(organisation_type, "101")
    for ratio in RATIO:
        expected = expected_answer(method, organisation_type, ratio)
        cpr = stage.citizen(organisation, ratio)
        response = stage.neighbour.tell(method, cpr, caller(organisation, ratio), NEIGHBOURS[method])
        tables = [error.code for error in response.errors]
        assert tables == [expected] if expected else not PASSWORDS & set(tables), f"{ratio.name}: {tables}"


def test_den_klassiske_bagende_spoerger_om_soap_operationen() -> None:
    matrix = {
        item: {} if item == f"{PRS}.CreateContactGroup" else row for item, row in contract().access.matrix.items()
    }
    closed = replace(contract(), access=replace(contract().access, matrix=matrix))
    stage, organisation, own = StageAccess(closed), Organisation(8, "101"), RATIO[0]
    for way, expected in ((PrsSoap.CLASSIC, True), (PrsSoap.CONVERTER, False)):
        stage.control.force_backend(way)
        party = Party(caller(organisation, own), closed, stage.transport, new_uuid)
        response = register(Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PRS)(party, stage.citizen(organisation, own))
        assert isinstance(response, Refusal) == expected, way


def test_alle_metoder_er_med() -> None:
    assert {*METHODS, *NEIGHBOURS} == set(contract().access.matrix)
    assert {method.partition(".")[0] for method in METHODS} == SERVICES
