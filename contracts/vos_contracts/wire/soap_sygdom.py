"""The bodies of IllnessCompositeService v5, both roles: illness, and recovery with an enrolment and a contact group.

EndDate is the last day of a closed illness; in a recovery it is the day of recovery, the first without illness. All that a
recovery registers carries that day (starwiki ISB/2398814258, pageId 4496785476; the parts' elements are assumed).
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.neighbours import Gentilmelding, Gruppeskift, Raskmeld, Sygekilde, Sygemeld
from vos_contracts.wire.base import samlet
from vos_contracts.wire.soap_kvittering import Kvitteringsform
from vos_contracts.wire.soap_nabo import CPR, RASK, Felter, NytId

SYGEMELD, RASKMELD = "CreateIllness", "CreateRecovery"


class Sygdomskrop:
    """Read and write the service's bodies for one contract."""

    tjeneste = "IllnessCompositeService"

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._felter = Felter(self.tjeneste, kontrakt)
        self.kvittering = Kvitteringsform(self.tjeneste, kontrakt)

    def laes(self, operation: str, element: etree._Element, ny_id: NytId) -> tuple[str, Sygemeld | Raskmeld]:
        """Read a request; an absence without an identifier gets a new one.

        Errors: RemoteWireError with 1001, 1014, 4980 for an end without a cause, 9131 for another absence than sickness.
        """
        post = self._felter.et(element, "AbsenceItem")
        if operation == SYGEMELD:
            return samlet(lambda: self._felter.cpr(element), lambda: self._sygemeld(post, ny_id))
        return samlet(lambda: self._felter.cpr(element), lambda: self._raskmeld(element, post))

    def _sygemeld(self, post: etree._Element, ny_id: NytId) -> Sygemeld | Raskmeld:
        felter = self._felter
        har_id = felter.find(post, "AbsenceIdentifier") is not None
        id_, (fra, til), kilde = samlet(
            lambda: felter.id(post, "AbsenceIdentifier") if har_id else ny_id(),
            lambda: self._periode(post),
            lambda: felter.sygekilde(post, "AbsenceTypeIdentifier"),
        )
        return Sygemeld(id=id_, kilde=kilde, fra=fra, til=til)

    def _periode(self, post: etree._Element) -> tuple[date, date | None]:
        fra, til = self._felter.dag(post, "StartDate"), self._felter.dag_eller_ingen(post, "EndDate")
        self._felter.aarsag(post, til)
        return fra, til

    def _raskmeld(self, element: etree._Element, post: etree._Element) -> Sygemeld | Raskmeld:
        felter = self._felter
        id_, dato, _ = samlet(
            lambda: felter.id(post, "AbsenceIdentifier"),
            lambda: felter.dag(post, "EndDate"),
            lambda: felter.sygekilde(post, "AbsenceTypeIdentifier"),
        )
        tilmelding, gruppe = samlet(lambda: self._tilmelding(element, dato), lambda: self._gruppe(element, dato))
        return Raskmeld(id=id_, dato=dato, tilmelding=tilmelding, gruppe=gruppe)

    def _tilmelding(self, element: etree._Element, dato: date) -> Gentilmelding | None:
        felter = self._felter
        del_ = felter.find(element, "UnemploymentEnrollment")
        if del_ is None:
            return None
        felter.samme_dag(del_, "EnrollmentDate", dato)
        return Gentilmelding(
            kategori=felter.kode(del_, "ClientCategoryTypeIdentifier"),
            ledighedsgrad=felter.kode(del_, "CurrentUnemploymentStatusTypeIdentifier"),
        )

    def _gruppe(self, element: etree._Element, dato: date) -> Gruppeskift | None:
        felter = self._felter
        del_ = felter.find(element, "ContactGroup")
        if del_ is None:
            return None
        for felt in ("ContactGroupEventTime", "ContactGroupStartTime", "ContactGroupEndTime"):
            felter.samme_dag(del_, felt, dato)
        aabner = felter.find(del_, "ContactGroupTypeIdentifier") is not None
        return Gruppeskift(type=felter.kode(del_, "ContactGroupTypeIdentifier") if aabner else None)

    def skriv(self, cpr: str, kommando: Sygemeld | Raskmeld, fra: date | None = None) -> tuple[str, etree._Element]:
        """Write the operation's name and the request that a command is; `fra` is the first day of what a recovery ends."""
        match kommando:
            case Sygemeld():
                return SYGEMELD, self._skriv_sygemeld(cpr, kommando)
            case Raskmeld():
                return RASKMELD, self._skriv_raskmeld(cpr, kommando, fra or kommando.dato)

    def _skriv_sygemeld(self, cpr: str, kommando: Sygemeld) -> etree._Element:
        element = self._felter.forespoergsel(SYGEMELD)
        self._felter.skriv(element, CPR, cpr)
        self._skriv_post(element, kommando.id, kommando.fra, kommando.til)
        return element

    def _skriv_raskmeld(self, cpr: str, kommando: Raskmeld, fra: date) -> etree._Element:
        felter, dato = self._felter, kommando.dato
        element = felter.forespoergsel(RASKMELD)
        felter.skriv(element, CPR, cpr)
        self._skriv_post(element, kommando.id, fra, dato)
        if kommando.tilmelding is not None:
            del_ = felter.skriv(element, "UnemploymentEnrollment")
            felter.skriv_kode(del_, "ClientCategoryTypeIdentifier", kommando.tilmelding.kategori)
            felter.skriv_dag(del_, "EnrollmentDate", dato)
            felter.skriv_kode(del_, "CurrentUnemploymentStatusTypeIdentifier", kommando.tilmelding.ledighedsgrad)
        if kommando.gruppe is not None:
            del_ = felter.skriv(element, "ContactGroup")
            if kommando.gruppe.type is None:
                felter.skriv_dag(del_, "ContactGroupEndTime", dato)
            else:
                felter.skriv_kode(del_, "ContactGroupTypeIdentifier", kommando.gruppe.type)
                felter.skriv_dag(del_, "ContactGroupEventTime", dato)
                felter.skriv_dag(del_, "ContactGroupStartTime", dato)
        return element

    def _skriv_post(self, element: etree._Element, id_: str, fra: date, til: date | None) -> None:
        felter = self._felter
        post = felter.skriv(element, "AbsenceItem")
        felter.skriv(post, "AbsenceIdentifier", id_)
        felter.skriv_dag(post, "StartDate", fra)
        if til is not None:
            felter.skriv_dag(post, "EndDate", til)
        felter.skriv_sygekilde(post, "AbsenceTypeIdentifier", Sygekilde.FRAVAER)
        if til is not None:
            felter.skriv_kode(post, "AbsenceCauseTypeIdentifier", RASK)
        felter.skriv_dag(post, "NotificationDate", til or fra)
