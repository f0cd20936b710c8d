"""What calls, answers and messages say, as the keys of the contract's tables: services and methods, errors, groups, categories.

Read by `fakta`. What cannot be read says nothing: a broken wire is the scene's own verdict.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from lxml import etree

from generalproeve.bevis import Beskedbevis, Kaldsbevis
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_identitet import ACTIVE_ORGANISATION
from vos_contracts.wire.soap_skema import Tjeneste, tjenester

_ROLLER = {"8": "jobcenter", "2": "akasse"}
_ELEMENTER = ("ContactGroupTypeIdentifier", "PersonCategoryTypeIdentifier", "ClientCategoryTypeIdentifier")
_JSON = {"kontaktgruppeType": _ELEMENTER[0], "personkategoriType": _ELEMENTER[1]}
_STATUS = ("VisiteringOgStatusStatusService", "GetPersonVisiteringOgStatusStatus")


@dataclass(slots=True)
class Naevnt:
    """What was said; `vist` are the groups that each organisation type was shown."""

    kaldt: set[tuple[str, ...]] = field(default_factory=set)
    systemer: set[tuple[str, ...]] = field(default_factory=set)
    fejl: set[tuple[str, ...]] = field(default_factory=set)
    grupper: set[str] = field(default_factory=set)
    kategorier: set[str] = field(default_factory=set)
    tilmeldekategorier: set[str] = field(default_factory=set)
    vist: dict[str, set[str]] = field(default_factory=dict)
    beskeder: set[tuple[str, str, str]] = field(default_factory=set)
    scenens_grupper: set[str] = field(default_factory=set)


class Laeser:
    """Reads calls and messages under one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._navne = kontrakt.navne
        self._afslag = Rest(kontrakt)
        self._headers = self._afslag.headers
        self._soap = {en.sti.lower(): en for en in tjenester(kontrakt).values()}
        self._rest = {kontrakt.navne.sti(art.value): art for art in Art}

    def laes(self, kald: Sequence[Kaldsbevis], beskeder: Sequence[Beskedbevis]) -> Naevnt:
        """Say what they say."""
        sagt = Naevnt()
        for bevis in kald:
            self._laes_kald(sagt, bevis)
        for besked in beskeder:
            rolle = _ROLLER.get(besked.modtager.partition("/")[0], "")
            sagt.beskeder.add((besked.besked.beskedtype, rolle, besked.besked.emne))
        return sagt

    def _laes_kald(self, sagt: Naevnt, bevis: Kaldsbevis) -> None:
        sti = bevis.kald.sti.partition("?")[0]
        if sti.lower() in self._soap:
            fundet = self._soap_kald(bevis.kald, self._soap[sti.lower()])
        else:
            fundet = self._rest_kald(bevis.kald, sti)
        if fundet is None:
            return
        tjeneste, metode, organisationstype = fundet
        sagt.kaldt.add(fundet)
        with contextlib.suppress(RemoteWireError):
            sagt.systemer.add((str(self._headers.laes_system(bevis.kald.headers)), tjeneste, metode))
        sagt.fejl |= {(tjeneste, metode, kode) for kode in self._fejlkoder(bevis.svar)}
        bedt, vist = ({*self._typer(tjeneste, krop)} for krop in (bevis.kald.krop, bevis.svar.krop))
        sagt.grupper |= {kode for navn, kode in bedt if navn == "ContactGroupTypeIdentifier"}
        sagt.kategorier |= {kode for navn, kode in bedt | vist if navn == "PersonCategoryTypeIdentifier"}
        sagt.tilmeldekategorier |= {kode for navn, kode in bedt if navn == "ClientCategoryTypeIdentifier"}
        viste = {kode for navn, kode in vist if navn == "ContactGroupTypeIdentifier"}
        sagt.vist.setdefault(organisationstype, set()).update(viste)

    def _rest_kald(self, kald: Kald, sti: str) -> tuple[str, str, str] | None:
        try:
            organisationstype = str(self._headers.laes_identitet(kald.headers).aktiv.type)
        except RemoteWireError:
            return None
        if sti == self._navne.sti("visiteringOgStatusStatus"):
            return (*_STATUS, organisationstype)
        base = next((en for en in self._rest if sti == en or sti.startswith(f"{en}/")), None)
        if base is None:
            return None
        id_ = sti.removeprefix(base).strip("/")
        metode = _rest_metode(kald.metode, self._rest[base], id_, historik=id_ == self._navne.sti("historik"))
        return ("PersonVisiteringService", metode, organisationstype)

    def _soap_kald(self, kald: Kald, tjeneste: Tjeneste) -> tuple[str, str, str] | None:
        with contextlib.suppress(RemoteWireError):
            rod = soap.parse(kald.krop)
            aktiv = next(rod.iter(ACTIVE_ORGANISATION), None)
            operation = next((tjeneste.efter_request.get(str(en.tag)) for en in rod.iterfind("{*}Body/*")), None)
            if operation is not None and aktiv is not None and len(aktiv):
                return tjeneste.navn, operation.navn, aktiv[0].text or ""
        return None

    def _fejlkoder(self, svar: Svar) -> set[str]:
        """Find the error numbers of an answer; an answer that is none, or cannot be read, has none."""
        with contextlib.suppress(RemoteWireError):
            if not svar.krop.lstrip().startswith(b"<"):
                return {str(en.kode) for en in self._afslag.forstaa_afslag(svar).fejl}
            fault = soap.laes_svar(svar.krop)
            return {str(en.kode) for en in fault.fejl} if isinstance(fault, soap.Fault) else set()
        return set()

    def _typer(self, tjeneste: str, krop: bytes) -> Iterator[tuple[str, str]]:
        """Find the types in a body, under the canonical names of their SOAP elements."""
        if krop.lstrip()[:1] in {b"{", b"["}:
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                json = {self._navne.json(navn): kanonisk for navn, kanonisk in _JSON.items()}
                yield from _i_json(msgspec.json.decode(krop), json)
        elif krop.lstrip().startswith(b"<"):
            with contextlib.suppress(RemoteWireError):
                elementer = {self._navne.element(tjeneste, navn): navn for navn in _ELEMENTER}
                for element in soap.parse(krop).iter("{*}*"):
                    navn = elementer.get(etree.QName(element).localname)
                    if navn is not None:
                        yield navn, "".join(str(tekst) for tekst in element.itertext()).strip()


def _rest_metode(verbum: str, art: Art, id_: str, *, historik: bool) -> str:
    match verbum:
        case "POST":
            return f"Create{art.navn}MedIdentifier" if id_ else f"Create{art.navn}"
        case "PUT":
            return f"Update{art.navn}"
        case "DELETE":
            return f"Delete{art.navn}"
        case _ if historik:
            return f"Get{art.navn}Historik"
        case _:
            return f"Get{art.navn}" if id_ else f"Get{art.flertal}"


def _i_json(vaerdi: object, navne: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    match vaerdi:
        case dict():
            for navn, en in vaerdi.items():
                if navn in navne and isinstance(en, int | str):
                    yield navne[navn], str(en)
                yield from _i_json(en, navne)
        case list():
            for en in vaerdi:
                yield from _i_json(en, navne)
        case _:
            return
