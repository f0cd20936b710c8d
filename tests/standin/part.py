"""A party's own system, as small as can be: reads what it must do, and does it with zeep (SOAP) and httpx (REST).

It knows the services by their WSDL and the headers by the documentation, and nothing else of the harness.
    python part.py TASKS [MISTAKE]    reads the file as it grows, until its last line
A mistake makes it a careless party: wrong-organisation, wrong-date, rest-for-soap, wrong-type, deaf.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import zeep
from lxml import etree

BRUGER = {"navn": "Stand-in Sagsbehandler", "id": "standin-1"}
NS = "http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/"
_DAG = re.compile(r"\d{4}-\d\d-\d\d")
klienter: dict[str, zeep.Client] = {}


def midnat(dag: str) -> str:
    """Write the Danish midnight of a day, with its offset."""
    fra = date.fromisoformat(dag)
    marts, oktober = (max(d for d in range(25, 32) if date(fra.year, m, d).weekday() == 6) for m in (3, 10))
    sommer = date(fra.year, 3, marts) < fra <= date(fra.year, 10, oktober)
    return f"{dag}T00:00:00+0{2 if sommer else 1}:00"


def vaerdi(tekst: str) -> str:
    return midnat(tekst) if _DAG.fullmatch(tekst) else tekst


def rest(opgave: dict[str, Any], fejl: str) -> None:
    type_, kode = opgave["organisation"].split("/")
    egen_type, egen_kode = opgave["brugerorganisation"].split("/")
    metode = opgave["operation"].split(" ")[0]
    felter = dict(opgave["felter"])
    url = opgave["url"] + (f"/{felter.pop('id')}" if "id" in felter else "")
    headers = {
        "x-civilregistrationIdentifier": opgave["borger"],
        "x-requestId": str(uuid.uuid4()),  # noqa: TID251 - a stranger mints its own
        "x-organisationTypeIdentifier": type_,
        "x-organisationCode": kode if fejl != "wrong-organisation" else "99999",
        "x-userFullName": BRUGER["navn"],
        "x-requestUserTypeIdentifier": str(opgave["brugertype"]),
        "x-userIdentifier": BRUGER["id"],
        "x-requestOrganisationTypeIdentifier": egen_type,
        "x-requestOrganisationCode": egen_kode,
        "x-registrationDateTime": "2024-11-18T08:00:00+01:00",
    }
    krop = {navn: int(tal) if navn.endswith("Type") else vaerdi(tal) for navn, tal in felter.items()}
    with httpx.Client(trust_env=False) as http:
        http.request(metode, url, headers=headers, json=krop if metode != "DELETE" else None)


def soap(opgave: dict[str, Any], fejl: str) -> None:
    url = opgave["url"]
    if url not in klienter:
        klienter[url] = zeep.Client(f"{url}?wsdl")
    klient = klienter[url]
    tjeneste = next(iter(klient.wsdl.services.values()))
    port = next(iter(tjeneste.ports.values()))
    operation = port.binding.get(opgave["operation"])
    krop = trae(opgave["felter"])
    element = operation.input.body.type.elements
    placer_borger(krop, element, opgave["borger"])
    konvolut = klient.create_message(
        klient.create_service(port.binding.name, url),
        opgave["operation"],
        _soapheaders=hoveder(klient, opgave, fejl),
        **krop,
    )
    with httpx.Client(trust_env=False) as http:
        http.post(
            url,
            content=etree.tostring(konvolut),
            headers={"content-type": "text/xml; charset=utf-8", "soapaction": f'"{operation.soapaction}"'},
        )


def hoveder(klient: zeep.Client, opgave: dict[str, Any], fejl: str) -> list[Any]:
    """Write the documented headers by hand: zeep leaves them to the caller."""
    type_, kode = opgave["organisation"].split("/")
    egen_type, egen_kode = opgave["brugerorganisation"].split("/")
    kode = kode if fejl != "wrong-organisation" else "99999"
    ruh, rus = (
        "http://service.bm.dk/RequestUserMetadata/2015/01/21/",
        "http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/",
    )
    ros = "http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/"
    tcl = "http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/"
    clb = "http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/"
    return [
        etree.fromstring(
            f'<h:RequestUserMetadataHeader xmlns:h="{ruh}"><u:RequestUserStructure xmlns:u="{rus}">'
            f"<u:UserFullName>{BRUGER['navn']}</u:UserFullName>"
            f'<t:RequestUserTypeIdentifier xmlns:t="{tcl}"><c:CodeListItemIdentifier xmlns:c="{clb}">{opgave["brugertype"]}'
            "</c:CodeListItemIdentifier></t:RequestUserTypeIdentifier>"
            f"<u:UserIdentifier>{BRUGER['id']}</u:UserIdentifier></u:RequestUserStructure>"
            f'<o:RequestOrganisationStructure xmlns:o="{ros}"><o:OrganisationTypeIdentifier>'
            f'<c:CodeListItemIdentifier xmlns:c="{clb}">{egen_type}</c:CodeListItemIdentifier></o:OrganisationTypeIdentifier>'
            f"<o:OrganisationCode>{egen_kode}</o:OrganisationCode></o:RequestOrganisationStructure>"
            "<h:RegistrationDateTime>2024-11-18T08:00:00+01:00</h:RegistrationDateTime></h:RequestUserMetadataHeader>"
        ),
        etree.fromstring(
            f'<a:ActiveOrganisationHeader xmlns:a="{NS}"><a:OrganisationTypeIdentifier>{type_}</a:OrganisationTypeIdentifier>'
            f"<a:OrganisationCode>{kode}</a:OrganisationCode></a:ActiveOrganisationHeader>"
        ),
    ]


def trae(felter: dict[str, str]) -> dict[str, Any]:
    """Make the nested values that zeep takes of paths like A/B/C."""
    rod: dict[str, Any] = {}
    for sti, tekst in felter.items():
        *veje, sidste = sti.split("/")
        her = rod
        for led in veje:
            her = her.setdefault(led, {})
        her[sidste] = tid(tekst)
    return rod


def tid(tekst: str) -> Any:
    return datetime.fromisoformat(midnat(tekst)) if _DAG.fullmatch(tekst) else tekst


def placer_borger(krop: dict[str, Any], elementer: Any, borger: str) -> None:
    """Put the number where the schema has it: first in the request, or first in its part."""
    if not borger:
        return
    for navn, element in elementer:
        if navn == "PersonCivilRegistrationIdentifier":
            krop[navn] = borger
            return
        dele = getattr(element.type, "elements", [])
        if any(del_ == "PersonCivilRegistrationIdentifier" for del_, _ in dele):
            krop.setdefault(navn, {})["PersonCivilRegistrationIdentifier"] = borger
            return


def sjusk(opgave: dict[str, Any], fejl: str) -> dict[str, Any]:
    """Be careless in the one way that was asked for."""
    felter = dict(opgave["felter"])
    for navn, tekst in opgave["felter"].items():
        if fejl == "wrong-date" and _DAG.fullmatch(tekst) and "Event" not in navn and "haendelse" not in navn:
            felter[navn] = (date.fromisoformat(tekst) - timedelta(days=3)).isoformat()
        if fejl == "wrong-type" and ("GroupType" in navn or navn.endswith("Type")):
            felter[navn] = "7"
    opgave = {**opgave, "felter": felter}
    if fejl == "rest-for-soap" and opgave["operation"] == "CreateContactGroup":
        gruppe = felter["ContactGroup/ContactGroupTypeIdentifier/CodeListItemIdentifier"]
        start = felter["ContactGroup/ContactGroupStartTime"]
        adresse = opgave["url"].partition("/PjakTass")[0]
        opgave |= {
            "kanal": "REST", "operation": "POST kontaktgruppe", "url": f"{adresse}/v1/PersonVisitering/kontaktgruppe",
            "felter": {"kontaktgruppeType": gruppe, "starttidspunkt": start},
        }  # fmt: skip
    return opgave


def main() -> None:
    fil, fejl = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    kun = sys.argv[3] if len(sys.argv) > 3 else ""
    taget = threading.Event()
    laest = 0
    while True:
        linjer = fil.read_bytes().split(b"\n") if fil.exists() else [b""]
        for linje in linjer[laest:-1]:
            laest += 1
            opgave = json.loads(linje)
            if opgave["art"] == "slut":
                return
            if opgave["art"] == "opgave" and fejl != "deaf" and kun in {"", opgave["part"]}:
                gjort = sjusk(opgave, fejl)
                (rest if gjort["kanal"] == "REST" else soap)(gjort, fejl)
        taget.wait(0.005)  # nobody tells that a file has grown


if __name__ == "__main__":
    main()
