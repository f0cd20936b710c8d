from pathlib import Path

import pytest

from support.builders import contract
from vos_contracts.contract import load
from vos_contracts.tables.table import TABLE_FORMS, Certainty, TableError, TableForm, lay_over, parse

FORM = TableForm("trial", ("key",), frozenset({"status"}))
TEXT = "key,value,status,source,certainty\na,1,400,epic,epic\nb,2,400,valg,assumed\nc,,400,side,documented\n"


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("key,value,certainty\n", "trial.csv: column 'source' is missing"),
        ("key,source,certainty\na,x,epic\na,x,epic\n", "trial.csv:3: key a stands twice"),
        ("key,source,certainty\na,x,sikkert\n", "trial.csv:2: certainty is 'sikkert', must be one of epic"),
        ("key,source,certainty\na,x\n", "trial.csv:2: the row must have 3 cells"),
    ],
)
def test_a_malformed_table_is_refused(text: str, notice: str) -> None:
    with pytest.raises(TableError, match=notice):
        parse(FORM, text, "trial.csv")


def test_an_overlay_may_change_assumed_rows_empty_cells_and_assumed_columns() -> None:
    new, changes = lay_over(FORM, parse(FORM, TEXT, "p"), "key,value,status\nb,22,400\nc,3,400\na,1,422\n", "o.csv")
    assert [(key[0], item["value"], item["status"]) for key, item in new.items()] == [
        ("a", "1", "422"), ("b", "22", "400"), ("c", "3", "400"),
    ]  # fmt: skip
    assert changes == (
        "trial/b.value: '2' -> '22'", "trial/c.value: '' -> '3'", "trial/a.status: '400' -> '422'",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("key,value\na,9\n", r"o.csv:2: a: value is epic \(epic\); an overlay may change assumed facts only"),
        ("key,value\nz,9\n", "o.csv:2: z: the contract has no such key in trial"),
        ("key,unknown\nb,9\n", "o.csv:2: b: the contract has no column 'unknown'"),
        ("value\n9\n", "o.csv: column 'key' is missing"),
    ],
)
def test_an_overlay_that_goes_too_far_is_refused(text: str, notice: str) -> None:
    with pytest.raises(TableError, match=notice):
        lay_over(FORM, parse(FORM, TEXT, "p"), text, "o.csv")


def test_an_overlay_can_add_rows_and_remove_assumed_ones() -> None:
    table = parse(FORM, TEXT, "p")
    new, changes = lay_over(FORM, table, "key,value,status,action\nb,,,remove\nd,4,409,add\nc,3,400,\n", "o.csv")
    assert [(key[0], item["value"], item.certainty) for key, item in new.items()] == [
        ("a", "1", Certainty.EPIC), ("c", "3", Certainty.DOCUMENTED), ("d", "4", Certainty.ASSUMED),
    ]  # fmt: skip
    assert changes == ("trial/b: remove", "trial/d: add", "trial/c.value: '' -> '3'")


@pytest.mark.parametrize(
    ("row", "notice"),
    [
        ("a,,,remove", r"o.csv:2: a: the row is epic \(epic\); an overlay may remove assumed ones only"),
        ("z,,,remove", "o.csv:2: z: the contract has no such key"),
        ("b,9,,add", "o.csv:2: b: stands in trial already"),
        ("d,9,,slet", "o.csv:2: d: action is 'slet', must be empty, 'add' or 'remove'"),
        ("d,9,,", "o.csv:2: d: the contract has no such key in trial; a column 'action' with 'add' adds it"),
    ],
)
def test_rows_that_an_overlay_cannot_add_or_remove(row: str, notice: str) -> None:
    with pytest.raises(TableError, match=notice):
        lay_over(FORM, parse(FORM, TEXT, "p"), f"key,value,status,action\n{row}\n", "o.csv")


def test_names_can_only_be_changed(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("key,value,action\nheader.system,,remove\n")
    with pytest.raises(TableError, match="rows of names can be changed, not added or removed"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("file", "row", "notice"),
    [
        ("names.csv", "header.userName,x foo: bar", "'x foo: bar' must be an HTTP header name"),
        ("names.csv", "header.userName,X-UserIdentifier", "is the name of header.userId already"),
        ("names.csv", "json.fejlkode,a b", "must be a JSON member name"),
        (
            "names.csv",
            "path.personkategori,/v1/PersonVisitering/kontaktgruppe",
            "is the name of path.kontaktgruppe already",
        ),
        ("names.csv", "path.personkategori,/v1/{x}", "must be a path that begins with / and has no variable in it"),
        ("names.csv", "path.history,a/b", "must be one segment of a path"),
        ("names.csv", "namespace.PersonRegistrationService,", "must be a URI"),
        ("names.csv", "element.PersonRegistrationService.ContactGroup,1 bad<", "must be an XML name without a colon"),
        ("names.csv", "order.PersonRegistrationService.ServiceReceiptType,Foo Bar", "must hold the same names"),
        ("names.csv", "broker.exchange,amq.topic", "must be a name on a broker"),
        ("names.csv", "broker.exchange,to ord", "must be a name on a broker"),
        ("names.csv", "topic.created,a.b", "must be one word of a routing key"),
        ("names.csv", "topic.created,slettet", "is the name of topic.deleted already"),
        ("errors.csv", "4703,999", r"errors/4703\.http_status: '999' must be a number 400-599"),
        ("errors.csv", "4703,200", "must be a number 400-599"),
    ],
)
def test_an_unusable_name_is_refused_on_load(tmp_path: Path, file: str, row: str, notice: str) -> None:
    head = {"names.csv": "key,value", "errors.csv": "code,http_status"}[file]
    (tmp_path / file).write_text(f"{head}\n{row}\n", "utf-8")
    with pytest.raises(TableError, match=notice):
        load(tmp_path)


def test_a_folder_that_is_no_overlay_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="holds no contract table"):
        load(tmp_path)
    (tmp_path / "name.csv").write_text("key,value\n")
    with pytest.raises(TableError, match=r"name\.csv: not a contract table; the tables are .*names\.csv"):
        load(tmp_path)


def test_a_changed_cell_gives_another_hash(tmp_path: Path) -> None:
    (tmp_path / "kontaktgruppe.csv").write_text("code,name\n3,Noget andet\n", "utf-8")
    other = load(tmp_path)
    assert other.kontaktgrupper[3].name == "Noget andet"
    assert other.hash != contract().hash


def test_every_row_has_a_source_and_a_certainty() -> None:
    for name in TABLE_FORMS:
        for key, row in contract().tables[name].items():
            assert row.source, (name, key)
            assert row.certainty in Certainty


def test_the_numbers_of_the_epic() -> None:
    """The tables hold the numbers and texts that the epic states."""
    k = contract()
    assert set(k.kontaktgrupper) == {*range(1, 9), *range(10, 30)}
    assert {group for group, rules in k.group_rules.items() if rules.visible_to_akasse} == {
        1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25,
    }  # fmt: skip
    assert k.errors[100028].danish == "Slutdato kan ikke være fremtidig"
    assert k.errors[100029].danish == (
        "Kontaktgruppen kan ikke ændres til anden kontaktgruppe for tilmeldte, opdater i stedet tilmeldingen"
    )
    assert {group for group, rules in k.group_rules.items() if rules.age_below == 30} == {12, 28}
    assert set(k.releases) == {"2024-3", "2024-4", "2025-1", "2025-2"}
