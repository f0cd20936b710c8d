"""PersonVisiteringService v1 on the wire: paths, bodies, answers and errors, under the names of the contract.

Both roles: `laes_*`/`skriv_*` for the service, `kald_*`/`forstaa_*` for a caller. Not here: headers (`wire.rest_headers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

import msgspec

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.registration import Art, Opdater, Opret, Registreringskommando, Slet, Visning
from vos_contracts.wire.base import FEJL_HOEJST, Kald, RemoteWireError, Svar, kort
from vos_contracts.wire.body import kraev_entydig, ses_entydig
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.tid import DANSK_TID, FOERSTE_AAR, SIDSTE_AAR, i_kalenderen

JSON = "application/json"
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

Tid = Annotated[datetime, msgspec.Meta(tz=True)]
Kodevaerdi = Annotated[int, msgspec.Meta(ge=0, le=10000)]

_REGLER = {
    "type": "skal være et helt tal 0-10000",
    "haendelse": "skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00",
    "start": "skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00",
    "slut": "skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00",
}
_FELTNAVNE = {"haendelse": "haendelsestidspunkt", "start": "starttidspunkt", "slut": "sluttidspunkt"}


@dataclass(frozen=True, slots=True)
class Afslag:
    """A refusal as a caller sees it: the HTTP status and the errors, in the order they came."""

    status: int
    fejl: tuple[Fejl, ...]

    def __str__(self) -> str:
        sagt = ", ".join(f"{en.kode} {en.beskrivelse}".strip() for en in self.fejl)
        return f"status {self.status} med {sagt or 'ingen fejlkode'}"


class Rest:
    """Read and write the bodies of one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self.headers = Headers(kontrakt)
        self._navne = kontrakt.navne
        self._fejl = kontrakt.fejl
        self._json = dict(kontrakt.navne.omdoebte("json"))
        self.stier: Mapping[Art, str] = {art: kontrakt.navne.sti(art.value) for art in Art}
        self.historik = kontrakt.navne.sti("historik")
        self._opret = {art: self._dto(art, ("type", "start", "haendelse", "slut"), {"type", "start"}) for art in Art}
        self._opdater = {art: self._dto(art, ("slut",), set()) for art in Art}
        dtoer = (*self._opret.values(), *self._opdater.values())
        self._felter = {dto: tuple(msgspec.json.encode(felt) for felt in dto.__struct_encode_fields__) for dto in dtoer}
        self._visning = {art: self._visningsnavne(art) for art in Art}

    # the service's side

    def laes_id(self, tekst: str, art: Art) -> str:
        """Read an identifier from the path, in lower case; errors: RemoteWireError with 1014."""
        if not UUID.fullmatch(tekst):
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{self._json[f'{art.value}Id']}: skal være en uuid"))
        return tekst.lower()

    def laes_opret(self, art: Art, krop: bytes, id: str | None) -> Opret:
        """Read the body of a create; errors: RemoteWireError with one 1014 per field that breaks its rule."""
        dto = self._laes(self._opret[art], krop, art)
        return Opret(art=art, type=dto.type, start=dto.start, haendelse=dto.haendelse, slut=dto.slut, id=id)

    def laes_opdater(self, art: Art, krop: bytes, id: str) -> Opdater:
        """Read the body of an update; errors: as `laes_opret`."""
        return Opdater(art=art, id=id, slut=self._laes(self._opdater[art], krop, art).slut)

    def skriv_id(self, id: str) -> Svar:
        """Answer a registration with its bare identifier."""
        return Svar(200, {"content-type": JSON}, msgspec.json.encode(id))

    def skriv_visninger(self, visninger: Iterable[Visning]) -> Svar:
        """Answer a list; it is present also when it is empty."""
        return Svar(200, {"content-type": JSON}, msgspec.json.encode([self.vis(en) for en in visninger]))

    def skriv_visning(self, visning: Visning) -> Svar:
        """Answer one registration."""
        return Svar(200, {"content-type": JSON}, msgspec.json.encode(self.vis(visning)))

    def skriv_fejl(self, fejl: Sequence[Fejl], status: int = 0) -> Svar:
        """Answer a refusal; the status is the contract's for the first error unless one is given."""
        navne = self._json
        liste: list[dict[str, object]] = []
        for en in fejl[:FEJL_HOEJST]:
            tekst = self._fejl[en.kode].rest if en.kode in self._fejl else f"Fejl {en.kode}"
            post: dict[str, object] = {navne["fejlkode"]: en.kode, navne["fejltekst"]: tekst}
            if en.beskrivelse:
                post[navne["beskrivelse"]] = kort(en.beskrivelse)
            liste.append(post)
        if not status:
            status = self._fejl[fejl[0].kode].http_status if fejl[0].kode in self._fejl else 400
        return Svar(status, {"content-type": JSON}, msgspec.json.encode({navne["fejl"]: liste}))

    # the caller's side

    def kald_registrer(self, cpr: str, kommando: Registreringskommando, identitet: Identitet, kald_id: str) -> Kald:
        """Write the call that a command is."""
        headers = self.headers.skriv(identitet, cpr, kald_id)
        sti, krop, http_metode = self.stier[kommando.art], b"", "POST"
        match kommando:
            case Opret():
                sti = sti if kommando.id is None else f"{sti}/{kommando.id}"
                krop = msgspec.json.encode(
                    self._kodet(
                        kommando.art,
                        {
                            "type": kommando.type,
                            "haendelse": kommando.haendelse,
                            "start": kommando.start,
                            "slut": kommando.slut,
                        },
                    )
                )
            case Opdater():
                sti, http_metode = f"{sti}/{kommando.id}", "PUT"
                krop = msgspec.json.encode(self._kodet(kommando.art, {"slut": kommando.slut}))
            case Slet():
                sti, http_metode = f"{sti}/{kommando.id}", "DELETE"
        if krop:
            headers["content-type"] = JSON
        return Kald(http_metode, sti, headers, krop)

    def kald_laes(self, cpr: str, art: Art, identitet: Identitet, del_: str = "") -> Kald:
        """Write a read: of the current ones, of the one whose id is given, or of `historik`."""
        sti = self.stier[art]
        return Kald("GET", f"{sti}/{del_}" if del_ else sti, self.headers.skriv(identitet, cpr))

    def forstaa_id(self, svar: Svar) -> str | Afslag:
        """Understand the answer to a registration; errors: RemoteWireError if it is neither an id nor a refusal."""
        if svar.status != 200:
            return self.forstaa_afslag(svar)
        id_: str = self.afkod(svar, str)
        if not UUID.fullmatch(id_):
            raise RemoteWireError(Fejl(VALIDERER_IKKE, "svaret er ikke en uuid"), status=svar.status)
        return id_

    def forstaa_visninger(self, svar: Svar, art: Art) -> tuple[Visning, ...] | Afslag:
        """Understand the answer to a read; one registration is a list of one."""
        if svar.status != 200:
            return self.forstaa_afslag(svar)
        indhold = self.afkod(svar, Any)
        liste = indhold if isinstance(indhold, list) else [indhold]
        try:
            return tuple(self.forstaa_visning(en, art) for en in liste)
        except (KeyError, TypeError, msgspec.ValidationError) as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"svaret er ikke en {art.value}: {brud!r}")) from brud

    def forstaa_afslag(self, svar: Svar) -> Afslag:
        """Understand a refusal; errors: RemoteWireError if its body has not the documented shape."""
        navne = self._json
        indhold = self.afkod(svar, Any)
        try:
            fejl = tuple(
                Fejl(int(en[navne["fejlkode"]]), str(en.get(navne["beskrivelse"], ""))) for en in indhold[navne["fejl"]]
            )
        except (KeyError, TypeError, AttributeError, ValueError) as brud:
            raise RemoteWireError(
                Fejl(VALIDERER_IKKE, f"svaret {svar.status} har ikke fejlstrukturen"), status=svar.status
            ) from brud
        return Afslag(svar.status, fejl)

    # both

    def _feltnavn(self, felt: str, art: Art) -> str:
        return self._json[_FELTNAVNE.get(felt, f"{art.value}Type")]

    def _dto(self, art: Art, felter: Sequence[str], kraevede: set[str]) -> type[msgspec.Struct]:
        typer: dict[str, Any] = {"type": Kodevaerdi, "start": Tid, "haendelse": Tid | None, "slut": Tid | None}
        return msgspec.defstruct(
            f"{'Create' if kraevede else 'Update'}{art.navn}RequestDto",
            [(felt, typer[felt]) if felt in kraevede else (felt, typer[felt], None) for felt in felter],
            rename={felt: self._feltnavn(felt, art) for felt in felter},
            forbid_unknown_fields=True,
            kw_only=True,
        )

    def _laes(self, dto: type[msgspec.Struct], krop: bytes, art: Art) -> Any:
        try:
            laest = msgspec.json.decode(krop, type=dto)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise RemoteWireError(*sorteret(self._kropsfejl(dto, krop))) from None
        if not all(_i_kalenderen(getattr(laest, felt)) for felt in dto.__struct_fields__):
            raise RemoteWireError(*sorteret(self._kropsfejl(dto, krop)))
        if not ses_entydig(krop, self._felter[dto]):
            kraev_entydig(krop)
        return laest

    def _kropsfejl(self, dto: type[msgspec.Struct], krop: bytes) -> Iterable[Fejl]:
        """Establish every error of a body that did not decode; the slow path, walked field by field."""
        try:
            indhold = msgspec.json.decode(krop.decode("utf-8"))
        except UnicodeDecodeError as brud:
            return [Fejl(VALIDERER_IKKE, f"kroppen er ikke UTF-8 (byte {brud.start})")]
        except (msgspec.DecodeError, RecursionError):
            return [Fejl(VALIDERER_IKKE, "kroppen er ikke gyldig JSON")]
        if not isinstance(indhold, dict):
            return [Fejl(VALIDERER_IKKE, "kroppen skal være et JSON-objekt")]
        felter = {felt.encode_name: felt for felt in msgspec.structs.fields(dto)}
        fejl = [
            Fejl(VALIDERER_IKKE, f"{navn}: feltet findes ikke; kendte felter er {', '.join(felter)}")
            for navn in islice((en for en in indhold if en not in felter), FEJL_HOEJST)
        ]
        for navn, felt in felter.items():
            if navn not in indhold:
                if felt.required:
                    fejl.append(Fejl(VALIDERER_IKKE, f"{navn}: feltet mangler"))
                continue
            try:
                vaerdi = msgspec.convert(indhold[navn], felt.type)
            except msgspec.ValidationError:
                fejl.append(Fejl(VALIDERER_IKKE, f"{navn}: {_REGLER[felt.name]}"))
                continue
            if not _i_kalenderen(vaerdi):
                fejl.append(Fejl(VALIDERER_IKKE, f"{navn}: skal ligge i årene {FOERSTE_AAR}-{SIDSTE_AAR}"))
        return fejl or [Fejl(VALIDERER_IKKE, "kroppen kan ikke læses")]

    def _kodet(self, art: Art, vaerdier: Mapping[str, object]) -> dict[str, object]:
        return {self._feltnavn(felt, art): vaerdi for felt, vaerdi in vaerdier.items() if vaerdi is not None}

    def _visningsnavne(self, art: Art) -> tuple[str, ...]:
        navne = self._json
        return (
            navne[f"{art.value}Id"],
            navne[f"{art.value}Type"],
            navne["haendelsestidspunkt"],
            navne["starttidspunkt"],
            navne["sluttidspunkt"],
            navne["registreringsmetadata"],
            navne["erSlettet"],
            navne["erAktuel"],
            navne["registrerendeMyndighed"],
            navne["organisationType"],
            navne["organisationKode"],
            navne["registreringstidspunkt"],
        )

    def vis(self, en: Visning) -> dict[str, object]:
        """Return the JSON object of one registration, for a body that holds several things."""
        (id_, type_, haendelse, start, slut, metadata, er_slettet, er_aktuel, myndighed, otype, okode, tidspunkt) = (
            self._visning[en.art]
        )
        return {
            id_: en.id,
            type_: en.type,
            haendelse: _dansk(en.haendelse),
            start: _dansk(en.start),
            slut: _dansk(en.slut),
            metadata: {
                er_slettet: en.er_slettet,
                er_aktuel: en.er_aktuel,
                myndighed: {otype: en.myndighed.type, okode: en.myndighed.kode},
                tidspunkt: _dansk(en.registreret),
            },
        }

    def forstaa_visning(self, en: Mapping[str, Any], art: Art) -> Visning:
        """Understand one such object; errors: KeyError, TypeError, msgspec.ValidationError."""
        (id_, type_, haendelse, start, slut, metadata, er_slettet, er_aktuel, myndighed, otype, okode, tidspunkt) = (
            self._visning[art]
        )
        meta = en[metadata]
        return Visning(
            art=art,
            id=msgspec.convert(en[id_], str),
            type=msgspec.convert(en[type_], int),
            haendelse=msgspec.convert(en.get(haendelse), Tid | None),
            start=msgspec.convert(en[start], Tid),
            slut=msgspec.convert(en.get(slut), Tid | None),
            er_slettet=msgspec.convert(meta[er_slettet], bool),
            er_aktuel=msgspec.convert(meta[er_aktuel], bool),
            myndighed=Organisation(
                msgspec.convert(meta[myndighed][otype], int), msgspec.convert(meta[myndighed][okode], str)
            ),
            registreret=msgspec.convert(meta[tidspunkt], Tid),
        )

    def afkod(self, svar: Svar, type_: Any) -> Any:
        """Decode an answer's body; errors: RemoteWireError."""
        try:
            return msgspec.json.decode(svar.krop, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as brud:
            raise RemoteWireError(
                Fejl(VALIDERER_IKKE, f"svaret {svar.status} er ikke den aftalte JSON"), status=svar.status
            ) from brud


def _dansk(tidspunkt: datetime | None) -> datetime | None:
    return None if tidspunkt is None else tidspunkt.astimezone(DANSK_TID)


def _i_kalenderen(vaerdi: object) -> bool:
    return not isinstance(vaerdi, datetime) or i_kalenderen(vaerdi)
