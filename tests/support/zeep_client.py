"""zeep clients made from the stage's served ?wsdl, and the documented SOAP headers."""

from __future__ import annotations

from typing import Any

import zeep

from generalproeve.stage.stage import Stage
from support.builders import NOW

UM = "{http://service.bm.dk/RequestUserMetadata/2015/01/21/}RequestUserMetadataHeader"
AO = "{http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/}ActiveOrganisationHeader"
SR = "{http://docs.oasis-open.org/ws-rx/wsrm/200602}SequenceRequest"
FD = "{http://service.bm.dk/xml/schemas/2011/01/12/}"


def client(stage: Stage, service: str, version: int) -> zeep.Client:
    return zeep.Client(f"{stage.services}/PjakTassWCFtService/{version}/{service}.svc?wsdl")


def headers(client: zeep.Client, otype: int = 8, code: str = "10100") -> list[Any]:
    metadata = client.get_element(UM)(
        RequestUserStructure={
            "UserFullName": "Zoë Zeep", "RequestUserTypeIdentifier": {"CodeListItemIdentifier": 2},
            "UserIdentifier": "zeep", "UserEmail": "zeep@example.dk",
        },
        RequestOrganisationStructure={
            "OrganisationTypeIdentifier": {"CodeListItemIdentifier": otype}, "OrganisationCode": code,
        },
        RegistrationDateTime=NOW,
    )  # fmt: skip
    return [metadata, client.get_element(AO)(OrganisationTypeIdentifier=otype, OrganisationCode=code)]


def code(element: int) -> dict[str, int]:
    return {"CodeListItemIdentifier": element}
