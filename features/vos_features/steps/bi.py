"""Steps about BI deliveries: making them, and checking the content of their files."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from pytest_bdd import parsers, then, when

from vos_contracts.model.cpr import birth_date, could_be_issued, masked
from vos_features.capabilities import Capability
from vos_features.expectation import equal, said
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.bi.delivery import DeliveryKind, Manifest, Order, make_delivery

_KEYS = {"nøglen": b"generalproeve: en noegle til proever", "en anden nøgle": b"generalproeve: noget ganske andet"}

FileRows = list[dict[str, str]]


@dataclass
class BiDeliveries:
    """The deliveries of one scenario as (folder, manifest), the latest last."""

    root: Path
    manifests: list[tuple[Path, Manifest]] = field(default_factory=list)

    def order(self, scenario: Scenario, kind: DeliveryKind, key: str | None = None, folder: str = "bi") -> None:
        """Make a delivery into a folder below `root`."""
        scenario.stage.gate.require(Capability.RESET)  # a delivery holds all citizens of the stage
        order = Order(self.root / folder, kind, key=None if key is None else _KEYS[key])
        manifest = make_delivery(scenario.stage.reader, scenario.stage.control.status(), order)
        self.manifests.append((order.folder / manifest.folder, manifest))

    def rows(self, file: str, number: int = -1) -> FileRows:
        """Read a file of a delivery; `number` is an index into `manifests`."""
        with (self.manifests[number][0] / f"{file}.csv").open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield name and text of every file of every delivery."""
        for file in sorted(self.root.rglob("*.*")):
            if file.is_file():
                yield file.name, file.read_text("utf-8")


@pytest.fixture
def deliveries(tmp_path: Path) -> BiDeliveries:
    """The scenario's deliveries in a temporary folder."""
    return BiDeliveries(tmp_path)


@when(parsers.parse("BI får en {kind:BiDelivery}", extra_types=TYPES))
def bi_is_delivered(scenario: Scenario, kind: DeliveryKind, deliveries: BiDeliveries) -> None:
    """Make a delivery without pseudonyms."""
    scenario.put_citizen_on_stage()
    deliveries.order(scenario, kind)


@when(parsers.parse("testmiljøet får en pseudonymiseret {kind:BiDelivery} med {key:BiKey}", extra_types=TYPES))
def test_environment_is_delivered(scenario: Scenario, kind: DeliveryKind, key: str, deliveries: BiDeliveries) -> None:
    """Make a delivery with pseudonyms; each key has its own folder."""
    scenario.put_citizen_on_stage()
    deliveries.order(scenario, kind, key, key)


@then("indeholder leverancen præcis disse registreringer:")
def holds_exactly_these_registrations(scenario: Scenario, deliveries: BiDeliveries, datatable: list[list[str]]) -> None:
    """The file of registrations holds exactly these rows, in the order of registration."""
    header, *expected = datatable
    found = [_cells(scenario, row, header) for row in deliveries.rows("registrations")]
    equal("leverancen har", found, expected, "have haft")


@then(
    parsers.parse(
        "indeholder leverancen {registrations:Number} registreringer og {citizens:Number} borgere", extra_types=TYPES
    )
)
def holds_number_of_rows(deliveries: BiDeliveries, registrations: int, citizens: int) -> None:
    """Both files have these numbers of rows, as the manifest states."""
    found = {file: len(deliveries.rows(file)) for file in ("registrations", "citizens")}
    equal("antallet af rækker i leverancen er", found, {"registrations": registrations, "citizens": citizens})
    _, manifest = deliveries.manifests[-1]
    counted = {f"{name}.csv": rows for name, rows in found.items()}
    equal("manifestets antal rækker er", {file.name: file.rows for file in manifest.files}, counted)


@then("passer manifestet til filerne")
def manifest_fits(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """The checksums are those of the files; contract and time are the stage's."""
    folder, manifest = deliveries.manifests[-1]
    for file in manifest.files:
        equal(f"{file.name}: sha256 er", hashlib.sha256((folder / file.name).read_bytes()).hexdigest(), file.sha256)
    status = scenario.stage.control.status()
    told, true = (manifest.contract, manifest.instant), (status.contract_hash, status.clock)
    equal("manifestets kontrakt og tidspunkt er", told, true)


@then("giver leverancerne tilsammen det samme som en ny fuld leverance")
def add_up_to_a_full_delivery(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """The concatenated registrations and each citizen's latest row equal a new full delivery."""
    numbers = range(len(deliveries.manifests))
    registrations = [row for number in numbers for row in deliveries.rows("registrations", number)]
    citizens = {row["citizen_id"]: row for number in numbers for row in deliveries.rows("citizens", number)}
    deliveries.order(scenario, DeliveryKind.FULL, folder="new")
    anew = {row["citizen_id"]: row for row in deliveries.rows("citizens")}
    equal("leverancernes registreringer er tilsammen", registrations, deliveries.rows("registrations"))
    equal("leverancernes borgere er tilsammen", citizens, anew)


@then("står borgerens CPR-nummer kun maskeret i leverancen")
def cpr_is_masked(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """No file holds the whole CPR number."""
    equal("filer med hele CPR-nummeret:", [file for file, text in deliveries.texts() if scenario.cpr in text], [])
    equal("borgernes CPR-numre er", [row["cpr"] for row in deliveries.rows("citizens")], [masked(scenario.cpr)])


@then("står intet af dette i testmiljøets filer: CPR-nummeret, id'er, navne og brugere")
def no_original_value(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """No file holds an original value of any citizen or user."""
    assert scenario.citizen is not None
    secrets = {scenario.cpr, scenario.citizen.name, *scenario.ids.values()}
    for party in scenario.cast.parties.values():
        secrets |= {party.identity.user.name, party.identity.user.id}
    for page in scenario.stage.reader.citizens(0):
        secrets |= {value for citizen in page.citizens for value in (citizen.cpr, citizen.citizen_id)}
    found = [(file, secret) for file, text in deliveries.texts() for secret in secrets if secret in text]
    assert found == [], f"filerne røber {said(found)}"


@then("har borgeren et CPR-nummer, der ikke kan tilhøre nogen")
def cpr_belongs_to_nobody(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """The pseudonym is a number that no human being can have, and its birth date is the one in the file."""
    (citizen,) = deliveries.rows("citizens")
    assert citizen["cpr"] != scenario.cpr, "borgeren har sit eget CPR-nummer i leverancen"
    assert not could_be_issued(citizen["cpr"]), "CPR-nummeret i leverancen kan tilhøre nogen"
    equal("CPR-nummerets fødselsdato er", birth_date(citizen["cpr"]), date.fromisoformat(citizen["born"]))


@then("er borgeren stadig under 30 år")
def is_still_under_thirty(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """The pseudonym is under 30 on the day of the delivery."""
    age = _age_in_delivery(scenario, deliveries)
    assert age < 30, f"borgeren er {age} år"


@then("er borgeren stadig fyldt 30 år")
def is_still_thirty(scenario: Scenario, deliveries: BiDeliveries) -> None:
    """The pseudonym is 30 or older on the day of the delivery."""
    age = _age_in_delivery(scenario, deliveries)
    assert age >= 30, f"borgeren er {age} år"


@then("hører alle leverancernes registreringer til den samme borger og den samme registrering")
def same_citizen_and_registration(deliveries: BiDeliveries) -> None:
    """Identifiers are replaced consistently over all deliveries, and every row belongs to a delivered citizen."""
    numbers = range(len(deliveries.manifests))
    rows = [row for number in numbers for row in deliveries.rows("registrations", number)]
    citizens = {row["citizen_id"] for number in numbers for row in deliveries.rows("citizens", number)}
    assert len(rows) > 1, "der er ikke flere registreringer at sammenligne"
    equal("registreringernes borgere er", {row["citizen_id"] for row in rows}, citizens)
    equal("antallet af borgere og af registreringer er", (len(citizens), len({row["id"] for row in rows})), (1, 1))


@then("har borgeren forskellige CPR-numre i leverancerne")
def different_cpr_numbers(deliveries: BiDeliveries) -> None:
    """Different keys gave different pseudonyms."""
    deliveries_ = range(len(deliveries.manifests))
    numbers = [row["cpr"] for number in deliveries_ for row in deliveries.rows("citizens", number)]
    assert len(numbers) > 1, "der er kun én leverance"
    equal("antallet af forskellige CPR-numre er", len(set(numbers)), len(numbers))


def _age_in_delivery(scenario: Scenario, deliveries: BiDeliveries) -> int:
    (citizen,) = deliveries.rows("citizens")
    born, day = date.fromisoformat(citizen["born"]), scenario.now.date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _registrant(scenario: Scenario, row: Mapping[str, str]) -> str:
    """Return the role whose authority, system and user the row has."""
    in_row = (f"{row['organisation_type']}/{row['organisation_code']}", row["system"], row["user_id"])
    for role, party in scenario.cast.parties.items():
        if in_row in {(str(who.active), str(who.system), who.user.id) for who in party.identities}:
            return role
    return "en anden: {} (system {}, bruger {})".format(*in_row)


def _cells(scenario: Scenario, row: Mapping[str, str], header: Sequence[str]) -> list[str]:
    cells = {
        "art": row["kind"],
        "type": row["type"],
        "slut": "ja" if row["end"] else "",
        "slettet": "ja" if row["is_deleted"] == "yes" else "",
        "registreret fra": _registrant(scenario, row),
    }
    return [cells[column] for column in header]
