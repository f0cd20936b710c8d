from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from byggeklodser import kontrakt
from vos_contracts.eksempler import Eksempel, alle
from vos_contracts.koder.aktoerer import Adgangsregler, Niveau
from vos_contracts.koder.sygekilde import sygekilder
from vos_contracts.openapi import TJENESTE
from vos_contracts.openapi_laesning import KODELISTETJENESTE, STATUSTJENESTE
from vos_contracts.tabel import Raekke, Sikkerhed
from vos_contracts.validering import _eksempelbrud, brud
from vos_contracts.wire.soap_skema import tjenester

DAG = timedelta(days=1)


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
    regler = Adgangsregler({"PSS": {2: frozenset({Niveau.TIDLIGERE_EGNE})}}, {("PSS", 2): (DAG, DAG)}, frozenset(), {})
    assert list(brud(replace(kontrakt(), adgang=regler))) == []
    (fundet,) = brud(replace(kontrakt(), adgang=replace(regler, **aendring)))
    assert fundet.endswith(melding)


REST_TJENESTER = {TJENESTE, STATUSTJENESTE, KODELISTETJENESTE}


def test_hver_operation_har_sine_eksempler_og_hver_kode_sit() -> None:
    eksempler = list(alle())

    def findes(tjeneste: str, metode: str, navn: str) -> bool:
        return any((en.operation, en.navn) == (metode, navn) and en.hoerer_til(tjeneste) for en in eksempler)

    for tjeneste, metode, kode in kontrakt().tabeller["metode_fejl"]:
        navn = f"fejl.{kode}.json" if tjeneste in REST_TJENESTER else f"fault.{kode}.xml"
        assert findes(tjeneste, metode, navn), (tjeneste, metode, navn)
    for tjeneste_ in tjenester(kontrakt()).values():
        for operation in tjeneste_.operationer:
            if operation != "CreatePersonCategoryAndInterview":
                for navn in ("request.xml", "response.xml"):
                    assert findes(tjeneste_.navn, operation, navn), (tjeneste_.navn, operation, navn)


def test_et_eksempel_der_er_i_stykker_ses() -> None:
    for en in alle():
        if en.navn.startswith(("request", "response")) and en.kanal == "soap":
            i_stykker = Eksempel(en.kanal, en.mappe, en.navn, en.indhold.replace(b"Identifier>", b"Identifikator>"))
            assert list(_eksempelbrud(i_stykker, kontrakt())), (en.operation, en.navn)
