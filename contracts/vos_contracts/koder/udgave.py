"""Releases: what is switched on when (epic, version history and commitment criteria; DECISIONS section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.tabel import Tabel, TabelFejl, ja

STANDARD = "2024-4"


class PrsSoap(StrEnum):
    """What stands behind PersonRegistrationService v9 in a release."""

    KLASSISK = "classic"
    CONVERTER = "converter"
    UDGAAET = "udgaaet"


class SlutdatoSoap(StrEnum):
    """For whom 100028 holds on SOAP in a release."""

    TILMELDTE = "tilmeldte"
    ALLE = "alle"


class Laesekollektioner(StrEnum):
    """Whether PSS v20 and PHS v4 return contact groups and categories in a release, or empty lists."""

    FYLDT = "fyldt"
    TOM = "tom"


class Wsb(StrEnum):
    """Whether webservice messages are sent in a release: in test environments only, everywhere, or not; a stage is a test."""

    TEST = "test"
    JA = "ja"
    NEJ = "nej"


@dataclass(frozen=True, slots=True)
class Udgave:
    """One release of STAR's services, as far as this project's behaviour depends on it."""

    navn: str
    prs_soap: PrsSoap
    fejl_100028_soap: SlutdatoSoap
    fejl_100029_soap: bool
    wsrm: bool
    wsb: bool
    tomme_laesekollektioner: bool
    cprskift_flytter_pegepind: bool
    tillaeg_ophoerer_ved_pc_skift: bool


def udgaver(tabel: Tabel) -> Mapping[str, Udgave]:
    """Read the releases by name; errors: TabelFejl for a rule or value that the release table does not know."""
    regler: dict[str, dict[str, str]] = {}
    for (navn, regel), raekke in tabel.items():
        regler.setdefault(navn, {})[regel] = raekke["vaerdi"]
    try:
        return {
            navn: Udgave(
                navn=navn,
                prs_soap=PrsSoap(regel["prs_soap"]),
                fejl_100028_soap=SlutdatoSoap(regel["fejl_100028_soap"]),
                fejl_100029_soap=ja(regel["fejl_100029_soap"]),
                wsb=Wsb(regel["wsb"]) is not Wsb.NEJ,
                wsrm=ja(regel["wsrm"], nej="udgaaet"),
                tomme_laesekollektioner=Laesekollektioner(regel["laesekollektioner"]) is Laesekollektioner.TOM,
                cprskift_flytter_pegepind=ja(regel["cprskift_flytter_pegepind"]),
                tillaeg_ophoerer_ved_pc_skift=ja(regel["tillaeg_ophoerer_ved_pc_skift"]),
            )
            for navn, regel in regler.items()
        }
    except (KeyError, ValueError) as fejl:
        raise TabelFejl(f"udgave: {fejl}") from fejl
