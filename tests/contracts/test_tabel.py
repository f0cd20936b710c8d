from pathlib import Path

import pytest

from byggeklodser import kontrakt
from vos_contracts.kontrakt import indlaes
from vos_contracts.tabel import FORMER, Sikkerhed, TabelFejl, Tabelform, laeg_over, parse

FORM = Tabelform("proeve", ("noegle",), frozenset({"status"}))
TEKST = "noegle,vaerdi,status,kilde,sikkerhed\na,1,400,epic,epic\nb,2,400,valg,assumed\nc,,400,side,documented\n"


@pytest.mark.parametrize(
    ("tekst", "melding"),
    [
        ("noegle,vaerdi,sikkerhed\n", "proeve.csv: column 'kilde' is missing"),
        ("noegle,kilde,sikkerhed\na,x,epic\na,x,epic\n", "proeve.csv:3: key a stands twice"),
        ("noegle,kilde,sikkerhed\na,x,sikkert\n", "proeve.csv:2: sikkerhed is 'sikkert', must be one of epic"),
        ("noegle,kilde,sikkerhed\na,x\n", "proeve.csv:2: the row has not 3 cells"),
    ],
)
def test_en_tabel_der_bryder_sit_format(tekst: str, melding: str) -> None:
    with pytest.raises(TabelFejl, match=melding):
        parse(FORM, tekst, "proeve.csv")


def test_et_overlay_maa_aendre_det_antagne_det_tomme_og_vores_egne_kolonner() -> None:
    ny, aendringer = laeg_over(
        FORM, parse(FORM, TEKST, "p"), "noegle,vaerdi,status\nb,22,400\nc,3,400\na,1,422\n", "o.csv"
    )
    assert [(noegle[0], en["vaerdi"], en["status"]) for noegle, en in ny.items()] == [
        ("a", "1", "422"), ("b", "22", "400"), ("c", "3", "400"),
    ]  # fmt: skip
    assert aendringer == (
        "proeve/b.vaerdi: '2' -> '22'", "proeve/c.vaerdi: '' -> '3'", "proeve/a.status: '400' -> '422'",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tekst", "melding"),
    [
        ("noegle,vaerdi\na,9\n", r"o.csv:2: a: vaerdi is epic \(epic\); an overlay may change assumed facts only"),
        ("noegle,vaerdi\nz,9\n", "o.csv:2: z: the contract has no such key in proeve"),
        ("noegle,ukendt\nb,9\n", "o.csv:2: b: the contract has no column 'ukendt'"),
        ("vaerdi\n9\n", "o.csv: column 'noegle' is missing"),
    ],
)
def test_et_overlay_der_gaar_for_vidt(tekst: str, melding: str) -> None:
    with pytest.raises(TabelFejl, match=melding):
        laeg_over(FORM, parse(FORM, TEKST, "p"), tekst, "o.csv")


def test_et_overlay_kan_tilfoeje_og_fjerne_antagne_raekker() -> None:
    tabel = parse(FORM, TEKST, "p")
    ny, aendringer = laeg_over(
        FORM, tabel, "noegle,vaerdi,status,handling\nb,,,fjern\nd,4,409,tilfoej\nc,3,400,\n", "o.csv"
    )
    assert [(noegle[0], en["vaerdi"], en.sikkerhed) for noegle, en in ny.items()] == [
        ("a", "1", Sikkerhed.EPIC), ("c", "3", Sikkerhed.DOCUMENTED), ("d", "4", Sikkerhed.ASSUMED),
    ]  # fmt: skip
    assert aendringer == ("proeve/b: fjern", "proeve/d: tilfoej", "proeve/c.vaerdi: '' -> '3'")


@pytest.mark.parametrize(
    ("raekke", "melding"),
    [
        ("a,,,fjern", r"o.csv:2: a: the row is epic \(epic\); an overlay may remove assumed ones only"),
        ("z,,,fjern", "o.csv:2: z: the contract has no such key"),
        ("b,9,,tilfoej", "o.csv:2: b: stands in proeve already"),
        ("d,9,,slet", "o.csv:2: d: handling is 'slet', must be empty, 'tilfoej' or 'fjern'"),
        ("d,9,,", "o.csv:2: d: the contract has no such key in proeve; a column 'handling' with 'tilfoej' adds it"),
    ],
)
def test_raekker_der_ikke_kan_skiftes(raekke: str, melding: str) -> None:
    with pytest.raises(TabelFejl, match=melding):
        laeg_over(FORM, parse(FORM, TEKST, "p"), f"noegle,vaerdi,status,handling\n{raekke}\n", "o.csv")


def test_navne_kan_kun_aendres(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text("noegle,vaerdi,handling\nheader.system,,fjern\n")
    with pytest.raises(TabelFejl, match="rows of navne can be changed, not added or removed"):
        indlaes(tmp_path)


@pytest.mark.parametrize(
    ("fil", "raekke", "melding"),
    [
        ("navne.csv", "header.brugerNavn,x foo: bar", "'x foo: bar' must be an HTTP header name"),
        ("navne.csv", "header.brugerNavn,X-UserIdentifier", "is the name of header.brugerId already"),
        ("navne.csv", "json.fejlkode,a b", "must be a JSON member name"),
        (
            "navne.csv",
            "sti.personkategori,/v1/PersonVisitering/kontaktgruppe",
            "is the name of sti.kontaktgruppe already",
        ),
        ("navne.csv", "sti.personkategori,/v1/{x}", "must be a path that begins with / and has no variable in it"),
        ("navne.csv", "sti.historik,a/b", "must be one segment of a path"),
        ("navne.csv", "namespace.PersonRegistrationService,", "must be a URI"),
        ("navne.csv", "element.PersonRegistrationService.ContactGroup,1 bad<", "must be an XML name without a colon"),
        ("navne.csv", "raekkefoelge.PersonRegistrationService.ServiceReceiptType,Foo Bar", "must hold the same names"),
        ("navne.csv", "maegler.exchange,amq.topic", "must be a name on a broker"),
        ("navne.csv", "maegler.exchange,to ord", "must be a name on a broker"),
        ("navne.csv", "emne.oprettet,a.b", "must be one word of a routing key"),
        ("navne.csv", "emne.oprettet,slettet", "is the name of emne.slettet already"),
        ("fejl.csv", "4703,999", r"fejl/4703\.http_status: '999' must be a number 400-599"),
        ("fejl.csv", "4703,200", "must be a number 400-599"),
    ],
)
def test_et_navn_der_ikke_kan_bruges_afvises_ved_indlaesning(
    tmp_path: Path, fil: str, raekke: str, melding: str
) -> None:
    hoved = {"navne.csv": "noegle,vaerdi", "fejl.csv": "kode,http_status"}[fil]
    (tmp_path / fil).write_text(f"{hoved}\n{raekke}\n", "utf-8")
    with pytest.raises(TabelFejl, match=melding):
        indlaes(tmp_path)


def test_en_overlaymappe_der_ikke_er_en(tmp_path: Path) -> None:
    with pytest.raises(TabelFejl, match="holds no contract table"):
        indlaes(tmp_path)
    (tmp_path / "navn.csv").write_text("noegle,vaerdi\n")
    with pytest.raises(TabelFejl, match=r"navn\.csv: not a contract table; the tables are .*navne\.csv"):
        indlaes(tmp_path)


def test_en_aendret_celle_giver_en_anden_hash(tmp_path: Path) -> None:
    (tmp_path / "kontaktgruppe.csv").write_text("kode,navn\n3,Noget andet\n", "utf-8")
    andet = indlaes(tmp_path)
    assert andet.kontaktgrupper[3].navn == "Noget andet"
    assert andet.hash != kontrakt().hash


def test_hver_raekke_har_kilde_og_sikkerhed() -> None:
    for navn in FORMER:
        for noegle, raekke in kontrakt().tabeller[navn].items():
            assert raekke.kilde, (navn, noegle)
            assert raekke.sikkerhed in Sikkerhed


def test_epicens_egne_tal() -> None:
    """What the epic itself says stands in the tables, whatever else they hold."""
    k = kontrakt()
    assert set(k.kontaktgrupper) == {*range(1, 9), *range(10, 30)}
    assert {gruppe for gruppe, regler in k.grupperegler.items() if regler.akasse_ser} == {
        1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25,
    }  # fmt: skip
    assert k.fejl[100028].dansk == "Slutdato kan ikke være fremtidig"
    assert k.fejl[100029].dansk == (
        "Kontaktgruppen kan ikke ændres til anden kontaktgruppe for tilmeldte, opdater i stedet tilmeldingen"
    )
    assert {gruppe for gruppe, regler in k.grupperegler.items() if regler.under_alder == 30} == {12, 28}
    assert set(k.udgaver) == {"2024-3", "2024-4", "2025-1", "2025-2"}
