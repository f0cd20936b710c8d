"""GetCprChanged: that a citizen's data are now found under another number (epic, commitment criteria).

The message exists; its body is not public and assumed here: the old number and the new one.
"""

from __future__ import annotations

import msgspec
from lxml import etree

from vos_contracts.koder.recipients import Beskedtype
from vos_contracts.model.identity import Identitet
from vos_contracts.wire import wsrm_metadata
from vos_contracts.wire.wsrm_metadata import Navn

ELEMENT = "CprChanged"
_GAMMELT, _NYT = "OldPersonCivilRegistrationIdentifier", "NewPersonCivilRegistrationIdentifier"


class CprBesked(msgspec.Struct, frozen=True, kw_only=True):
    """One message: its own id, who told, and the two numbers."""

    besked_id: str
    registrant: Identitet
    gammelt: str
    nyt: str

    @property
    def beskedtype(self) -> Beskedtype:
        """The method that fetches it."""
        return Beskedtype.CPR_SKIFTET

    @property
    def cpr(self) -> str:
        """The number that the citizen has now."""
        return self.nyt

    @property
    def id(self) -> str:
        """It tells of no registration."""
        return ""

    @property
    def emne(self) -> str:
        """What it is about, in a word; the numbers are not for print."""
        return "CPR-skift"


kod = msgspec.json.Encoder().encode
afkod = msgspec.json.Decoder(CprBesked).decode


def skriv(element: etree._Element, navn: Navn, besked: CprBesked) -> None:
    """Write the body into its element."""
    wsrm_metadata.skriv(element, navn, besked.besked_id, besked.registrant)
    etree.SubElement(element, navn(_GAMMELT)).text = besked.gammelt
    etree.SubElement(element, navn(_NYT)).text = besked.nyt


def laes(element: etree._Element, navn: Navn) -> CprBesked:
    """Read the body; errors: ValueError."""
    besked_id, registrant = wsrm_metadata.laes(element, navn)
    return CprBesked(
        besked_id=besked_id,
        registrant=registrant,
        gammelt=wsrm_metadata.et(element, navn(_GAMMELT)).text or "",
        nyt=wsrm_metadata.et(element, navn(_NYT)).text or "",
    )
