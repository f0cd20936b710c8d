"""Bad input gets a clear error that names what is wrong, loses nothing, and the next call works."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from lxml import etree

from byggeklodser import I_DAG, I_GAAR, identitet
from generalproeve.scene import Scene
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.cpr import opfylder_modulus_11
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.control import Styring
from vos_simulators.people import Borger

PRS = tjenester(indlaes())["PersonRegistrationService"]
HANDLING = PRS.operationer["CreateContactGroup"].soapaction
MIB = 1024 * 1024


@pytest.fixture
def http(scene: Scene) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=scene.tjenester, timeout=30) as klient:
        yield klient


class Rester:
    """A REST create that can be spoilt, and the next call that must work."""

    def __init__(self, http: httpx.Client, borger: Borger) -> None:
        self.http = http
        self.kald: Kald = Rest(indlaes()).kald_registrer(
            borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), identitet(), ny_uuid()
        )

    def send(self, krop: bytes | None = None, *, uden: str = "", **headers: str) -> httpx.Response:
        sendes = {navn: vaerdi for navn, vaerdi in self.kald.headers.items() if navn != uden}
        sendes |= {navn.replace("_", "-"): vaerdi for navn, vaerdi in headers.items()}
        return self.http.post(self.kald.sti, headers=sendes, content=self.kald.krop if krop is None else krop)

    def fejl(self, svar: httpx.Response, status: int) -> list[tuple[int, str]]:
        assert svar.status_code == status, svar.text
        assert svar.headers["content-type"] == "application/json"
        return [(en["fejlkode"], en.get("beskrivelse", "")) for en in svar.json()["fejl"]]

    def naeste_virker(self) -> None:
        assert self.send().status_code == 200


@pytest.fixture
def rest(http: httpx.Client, ny_borger: Callable[..., Borger]) -> Iterator[Rester]:
    rester = Rester(http, ny_borger())
    yield rester
    rester.naeste_virker()


def test_rest_ukendt_felt_manglende_felt_og_forkert_type_paa_en_gang(rest: Rester) -> None:
    krop = json.dumps({"kontaktgruppeType": "tretten", "ukendt": 1}).encode()
    assert rest.fejl(rest.send(krop), 400) == [
        (1014, "kontaktgruppeType: skal være et helt tal 0-10000"),
        (1014, "starttidspunkt: feltet mangler"),
        (1014, "ukendt: feltet findes ikke; kendte felter er kontaktgruppeType, starttidspunkt, haendelsestidspunkt, "
               "sluttidspunkt"),
    ]  # fmt: skip


def test_rest_tidspunkt_uden_offset(rest: Rester) -> None:
    krop = json.dumps({"kontaktgruppeType": 13, "starttidspunkt": "2024-11-18T00:00:00"}).encode()
    ((kode, beskrivelse),) = rest.fejl(rest.send(krop), 400)
    assert kode == 1014
    assert beskrivelse.startswith("starttidspunkt: skal være en date-time med offset")


@pytest.mark.parametrize(
    ("krop", "beskrivelse"),
    [
        (b"\xff\xfe{}", "kroppen er ikke UTF-8 (byte 0)"),
        (b'{"a":', "kroppen er ikke gyldig JSON"),
        (b"", "kroppen er ikke gyldig JSON"),
        (b"[]", "kroppen skal være et JSON-objekt"),
        (b"[" * 100_000, "objekter og lister må højst ligge 64 niveauer dybt"),
    ],
    ids=["ikke UTF-8", "halv JSON", "tom", "liste", "dyb"],
)
def test_rest_krop_der_ikke_kan_laeses(rest: Rester, krop: bytes, beskrivelse: str) -> None:
    assert rest.fejl(rest.send(krop), 400) == [(1014, beskrivelse)]


def test_rest_ti_megabyte(rest: Rester) -> None:
    ((kode, beskrivelse),) = rest.fejl(rest.send(b" " * 10 * MIB), 413)
    assert (kode, beskrivelse) == (1014, f"kroppen må højst være {MIB} byte")


def test_rest_ti_megabyte_uden_laengde(rest: Rester) -> None:
    def dele() -> Iterator[bytes]:
        for _ in range(10):
            yield b" " * MIB

    headers = {navn: vaerdi for navn, vaerdi in rest.kald.headers.items() if navn != "content-length"}
    svar = rest.http.post(rest.kald.sti, headers=headers, content=dele())
    assert rest.fejl(svar, 413)[0][0] == 1014


def test_rest_forkert_medietype(rest: Rester) -> None:
    assert rest.fejl(rest.send(content_type="text/plain"), 415) == [(1014, "content-type: skal være application/json")]


@pytest.mark.parametrize(
    ("header", "status", "kode"),
    [
        ("x-civilregistrationidentifier", 400, 1014), ("x-requestid", 400, 1014), ("x-organisationcode", 401, 1100),
        ("x-organisationtypeidentifier", 401, 1100), ("x-userfullname", 401, 1100), ("x-useridentifier", 401, 1100),
        ("x-registrationdatetime", 401, 1100), ("x-requestorganisationcode", 401, 1100),
    ],
)  # fmt: skip
def test_rest_manglende_header(rest: Rester, header: str, status: int, kode: int) -> None:
    ((fundet, beskrivelse),) = rest.fejl(rest.send(uden=header), status)
    assert fundet == kode
    assert beskrivelse.lower() == f"{header}: headeren mangler"


def test_rest_identitet_foer_alt_andet(rest: Rester) -> None:
    """With nobody behind it, a call with a broken body says nothing of the body."""
    koder = [kode for kode, _ in rest.fejl(rest.send(b"{", uden="x-organisationcode"), 401)]
    assert koder == [1100]


def test_rest_for_langt_kald_id(rest: Rester) -> None:
    assert rest.fejl(rest.send(x_requestid="x" * 47), 400) == [(1014, "x-requestId: højst 46 tegn")]


def test_rest_ukendt_sti_og_metode(http: httpx.Client) -> None:
    svar = http.get("/v1/PersonVisitering/findes-ikke")
    assert svar.status_code == 404
    assert "findes-ikke" in svar.json()["fejl"][0]["beskrivelse"]
    svar = http.patch("/v1/PersonVisitering/kontaktgruppe")
    assert (svar.status_code, svar.headers["allow"]) == (405, "POST, GET")


def test_gentaget_kald_id_er_412_og_intet_er_aendret(http: httpx.Client, ny_borger: Callable[..., Borger]) -> None:
    rester = Rester(http, ny_borger())
    assert rester.send().status_code == 200
    foer = http.get(f"{rester.kald.sti}/historik", headers=dict(rester.kald.headers)).json()
    assert rester.fejl(rester.send(), 412)[0][0] == 1014
    assert http.get(f"{rester.kald.sti}/historik", headers=dict(rester.kald.headers)).json() == foer


def test_et_afvist_kald_bruger_ogsaa_sit_id(http: httpx.Client, ny_borger: Callable[..., Borger]) -> None:
    rester = Rester(http, ny_borger())
    forkert = json.dumps({"kontaktgruppeType": 13, "starttidspunkt": I_GAAR.isoformat()}).encode()
    assert rester.fejl(rester.send(forkert), 400)[0][0] == 4703
    assert rester.fejl(rester.send(), 412)[0][0] == 1014


class Soaper:
    """A SOAP create that can be spoilt, and the next call that must work."""

    def __init__(self, http: httpx.Client, borger: Borger) -> None:
        self.http = http
        _, self.element = soap_registrering.skriv_forespoergsel(
            borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), indlaes()
        )
        self.krop = soap.skriv_kald(identitet(), self.element)

    def send(self, krop: bytes | None = None, **headers: str) -> httpx.Response:
        standard = {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{HANDLING}"'}
        return self.http.post(
            PRS.sti, headers=standard | {k.replace("_", "-"): v for k, v in headers.items()},
            content=self.krop if krop is None else krop,
        )  # fmt: skip

    def fejl(self, krop: bytes | None = None, **headers: str) -> tuple[int, str]:
        svar = self.send(krop, **headers)
        assert svar.status_code == 500, svar.text
        assert svar.headers["content-type"].startswith("text/xml")
        fault = soap.laes_svar(svar.content)
        assert isinstance(fault, soap.Fault)
        assert b"Traceback" not in svar.content
        return fault.fejl[0].kode, fault.tekst

    def med(self, gammel: str, ny: str) -> bytes:
        assert gammel in self.krop.decode()
        return self.krop.decode().replace(gammel, ny).encode()


@pytest.fixture
def soaper(http: httpx.Client, ny_borger: Callable[..., Borger]) -> Iterator[Soaper]:
    en = Soaper(http, ny_borger())
    yield en
    assert en.send().status_code == 200


def test_soap_doctype(soaper: Soaper) -> None:
    krop = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + soaper.krop.split(b"?>", 1)[1]
    assert soaper.fejl(krop) == (1014, "Failed to validate message: DOCTYPE er ikke tilladt")


def test_soap_entitetsbombe(soaper: Soaper) -> None:
    lag = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bombe = f'<!DOCTYPE a [<!ENTITY l0 "ha">{lag}]><a>&l9;</a>'
    kode, tekst = soaper.fejl(bombe.encode())
    assert (kode, "DOCTYPE" in tekst or "velformet" in tekst) == (1014, True)


@pytest.mark.parametrize(
    ("krop", "tekst"),
    [
        (b"", "kroppen er tom"), (b"<a", "ikke velformet XML"), (b"ikke xml", "ikke velformet XML"),
        ("<a>ø</a>".encode("latin-1"), "kroppen er ikke UTF-8"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>ø</a>'.encode("latin-1"), "skal være UTF-8"),
        (b"<a/>", "skal være Envelope"),
    ],
)  # fmt: skip
def test_soap_krop_der_ikke_kan_laeses(soaper: Soaper, krop: bytes, tekst: str) -> None:
    kode, sagt = soaper.fejl(krop)
    assert kode == 1014
    assert tekst in sagt


def test_soap_ti_megabyte(soaper: Soaper) -> None:
    assert soaper.fejl(b" " * 10 * MIB) == (1014, f"Failed to validate message: kroppen må højst være {MIB} byte")


def test_soap_ukendt_element_navngives(soaper: Soaper) -> None:
    kode, tekst = soaper.fejl(soaper.med("<ContactGroupStartTime>", "<Ukendt>1</Ukendt><ContactGroupStartTime>"))
    assert kode == 1014
    assert "Ukendt" in tekst
    assert "{" not in tekst


def test_soap_flere_fejl_i_kroppen_paa_en_gang(soaper: Soaper) -> None:
    krop = soaper.med(f">{I_DAG.isoformat()}<", ">i dag<").replace(b">13<", b">tretten<")
    kode, tekst = soaper.fejl(krop)
    assert kode == 1014
    assert "ContactGroupStartTime" in tekst
    assert "CodeListItemIdentifier" in tekst


def test_soap_headere_mangler_begge_naevnes(soaper: Soaper) -> None:
    rod = etree.fromstring(soaper.krop)
    rod.remove(rod[0])
    kode, tekst = soaper.fejl(etree.tostring(rod))
    assert kode == 8232
    assert "8232: SOAP message is missing ActiveOrganisationHeader" in tekst
    assert "8233: SOAP message is missing RequestUserMetadataHeader" in tekst


@pytest.mark.parametrize(
    ("gammel", "ny", "kode", "felt"),
    [
        (":OrganisationCode>10100</", ":OrganisationCode></", 8234, "OrganisationCode"),
        ("Test Testesen", "x" * 141, 8235, "UserFullName"),
        ("Test Testesen", "Test\nTestesen", 8235, "UserFullName"),
        ("Test Testesen", "Test\u0085", 8235, "UserFullName"),
        (":OrganisationCode>10100</", ":OrganisationCode>10\t100</", 8234, "OrganisationCode"),
        ("http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/", "http://forkert/", 8232, "ActiveOrganisationHeader"),
    ],
)
def test_soap_forkert_header(soaper: Soaper, gammel: str, ny: str, kode: int, felt: str) -> None:
    fundet, tekst = soaper.fejl(soaper.med(gammel, ny))
    assert fundet == kode
    assert felt in tekst


def test_soap_forkert_soapaction(soaper: Soaper) -> None:
    kode, tekst = soaper.fejl(soapaction=PRS.operationer["UpdateContactGroup"].soapaction)
    assert kode == 1014
    assert "CreateContactGroup" in tekst


@pytest.mark.parametrize("handling", ["", '""', HANDLING, f'"{HANDLING}"'])
def test_soap_soapaction_med_og_uden_anfoerselstegn(
    http: httpx.Client, ny_borger: Callable[..., Borger], handling: str
) -> None:
    assert Soaper(http, ny_borger()).send(soapaction=handling).status_code == 200


def test_soap_andre_praefikser_og_bom(http: httpx.Client, ny_borger: Callable[..., Borger]) -> None:
    for aendring in (
        lambda krop: b"\xef\xbb\xbf" + krop,
        lambda krop: krop.replace(b"<s:", b"<e:").replace(b"</s:", b"</e:").replace(b"xmlns:s=", b"xmlns:e="),
    ):
        soaper = Soaper(http, ny_borger())
        assert soaper.send(aendring(soaper.krop)).status_code == 200


def test_soap_12_konvolut(soaper: Soaper) -> None:
    krop = soaper.med("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
    assert soaper.fejl(krop)[1].endswith("konvolutten er SOAP 1.2; tjenesten taler SOAP 1.1")


def test_soap_ukendt_header_der_skal_forstaas(soaper: Soaper) -> None:
    krop = soaper.med("<s:Header>", '<s:Header><x:Ny xmlns:x="urn:x" s:mustUnderstand="1"/>')
    assert "Ny" in soaper.fejl(krop)[1]
    assert soaper.fejl(soaper.med("<s:Body>", "<s:Body><a/>"))[1].endswith("præcis ét element, ikke 2")


def test_soap_ukendt_operation_naevner_de_kendte(soaper: Soaper) -> None:
    kode, tekst = soaper.fejl(soaper.med("CreateContactGroupRequest", "DeleteContactGroupRequest"), soapaction="")
    assert kode == 1014
    assert "CreateContactGroup, UpdateContactGroup" in tekst


def test_soap_udgaaet_udgave(soaper: Soaper, styring: Styring) -> None:
    styring.skift_udgave("2025-2")
    assert "udgået fra 2025-2" in soaper.fejl()[1]
    styring.skift_udgave("2024-4")


class TestStyring:
    def afvist(self, scene: Scene, metode: str, sti: str, krop: Any) -> str:
        svar = httpx.request(metode, f"{scene.styring}/styring/{sti}", json=krop)
        assert svar.status_code == 400, svar.text
        return str(svar.json()["fejl"][0]["fejltekst"])

    def test_et_cpr_nummer_der_kan_vaere_et_menneskes(self, scene: Scene, styring: Styring) -> None:
        opfylder = next(cpr for cpr in (f"020384{n:04}" for n in range(1, 100)) if opfylder_modulus_11(cpr))
        for cpr in ("0101801234", opfylder):
            foer = styring.status().personer
            assert "kan tilhøre et menneske" in self.afvist(scene, "POST", "personer", {"personer": [{"cpr": cpr}]})
            assert styring.status().personer == foer

    def test_uret_gaar_kun_fremad(self, scene: Scene) -> None:
        tekst = self.afvist(scene, "PUT", "ur", {"tidspunkt": "2020-01-01T00:00:00+01:00"})
        assert tekst.startswith("tidspunkt: uret står på 2024-11-18T09:00:00+01:00 og kan ikke stilles tilbage")
        assert "offset" in self.afvist(scene, "PUT", "ur", {"tidspunkt": "2030-01-01T00:00:00"})

    def test_ukendt_udgave_felt_og_kode(self, scene: Scene) -> None:
        assert "2024-3, 2024-4, 2025-1, 2025-2" in self.afvist(scene, "PUT", "udgave", {"udgave": "2030-1"})
        assert "ukendt" in self.afvist(scene, "PUT", "udgave", {"udgave": "2024-4", "ukendt": 1})
        person = {"cpr": "0203840021", "kontaktgrupper": [{"type": 9}]}
        assert self.afvist(scene, "POST", "personer", {"personer": [person]}) == "kontaktgrupper.type: 9 findes ikke"

    def test_alle_eller_ingen(self, scene: Scene, styring: Styring) -> None:
        dobbelt = {"personer": [{"cpr": "0203840021"}, {"cpr": "0203840021"}]}
        assert httpx.post(f"{scene.styring}/styring/personer", json=dobbelt).status_code == 400
        assert styring.status().personer == 0

    @pytest.mark.parametrize(
        ("person", "siger"),
        [
            ({"kontaktgrupper": [{"type": 1}, {"type": 2}]}, "kontaktgrupper: kun én kan være åben"),
            ({"personkategorier": [{"type": 4}, {"type": 5}]}, "personkategorier: kun én kan være åben"),
            ({"kontaktgrupper": [{"type": 1, "id": "x"}]}, "kontaktgrupper.id: skal være en uuid"),
            ({"kontaktgrupper": [{"type": 1, "start": "9999-12-31T23:59:59-10:00"}]}, "start og slut skal have offset"),
            ({"kontaktgrupper": [{"type": 1, "start": "2024-01-01T00:00:00"}]}, "start og slut skal have offset"),
            (
                {"kontaktgrupper": [{"type": 1, "start": "2024-01-02T00:00:00Z", "slut": "2024-01-01T00:00:00Z"}]},
                "kontaktgrupper.slut: må ikke ligge før start",
            ),
            (
                {"gaester": [{"organisationType": 99, "organisationKode": "1"}]},
                "gaester.organisationType: 99 findes ikke",
            ),
            ({"fravaer": [{"type": 99}]}, "fravaer.type: 99 findes ikke"),
        ],
    )
    def test_en_borger_der_ikke_kan_findes_saadan(self, scene: Scene, person: dict[str, object], siger: str) -> None:
        assert siger in self.afvist(scene, "POST", "personer", {"personer": [{"cpr": "0203840021", **person}]})

    def test_et_id_er_kun_ens(self, scene: Scene, styring: Styring) -> None:
        id_ = "00000000-0000-0000-0000-0000000000cc"
        en = {"cpr": "0203840021", "kontaktgrupper": [{"type": 1, "id": id_}]}
        anden = {"cpr": "0303840008", "kontaktgrupper": [{"type": 1, "id": id_}]}
        assert "står to gange" in self.afvist(scene, "POST", "personer", {"personer": [en, anden]})
        assert httpx.post(f"{scene.styring}/styring/personer", json={"personer": [en]}).status_code == 200
        assert id_ in self.afvist(scene, "POST", "personer", {"personer": [anden]})
        assert styring.status().personer == 1
