"""What the bodies of the neighbour services have in common: names of one contract, Danish days, code values, identifiers.

A body says dateTime where the internal interface says a day: the day in Denmark at that instant (`model.neighbours`).
Not here: any one service's body (`soap_tilmelding`, `soap_sygdom`, `soap_ksd`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from lxml import etree

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.neighbours import Nabokommando, Sygekilde
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap_fejl import UGYLDIGT_CPR
from vos_contracts.wire.soap_identitet import CODE_LIST_ITEM, laes_tid, standardrum
from vos_contracts.wire.soap_kvittering import Kvitteringsform

CPR = "PersonCivilRegistrationIdentifier"
MANGLER_AARSAG = 4980
UGYLDIG_KODE = 9131
RASK = 1
"""The cause that our own callers give with an end; the code list is not public."""
_DANSK_TID = ZoneInfo("Europe/Copenhagen")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

NytId = Callable[[], str]


class Nabokrop(Protocol):
    """One neighbour service's bodies, as the service reads and answers them."""

    tjeneste: str
    kvittering: Kvitteringsform

    def laes(self, operation: str, element: etree._Element, ny_id: NytId) -> tuple[str, Nabokommando]:
        """Read a request that the schema allows: the citizen and the command.

        Errors: RemoteWireError with everything that the schema cannot say.
        """
        ...


class Felter:
    """Read and write the elements of one service under the names of one contract."""

    def __init__(self, tjeneste: str, kontrakt: Kontrakt) -> None:
        self._tjeneste = tjeneste
        self._navne = kontrakt.navne
        self._sygekilder = kontrakt.sygekilder
        self._rum = kontrakt.navne.namespace(tjeneste)

    def navn(self, kanonisk: str) -> str:
        """Return an element's name in Clark notation."""
        return f"{{{self._rum}}}{self._navne.element(self._tjeneste, kanonisk)}"

    def find(self, element: etree._Element, kanonisk: str) -> etree._Element | None:
        """Return an element that may be left out."""
        return element.find(self.navn(kanonisk))

    def et(self, element: etree._Element, kanonisk: str) -> etree._Element:
        """Return an element that the schema requires."""
        fundet = self.find(element, kanonisk)
        assert fundet is not None, f"the schema requires {kanonisk}"
        return fundet

    def cpr(self, element: etree._Element) -> str:
        """Read the citizen's number; errors: RemoteWireError with 1001 for one without a date."""
        cpr = self.et(element, CPR).text or ""
        if foedselsdato(cpr) is None and cpr != "0000000000":
            raise RemoteWireError(Fejl(UGYLDIGT_CPR, f"{CPR}: datoen findes ikke"))
        return cpr

    def dag(self, element: etree._Element, kanonisk: str) -> date:
        """Read an instant as the day in Denmark; errors: RemoteWireError with 1014."""
        return laes_tid(self.et(element, kanonisk)).astimezone(_DANSK_TID).date()

    def dag_eller_ingen(self, element: etree._Element, kanonisk: str) -> date | None:
        """Read an instant that may be left out; errors: as `dag`."""
        return None if self.find(element, kanonisk) is None else self.dag(element, kanonisk)

    def samme_dag(self, element: etree._Element, kanonisk: str, dag: date) -> None:
        """Check that an instant, where there is one, falls on that day; errors: RemoteWireError with 1014."""
        fundet = self.dag_eller_ingen(element, kanonisk)
        if fundet not in (None, dag):
            regel = f"skal være raskmeldingens dag {dag.isoformat()}, ikke {fundet}"
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{kanonisk}: {regel}"))

    def kode(self, element: etree._Element, kanonisk: str) -> int:
        """Read a value of a code list."""
        return int(self.et(element, kanonisk)[0].text or "")

    def id(self, element: etree._Element, kanonisk: str) -> str:
        """Read an identifier; errors: RemoteWireError with 1014, for the pattern of the CodeFirst pages allows any digits."""
        tekst = (self.et(element, kanonisk).text or "").strip().lower()
        if not _UUID.fullmatch(tekst):
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{kanonisk}: skal være et guid med cifrene 0-9 og a-f"))
        return tekst

    def sygekilde(self, element: etree._Element, kanonisk: str) -> Sygekilde:
        """Read who tells of sickness; errors: RemoteWireError with 9131 for a code that says nothing of it."""
        kode, koder = self.kode(element, kanonisk), self._sygekilder[kanonisk]
        if kode not in koder:
            regel = f"skal være en af {', '.join(map(str, koder))}, ikke {kode}"
            raise RemoteWireError(Fejl(UGYLDIG_KODE, f"{kanonisk}: {regel}"))
        return koder[kode]

    def aarsag(self, element: etree._Element, til: date | None) -> None:
        """Check that an end has its cause; errors: RemoteWireError with 4980."""
        if til is not None and self.find(element, "AbsenceCauseTypeIdentifier") is None:
            raise RemoteWireError(Fejl(MANGLER_AARSAG))

    def forespoergsel(self, operation: str) -> etree._Element:
        """Begin an operation's request."""
        return etree.Element(f"{{{self._rum}}}{operation}Request", nsmap=standardrum(self._rum))

    def skriv(self, forael: etree._Element, kanonisk: str, tekst: str | None = None) -> etree._Element:
        """Write an element, with or without text."""
        element = etree.SubElement(forael, self.navn(kanonisk))
        element.text = tekst
        return element

    def skriv_dag(self, forael: etree._Element, kanonisk: str, dag: date) -> None:
        """Write a day as its first instant in Denmark."""
        self.skriv(forael, kanonisk, datetime(dag.year, dag.month, dag.day, tzinfo=_DANSK_TID).isoformat())

    def skriv_kode(self, forael: etree._Element, kanonisk: str, kode: int) -> None:
        """Write a value of a code list."""
        etree.SubElement(self.skriv(forael, kanonisk), CODE_LIST_ITEM).text = str(kode)

    def skriv_sygekilde(self, forael: etree._Element, kanonisk: str, kilde: Sygekilde) -> None:
        """Write who tells of sickness."""
        (kode,) = (kode for kode, en in self._sygekilder[kanonisk].items() if en is kilde)
        self.skriv_kode(forael, kanonisk, kode)
