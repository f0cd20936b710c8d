import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from support.builders import contract
from support.each import check_each
from vos_contracts.examples import CHANNELS, Example, all_examples, refusal_file, refusals
from vos_contracts.examples.generation import refusal_lines
from vos_contracts.examples.validation import _access_breach, _example_breach, breach
from vos_contracts.tables.access import AccessRules, Level
from vos_contracts.tables.fravaer import illness_sources
from vos_contracts.tables.table import Certainty, Row
from vos_contracts.wire.soap.schemas import services

DAY = timedelta(days=1)
RULES = AccessRules({"PSS": {2: frozenset({Level.FORMER_OWN})}}, {("PSS", 2): (DAY, DAY)}, frozenset(), {})


def test_the_shipped_contract_is_consistent() -> None:
    assert list(breach(contract())) == []


def test_a_dangling_reference_is_found() -> None:
    tables = dict(contract().tables)
    wrong = Row({"service": "S", "method": "M", "error_code": "7"}, "x", Certainty.ASSUMED)
    tables["method_errors"] = {("S", "M", "7"): wrong}
    assert list(breach(replace(contract(), tables=tables))) == [
        "method_errors: S.M names error 7, which is not in errors"
    ]


def test_a_code_with_two_meanings_is_found() -> None:
    tables = dict(contract().tables)
    for key, row in tables["illness_source"].items():
        tables["illness_source"] = {
            **tables["illness_source"],
            key: replace(row, cells={**row.cells, "code": "1"}),
        }
    ambiguous = replace(contract(), tables=tables, illness_sources=illness_sources(tables["illness_source"]))
    assert list(breach(ambiguous)) == ["illness_source: SustenanceSystemCaseTypeIdentifier gives one code two meanings"]


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        ({"periods": {}}, "PSS is open to former own of type 2, for which access_period has no days"),
        (
            {"periods": {("PSS", 2): (timedelta(days=-1), timedelta(0))}},
            "PSS for type 2 has a negative number of days",
        ),
        ({"blocked": frozenset({(9, "PSS")})}, "PSS names system 9, which is not in client_system"),
        ({"blocked": frozenset({(3002, "X")})}, "names X, which is not in access"),
        ({"jobnet": {99: frozenset()}}, "names organisation type 99, which is not in organisation_type"),
        ({"jobnet": {2: frozenset({(9, None)})}}, "names group 9, which is not in kontaktgruppe"),
        ({"jobnet": {2: frozenset({(None, 99)})}}, "names category 99, which is not in tilmeldekategori"),
    ],
)
def test_dangling_references_in_the_access_tables_are_found(change: dict[str, Any], notice: str) -> None:
    assert list(_access_breach(replace(contract(), access=RULES))) == []
    (found,) = _access_breach(replace(contract(), access=replace(RULES, **change)))
    assert found.endswith(notice)


def test_breaches_of_the_access_tables_are_among_the_contracts() -> None:
    assert list(breach(replace(contract(), access=RULES))) == []
    broken = replace(contract(), access=replace(RULES, periods={}))
    assert list(breach(broken)) == list(_access_breach(broken)) != []


def test_every_operation_and_every_error_code_has_its_examples() -> None:
    examples = list(all_examples())

    def exists(service: str, method: str, name: str) -> bool:
        return any(
            (example.operation, example.name) == (method, name) and example.may_belong_to(service)
            for example in examples
        )

    for service, method, code in contract().tables["method_errors"]:
        assert exists(service, method, f"refusal.{code}"), (service, method, code)
    for service_ in services(contract()).values():
        for operation in service_.operations:
            if operation != "CreatePersonCategoryAndInterview":
                for name in ("request.xml", "response.xml"):
                    assert exists(service_.name, operation, name), (service_.name, operation, name)


def test_a_broken_example_is_detected() -> None:
    for example in all_examples():
        if example.channel == "soap":
            marker = b"ErrorCode>" if example.is_refusal else b"Identifier>"
            broken = Example(
                example.channel, example.folder, example.name, example.content.replace(marker, b"Identifikator>")
            )
            assert list(_example_breach(broken, contract())), example.path


def test_a_refusal_of_another_code_is_seen() -> None:
    def check(message: Example) -> None:
        code = message.name.removeprefix("refusal.").encode()
        other = Example(message.channel, message.folder, message.name, message.content.replace(code, b"9999"))
        assert list(_example_breach(other, contract()))

    check_each([example for example in all_examples() if example.is_refusal], check, lambda message: message.path)


def test_a_rest_refusal_with_another_text_is_seen() -> None:
    def check(message: Example) -> None:
        answer = json.loads(message.content)
        answer["body"]["fejl"][0]["fejltekst"] = "noget andet"
        changed = Example(message.channel, message.folder, message.name, json.dumps(answer).encode())
        assert list(_example_breach(changed, contract()))

    check_each(refusals("rest"), check, lambda message: message.path)


def test_the_refusals_are_those_that_the_contract_generates() -> None:
    """Line by line, so that the message names the operation and the code."""
    for channel in CHANNELS:
        stored = refusal_file(channel).decode().splitlines()
        generated = list(refusal_lines(channel, contract()))
        differing = [line for line in stored if line not in generated] + [
            item for item in generated if item not in stored
        ]
        assert differing == [], f"{channel}: write them anew with: python tools/refusal_examples.py"
        assert stored == generated, f"{channel}: the order differs"
