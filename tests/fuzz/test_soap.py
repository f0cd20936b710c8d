"""The SOAP hunt: planted faults are found, the reference has no finding, and most undistorted messages are valid."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from generalproeve.fuzz.hunts import draw_examples
from generalproeve.fuzz.schema_strategy import SchemaStrategy
from support.builders import contract
from support.fuzz_command import FAULTS, findings, fuzz
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.soap.schemas import services

PLANTED = {
    "support.misbehaving:translates_error_codes_on_soap": "intern fejl",
}
PLANTED_SLOW = {
    f"{FAULTS}:accepts_a_header_twice": "et kald, der skal afvises, blev udført (en header to gange)",
    f"{FAULTS}:answers_outside_the_contract": "[4322] er ikke blandt operationens egne",
    f"{FAULTS}:hangs_up_mid_answer": "ubesvaret: ",
}
MIDNIGHT = datetime(2024, 11, 18, tzinfo=DANISH_TIME)
OPERATIONS = [
    (service.name, operation.name)
    for service in services(contract()).values()
    for operation in service.operations.values()
]


@pytest.mark.parametrize(
    ("builder", "breach"),
    [*PLANTED.items(), *(pytest.param(*fault, marks=pytest.mark.slow) for fault in PLANTED_SLOW.items())],
)
def test_a_planted_fault_is_found_and_replayed(builder: str, breach: str, tmp_path: Path) -> None:
    (found,) = findings("--soap", "--seed", "1", "--max-calls", "800", folder=tmp_path, builder=builder)
    assert breach in found["what"]
    assert "fund: " in fuzz("--replay", found["file"], folder=tmp_path, code=1, builder=builder).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", found["file"], folder=tmp_path, code=0).stdout


def test_the_reference_has_no_finding(tmp_path: Path) -> None:
    output = fuzz("--soap", "--seed", "1", "--max-calls", "300", folder=tmp_path, code=0).stdout
    assert "0 fund, seed 1" in output


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_most_messages_drawn_from_the_schema_are_valid(service: str, operation: str) -> None:
    """Unusual times and texts may break a facet, but most messages of an operation must pass the schema."""
    schema = services(contract())[service]
    strategy = SchemaStrategy(schema, ["0203840000"], MIDNIGHT).element(schema.operations[operation].request)
    valid = [not schema.breach(element) for element in draw_examples(strategy, 30, 0)]
    assert sum(valid) > len(valid) // 2
