import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.each import check_each

from byggeklodser import kontrakt
from vos_contracts.eksempler import CHANNELS, Eksempel, alle, refusal_file, refusals
from vos_contracts.eksempler.generation import refusal_lines
from vos_contracts.koder.aktoerer import Adgangsregler, Niveau
from vos_contracts.koder.sygekilde import sygekilder
from vos_contracts.tabel import Raekke, Sikkerhed
from vos_contracts.validering import _adgangsbrud, _eksempelbrud, brud
from vos_contracts.wire.soap_skema import tjenester

DAG = timedelta(days=1)
REGLER = Adgangsregler({"PSS": {2: frozenset({Niveau.TIDLIGERE_EGNE})}}, {("PSS", 2): (DAG, DAG)}, frozenset(), {})


def test_den_afsendte_kontrakt_haenger_sammen() -> None:
    assert list(brud(kontrakt())) == []


def test_en_henvisning_til_intet_findes() -> None:
    tabeller = dict(kontrakt().tabeller)
    forkert = Raekke({"service": "S", "metode": "M", "fejlkode": "7"}, "x", Sikkerhed.ASSUMED)
    tabeller["metode_fejl"] = {("S", "M", "7"): forkert}
    assert list(brud(replace(kontrakt(), tabeller=tabeller))) == [
        "metode_fejl: S.M names error 7, which is not in fejl"
    ]


def test_en_kode_med_to_betydninger_findes() -> None:
    tabeller = dict(kontrakt().tabeller)
    for noegle, raekke in tabeller["sygekilde"].items():
        tabeller["sygekilde"] = {
            **tabeller["sygekilde"],
            noegle: replace(raekke, celler={**raekke.celler, "kode": "1"}),
        }
    tvetydig = replace(kontrakt(), tabeller=tabeller, sygekilder=sygekilder(tabeller["sygekilde"]))
    assert list(brud(tvetydig)) == ["sygekilde: SustenanceSystemCaseTypeIdentifier gives one code two meanings"]


@pytest.mark.parametrize(
    ("aendring", "melding"),
    [
        ({"perioder": {}}, "PSS is open to former own of type 2, for which adgangsperiode has no days"),
        (
            {"perioder": {("PSS", 2): (timedelta(days=-1), timedelta(0))}},
            "PSS for type 2 has a negative number of days",
        ),
        ({"spaerrede": frozenset({(9, "PSS")})}, "PSS names system 9, which is not in klientsystem"),
        ({"spaerrede": frozenset({(3002, "X")})}, "names X, which is not in adgang"),
        ({"jobnet": {99: frozenset()}}, "names organisation type 99, which is not in organisationstype"),
        ({"jobnet": {2: frozenset({(9, None)})}}, "names group 9, which is not in kontaktgruppe"),
        ({"jobnet": {2: frozenset({(None, 99)})}}, "names category 99, which is not in tilmeldekategori"),
    ],
)
def test_adgangstabeller_der_peger_paa_intet(aendring: dict[str, Any], melding: str) -> None:
    assert list(_adgangsbrud(replace(kontrakt(), adgang=REGLER))) == []
    (fundet,) = _adgangsbrud(replace(kontrakt(), adgang=replace(REGLER, **aendring)))
    assert fundet.endswith(melding)


def test_breaches_of_the_access_tables_are_among_the_contracts() -> None:
    assert list(brud(replace(kontrakt(), adgang=REGLER))) == []
    broken = replace(kontrakt(), adgang=replace(REGLER, perioder={}))
    assert list(brud(broken)) == list(_adgangsbrud(broken)) != []


def test_hver_operation_har_sine_eksempler_og_hver_kode_sit() -> None:
    eksempler = list(alle())

    def findes(tjeneste: str, metode: str, navn: str) -> bool:
        return any((en.operation, en.navn) == (metode, navn) and en.hoerer_til(tjeneste) for en in eksempler)

    for tjeneste, metode, kode in kontrakt().tabeller["metode_fejl"]:
        assert findes(tjeneste, metode, f"refusal.{kode}"), (tjeneste, metode, kode)
    for tjeneste_ in tjenester(kontrakt()).values():
        for operation in tjeneste_.operationer:
            if operation != "CreatePersonCategoryAndInterview":
                for navn in ("request.xml", "response.xml"):
                    assert findes(tjeneste_.navn, operation, navn), (tjeneste_.navn, operation, navn)


def test_et_eksempel_der_er_i_stykker_ses() -> None:
    for en in alle():
        if en.kanal == "soap":
            ord_ = b"ErrorCode>" if en.is_refusal else b"Identifier>"
            i_stykker = Eksempel(en.kanal, en.mappe, en.navn, en.indhold.replace(ord_, b"Identifikator>"))
            assert list(_eksempelbrud(i_stykker, kontrakt())), en.path


def test_a_refusal_of_another_code_is_seen() -> None:
    def check(message: Eksempel) -> None:
        code = message.navn.removeprefix("refusal.").encode()
        other = Eksempel(message.kanal, message.mappe, message.navn, message.indhold.replace(code, b"9999"))
        assert list(_eksempelbrud(other, kontrakt()))

    check_each([en for en in alle() if en.is_refusal], check, lambda message: message.path)


def test_a_rest_refusal_with_another_text_is_seen() -> None:
    def check(message: Eksempel) -> None:
        answer = json.loads(message.indhold)
        answer["krop"]["fejl"][0]["fejltekst"] = "noget andet"
        changed = Eksempel(message.kanal, message.mappe, message.navn, json.dumps(answer).encode())
        assert list(_eksempelbrud(changed, kontrakt()))

    check_each(refusals("rest"), check, lambda message: message.path)


def test_the_refusals_are_those_that_the_contract_generates() -> None:
    """Line by line, so that the message names the operation and the code."""
    for channel in CHANNELS:
        stored = refusal_file(channel).decode().splitlines()
        generated = list(refusal_lines(channel, kontrakt()))
        differing = [line for line in stored if line not in generated] + [en for en in generated if en not in stored]
        assert differing == [], f"{channel}: write them anew with: python tools/refusal_examples.py"
        assert stored == generated, f"{channel}: the order differs"
