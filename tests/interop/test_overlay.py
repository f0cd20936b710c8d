"""An overlay renames a message namespace, an element, a header and a field; SOAP, REST and WSDL speak the new names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zeep
from zeep.exceptions import Fault
from zeepvaerk import headers, kode

from byggeklodser import I_DAG, JOBCENTER, KOMMUNE, NU, identitet
from generalproeve.scene import Scene, indlejret
from generalproeve.settings.stage import StageSettings
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.rest import Afslag
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk, paa_scenen
from vos_simulators.transport import HttpTransport

RUM = "http://service.bm.dk/PersonRegistrationService/2019/10/31/"
NAVNE = f"""noegle,vaerdi
namespace.PersonRegistrationService,{RUM}
element.PersonRegistrationService.ContactGroup,ContactGroupItem
element.WsrmMessageService.ContactGroup,ContactGroupMessage
raekkefoelge.PersonRegistrationService.ServiceReceiptType,MessageIdentifier EventDate
header.organisationKode,x-active-organisation-code
json.sluttidspunkt,slutTidspunkt
json.fejlkode,kode
"""
FEJL = "kode,engelsk,http_status\n4703,The start date must be today,422\n"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    mappe = tmp_path_factory.mktemp("overlay")
    (mappe / "navne.csv").write_text(NAVNE, "utf-8")
    (mappe / "fejl.csv").write_text(FEJL, "utf-8")
    with indlejret(StageSettings(port=0, control_port=0, clock=NU, contract=mappe)) as en:
        yield en


@pytest.fixture
def borger(scene: Scene) -> Borger:
    with HttpTransport(scene.styring) as transport:
        styring = Styring(transport)
        styring.nulstil()
        en = Folk(seed=99).ny(40, NU.date())
        styring.opsaet(paa_scenen(en))
        return en


def test_rest_under_de_nye_navne(scene: Scene, borger: Borger) -> None:
    with HttpTransport(scene.tjenester) as transport:
        kss = Aktoer(identitet(), scene.kontrakt, transport, ny_uuid)
        id_ = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PVS)
        assert isinstance(id_, str)
        assert kss.registrer(borger.cpr, Opdater(Art.KONTAKTGRUPPE, id_, NU), Kanal.PVS) == id_
    headers = {"x-active-organisation-code": "10100", "x-civilregistrationIdentifier": borger.cpr,
               "x-organisationTypeIdentifier": "8", "x-userFullName": "A", "x-requestUserTypeIdentifier": "2",
               "x-userIdentifier": "a", "x-requestOrganisationTypeIdentifier": "8",
               "x-requestOrganisationCode": "10100", "x-registrationDateTime": NU.isoformat()}  # fmt: skip
    sti = f"{scene.tjenester}/v1/PersonVisitering/kontaktgruppe/historik"
    assert [en["slutTidspunkt"] for en in httpx.get(sti, headers=headers).json()] == ["2024-11-18T09:00:00+01:00", None]
    headers["x-organisationCode"] = headers.pop("x-active-organisation-code")
    svar = httpx.get(sti, headers=headers)
    assert svar.json()["fejl"][0]["kode"] == 1100
    assert "x-active-organisation-code" in svar.json()["fejl"][0]["beskrivelse"]


def test_soap_under_de_nye_navne_for_en_fremmed(scene: Scene, borger: Borger) -> None:
    prs = zeep.Client(f"{scene.tjenester}/PjakTassWCFtService/9/PersonRegistrationService.svc?wsdl")
    assert prs.get_element(f"{{{RUM}}}CreateContactGroupRequest")

    def opret(start: object) -> object:
        return prs.service.CreateContactGroup(
            PersonCivilRegistrationIdentifier=borger.cpr,
            ContactGroupItem={"ContactGroupTypeIdentifier": kode(13), "ContactGroupStartTime": start},
            _soapheaders=headers(prs),
        )

    with pytest.raises(Fault, match="The start date must be today"):
        opret(I_DAG.replace(day=1))
    svar = opret(I_DAG)
    assert list(svar.__values__) == ["MessageIdentifier", "EventDate"]  # type: ignore[attr-defined]  # a type made at run time


def test_wsrm_under_de_nye_navne(scene: Scene, borger: Borger) -> None:
    with HttpTransport(scene.tjenester) as transport:
        kss = Aktoer(identitet(), scene.kontrakt, transport, ny_uuid)
        id_ = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PRS)
        assert [besked.id for besked in kss.indbakke.toem()] == [id_, id_]


def test_fejltekst_og_status_fra_overlayet(scene: Scene, borger: Borger) -> None:
    with HttpTransport(scene.tjenester) as transport:
        kss = Aktoer(identitet(), scene.kontrakt, transport, ny_uuid)
        svar = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG.replace(day=1)), Kanal.PVS)
    assert not isinstance(svar, str)
    assert (svar.status, [fejl.kode for fejl in svar.fejl]) == (422, [4703])


def test_scenen_siger_hvad_overlayet_aendrer(scene: Scene) -> None:
    status = httpx.get(f"{scene.styring}/styring/status").json()
    assert status["overlay"].startswith("overlay")
    assert (
        "navne/header.organisationKode.vaerdi: 'x-organisationCode' -> 'x-active-organisation-code'"
        in (status["overlayAendringer"])
    )


def test_et_overlay_aabner_og_lukker_en_celle_i_adgangsmatricen(tmp_path: Path) -> None:
    (tmp_path / "adgang.csv").write_text(
        "service,metode,organisationstype,niveau,handling\n"
        "PersonVisiteringService,GetKontaktgrupper,30,alle,tilfoej\n"
        "PersonVisiteringService,GetKontaktgrupper,7,egne,fjern\n",
        "utf-8",
    )
    with (
        indlejret(StageSettings(port=0, control_port=0, clock=NU, contract=tmp_path)) as en,
        HttpTransport(en.styring) as styring,
        HttpTransport(en.tjenester) as transport,
    ):
        borger = Folk(seed=98).ny(40, NU.date())
        Styring(styring).opsaet(paa_scenen(borger))

        def laes(organisation: Organisation) -> object:
            return Aktoer(identitet(organisation), en.kontrakt, transport, ny_uuid).laes(borger.cpr, Art.KONTAKTGRUPPE)

        assert laes(Organisation(30, "1")) == ()
        kommunen = laes(KOMMUNE)
        assert isinstance(kommunen, Afslag)
        assert [fejl.kode for fejl in kommunen.fejl] == [4575]
        assert laes(JOBCENTER) == ()
