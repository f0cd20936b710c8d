"""How zeep calls the stage: from the served ?wsdl alone, with the documented headers."""

from __future__ import annotations

from typing import Any

import zeep

from byggeklodser import NU
from generalproeve.scene import Scene

UM = "{http://service.bm.dk/RequestUserMetadata/2015/01/21/}RequestUserMetadataHeader"
AO = "{http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/}ActiveOrganisationHeader"
SR = "{http://docs.oasis-open.org/ws-rx/wsrm/200602}SequenceRequest"
FD = "{http://service.bm.dk/xml/schemas/2011/01/12/}"


def klient(scene: Scene, tjeneste: str, version: int) -> zeep.Client:
    return zeep.Client(f"{scene.tjenester}/PjakTassWCFtService/{version}/{tjeneste}.svc?wsdl")


def headers(en: zeep.Client, otype: int = 8, kode: str = "10100") -> list[Any]:
    metadata = en.get_element(UM)(
        RequestUserStructure={
            "UserFullName": "Zoë Zeep", "RequestUserTypeIdentifier": {"CodeListItemIdentifier": 2},
            "UserIdentifier": "zeep", "UserEmail": "zeep@example.dk",
        },
        RequestOrganisationStructure={
            "OrganisationTypeIdentifier": {"CodeListItemIdentifier": otype}, "OrganisationCode": kode,
        },
        RegistrationDateTime=NU,
    )  # fmt: skip
    return [metadata, en.get_element(AO)(OrganisationTypeIdentifier=otype, OrganisationCode=kode)]


def kode(element: int) -> dict[str, int]:
    return {"CodeListItemIdentifier": element}
