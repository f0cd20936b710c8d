"""A minimal stand-in for a party's own system: reads tasks and makes the calls with zeep (SOAP) and httpx (REST).

It knows the services by their WSDL and the headers by the documentation, and imports nothing of the harness.

    python stand_in.py TASKS [MISTAKE [PARTY]]    reads the task file as it grows, until its last line

MISTAKE makes it careless in one way: wrong-organisation, wrong-date, rest-for-soap, wrong-type, deaf.
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

USER = {"name": "Stand-in Sagsbehandler", "id": "standin-1"}
NS = "http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
clients: dict[str, zeep.Client] = {}


def midnight(day: str) -> str:
    """Return midnight in Denmark of an ISO date, with its UTC offset."""
    since = date.fromisoformat(day)
    march, october = (max(d for d in range(25, 32) if date(since.year, m, d).weekday() == 6) for m in (3, 10))
    summer = date(since.year, 3, march) < since <= date(since.year, 10, october)
    return f"{day}T00:00:00+0{2 if summer else 1}:00"


def rest_value(text: str) -> str:
    return midnight(text) if _DAY.fullmatch(text) else text


def rest(task: dict[str, Any], mistake: str) -> None:
    type_, code = task["organisation"].split("/")
    own_type, own_code = task["user_organisation"].split("/")
    method = task["operation"].split(" ")[0]
    fields = dict(task["fields"])
    url = task["url"] + (f"/{fields.pop('id')}" if "id" in fields else "")
    headers = {
        "x-civilregistrationIdentifier": task["citizen"],
        "x-requestId": str(uuid.uuid4()),  # noqa: TID251 - the stand-in imports nothing of ours
        "x-organisationTypeIdentifier": type_,
        "x-organisationCode": code if mistake != "wrong-organisation" else "99999",
        "x-userFullName": USER["name"],
        "x-requestUserTypeIdentifier": str(task["user_type"]),
        "x-userIdentifier": USER["id"],
        "x-requestOrganisationTypeIdentifier": own_type,
        "x-requestOrganisationCode": own_code,
        "x-registrationDateTime": "2024-11-18T08:00:00+01:00",
    }
    body = {name: int(number) if name.endswith("Type") else rest_value(number) for name, number in fields.items()}
    with httpx.Client(trust_env=False) as http:
        http.request(method, url, headers=headers, json=body if method != "DELETE" else None)


def soap(task: dict[str, Any], mistake: str) -> None:
    url = task["url"]
    if url not in clients:
        clients[url] = zeep.Client(f"{url}?wsdl")
    client = clients[url]
    service = next(iter(client.wsdl.services.values()))
    port = next(iter(service.ports.values()))
    operation = port.binding.get(task["operation"])
    body = tree(task["fields"])
    element = operation.input.body.type.elements
    place_citizen(body, element, task["citizen"])
    envelope = client.create_message(
        client.create_service(port.binding.name, url),
        task["operation"],
        _soapheaders=soap_headers(client, task, mistake),
        **body,
    )
    with httpx.Client(trust_env=False) as http:
        http.post(
            url,
            content=etree.tostring(envelope),
            headers={"content-type": "text/xml; charset=utf-8", "soapaction": f'"{operation.soapaction}"'},
        )


def soap_headers(client: zeep.Client, task: dict[str, Any], mistake: str) -> list[Any]:
    """Build the documented SOAP headers; the WSDL does not bind them, so zeep takes them as elements."""
    type_, code = task["organisation"].split("/")
    own_type, own_code = task["user_organisation"].split("/")
    code = code if mistake != "wrong-organisation" else "99999"
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
            f"<u:UserFullName>{USER['name']}</u:UserFullName>"
            f'<t:RequestUserTypeIdentifier xmlns:t="{tcl}"><c:CodeListItemIdentifier xmlns:c="{clb}">{task["user_type"]}'
            "</c:CodeListItemIdentifier></t:RequestUserTypeIdentifier>"
            f"<u:UserIdentifier>{USER['id']}</u:UserIdentifier></u:RequestUserStructure>"
            f'<o:RequestOrganisationStructure xmlns:o="{ros}"><o:OrganisationTypeIdentifier>'
            f'<c:CodeListItemIdentifier xmlns:c="{clb}">{own_type}</c:CodeListItemIdentifier></o:OrganisationTypeIdentifier>'
            f"<o:OrganisationCode>{own_code}</o:OrganisationCode></o:RequestOrganisationStructure>"
            "<h:RegistrationDateTime>2024-11-18T08:00:00+01:00</h:RegistrationDateTime></h:RequestUserMetadataHeader>"
        ),
        etree.fromstring(
            f'<a:ActiveOrganisationHeader xmlns:a="{NS}"><a:OrganisationTypeIdentifier>{type_}</a:OrganisationTypeIdentifier>'
            f"<a:OrganisationCode>{code}</a:OrganisationCode></a:ActiveOrganisationHeader>"
        ),
    ]


def tree(fields: dict[str, str]) -> dict[str, Any]:
    """Build the nested values that zeep takes from paths such as A/B/C."""
    root: dict[str, Any] = {}
    for path, text in fields.items():
        *parents, last = path.split("/")
        node = root
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = soap_value(text)
    return root


def soap_value(text: str) -> Any:
    return datetime.fromisoformat(midnight(text)) if _DAY.fullmatch(text) else text


def place_citizen(body: dict[str, Any], elements: Any, citizen: str) -> None:
    """Put the CPR number where the schema has it: at the top of the request, or inside one of its parts."""
    if not citizen:
        return
    for name, element in elements:
        if name == "PersonCivilRegistrationIdentifier":
            body[name] = citizen
            return
        parts = getattr(element.type, "elements", [])
        if any(part == "PersonCivilRegistrationIdentifier" for part, _ in parts):
            body.setdefault(name, {})["PersonCivilRegistrationIdentifier"] = citizen
            return


def with_mistake(task: dict[str, Any], mistake: str) -> dict[str, Any]:
    """Return the task as a careless party would do it."""
    fields = dict(task["fields"])
    for name, text in task["fields"].items():
        if mistake == "wrong-date" and _DAY.fullmatch(text) and "Event" not in name and "event" not in name:
            fields[name] = (date.fromisoformat(text) - timedelta(days=3)).isoformat()
        if mistake == "wrong-type" and ("GroupType" in name or name.endswith("Type")):
            fields[name] = "7"
    task = {**task, "fields": fields}
    if mistake == "rest-for-soap" and task["operation"] == "CreateContactGroup":
        group = fields["ContactGroup/ContactGroupTypeIdentifier/CodeListItemIdentifier"]
        start = fields["ContactGroup/ContactGroupStartTime"]
        address = task["url"].partition("/PjakTass")[0]
        task |= {
            "channel": "REST", "operation": "POST kontaktgruppe", "url": f"{address}/v1/PersonVisitering/kontaktgruppe",
            "fields": {"kontaktgruppeType": group, "starttidspunkt": start},
        }  # fmt: skip
    return task


def main() -> None:
    file, mistake = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    never = threading.Event()
    lines_read = 0
    while True:
        lines = file.read_bytes().split(b"\n") if file.exists() else [b""]
        for line in lines[lines_read:-1]:
            lines_read += 1
            task = json.loads(line)
            if task["kind"] == "end":
                return
            if task["kind"] == "task" and mistake != "deaf" and only in {"", task["party"]}:
                done = with_mistake(task, mistake)
                (rest if done["channel"] == "REST" else soap)(done, mistake)
        never.wait(0.005)  # polls the file every 5 ms: there is no portable notification of growth


if __name__ == "__main__":
    main()
