"""An enemy in the body: XML and JSON that are deep, vast, packed, ambiguous, or ask for somebody else's files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fjende import FROSSET, MIB, Fjende, flag, status, uden_spor
from processer import scene_i_proces

from byggeklodser import I_DAG, JOBCENTER, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.rest import Rest

MEST = 512 * MIB
"""What twenty megabytes may become on the way; at the limit that a stage has by itself it is a twentieth."""
PRS = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
XML = "content-type: text/xml; charset=utf-8"


@pytest.fixture(scope="module")
def _fjende(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fjende]:
    with scene_i_proces(*FROSSET, *flag(["body=20000000"]), mappe=tmp_path_factory.mktemp("scene")) as proces:
        yield Fjende(proces)


@pytest.fixture
def fjende(_fjende: Fjende) -> Iterator[Fjende]:
    """A stage that reads far more than it does by itself, so that only the parsers' own limits stand in the way."""
    with _fjende.uskadt(MEST):
        yield _fjende


def konvolut(indhold: str = "", foran: str = "") -> bytes:
    """Return a good SOAP call with something put before it and into its body element."""
    _, element = soap_registrering.skriv_forespoergsel("0806842578", Opret(Art.KONTAKTGRUPPE, 13, I_DAG), indlaes())
    tekst = soap.skriv_kald(identitet(), element).decode().split("?>", 1)[1]
    sidste = tekst.rindex("</", 0, tekst.rindex("</s:Body>"))
    return (foran + tekst[:sidste] + indhold + tekst[sidste:]).encode()


LAG = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "krop",
    [
        konvolut(foran="<!DOCTYPE a>"),
        konvolut(foran='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
        konvolut("&x;", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        konvolut("&x;", '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p; <!ENTITY x "y">]>'),
        konvolut("&l11;", f'<!DOCTYPE a [<!ENTITY l0 "haha">{LAG}]>'),
        konvolut("&x;" * 1000, f'<!DOCTYPE a [<!ENTITY x "{"a" * 10_000}">]>'),
        konvolut("&x;", '<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]>'),
        konvolut("&x;"),
        konvolut("&#0;"),
        konvolut("<a>" * 10_000 + "</a>" * 10_000),
        konvolut("<a>" * 10_000),
        konvolut("<a>" * 60 + "</a>" * 60),
        konvolut("<a " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>"),
        konvolut("<a " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(50_000)) + "/>"),
        konvolut("<a/>" * 500_000),
        konvolut(f"<{'a' * MIB}/>"),
        konvolut("9" * 5 * MIB),
        konvolut(f"<![CDATA[{'x' * 11 * MIB}]]>"),
        konvolut("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/hostname' parse='text'/>"),
        konvolut(foran="<?xml-stylesheet href='file:///etc/hostname'?>", indhold="<a/>"),
        konvolut().decode().encode("utf-16"),
        b"\x1f\x8b\x08" + b"\0" * 100,
    ],
    ids=["doctype", "ydre dtd", "fil", "parameter", "milliard", "kvadratisk", "ring", "ukendt", "nul", "dyb", "dyb åben",
         "60 niveauer", "million attributter", "navnerum", "mange", "langt navn", "tal", "cdata", "xinclude", "pi", "utf-16",
         "gzip"],
)  # fmt: skip
def test_soap_afviser_det_og_henter_intet(fjende: Fjende, krop: bytes) -> None:
    svar = fjende.kald("POST", PRS, XML, krop=krop)
    assert status(svar) == 500
    assert b"<ErrorCode>1014</ErrorCode>" in svar
    assert b"haha" not in svar
    assert len(svar) < 4096
    assert uden_spor(svar)


@pytest.mark.parametrize("hvordan", ["indre", "fil"])
def test_det_en_entitet_staar_for_kommer_aldrig_frem(fjende: Fjende, tmp_path: Path, hvordan: str) -> None:
    """Where a value that is wrong would be repeated in the answer."""
    (tmp_path / "fil").write_text("hemmelig", "utf-8")
    erklaering = '"hemmelig"' if hvordan == "indre" else f'SYSTEM "{(tmp_path / "fil").as_uri()}"'
    krop = konvolut(foran=f"<!DOCTYPE a [<!ENTITY x {erklaering}>]>").decode()
    assert ">13<" in krop
    svar = fjende.kald("POST", PRS, XML, krop=krop.replace(">13<", ">&x;<").encode())
    assert b"<ErrorCode>1014</ErrorCode>" in svar
    assert b"hemmelig" not in svar


def test_et_langt_navn_staar_ikke_i_sin_helhed_i_svaret(fjende: Fjende) -> None:
    for headers, krop in (
        (["soapaction: " + "a" * 5000, XML], konvolut()),
        ([XML], b"<" + b"a" * MIB + b"/>"),
    ):
        assert len(fjende.kald("POST", PRS, *headers, krop=krop)) < 8192


def krop(**andet: object) -> dict[str, object]:
    return {"kontaktgruppeType": 13, "starttidspunkt": I_DAG.isoformat(), **andet}


DYB_LISTE = "[" * 10_000 + "]" * 10_000
DYBT_OBJEKT = '{"a":' * 10_000 + "1" + "}" * 10_000


@pytest.mark.parametrize(
    ("indhold", "regel"),
    [
        (DYB_LISTE, "64 niveauer"),
        (DYBT_OBJEKT, "64 niveauer"),
        ("[" * 1_000_000, "64 niveauer"),
        ('{"a":' * 100_000, "64 niveauer"),
        (json.dumps(krop(kontaktgruppeType=int("9" * 4000))), "kontaktgruppeType: skal være et helt tal"),
        ('{"kontaktgruppeType":1e999999}', ""),
        ('{"kontaktgruppeType":' + "9" * MIB + "}", ""),
        ('{"kontaktgruppeType":-0.0000' + "1" * 100_000 + "}", ""),
        (json.dumps(krop(starttidspunkt="2" * 5 * MIB)), "starttidspunkt"),
        (json.dumps(krop(starttidspunkt="9999-12-31T23:59:59.999999-14:00")), "starttidspunkt"),
        (json.dumps({f"f{n}": n for n in range(500_000)}), "findes ikke"),
        (json.dumps(krop(**{"x" * MIB: 1})), "xxx…"),
        (json.dumps(krop())[:-1] + ',"kontaktgruppeType":12}', "kontaktgruppeType: feltet står to gange"),
        ('{"kontaktgruppeType":12,' + json.dumps(krop())[1:], "kontaktgruppeType: feltet står to gange"),
        (json.dumps(krop())[:-1] + ',"kontaktgruppe\\u0054ype":12}', "kontaktgruppeType: feltet står to gange"),
        (json.dumps(krop()) + json.dumps(krop()), "ikke gyldig JSON"),
        (json.dumps(krop()).replace("13", "NaN"), "ikke gyldig JSON"),
        ('{"\\ud800":1}', ""),
        (json.dumps(krop(**{"__proto__": {}, "\u0000": 1, "\u202e": 2})), "findes ikke"),
    ],
    ids=["dyb liste", "dybt objekt", "åbne lister", "åbne objekter", "stort tal", "stor eksponent", "megabyte tal",
         "lang brøk", "lang tekst", "sidste dag", "mange felter", "langt navn", "dobbelt sidst", "dobbelt først",
         "dobbelt skjult", "to", "NaN", "halvt tegn", "skjulte tegn"],
)  # fmt: skip
def test_json_afvises_med_reglen(fjende: Fjende, indhold: str, regel: str) -> None:
    sti, headers, _ = fjende.registrering()
    svar = fjende.kald("POST", sti, *headers, krop=indhold.encode())
    assert status(svar) == 400
    assert b'"fejlkode":1014' in svar
    assert regel in svar.decode()
    assert uden_spor(svar)


@pytest.mark.parametrize("kodning", ["gzip", "deflate", "br", "GZIP", "gzip, gzip", "identity, gzip"])
def test_en_pakket_krop_pakkes_ikke_ud(fjende: Fjende, kodning: str) -> None:
    """Fifty megabytes of blanks are fifty kilobytes on the line."""
    bombe = gzip.compress(b" " * 50 * MIB)
    sti, headers, _ = fjende.registrering()
    assert status(fjende.kald("POST", sti, *headers, f"content-encoding: {kodning}", krop=bombe)) == 415
    assert b"content-encoding" in fjende.kald("POST", PRS, XML, f"content-encoding: {kodning}", krop=bombe)
    svar = fjende.kald("POST", "/styring/personer", f"content-encoding: {kodning}", krop=bombe, styring=True)
    assert status(svar) == 415


@pytest.mark.parametrize(
    "tegnsaet", ["iso-8859-1", "latin-1", "utf-16", '"ISO-8859-1"', "utf-7", "windows-1252", "ukendt"]
)
def test_et_andet_tegnsaet_end_utf_8(fjende: Fjende, tegnsaet: str) -> None:
    sti, headers, indhold = fjende.registrering(content_type=f"application/json; charset={tegnsaet}")
    svar = fjende.kald("POST", sti, *headers, krop=indhold)
    assert (status(svar), b"charset" in svar) == (415, True)
    svar = fjende.kald("POST", PRS, f"content-type: text/xml;charset={tegnsaet}", krop=konvolut())
    assert (status(svar), b"charset" in svar) == (500, True)


@pytest.mark.parametrize(
    ("header", "krop"), [("x: y", b"[" * 2000), ("content-encoding: gzip", b"x"), ("x: y", b"\xff")]
)
def test_kroppen_paa_en_get_laeses_ikke(fjende: Fjende, header: str, krop: bytes) -> None:
    """It means nothing (RFC 9110 9.3.1), so it is refused for nothing either: the OpenAPI has no such answer."""
    for sti in ("/v1/Kodeliste", "/v1/Kodeliste/KontaktgruppeTypeCodeList", f"{PRS}?wsdl"):
        assert status(fjende.kald("GET", sti, header, krop=krop)) == 200


@pytest.mark.parametrize("tegnsaet", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_med_navns_naevnelse(fjende: Fjende, tegnsaet: str) -> None:
    sti, headers, indhold = fjende.registrering(content_type=f"application/json; charset={tegnsaet}")
    assert status(fjende.kald("POST", sti, *headers, krop=indhold)) == 200


ABONNEMENT = {
    "orgType": 8,
    "orgCode": "10100",
    "entityType": 100008,
    "webhookUrl": "/x",
    "startDato": "2024-01-01T00:00:00",
}
SYSTEM = "0193e6a0-0000-7000-8000-0000000000aa"


def liste(*abonnementer: object, system: object = SYSTEM) -> str:
    return json.dumps({"systemIdentifier": system, "abonnementer": abonnementer})


@pytest.mark.parametrize(
    "indhold",
    [
        "", "null", "[]", '"x"', "{}", liste(None), liste([]), liste({}), liste(ABONNEMENT, None), liste(system=None),
        json.dumps({"systemIdentifier": SYSTEM, "abonnementer": ABONNEMENT}),
        json.dumps({"systemIdentifier": SYSTEM, "abonnementer": None}),
        liste({**ABONNEMENT, "ukendt": 1}),
        liste(*[ABONNEMENT] * 10_001),
        liste(*[ABONNEMENT] * 9_999),
        *(liste({**ABONNEMENT, felt: vaerdi}) for felt, vaerdi in (
            ("orgType", "8"), ("orgType", 8.5), ("orgType", -(2**63)), ("orgType", 2**63), ("orgType", 10**40),
            ("orgType", True), ("orgCode", None), ("orgCode", 10**40), ("orgCode", "\u0000"), ("orgCode", "x" * 100_000),
            ("entityType", -1), ("entityType", 2**64), ("entityType", None), ("webhookUrl", None), ("webhookUrl", "a\u0000b"),
            ("webhookUrl", "http:\\\\andre.example"), ("webhookUrl", "//andre.example"), ("webhookUrl", "/\\andre.example"),
            ("webhookUrl", "/a\r\nhost: andre"), ("webhookUrl", "/?a=b"), ("webhookUrl", "/%0d%0a" + "\u202e"),
            ("webhookUrl", "/../../styring/nulstil"), ("webhookUrl", "/%2e%2e/x"), ("webhookUrl", "/" + "a" * 100_000),
            ("startDato", "0001-01-01T00:00:00+14:00"), ("startDato", "9999-12-31T23:59:59-14:00"), ("startDato", 0),
            ("startDato", "i dag"), ("slutDato", "9999-12-31T23:59:59-14:00"), ("slutDato", "0001-01-01T00:00:00"),
        )),
        f'{{"systemIdentifier":"{SYSTEM}","abonnementer":[],"abonnementer":[{json.dumps(ABONNEMENT)}]}}',
        f'{{"systemIdentifier":"{SYSTEM}","abonnementer":[{json.dumps(ABONNEMENT)[:-1]},"orgType":2}}]}}',
        f'{{"systemIdentifier":"{SYSTEM}","abonnementer":{DYB_LISTE}}}',
    ],
)  # fmt: skip
def test_en_misdannet_abonnementsliste_aendrer_intet(fjende: Fjende, indhold: str) -> None:
    """Whatever it is, it is refused with its rule, and the subscription that was there stands."""
    rest = Rest(indlaes())
    abonnementer = Abonnementer(indlaes(), rest)
    headers = [f"{navn}: {en}" for navn, en in rest.headers.skriv(identitet(), kald_id=ny_uuid()).items()]
    headers.append("content-type: application/json")
    system = {"systemIdentifier": SYSTEM, "baseUrl": "http://127.0.0.1:9/hook",
              "organisationer": [{"organisationType": 8, "organisationKode": "10100"}]}  # fmt: skip
    opsat = fjende.kald("PUT", "/styring/subscribersystemer", krop=json.dumps(system).encode(), styring=True)
    assert status(opsat) == 204
    god = abonnementer.kald(
        SYSTEM, [Abonnementsoenske(JOBCENTER, 100008, "/staar", I_DAG.date())], identitet(), ny_uuid()
    )
    assert status(fjende.kald("POST", god.sti, *headers, krop=god.krop)) == 200
    svar = fjende.kald("POST", god.sti, *headers, krop=indhold.encode())
    assert status(svar) == 400, svar[:2000]
    assert b'"fejlkode":' in svar
    assert uden_spor(svar)
    assert b'"uaendrede":1' in fjende.kald("POST", god.sti, *headers, krop=god.krop)


@pytest.mark.parametrize(
    ("metode", "sti", "indhold"),
    [
        ("GET", "journal?efter=" + "9" * 5000, ""), ("GET", "journal?efter=%b2", ""), ("GET", "journal?efter=-1", ""),
        ("GET", "journal?efter=1&efter=2", ""), ("GET", "udtraek?antal=0", ""), ("GET", "tilstand?antal=%00", ""),
        ("POST", "abonnementer", '{"organisationType":8,"organisationKode":"10100","system":99999999999999999999}'),
        ("POST", "abonnementer", '{"organisationType":8,"organisationKode":"10100","system":-1}'),
        ("POST", "abonnementer", '{"organisationType":8,"organisationKode":"\\u0000","system":1}'),
        ("PUT", "udgave", '{"udgave":"2024-4","udgave":"2024-3"}'), ("PUT", "udgave", '{"udgave":' + DYB_LISTE + "}"),
        ("POST", "personer", DYBT_OBJEKT), ("PUT", "ur", '{"frem":1e308}'), ("PUT", "ur", '{"frem":"P' + "9" * 5000 + 'Y"}'),
        ("PUT", "ur", '{"tidspunkt":"9999-12-31T23:59:59.999999Z"}'),
        ("POST", "personer", '{"personer":[{"cpr":"0806842578","tilmeldekategori":99999999999999999999999}]}'),
        ("POST", "cprskift", '{"gammelt":"\\u0000","nyt":"' + "9" * MIB + '"}'),
    ],
)  # fmt: skip
def test_styringen_afviser_paa_samme_maade(fjende: Fjende, metode: str, sti: str, indhold: str) -> None:
    svar = fjende.kald(metode, f"/styring/{sti}", krop=indhold.encode(), styring=True)
    assert status(svar) == 400, svar[:2000]
    assert uden_spor(svar)


def test_graensen_for_kroppen_kan_saettes(tmp_path_factory: pytest.TempPathFactory) -> None:
    with scene_i_proces(*FROSSET, *flag(["body=4096", "depth=8"]), mappe=tmp_path_factory.mktemp("lille")) as proces:
        fjende = Fjende(proces)
        sti, headers, _ = fjende.registrering()
        assert status(fjende.kald("POST", sti, *headers, krop=b" " * 4097)) == 413
        svar = fjende.kald("POST", sti, *headers, krop=b"[" * 9 + b"]" * 9)
        assert (status(svar), b"8 niveauer" in svar) == (400, True)
        svar = fjende.kald("POST", PRS, XML, krop=b"<a>" * 9 + b"</a>" * 9)
        assert b"8 niveauer" in svar
        fjende.naboen_betjenes()
